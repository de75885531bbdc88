"""The words of a name as it is written: particles apart, and glued to what follows them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold
from secshare.preflight.naming import PARTICLES, TITLES, is_upper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["APOSTROPHES", "PIECES", "glued", "glued_units", "spellings", "written"]

APOSTROPHES: Final = re.compile("(?<=[^\\W\\d_])['’ʼ`´](?=[^\\W\\d_])")
PIECES: Final = re.compile(r"[^\W\d_]+")


def spellings(name: str) -> list[list[str]]:
    """Return the words of a name: particles apart, and glued to what follows them."""
    made = []
    for text in (name, APOSTROPHES.sub("", name)):
        words = [word for word in fold(text).split() if not word.isdigit()]
        while len(words) > 1 and words[0] in TITLES - {"me", "m", "enfant", "bebe"}:
            words = words[1:]
        made += [words, glued(words)]
    return [words for at, words in enumerate(made) if words and words not in made[:at]]


def written(name: str, *, mixed: bool) -> Iterator[tuple[list[str], list[bool]]]:
    """Yield a stated name's words, with which of them are the family name by their capitals."""
    name = unicodedata.normalize("NFC", name)
    for text in (name, APOSTROPHES.sub("", name)):
        pieces = [(fold(piece), is_upper(piece)) for piece in PIECES.findall(text)]
        pieces = [(word, it_is) for word, it_is in pieces if word]
        words = [word for word, _ in pieces]
        flags = [mixed and it_is for _, it_is in pieces]
        if mixed:  # `de la TOUR`: particles go with what follows
            for at in range(len(words) - 2, -1, -1):
                flags[at] = flags[at] or (words[at] in PARTICLES and flags[at + 1])
        yield words, flags
        joined = glued(words)
        if joined != words:
            yield joined, _flags(words, flags)


def glued(words: Sequence[str]) -> list[str]:
    """Return the words of a name, each particle glued to what follows it."""
    out: list[str] = []
    pending = ""
    for at, word in enumerate(words):
        if word in PARTICLES and at + 1 < len(words):
            pending += {"st": "saint", "ste": "sainte"}.get(word, word)
        else:
            out.append(pending + word)
            pending = ""
    return out


def _flags(words: Sequence[str], flags: Sequence[bool]) -> list[bool]:
    return [
        flag
        for at, (word, flag) in enumerate(zip(words, flags, strict=True))
        if not (word in PARTICLES and at + 1 < len(words))
    ]


def glued_units(units: Sequence[str]) -> list[str]:
    """Return the units of a name, particles with what follows them, as they are written."""
    out: list[str] = []
    pending = ""
    for at, unit in enumerate(units):
        if unit in PARTICLES and at + 1 < len(units):
            pending += unit + " "
        else:
            out.append(pending + unit)
            pending = ""
    return out
