"""How entries hang together: each one's hash is over the one before and its own bytes as stored.

    hash 0 = SHA-256("secshare journal 1\\n" + the journal's public key)
    hash n = SHA-256(hash n-1 + the bytes of entry n)

The head, signed with `journal.key`, is the number and the hash of the last entry.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["HASH_BYTES", "Head", "first_hash", "next_hash"]

HASH_BYTES: Final = 32

_FIRST: Final = b"secshare journal 1\n"
_HEAD: Final = b"secshare journal head 1\n"
_WRITTEN: Final = re.compile(r"([0-9]{1,18})-([0-9a-f]{64})")


def first_hash(public: bytes) -> bytes:
    """Return what the first entry hangs on: no chain passes for another practice's."""
    return hashlib.sha256(_FIRST + public).digest()


def next_hash(before: bytes, body: bytes) -> bytes:
    """Return the hash of an entry."""
    return hashlib.sha256(before + body).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a journal: whoever wrote it down elsewhere can tell later what was taken back.

    Attributes:
        number: of the last entry.
        hash: its hash, which stands for all before it.
    """

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}-{self.hash.hex()}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read what somebody wrote down.

        Raises:
            ValueError: it is no head.
        """
        found = _WRITTEN.fullmatch(written.strip().lower())
        if found is None:
            raise ValueError("no head")
        return cls(int(found[1]), bytes.fromhex(found[2]))

    @property
    def to_sign(self) -> bytes:
        """What `journal.key` signs; other signatures of that key are over other first lines."""
        return _HEAD + str(self).encode("ascii")
