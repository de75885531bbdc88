"""Which numbers cannot stand in a text, told at once by how many figures follow each other.

A search for a number looks at every character, and most pages have a few dates and no such number.
"""

from __future__ import annotations

from typing import Final

__all__ = ["Figures"]

_FIGURE, _LETTER, _OTHER = b"0", b"A", b"."
_SEPARATORS: Final = b" \t\r\n./|-()"
"""What may stand between the figures of a number, whichever kind it is."""


def _sort(code: int) -> bytes:
    if ord("0") <= code <= ord("9"):
        return _FIGURE
    if chr(code) in "aAbB":
        return b"B"  # a social-security number of Corsica has one
    return _OTHER


_FIGURES: Final = b"".join(map(_sort, range(256)))
# An IBAN begins with two capitals, or with `fr`.
_LETTERS: Final = b"".join(
    _LETTER if chr(code).isascii() and (chr(code).isupper() or chr(code) in "fr") else _sort(code)
    for code in range(256)
)
_ACCOUNT: Final = _LETTER * 2 + _FIGURE * 2
_CORSICAN: Final = _FIGURE * 6 + b"B" + _FIGURE * 6
_CORSICAN_PLACE: Final = _FIGURE + b"B" + _FIGURE * 7


class Figures:
    """The figures of a text of ASCII digits and separators (`plain`).

    Where an answer is no, no expression for that kind of number finds anything; yes is a guess.
    """

    def __init__(self, text: str) -> None:
        self._bytes = text.encode("latin-1", "replace")
        self._rows = self._bytes.translate(_FIGURES, _SEPARATORS)

    def row(self, count: int) -> bool:
        """Return whether so many figures follow each other, whatever separates them."""
        return _FIGURE * count in self._rows

    @property
    def person(self) -> bool:
        """Whether there may be a social-security number."""
        return self.row(13) or _CORSICAN in self._rows

    @property
    def account(self) -> bool:
        """Whether there may be an IBAN, or the ten figures with which a RIB begins."""
        return self.row(10) or _ACCOUNT in self._bytes.translate(_LETTERS)

    @property
    def professional(self) -> bool:
        """Whether there may be a number of those who care: nine figures, or a place in Corsica."""
        return self.row(9) or _CORSICAN_PLACE in self._rows

    def phone(self, *, local: bool) -> bool:
        """Return whether there may be a telephone number.

        Args:
            local: whether one of six figures may be, beside the word that says so.
        """
        return self.row(9) or (self.row(6) and (local or b"+" in self._bytes))
