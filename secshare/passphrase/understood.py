"""What came out of reading a typed phrase. None of these shows a word by accident."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Corrected", "Understood", "Unread"]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A word read otherwise than it was typed: with one wrong letter, or cut short.

    Attributes:
        position: of the word in the phrase, from 1.
        word: the word of the list that it is taken for. To be shown to the person who typed, and
            to nobody else.
    """

    position: int
    word: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unread:
    """A word that could not be read.

    Attributes:
        position: of the word in the phrase, from 1.
        nearest: words of the list that look like it, the nearest first; there may be none. To be
            shown to the person who typed, and to nobody else.
    """

    position: int
    nearest: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Understood:
    """How a typed or pasted text can be read.

    Every word of every candidate but the literal text is either exactly a word that was typed, or
    announced in `corrected` or `completed`: nothing is replaced in silence.

    Attributes:
        candidates: what to try, in order, at most `profiles.CANDIDATES`; the text as it was typed
            first. No other than the text itself if a word could not be read: none is guessed.
        reference: the reference that a pasted message held, in its canonical form.
        corrected: words read with one wrong letter, one entry for each word proposed.
        completed: words of which only the beginning was typed, four letters or more.
        unread: words that could not be read.
        words: how many words were read.
    """

    candidates: tuple[str, ...] = field(repr=False)
    reference: str | None = None
    corrected: tuple[Corrected, ...] = ()
    completed: tuple[Corrected, ...] = ()
    unread: tuple[Unread, ...] = ()
    words: int = 0

    def corrected_in(self, candidate: str) -> tuple[Corrected, ...]:
        """Return what was corrected to make `candidate`, to be said once it opened the file."""
        words = candidate.split("-")
        return tuple(
            item
            for item in self.corrected
            if item.position <= len(words) and words[item.position - 1] == item.word
        )
