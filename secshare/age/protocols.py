"""What the engine asks of a recipient and of an identity, and how identities keep their secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeAlias

if TYPE_CHECKING:
    from secshare.age.header import Stanza

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called in the caller's thread with the bytes of clear text done, and their total where it can be
known. Whatever it raises cancels the work and reaches the caller."""


class Recipient(Protocol):
    """Who can open a file.

    `label` says what a recipient may stand beside in one header: all labels must be equal. It is
    how the format's two rules are kept, a passphrase alone and hybrid keys among themselves.
    """

    @property
    def label(self) -> str:
        """Return what must be equal in all recipients of one file."""

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza from which this recipient's identity finds the file key again."""


class Identity(Protocol):
    """What opens a file."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key, or None where no stanza is for this identity.

        Raises:
            HeaderDamaged: a stanza of this identity's type does not follow the format.
        """


class Guarded:
    """A thing with a secret inside: it prints without it, and is not pickled or copied."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __str__(self) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        msg = f"{type(self).__name__} is not written anywhere by accident"
        raise TypeError(msg)
