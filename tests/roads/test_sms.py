"""One SMS carries the words: one part, on any telephone, with nothing about the patient."""

from __future__ import annotations

import random

import gsm0338  # type: ignore[import-untyped]
import pytest

from secshare import profiles
from secshare.errors import PracticeInvalid
from secshare.messages import Language, catalogue
from secshare.model import Reference
from secshare.passphrase import draw, understand, word_list
from secshare.roads import sms

REFERENCE = Reference.draw(random.Random(1).randrange)
LANGUAGES = pytest.mark.parametrize("language", list(Language))


def encoded(text: str) -> bytes:
    """Return what a modem sends, one byte a septet, by an implementation that is not ours."""
    sent: bytes = gsm0338.Codec().encode(text)[0]
    return sent


@LANGUAGES
@pytest.mark.parametrize("count", [10, 11, 12])
def test_the_longest_words_and_the_longest_name_fit_one_part(
    count: int, language: Language
) -> None:
    for words_language in Language:
        longest = sorted(word_list(words_language), key=len)[-count:]
        written = sms.message("W" * 30, REFERENCE, "-".join(longest), language)
        assert len(encoded(written)) <= 160
        assert sms.septets(written) == len(encoded(written))


@LANGUAGES
def test_every_message_is_ascii_one_part_and_understood_again(language: Language) -> None:
    rng = random.Random(2)
    for count in (10, 12) * 100:
        words = draw(count, rng.choice(list(Language)), randbelow=rng.randrange).reveal()
        name = rng.choice(("Cabinet Martin", "Dr A", "MAISON DE SANTE DU GRAND LAC"))
        written = sms.message(name, REFERENCE, words, language)
        assert written.isascii()
        assert written.isprintable()
        assert len(encoded(written)) <= profiles.SMS_SEPTETS
        understood = understand(written)
        assert understood.candidates[-1] == words
        assert understood.reference == str(REFERENCE)
        assert not understood.corrected
        assert not understood.unread


def test_it_holds_the_name_the_reference_and_the_words_and_nothing_else() -> None:
    words = draw().reveal()
    written = sms.message("Cabinet Martin", REFERENCE, words, Language.FR)
    assert written == f"Cabinet Martin. Document {REFERENCE}. Vos mots : {words}"
    assert written.endswith(words)  # nothing sticks to a copy of the words


def test_the_short_wording_is_taken_only_when_the_long_one_does_not_fit() -> None:
    words = "-".join(sorted(word_list(Language.FR), key=len)[-12:])
    short = sms.message("W" * 30, REFERENCE, words, Language.FR)
    assert short == f"{'W' * 30} {REFERENCE} : {words}"


@pytest.mark.parametrize("character", sorted(map(chr, range(32, 127))))
def test_septets_are_counted_as_a_modem_counts_them(character: str) -> None:
    try:
        expected = len(encoded(character))
    except UnicodeEncodeError:
        expected = None
    if character == "`":
        assert expected is None
    if expected is None:
        with pytest.raises(PracticeInvalid):
            sms.septets(character)
    else:
        assert sms.septets(character) == expected


@pytest.mark.parametrize("character", "éê€œ’\u00a0\t\x00😀")
def test_what_would_cut_the_message_to_70_characters_is_refused(character: str) -> None:
    with pytest.raises(PracticeInvalid):
        sms.septets(f"Cabinet{character}")


@pytest.mark.parametrize(
    "name", ["", "W" * 31, "Cabinet\nMartin", "Chêne", "a`b", "[" * 30, "x\x1b[2J", "\r"]
)
def test_a_name_that_cannot_be_sent_is_refused(name: str) -> None:
    words = "-".join(sorted(word_list(Language.FR), key=len)[-12:])
    with pytest.raises(PracticeInvalid):
        sms.message(name, REFERENCE, words, Language.FR)


def test_the_number_stands_apart_from_the_message() -> None:
    sheet = sms.sheet("+33639980000", "Cabinet. Vos mots : a-b")
    assert sheet.split("\n") == ["+33639980000", "", "Cabinet. Vos mots : a-b", ""]


def test_the_texts_of_the_catalogue_are_ascii() -> None:
    for name in ("sms_long", "sms_short"):
        assert all(str(text).isascii() for text in catalogue("roads")[name].values())
