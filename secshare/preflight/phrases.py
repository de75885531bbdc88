"""Many words and phrases looked for in a folded text, each only where a word begins as it does.

The text is cut into words once. `re` alone would try every phrase at every letter.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Phrases", "Words", "alternatives"]

_KEY: Final = 3  # letters by which a word is looked up
_LITERAL: Final = re.compile(r"[a-z0-9μ]+(?![?*])")
_PIECE: Final = re.compile(r"\\.|\[[^\]]*\]|.", re.DOTALL)


class Words:
    """A folded text, and where its words stand, by their first letters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places: dict[str, list[int]] = {}
        at, places = 0, self.places
        for word in text.split(" "):
            key = word[:_KEY]
            if key in places:
                places[key].append(at)
            else:
                places[key] = [at]
            at += len(word) + 1


class Phrases:
    """Expressions of whole words for folded texts, by name: alternatives between `|`.

    The first that fits counts, and is `lastgroup`. Each alternative begins with letters or figures
    that are neither optional nor some of several.
    """

    def __init__(self, expressions: Mapping[str, str]) -> None:
        groups = "|".join(f"(?P<{name}>{one})" for name, one in expressions.items())
        self._pattern = re.compile(rf"(?:{groups})\b")
        self._keys = frozenset(
            key
            for expression in expressions.values()
            for one in alternatives(expression)
            for key in _begins(one)
        )

    def finditer(self, words: Words) -> Iterator[re.Match[str]]:
        """Yield what `re.finditer` would with `\\b` before and after the expression."""
        places = words.places
        if not (keys := self._keys & places.keys()):
            return
        end = 0
        for place in sorted(place for key in keys for place in places[key]):
            if place >= end and (seen := self._pattern.match(words.text, place)):
                yield seen
                end = seen.end()


def alternatives(expression: str) -> Iterator[str]:
    """Yield the alternatives of an expression."""
    depth, one = 0, ""
    for piece in _PIECE.findall(expression):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and not depth:
            yield one
            one = ""
        else:
            one += piece
    yield one


def _begins(alternative: str) -> set[str]:
    """Return the keys of the words that may begin an alternative."""
    literal = _LITERAL.match(alternative)
    if literal is None:
        raise ValueError(alternative)
    begin = literal[0]
    if len(begin) >= _KEY:
        return {begin[:_KEY]}
    whole = alternative[len(begin) :][:1] in {"", " "}
    if whole:
        return {begin}
    if len(begin) < _KEY - 1:
        raise ValueError(alternative)
    return {begin, *(begin + letter for letter in ascii_lowercase + digits)}
