"""Finding the phrase inside a pasted message: a whole SMS, a numbered sheet, a bare list.

Several regions of the text can be the phrase. They are taken in the order of how much the writer
said about them (numbers, dashes, a colon before them), and the first that reads as ten to twelve
words wins. Where none does, as much counts as can be the phrase, so that an unreadable word is
reported and not dropped as if it were chatter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.passphrase.nearness import Readings, readings, split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.messages import Language

__all__ = ["BREAK", "Token", "find_phrase", "is_dash"]

BREAK: Final = "\x1d"
"""Stands where a reference was taken out of the text; separates like a new line."""

_COUNTS: Final = range(profiles.WORDS, profiles.WORDS_STRONG + 1)
_CHAIN: Final = 6  # words joined by dashes that are too many for a compound name
_TOKEN: Final = re.compile(r"[^\W_]+")
_NUMBERED: Final = re.compile(r"[\W_]*(\d{1,2})(?:[\W_]+(.*)|)$")
_BOUNDARY: Final = re.compile(rf"[:={BREAK}\"«»“”]")


@dataclass(frozen=True, slots=True)
class Token:
    """One typed word, folded, with what it can stand for in one language."""

    text: str = field(repr=False)
    readings: Readings = field(repr=False)
    before: str = field(repr=False)

    @property
    def unread(self) -> bool:
        """Say that no reading was found."""
        return not self.readings.words

    @property
    def sure(self) -> bool:
        """Say that no letter has to be wrong for the token to be read."""
        return bool(self.readings.exact or self.readings.completed)

    @property
    def weight(self) -> float:
        """How much the token speaks for being inside the phrase rather than beside it."""
        if self.unread:
            return -2.0
        return 1.0 if self.sure else -0.5


Region = tuple[Token, ...]


def is_dash(character: str) -> bool:
    """Say whether a character joins words: any Unicode dash, minus, underscore, soft hyphen."""
    return unicodedata.category(character) == "Pd" or character in "_\u2212\u00ad\u00b7\u02d7~"


def find_phrase(folded: str, language: Language) -> Region:
    """Return the tokens of a folded text that are the phrase, read in one language."""
    everything = _tokens(folded, language)
    numbered = _numbered(folded, language)
    chain, stands_apart = _chain(everything)
    marked = [numbered, chain if stands_apart else (), *_pieces(everything), everything]
    for region in marked:
        if len(region) in _COUNTS and _complete(region):
            return region
    for region in marked:  # with a word that has to be reported
        if len(region) in _COUNTS and sum(token.sure for token in region) * 3 >= len(region) * 2:
            return region
    if len(everything) <= profiles.WORDS_STRONG:
        return everything
    for region in (chain, *_windows(everything)):
        if len(region) in _COUNTS and _complete(region):
            return region
    start, end = _core(everything)
    return numbered or chain or everything[start:end]


def _complete(region: Region) -> bool:
    return not any(token.unread for token in region)


def _tokens(folded: str, language: Language) -> Region:
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(folded):
        if match[0].isdigit():
            continue  # the number of a line, or of a telephone
        before = folded[end : match.start()]
        end = match.end()
        whole = readings(match[0], language)
        if whole.words:
            found.append(Token(match[0], whole, before))
            continue
        for word in split(match[0], language):
            found.append(Token(word, readings(word, language), before))
            before = "-"  # a forgotten space does not break a chain
    return tuple(found)


def _numbered(folded: str, language: Language) -> Region:
    """Return the longest list numbered from 1, one entry a line whatever the entry holds."""
    best: list[str] = []
    run: list[str] = []
    for line in folded.splitlines():
        if not line.strip():
            continue
        match = _NUMBERED.match(line)
        if match is None:
            run = []
            continue
        number, entry = int(match[1]), " ".join(_TOKEN.findall(match[2] or ""))
        if number == len(run) + 1:
            run.append(entry)
        else:
            run = [entry] if number == 1 else []
        if len(run) > len(best):
            best = list(run)
    if len(best) < _CHAIN:
        return ()
    return tuple(Token(entry, readings(entry, language), "\n") for entry in best)


def _chain(tokens: Region) -> tuple[Region, bool]:
    """Return the longest run of tokens joined by dashes, and whether it stands apart.

    It does when what is beside it is beyond a new line or a sign, or is no word at all. Then a
    dash was not just forgotten, and what is beside it is not a part of it.
    """
    bounds = (0, 0)
    start = 0
    for at, token in enumerate(tokens):
        joined = token.before.strip()
        if not joined or not all(is_dash(c) or c.isspace() for c in joined):
            start = at
        if at + 1 - start > max(bounds[1] - bounds[0], _CHAIN - 1):
            bounds = (start, at + 1)
    start, end = bounds
    before = start == 0 or tokens[start - 1].unread or _apart(tokens[start])
    after = end == len(tokens) or _apart(tokens[end]) or not any(t.sure for t in tokens[end:])
    return tokens[start:end], before and after


def _apart(token: Token) -> bool:
    return "\n" in token.before or bool(token.before.strip())


def _pieces(tokens: Region) -> Iterator[Region]:
    """Give what stands between two boundaries: a colon, a quote, the reference."""
    start = 0
    for at, token in enumerate(tokens):
        if at > start and _BOUNDARY.search(token.before):
            yield tokens[start:at]
            start = at
    yield tokens[start:]


def _windows(tokens: Region) -> Iterator[Region]:
    """Give the readable heart of a text, then it with its nearly readable neighbours."""
    start, end = _core(tokens)
    yield tokens[start:end]
    wider = [
        tokens[first : first + count]
        for count in _COUNTS
        for first in range(max(0, end - count), start + 1)
        if first + count <= len(tokens)
    ]
    yield from sorted(wider, key=lambda region: sum(not token.sure for token in region))


def _core(tokens: Region) -> tuple[int, int]:
    """Return the run of tokens with the greatest total weight (Kadane's algorithm)."""
    best, bounds = 0.0, (0, 0)
    total, start = 0.0, 0
    for at, token in enumerate(tokens):
        if total <= 0:
            total, start = 0.0, at
        total += token.weight
        if total > best:
            best, bounds = total, (start, at + 1)
    return bounds
