"""Drawing words, and what a draw is worth. Nothing a person chose or knows goes into it."""

from __future__ import annotations

import math
import secrets
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.errors import PracticeInvalid
from secshare.messages import Language
from secshare.model import Passphrase
from secshare.passphrase.lists import word_list
from secshare.passphrase.stop import stop_list

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["carried", "draw", "entropy"]


def draw(
    count: int = profiles.WORDS,
    language: Language = Language.FR,
    *,
    randbelow: Callable[[int], int] = secrets.randbelow,
) -> Passphrase:
    """Draw `count` words, each independent of the others and of everything else.

    A phrase that holds a word of the stop list is drawn again as a whole, which leaves every
    phrase without such a word equally likely: `entropy(count, language)` is exact.

    Args:
        count: from `profiles.WORDS` to `profiles.WORDS_STRONG`; fewer would be weak, more would
            not fit one SMS.
        language: of the words, which need not be the language of the texts around them.
        randbelow: the source of randomness, a uniform integer below its argument.

    Raises:
        PracticeInvalid: `count` is out of bounds.
        ExtraMissing: the word list is not installed.
    """
    bits = entropy(count, language)
    words = word_list(language)
    stopped = stop_list(language)
    while True:
        drawn = tuple(words[randbelow(len(words))] for _ in range(count))
        if stopped.isdisjoint(drawn):
            return Passphrase._drawn(drawn, language, bits)


def entropy(count: int = profiles.WORDS, language: Language = Language.FR) -> float:
    """Return the bits of a draw of `count` words, after the stop list.

    Raises:
        PracticeInvalid: `count` is out of bounds.
        ExtraMissing: the word list is not installed.
    """
    if not profiles.WORDS <= count <= profiles.WORDS_STRONG:
        raise PracticeInvalid(
            "passphrase.count",
            count=count,
            least=profiles.WORDS,
            most=profiles.WORDS_STRONG,
        )
    return count * math.log2(len(word_list(language)) - len(stop_list(language)))


def carried(words: str, language: Language) -> Passphrase:
    """Return words that `draw` drew in another process of this program, which gave them to this.

    Never for words that came from anywhere else: a passphrase that somebody chose would be sealed
    with the light work factor of a drawn one. They must at least look drawn.

    Args:
        words: what `Passphrase.reveal` gave. This is the secret.

    Raises:
        PracticeInvalid: they are not as many as a draw gives.
        ValueError: they are not words that a draw gives. They are not repeated in the error.
        ExtraMissing: the word list is not installed.
    """
    drawn = tuple(words.split("-"))
    bits = entropy(len(drawn), language)
    allowed = set(word_list(language)) - stop_list(language)
    if not allowed.issuperset(drawn):
        raise ValueError("not drawn")
    return Passphrase._drawn(drawn, language, bits)
