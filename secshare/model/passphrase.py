"""Words that the machine drew, which never show themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from secshare.messages import Language

__all__ = ["Passphrase"]


class Passphrase:
    """Words that the machine drew: the only passphrase a document is ever sealed with.

    Only `secshare.passphrase.draw` makes one, which is what lets it be used with the light work
    factor. It never shows itself: `repr`, `str`, `format` and pickling give no word away.

    Attributes:
        language: the language of the word list, `fr` or `en`.
        bits: the entropy of the draw, in bits, after the stop list.
    """

    __slots__ = ("_words", "bits", "language")
    _words: tuple[str, ...]
    language: Language
    bits: float

    def __init__(self, *_: object, **__: object) -> None:
        msg = "a passphrase is drawn, not chosen: use secshare.passphrase.draw()"
        raise TypeError(msg)

    @classmethod
    def _drawn(cls, words: tuple[str, ...], language: Language, bits: float) -> Self:
        self = object.__new__(cls)
        self._words = words
        self.language = language
        self.bits = bits
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """The words, lower-case ASCII. Handle with care: this is the secret."""
        return self._words

    def reveal(self) -> str:
        """Return the canonical form, the words joined by `-`. This is the secret."""
        return "-".join(self._words)

    def __repr__(self) -> str:
        return f"<Passphrase of {len(self._words)} words>"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[object, ...]:
        msg = "a passphrase is not written anywhere by accident"
        raise TypeError(msg)
