"""Protects the patient from a page that says nothing, or says a key instead of a sentence."""

from __future__ import annotations

import re

from secshare.messages import catalogue
from tests.page.catalogue import html, sources, spoken

TEXTS = catalogue("page")
LONGEST_SENTENCE = 14  # words: plain language has one idea a sentence


def sentences():
    for key, entry in TEXTS.items():
        for language, said in entry.items():
            for line in [said] if isinstance(said, str) else said.values():
                for sentence in re.split(r"(?<=[.?!])\s", line.replace(".age.", ".")):
                    yield key, language, sentence


def test_every_text_that_the_page_speaks_exists():
    assert len(spoken()) > 80
    assert spoken() - set(TEXTS) == set()


def test_the_page_without_javascript_says_what_the_catalogue_says():
    for language in ("fr", "en"):
        assert TEXTS["noscript"][language] in html()


def test_every_reason_of_the_engine_has_a_sentence():
    reasons = re.search(r"export type Reason =(.*?);\n", sources(), re.DOTALL)[1]
    named = set(re.findall(r'\| "(\w+)"', reasons))
    assert len(named) >= 14
    wordy = {"words_wrong"}  # five sentences, one of which is said
    assert {f"err_{reason}" for reason in named - wordy} <= set(TEXTS)


def test_sentences_are_short():
    long = {
        (key, sentence)
        for key, _, sentence in sentences()
        if len(sentence.split()) > LONGEST_SENTENCE and key != "noscript"
    }
    assert not {one for one in long if len(one[1].split()) > LONGEST_SENTENCE + 4}, long


def test_the_words_are_never_called_a_password():
    for key, language, sentence in sentences():
        if key == "err_pdf":  # a PDF reader says it so
            continue
        assert not re.search(r"mots? de passe|password|code secret", sentence, re.IGNORECASE), (
            key,
            language,
        )


def test_nothing_becomes_html():
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", sources()
    )
    assert not re.search(r'\sstyle=|\son\w+="', html())
    assert ".style." not in sources()
