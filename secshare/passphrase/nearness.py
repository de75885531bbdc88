"""Which words of a list a typed token can stand for, and which only look like it."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.passphrase.lists import LONGEST, completed, index, word_list
from secshare.passphrase.stop import stop_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.messages import Language

__all__ = ["Readings", "nearest", "readings", "split"]


@dataclass(frozen=True, slots=True)
class Readings:
    """How one token can be read.

    Attributes:
        exact: it is this word; then there is no other reading.
        completed: it is the beginning of this word.
        corrected: words one letter away; those of the stop list last, as we never draw them.
    """

    exact: str | None = field(default=None, repr=False)
    completed: str | None = field(default=None, repr=False)
    corrected: tuple[str, ...] = field(default=(), repr=False)

    @property
    def words(self) -> tuple[str, ...]:
        """Every reading, the surest first."""
        sure = tuple(word for word in (self.exact, self.completed) if word is not None)
        return sure + self.corrected


def readings(token: str, language: Language) -> Readings:
    """Return how a folded token can be read.

    A token that is exactly a word stands for nothing else, even where exchanging two letters gives
    another word (`tuile`, `utile`). One wrong letter is one replaced, missing or added, or two
    neighbours exchanged. The beginning of a word counts only as it stands: four letters with a
    mistake in them are as near to several words as to one.
    """
    words = index(language)
    if token in words:
        return Readings(exact=token)
    if len(token) > LONGEST + 1:
        return Readings()
    whole = completed(token, language)
    near = {other for other in _one_letter_away(token) if other in words} - {whole}
    stopped = stop_list(language)  # never drawn by us, so tried last
    likely = sorted(near, key=lambda word: (word in stopped, word))
    return Readings(completed=whole, corrected=tuple(likely))


def split(token: str, language: Language) -> tuple[str, ...]:
    """Return the words of a token in which spaces were forgotten, or the token alone.

    Only where the letters are exactly words of the list, in one way. It is for tokens that cannot
    be read as one word.
    """
    if len(token) > _RUN:
        return (token,)
    words = index(language)
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in token)]
    for end in range(1, len(token) + 1):
        for start in range(max(0, end - LONGEST), end):
            if ways[start] and token[start:end] in words:
                ways[end] += [(*way, token[start:end]) for way in ways[start]]
        del ways[end][2:]  # two are enough to know that it is not one
    return ways[-1][0] if len(ways[-1]) == 1 else (token,)


def nearest(token: str, language: Language) -> tuple[str, ...]:
    """Return the words that look most like an unreadable token, at most `profiles.NEAREST`.

    Two wrong letters at most, counted against the whole word or against as much of it as was
    typed; one in a token of four letters or fewer.
    """
    if len(token) > LONGEST + 2:
        return ()
    limit = 1 if len(token) <= _SHORT else 2
    ranked = []
    for word in word_list(language):
        distance = min(_distance(token, word), _distance(token, word[: len(token)]))
        if distance <= limit:
            ranked.append((distance, word))
    return tuple(word for _, word in sorted(ranked)[: profiles.NEAREST])


_SHORT: Final = 4
_RUN: Final = LONGEST * profiles.WORDS_STRONG  # a whole phrase without a space


def _one_letter_away(token: str) -> Iterator[str]:
    for at in range(len(token) + 1):
        before, after = token[:at], token[at:]
        yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]


def _distance(a: str, b: str) -> int:
    """Return the edits between two words, an exchange of neighbours counted as one (OSA)."""
    older: list[int] = []
    old = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        new = [i]
        for j, y in enumerate(b, 1):
            cost = min(old[j] + 1, new[j - 1] + 1, old[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            new.append(cost)
        older, old = old, new
    return old[-1]
