"""The sheet makes sure who is there before a word is read, and names nobody if it is found."""

from __future__ import annotations

import random

import pytest

from secshare.errors import PracticeInvalid
from secshare.messages import Language
from secshare.model import Reference
from secshare.passphrase import draw, understand
from secshare.roads import phone

REFERENCE = Reference.draw(random.Random(1).randrange)
LANGUAGES = pytest.mark.parametrize("language", list(Language))


def written(words: str, language: Language, number: str | None = "+33639980000") -> str:
    return phone.sheet(
        words, reference=REFERENCE, public_name="Cabinet Martin", phone=number, language=language
    )


@LANGUAGES
def test_the_questions_come_before_the_first_word(language: Language) -> None:
    words = draw(randbelow=random.Random(2).randrange).reveal()
    sheet = written(words, language)
    first = sheet.index(f"1. {words.split('-', maxsplit=1)[0]}")
    assert sheet.count("[ ]") == 3
    assert sheet.rindex("[ ]") < first
    assert sheet.index("06 39 98 00 00") < first


def test_only_what_the_record_can_confirm_is_asked() -> None:
    def asked(**known: bool) -> list[str]:
        sheet = phone.sheet(
            draw().reveal(),
            reference=REFERENCE,
            public_name="Cabinet Martin",
            phone=None,
            language=Language.FR,
            **known,
        )
        return [line.removeprefix("  [ ] ") for line in sheet.splitlines() if "[ ]" in line]

    name = "À qui ai-je l'honneur ? Votre prénom et votre nom, s'il vous plaît."
    reference = "Quelle référence voyez-vous dans notre e-mail ?"
    function = "Votre nom et votre fonction, s'il vous plaît."
    assert asked() == [name, "Quelle est votre date de naissance ?", reference]
    assert asked(birth_date_known=False) == [name, reference]
    assert asked(organisation=True) == [function, reference]
    assert asked(organisation=True, birth_date_known=False) == [function, reference]
    inside = "Quelle référence voyez-vous dans le nom du fichier, ou en haut de la page ?"
    assert asked(opens_itself=True)[2] == inside
    assert asked(organisation=True, opens_itself=True) == [function, inside]


@LANGUAGES
def test_every_sheet_is_understood_again_whole(language: Language) -> None:
    rng = random.Random(3)
    for count in (10, 11, 12) * 15:
        words = draw(count, rng.choice(list(Language)), randbelow=rng.randrange).reveal()
        number = rng.choice((None, "+33639980000", "+262692000000", "+14155550100"))
        understood = understand(written(words, language, number))
        assert understood.candidates[-1] == words
        assert understood.reference == str(REFERENCE)
        assert understood.words == count
        assert not (understood.corrected or understood.unread)


def test_the_words_are_one_a_line_and_numbered() -> None:
    words = draw(12).reveal()
    lines = [line.split() for line in written(words, Language.FR).splitlines()]
    for at, word in enumerate(words.split("-"), 1):
        assert [f"{at}.", word] in lines


def test_every_line_fits_a_sheet_of_paper() -> None:
    for language in Language:
        assert max(map(len, written(draw(12).reveal(), language).splitlines())) <= 100


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+33639980000", "06 39 98 00 00"),
        ("+262692000000", "+262692000000"),
        ("+590690000000", "+590690000000"),
        ("+14155550100", "+14155550100"),
    ],
)
def test_only_a_mainland_number_is_shown_in_its_national_form(number: str, shown: str) -> None:
    assert f" {shown}\n" in written(draw().reveal(), Language.FR, number)


def test_without_a_number_the_record_is_named() -> None:
    assert "au numéro du dossier." in written(draw().reveal(), Language.FR, None)


def test_every_letter_can_be_spelled() -> None:
    for language in Language:
        sheet = written(draw().reveal(), language)
        alphabet = sheet.split("\n\n")[-2].splitlines()[1:]
        assert [name[0] for line in alphabet for name in line.split()] == list(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        )


def test_a_name_of_two_lines_is_refused() -> None:
    with pytest.raises(PracticeInvalid):
        phone.sheet(
            draw().reveal(),
            reference=REFERENCE,
            public_name="Cabinet\n1. faux",
            phone=None,
            language=Language.FR,
        )
