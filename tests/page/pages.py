"""A page as small as one can be that `secshare.page` fills, and what stands in a filled one."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser

PRACTICE = '<script type="application/json" id="practice">null</script>'
SEALED = '<script type="application/octet-stream" id="sealed" data-name=""></script>'


def small_page(code="let nothing = 0;", *, policy=None):
    """The text of a page with its policy, one script and the two places."""
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}'" if policy is None else policy
    return (
        f'<!doctype html><html lang="fr"><head>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>é</title></head>'
        f"<body>{PRACTICE}\n{SEALED}\n<script>{code}</script></body></html>\n"
    )


class Seen(HTMLParser):
    """What a browser would find: every element with what stands in it, in order."""

    def __init__(self, page):
        super().__init__(convert_charrefs=False)
        self.elements = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])

    def handle_endtag(self, tag):
        self.elements.append([f"/{tag}", {}, ""])

    def handle_data(self, data):
        if self.elements:
            self.elements[-1][2] += data

    handle_comment = handle_decl = handle_pi = unknown_decl = handle_data
    handle_entityref = handle_charref = handle_data

    def script(self, name):
        """The one script of this id: its attributes and its text."""
        [[_, attributes, text]] = [
            element for element in self.elements if element[1].get("id") == name
        ]
        return attributes, text

    @property
    def practice(self):
        return json.loads(self.script("practice")[1])

    @property
    def sealed(self):
        attributes, text = self.script("sealed")
        return attributes["data-name"], base64.b64decode(text, validate=True)

    @property
    def rest(self):
        """Everything but what is filled in."""
        return [
            [
                tag,
                {**attributes, "data-name": ""} if "data-name" in attributes else attributes,
                text,
            ]
            if attributes.get("id") not in {"practice", "sealed"}
            else [tag, attributes.get("id"), ""]
            for tag, attributes, text in self.elements
        ]
