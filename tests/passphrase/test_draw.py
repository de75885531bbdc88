"""A document is sealed with words that the machine drew, each phrase as likely as any other."""

from __future__ import annotations

import ast
import copy
import itertools
import math
import pickle
import random
import secrets
from collections import Counter

import pytest

from secshare import profiles
from secshare.errors import PracticeInvalid
from secshare.messages import Language
from secshare.model import Passphrase
from secshare.passphrase import carried, draw, entropy, stop_list, understand, word_list
from tests.tools import ROOT

LANGUAGES = pytest.mark.parametrize("language", list(Language))


@LANGUAGES
@pytest.mark.parametrize("count", [10, 11, 12])
def test_the_words_are_of_the_list_and_not_of_the_stop_list(count: int, language: Language) -> None:
    allowed = set(word_list(language)) - stop_list(language)
    drawn = draw(count, language)
    assert len(drawn.words) == count
    assert set(drawn.words) <= allowed
    assert drawn.reveal() == "-".join(drawn.words)
    assert drawn.language is language


@LANGUAGES
def test_the_entropy_that_remains_is_stated_exactly(language: Language) -> None:
    left = 2048 - len(stop_list(language))
    for count in (10, 12):
        assert math.isclose(2 ** entropy(count, language), left**count, rel_tol=1e-9)
        assert draw(count, language).bits == entropy(count, language)


def test_ten_words_are_109_bits_and_twelve_more_than_128() -> None:
    for language in Language:
        assert 109.0 <= entropy(10, language) < 110
        assert entropy(12, language) > 130


def test_a_phrase_with_a_stop_word_is_drawn_again_whole() -> None:
    words = word_list(Language.FR)
    bad = [words.index("abaisser")] * 9 + [words.index("virus")]
    good = list(range(20, 30))
    assert not stop_list(Language.FR).intersection(words[20:30])
    asked: list[int] = []
    numbers = itertools.chain(bad, good)

    def randbelow(bound: int) -> int:
        asked.append(bound)
        return next(numbers)

    drawn = draw(randbelow=randbelow)
    assert drawn.words == words[20:30]
    assert asked == [2048] * 20  # nothing of the refused phrase was kept


def test_every_word_is_drawn_as_often_at_every_place() -> None:
    rng = random.Random(2)
    places = [Counter[str]() for _ in range(10)]
    for _ in range(4000):
        for place, word in zip(places, draw(randbelow=rng.randrange).words, strict=True):
            place[word] += 1
    allowed = 2048 - len(stop_list(Language.FR))
    for place in places:
        expected = 4000 / allowed
        chi2 = sum((n - expected) ** 2 / expected for n in place.values())
        chi2 += (allowed - len(place)) * expected
        assert abs(chi2 - allowed) < 6 * math.sqrt(2 * allowed)


def test_the_source_is_the_operating_system() -> None:
    assert draw.__kwdefaults__ == {"randbelow": secrets.randbelow}
    assert len({draw().reveal() for _ in range(200)}) == 200


@pytest.mark.parametrize("count", [0, 1, 9, 13, -10])
def test_a_weak_or_endless_phrase_is_refused(count: int) -> None:
    for call in (draw, entropy):
        with pytest.raises(PracticeInvalid) as caught:
            call(count)
        assert caught.value.fields["least"] == profiles.WORDS


@LANGUAGES
def test_every_drawn_phrase_is_understood_again(language: Language) -> None:
    rng = random.Random(3)
    for count in (10, 11, 12) * 100:
        written = draw(count, language, randbelow=rng.randrange).reveal()
        understood = understand(written)
        assert understood.candidates == (written,)
        assert understood.words == count
        assert not (understood.corrected or understood.completed or understood.unread)


def test_a_phrase_chosen_by_a_person_is_no_passphrase() -> None:
    for chosen in ("Mon chat 1958", "abaisser-abandon", draw().reveal()):
        with pytest.raises(TypeError, match="drawn, not chosen"):
            Passphrase(chosen)
    with pytest.raises(TypeError):
        Passphrase()
    assert all(isinstance(candidate, str) for candidate in understand("Mon chat 1958").candidates)


def test_only_drawing_makes_a_passphrase() -> None:
    makers = set()
    for path in (ROOT / "secshare").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "Passphrase._drawn":
                makers.add(path.relative_to(ROOT).as_posix())
    assert makers == {"secshare/passphrase/drawing.py"}


def test_a_passphrase_shows_no_word_by_accident() -> None:
    drawn = draw()
    shown = [repr(drawn), str(drawn), f"{drawn}", f"{[drawn]}", f"{drawn!r:>80}"]
    assert not any(word in line for word in drawn.words for line in shown)
    for spread in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            spread(drawn)


@LANGUAGES
def test_words_carried_to_another_process_are_the_words_that_were_drawn(language: Language) -> None:
    drawn = draw(profiles.WORDS, language)
    there = carried(drawn.reveal(), language)
    assert there.words == drawn.words
    assert there.bits == drawn.bits
    assert drawn.words[0] not in repr(there)


def test_words_that_no_draw_gives_are_not_carried() -> None:
    words = draw().words
    stopped = next(iter(stop_list(Language.FR) & set(word_list(Language.FR))))
    for wrong in ((*words[:-1], "motdepasse"), (*words[:-1], stopped), (*words[:-1], "")):
        with pytest.raises(ValueError, match=r"^not drawn$"):
            carried("-".join(wrong), Language.FR)
    with pytest.raises(PracticeInvalid):
        carried("-".join(words[:-1]), Language.FR)
