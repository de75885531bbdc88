"""Protects the worked example of an incident: read whole, it says nothing the register has not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from secshare.messages import Language
from secshare.model import Reference, SecretState
from secshare.practice import Practice
from secshare.sharing import Desk
from tests.examples.run import run_example
from tests.secrets_search import Secret
from tests.sharing.incidents import explained, in_the_register, templates


class Page(HTMLParser):
    """What a person reads, one text for each paragraph, label, answer and cell."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._reads = False

    def handle_starttag(self, tag, attrs):
        if tag == "main":
            self._reads = True
        if tag in {"h1", "h2", "p", "dt", "dd", "th", "td"}:
            self.texts.append("")

    def handle_endtag(self, tag):
        if tag == "main":
            self._reads = False

    def handle_data(self, data):
        if self._reads and data.strip():
            self.texts[-1] += data.replace("\u00a0", " ")


@pytest.fixture(params=[("fr_FR.UTF-8", Language.FR), ("C.UTF-8", Language.EN)])
def played(request, tmp_path, monkeypatch):
    """The example, as it runs in a French or an English practice, and in the hours of Paris."""
    locale, language = request.param
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("TZ", "Europe/Paris")
    return tmp_path, run_example("incident/worst_hour.py", tmp_path), language


def test_every_text_of_the_file_is_ours_and_every_value_in_the_register(played):
    folder, _, language = played
    page = Page()
    page.feed((folder / "incident.html").read_text("utf-8"))
    texts = [text for text in page.texts if text]
    assert len(texts) > 90
    marker = {Language.FR: "À compléter : ", Language.EN: "To complete: "}[language]
    asked = [text.removeprefix(marker) for text in texts if text.startswith(marker)]
    made = templates(language)
    written = re.search(r"\d[^ ]* (?:à|at) \d\d:\d\d \(UTC[^)]+\)", " ".join(texts))
    assert written is not None, "the document says when it was written, before anything else"
    with Desk(Practice.open(folder / "cabinet")) as desk:
        (row,) = desk.store.connection.execute("SELECT reference FROM incident").fetchall()
        reference = Reference(row["reference"])
        known = in_the_register(desk, reference, language, datetime.now(UTC)) | {written[0]}
        share = desk.register.share(reference)
    assert share.states.secret is SecretState.DESTROYED
    stated = [text for text in texts if not text.startswith(marker)]
    assert [text for text in stated if not explained(text, known, made)] == []
    assert [text for text in asked if not explained(text, set(), made)] == []
    assert len(asked) == 11


def test_it_names_nobody_and_gives_no_secret(played):
    folder, said, _ = played
    forms = [(folder / f"incident.{form}").read_text("utf-8") for form in ("md", "html")]
    for name in ("Jeanne", "jeanne", "Sophie", "exmple"):
        assert not any(name in form for form in forms)
    # Those of the share that was sealed again; the first one's are destroyed.
    (sms,) = (folder / "cabinet" / "secrets").glob("*.sms.txt")
    words = sms.read_text("utf-8").split()[-1].split("-")
    apart = [folder / "cabinet" / "secrets"]
    assert not Secret.of_words(words).traces(said, *forms, folder, apart=apart)
