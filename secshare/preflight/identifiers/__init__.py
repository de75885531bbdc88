"""Identifiers in a text: of people, of accounts, of those who care for them."""

from __future__ import annotations

import re
from typing import Final

from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers.match import Match

__all__ = ["Match", "find"]

_NIR: Final = re.compile(r"[1-478](?<!\w.)(?:\d{2}){2}(?:\d\d|2[AB])\d{6}(\d\d)?(?!\w)")


def find(text: str, *, region: str, heading: str = "") -> list[Match]:
    """Return the identifiers in a text, in the order they stand there.

    Args:
        region: by which national telephone numbers are read, two letters.
        heading: what stands above the text, where that is a column of a table.
    """
    found = []
    for seen in _NIR.finditer(text):
        number = seen[0][:13]
        plain = int(number.replace("2A", "19").replace("2B", "18"))
        key = None if seen[1] is None else 97 - plain % 97 == int(seen[1])
        found.append(Match(IdentifierKind.NIR, number, *seen.span(), key))
    return found
