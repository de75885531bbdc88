"""One spelling for all spellings: of one name, or of a document in which names are looked for."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["fold", "name_key"]

_LIGATURES: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th"}
)

# Every kind of space, dash and apostrophe. An apostrophe or a dash is read as a space, and never
# as nothing: "Li-An" is "Li An" and not "Lian", who is somebody else.
_SEPARATORS: Final = re.compile("[\\W_\\u02bc]+")

_CODEPAGE: Final = "cp1252"
_CHUNK: Final = 1 << 16
_SHORT: Final = 100  # characters: a name is looked through once, where a page is searched faster


def fold(name: str) -> str:
    """Return what two spellings of one name have in common: `L’Hôpital-Œuf` is `l hopital oeuf`.

    Accents, case, ligatures and kinds of spaces, dashes and apostrophes do not count. Letters,
    their order and the places between words do: nothing is guessed. Folding twice changes nothing.
    A document may be folded whole: 13 MB of French take some 0.2 s.
    """
    if len(name) <= _CHUNK:
        return _folded(name)
    return " ".join(filter(None, map(_folded, _chunks(name))))


def name_key(name: str) -> str:
    """Return what a name has in common with the same one in any order of its parts."""
    return " ".join(sorted(fold(name).split()))


def _chunks(text: str) -> Iterator[str]:
    """Yield the text, cut at ends of lines: one odd letter then slows its own piece only."""
    start = 0
    while start + _CHUNK < len(text):
        end = text.find("\n", start + _CHUNK) + 1
        if not end:
            break
        yield text[start:end]
        start = end
    yield text[start:]


def _folded(text: str) -> str:
    """Fold what Windows-1252 can write byte by byte, and anything else letter by letter."""
    if not text.isascii() and (len(text) > _SHORT or not _ODD.isdisjoint(text)):
        for character, written in _REWRITTEN.items():
            if character in text:
                text = text.replace(character, written)
    try:
        plain = text.encode(_CODEPAGE).translate(_TABLE).decode(_CODEPAGE).replace("µ", "μ")
    except UnicodeEncodeError:
        plain = text.translate({ord(character): _letter(character) for character in set(text)})
    return " ".join(plain.split())


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    """Return what one character becomes: letters and digits, a space, or nothing for a mark.

    A text folds to what its characters fold to: marks change places in NFKD, and are dropped.
    """
    # The Kelvin sign and the like decompose only once their case is folded, hence the two passes.
    for _ in range(2):
        character = unicodedata.normalize("NFKD", character).casefold().translate(_LIGATURES)
    kept = "".join(c for c in character if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return _SEPARATORS.sub(" ", kept)


def _byte(number: int) -> int:
    """Return the byte that one of Windows-1252 folds to; itself where that is not one byte."""
    try:
        folded = _letter(bytes([number]).decode(_CODEPAGE)).encode(_CODEPAGE)
    except UnicodeError:
        return number
    return folded[0] if len(folded) == 1 else number


def _rewritten(characters: str) -> dict[str, str]:
    """Return those that fold to something else than one byte, with what they fold to."""
    folded = {character: _letter(character) for character in characters}
    return {
        character: written
        for character, written in folded.items()
        if len(written) != 1 or not character.encode(_CODEPAGE, "ignore")
    }


_TABLE: Final = bytes(_byte(number) for number in range(256))
# What a French text holds beside the code page: spaces, dashes, arrows, boxes, ligatures.
# The sign µ is a byte there and folds to the Greek letter, which is not: it stands for both.
_REWRITTEN: Final = {"μ": "µ"} | _rewritten(
    bytes(range(160, 256)).decode("latin-1")
    + bytes(range(128, 160)).decode(_CODEPAGE, "ignore")
    + "\u2002\u2003\u2007\u2009\u200a\u200b\u2010\u2011\u202f\u2190\u2192\u2212\u2264\u2265"
    + "\u25a0\u25a1\u25cf\u2610\u2611\u2612\ufb00\ufb01\ufb02\ufb03\ufeff"
)
_ODD: Final = frozenset(_REWRITTEN)
