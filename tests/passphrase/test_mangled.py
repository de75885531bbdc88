"""A mistyped phrase opens or does not: it is never taken in silence for another phrase."""

from __future__ import annotations

import random

import pytest

from secshare.messages import Language
from secshare.passphrase import Understood, draw, understand
from tests.passphrase import mangling

ROUNDS = 23  # of 22 texts each, by 10 seeds: more than 5,000 mangled phrases
CHANGED = (
    mangling.cut_short,
    mangling.one_wrong_letter,
    mangling.one_wrong_letter,
    mangling.one_wrong_letter_in_a_cut_word,
)


def phrase(rng: random.Random) -> str:
    language = rng.choice((Language.FR, Language.FR, Language.EN))
    return draw(rng.choice((10, 10, 11, 12)), language, randbelow=rng.randrange).reveal()


def proposed(understood: Understood, typed: str) -> list[str]:
    """Return the candidates beyond the text itself."""
    return [c for c in understood.candidates if mangling.bare(c) != mangling.bare(typed)]


def in_silence(understood: Understood, typed: str, right: str) -> list[str]:
    """Return the other phrases proposed without naming each word that differs."""
    said = {(item.position, item.word) for item in understood.corrected + understood.completed}
    words = right.split("-")

    def silent(candidate: str) -> bool:
        others = candidate.split("-")
        if len(others) != len(words):
            return True
        return any(
            mine != other and (at, other) not in said
            for at, (mine, other) in enumerate(zip(words, others, strict=True), 1)
        )

    return [c for c in proposed(understood, typed) if silent(c)]


def test_there_are_five_thousand_of_them() -> None:
    assert 10 * ROUNDS * (len(mangling.SAME_LETTERS) + len(CHANGED) + 1) > 5000


@pytest.mark.parametrize("seed", range(10))
def test_no_mangled_phrase_is_understood_as_another(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(ROUNDS):
        for kind in mangling.SAME_LETTERS:
            right = phrase(rng)
            typed = kind(rng, right.split("-"))
            understood = understand(typed)
            assert right in understood.candidates, (kind.__name__, typed)
            assert proposed(understood, typed) in ([right], []), (kind.__name__, typed)
            assert not understood.corrected, (kind.__name__, typed)
        for change in CHANGED:
            right = phrase(rng)
            typed = rng.choice("- ,").join(change(rng, right.split("-")))
            assert in_silence(understand(typed), typed, right) == [], (change.__name__, typed)
        right = phrase(rng)
        both = mangling.one_wrong_letter(rng, right.split("-"))
        typed = rng.choice(mangling.SAME_LETTERS)(rng, both)
        assert in_silence(understand(typed), typed, right) == [], typed


def test_one_french_word_with_one_wrong_letter_always_opens() -> None:
    rng = random.Random("typos")
    for _ in range(300):
        right = draw(randbelow=rng.randrange).reveal()
        words = right.split("-")
        at = rng.randrange(len(words))
        words[at] = mangling.typo(rng, words[at])
        understood = understand(" ".join(words))
        assert right in understood.candidates
        said = [(item.position, item.word) for item in understood.corrected_in(right)]
        cut = [(item.position, item.word) for item in understood.completed]
        assert (at + 1, right.split("-")[at]) in said + cut


@pytest.mark.parametrize("language", list(Language))
def test_words_cut_after_four_letters_always_open(language: Language) -> None:
    rng = random.Random("cut")
    for _ in range(200):
        right = draw(12, language, randbelow=rng.randrange).reveal()
        typed = " ".join(word[:4] for word in right.split("-"))
        assert proposed(understand(typed), typed)[0] == right
