"""What was checked is what is sealed, and what the journal says was sealed."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.files import Source

__all__ = ["check_same", "macs", "watch"]


def watch(documents: Sequence[Source], digests: Sequence[str | None] | None) -> None:
    """Have each document begin at its beginning, and its digest made by the reads that seal it.

    A file that is watched is read by one thread: what the preflight did not read, because it is
    too large, is sealed by two.
    """
    for at, document in enumerate(documents):
        document.file.seek(0)  # the preflight left it elsewhere
        if digests is None or digests[at] is not None:
            document.file.watch()


def check_same(documents: Sequence[Source], digests: Sequence[str | None] | None) -> None:
    """Check that what was sealed is what the preflight read: the same bytes, not the same name.

    Raises:
        InputUnreadable: a document is not what was checked.
    """
    if digests is None:
        return
    for document, digest in zip(documents, digests, strict=True):
        if digest is not None:
            document.check_same(digest)


def macs(documents: Sequence[Source], key: bytes) -> list[str]:
    """Return what the journal keeps of each document: HMAC-SHA-256 of its SHA-256, in hexadecimal.

    Without the key nobody can tell which document it was, not even by trying every result that a
    template allows (docs/decisions/095). What was not watched is read once more.

    Raises:
        InputUnreadable: a document changed meanwhile.
    """
    made = []
    for document in documents:
        digest = document.file.seen(document.size)
        if digest is None:
            document.file.seek(0)
            digest = hashlib.file_digest(document.file, "sha256").hexdigest()
            document.check_unchanged()
        made.append(hmac.digest(key, bytes.fromhex(digest), "sha256").hex())
    return made
