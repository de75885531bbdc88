"""The name of a share: short, random, and proof against one wrong symbol."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from secshare.errors import ShareUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Reference"]

# Crockford's base 32: no I, L, O, U, so that nothing is mistaken for 1, 0 or V when read aloud.
_SYMBOLS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
_REFERENCE_SYMBOLS: Final = 8


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of a share, as in `K7Q2-M9PX-8`: 40 random bits and a check character.

    The check is a weighted sum in the field of 32 elements, so that one wrong symbol, or two
    neighbours exchanged, is always noticed.
    """

    value: str

    @classmethod
    def draw(cls, randbelow: Callable[[int], int] = secrets.randbelow) -> Self:
        """Draw a reference. Whether it is new is for the register's database to say."""
        body = [randbelow(len(_SYMBOLS)) for _ in range(_REFERENCE_SYMBOLS)]
        return cls(_written([*body, _check(body)]))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read a reference as people type it: any case, with or without dashes, O for 0.

        Raises:
            ShareUnknown: it is not a reference, or one symbol is wrong.
        """
        symbols = "".join(c for c in typed.upper() if c.isalnum()).translate(_MISREAD)
        numbers = [_SYMBOLS.find(symbol) for symbol in symbols]
        if (
            len(numbers) != _REFERENCE_SYMBOLS + 1
            or -1 in numbers
            or _check(numbers[:-1]) != numbers[-1]
        ):
            raise ShareUnknown("share.reference_invalid", reference=typed)
        return cls(_written(numbers))

    def __str__(self) -> str:
        return self.value


def _written(numbers: list[int]) -> str:
    symbols = "".join(_SYMBOLS[number] for number in numbers)
    return f"{symbols[:4]}-{symbols[4:8]}-{symbols[8:]}"


def _check(body: list[int]) -> int:
    """Return sum(body[i] * 2**(i+1)) in GF(32) with the polynomial x^5 + x^2 + 1."""
    total = 0
    for number in reversed(body):  # Horner's rule; doubling is a shift, reduced when it overflows
        total = _doubled(total ^ number)
    return total


def _doubled(number: int) -> int:
    number <<= 1
    return number ^ 0b100101 if number & 0b100000 else number
