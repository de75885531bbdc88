"""Numbers of those who care and of where they do: RPPS, ADELI, FINESS, SIRET and SIREN.

Each ends in a digit of Luhn's check (ISO/IEC 7812-1), ADELI aside. Nine digits say nothing by
themselves: those are taken beside the word that names them. Source for RPPS: doctrine row 20.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers.match import Match
from secshare.preflight.identifiers.plain import lower

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["search"]

_BETWEEN: Final = r"[ .\t-]?"
_NUMBERS: Final = {
    "finess": (IdentifierKind.FINESS, rf"[0-9][0-9AB](?:{_BETWEEN}[0-9]){{7}}"),
    "siret": (IdentifierKind.SIRET, rf"[0-9](?:{_BETWEEN}[0-9]){{13}}"),
    "siren": (IdentifierKind.SIRET, rf"[0-9](?:{_BETWEEN}[0-9]){{8}}"),
    "adeli": (IdentifierKind.ADELI, rf"[0-9][0-9AB](?:{_BETWEEN}[0-9]){{7}}"),
    "rpps": (IdentifierKind.RPPS, rf"[0-9](?:{_BETWEEN}[0-9]){{10}}"),
}
_AFTER: Final = {
    label: (kind, re.compile(rf"[^0-9\n]{{0,40}}(?:\n[^0-9\n]{{0,20}})?({number})(?![0-9A-Za-z])"))
    for label, (kind, number) in _NUMBERS.items()
}
_CELLS: Final = {
    label: (kind, re.compile(rf"(?<![0-9A-Za-z])({number})(?![0-9A-Za-z])"))
    for label, (kind, number) in _NUMBERS.items()
}
_RPPS: Final = re.compile(r"10(?<![0-9A-Za-z+]..)[0-9]{9}(?![0-9A-Za-z])")
_SIRET: Final = re.compile(
    r"[0-9](?<![0-9A-Za-z].)[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{5}(?![0-9A-Za-z])"
)


def search(text: str, *, heading: str = "") -> Iterator[Match]:
    """Yield the numbers in a text of ASCII digits (`plain`).

    Args:
        heading: the title of the column, folded.
    """
    low = lower(text)
    for name, (kind, pattern) in _AFTER.items():
        at = low.find(name)
        while at >= 0:
            at += len(name)
            if seen := pattern.match(text, at):
                yield _match(kind, seen)
            at = low.find(name, at)
    for name, (kind, pattern) in _CELLS.items():
        if name in heading:
            for seen in pattern.finditer(text):
                yield _match(kind, seen)
    for pattern, kind in ((_RPPS, IdentifierKind.RPPS), (_SIRET, IdentifierKind.SIRET)):
        for seen in pattern.finditer(text):
            value = seen[0].replace(" ", "")
            if _luhn(value):
                yield Match(kind, value, *seen.span(), True)


def _match(kind: IdentifierKind, seen: re.Match[str]) -> Match:
    value = re.sub("[^0-9AB]", "", seen[1])
    key = _luhn(value) if value.isdigit() and kind is not IdentifierKind.ADELI else None
    return Match(kind, value, *seen.span(1), key)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
