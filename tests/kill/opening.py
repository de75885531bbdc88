"""What a recipient sees of a sealed file."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pikepdf

from secshare.age import HybridIdentity, ScryptIdentity, decrypt


def opened(sealed: Path, words: str | None, identity: HybridIdentity) -> bytes:
    """Return the clear text of a share in any form, with its words or else with a key."""
    if sealed.suffix == ".pdf":
        with pikepdf.open(sealed, password=words or "") as report:
            return report.pages[0].Contents.read_raw_bytes()
    content = sealed.read_bytes()
    if sealed.suffix == ".html":
        found = re.search(rb'id="sealed" data-name="[^"]+">([^<]+)<', content)
        assert found is not None
        content = base64.b64decode(found[1], validate=True)
    clear = io.BytesIO()
    decrypt(io.BytesIO(content), clear, [ScryptIdentity(words) if words else identity])
    return clear.getvalue()
