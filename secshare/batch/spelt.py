"""Whether an e-mail address bears somebody's name, as most people's addresses do."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from secshare.model.folding import fold

__all__ = ["named_in", "spells", "touches"]

_SHORT: Final = 3  # letters of a word that are found by chance in an address
_LETTERS: Final = re.compile(r"[^\W\d_]+")


def spells(address: str, name: str, *, whole: bool = False) -> bool:
    """Return whether the part before the @ is a given name, or its initial, and a family name.

    `jeanne.exemple`, `exemplejeanne12`, `j-exemple`; further words of an address do not count.

    Args:
        whole: whether an initial is not enough.
    """
    words = _words(address)
    together = "".join(words)
    forms = _forms(name, initials=not whole)
    return together in forms or any(
        "".join(words[start:end]) in forms
        for start in range(len(words))
        for end in range(start + 2, len(words) + 1)
    )


def touches(address: str, name: str) -> bool:
    """Return whether anything of a name stands in the part before the @: the address may be theirs.

    A family's, a maiden name's, `mamie.jeanne`.
    """
    together = "".join(_words(address))
    return spells(address, name) or any(
        word in together for word in fold(name).split() if len(word) >= _SHORT
    )


def named_in(address: str) -> str | None:
    """Return the name that an address of several words may bear, to be looked up; None if none."""
    words = [word for word in _words(address) if len(word) > 1]
    return " ".join(words) if len(words) > 1 else None


def _words(address: str) -> list[str]:
    return _LETTERS.findall(fold(address.partition("@")[0]))


@lru_cache(2048)  # each row is compared with its neighbours, and they with it
def _forms(name: str, *, initials: bool) -> frozenset[str]:
    """Return a name written together: either half first, the given name whole or its initial."""
    words = fold(name).split()
    forms = set()
    halves = [(words[:cut], words[cut:]) for cut in range(1, len(words))]
    if len(words) > 2:
        halves.append((words[:1], words[-1:]))  # without the given names between
    for one, other in halves:
        for given, family in ((one, other), (other, one)):
            last = "".join(family)
            if len(last) < _SHORT:
                continue
            firsts = ["".join(given)]
            if initials:
                firsts.append("".join(word[0] for word in given))
            for first in firsts:
                forms |= {first + last, last + first}
    return frozenset(forms)
