"""Documents inside others, as text carries them: base64 in XML, in HTML and in mails."""

from __future__ import annotations

import binascii
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["add", "from_base64", "member", "seems_document"]

_SHORTEST: Final = 200
"""Characters of base64. A document is longer; a word that happens to begin alike is not."""

# "%PDF-", "PK", a compound file, a JPEG and a PNG, in base64.
_STARTS: Final = ("JVBERi0", "UEsDB", "0M8R4KGx", "/9j/", "iVBORw0KGgo")


def member(place: Place, name: str) -> Place:
    """Return the place of a document called `name` inside the one at `place`."""
    return replace(place, member=f"{place.member}/{name}" if place.member else name)


def seems_document(text: str) -> bool:
    """Say whether a text is a document in base64, by how one begins."""
    start = text.lstrip()
    return start.startswith(_STARTS) and len(text) >= _SHORTEST


def from_base64(text: str) -> bytes | None:
    """Return what some base64 holds, with blanks and line ends or without; None if it is none."""
    packed = "".join(text.split())
    try:
        return binascii.a2b_base64(packed + "=" * (-len(packed) % 4))
    except ValueError:
        return None


def add(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Read a document found inside another, whose own text says what it shows.

    A picture too small to be a page (a logo, a code, a curve) is passed over: every letter has one,
    and "cannot be checked" at every letter teaches to say yes.

    Raises:
        OverBudget: the outer document holds more than it may.
    """
    from secshare.preflight import readers
    from secshare.preflight.readers.pictures import like_a_page

    budget.spend_members()
    budget.spend_unpacked(len(data))
    if not like_a_page(data):
        return
    readers.read_into(data, place, budget, content)
