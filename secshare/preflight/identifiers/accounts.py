"""Bank accounts: IBAN of every country, and the bare French RIB of 23 characters.

An IBAN holds when its number modulo 97 is 1 (ISO 13616, ISO 7064). Its length is its country's, by
the registry that python-stdnum carries; the checks of countries inside an IBAN are not asked: some
refuse numbers that their own banks print.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers.match import Match

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["search"]

_BETWEEN: Final = re.compile(r"[ \t.-]{0,3}(?:\r?\n[ \t]{0,60})?")
_IBAN: Final = re.compile(
    r"[A-Zf](?<![0-9A-Za-z].)[A-Zr][0-9]{2}(?=[ \t.\r\n-]{0,3}[0-9A-Z])", re.ASCII
)
_LABEL: Final = re.compile(r"iban", re.IGNORECASE)
_STRUCTURE: Final = re.compile(r"([0-9]+)!")

_GAP: Final = r"(?:[ \t./|-]{0,4}(?:\r?\n[ \t]{0,60})?)"
_RIB: Final = re.compile(
    rf"[0-9](?<![0-9A-Za-z].)([0-9]{{4}}{_GAP})([0-9]{{5}}{_GAP})([0-9A-Z]{{11}}{_GAP})([0-9]{{2}})"
    r"(?![0-9A-Za-z])",
    re.ASCII,
)
_RIB_SAYS: Final = re.compile(
    r"\brib\b|relev[ée] d.identit|banque|guichet|compte|domicili|virement|bank", re.IGNORECASE
)
# A letter counts as a digit in a RIB: A and J are 1, B, K and S are 2 ... Z is 9.
_RIB_LETTERS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_BEFORE: Final = 200


def search(text: str, *, labelled: bool = False) -> Iterator[Match]:
    """Yield the accounts in a text of ASCII digits and separators (`plain`).

    Args:
        labelled: whether the heading says that these are accounts.
    """
    last = 0
    for seen in _IBAN.finditer(text):
        if seen.start() >= last and (match := _iban(text, seen.start(), labelled)):
            last = match.end
            yield match
    for seen in _RIB.finditer(text):
        if match := _rib(text, seen, labelled):
            yield match


@cache
def _length(country: str) -> int:
    """Return how many characters an IBAN of a country has, 0 for what is no such country."""
    from stdnum import numdb

    known = numdb.get("iban").info(country)[0][1]
    return 4 + sum(map(int, _STRUCTURE.findall(known["bban"]))) if "bban" in known else 0


def _iban(text: str, start: int, labelled: bool) -> Match | None:
    length = _length(text[start : start + 2].upper())
    number: list[str] = []
    at, lines = start, 0
    while len(number) < length:
        if at >= len(text) or not text[at].isalnum() or not text[at].isascii():
            return None
        number.append(text[at].upper())
        at += 1
        if len(number) < length and (gap := _BETWEEN.match(text, at)):
            lines += gap[0].count("\n")
            at = gap.end()
    if not length or lines > 1 or text[at : at + 1].isalnum():
        return None
    value = "".join(number)
    right = int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 == 1
    if right or labelled or _LABEL.search(text, max(0, start - 40), start):
        return Match(IdentifierKind.IBAN, value, start, at, right)
    return None


def _rib(text: str, seen: re.Match[str], labelled: bool) -> Match | None:
    start, end = seen.span()
    written = seen[0]
    value = "".join(re.findall("[0-9A-Z]", written))
    digits = value.translate(_RIB_LETTERS)
    sum_ = 89 * int(digits[:5]) + 15 * int(digits[5:10]) + 3 * int(digits[10:21]) + int(digits[21:])
    right = sum_ % 97 == 0
    grouped = all(len(group) > size for group, size in zip(seen.groups(), (4, 5, 11), strict=False))
    if written.count("\n") > 1:
        return None
    said = labelled or _RIB_SAYS.search(text, max(0, start - _BEFORE), start) is not None
    if (right and (grouped or said)) or (grouped and said):
        return Match(IdentifierKind.RIB, value, start, end, right)
    return None
