"""The practice's own keys written with an entry that says so."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from secshare.register import Operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.sharing.desk import Desk


@contextmanager
def writing_keys(desk: Desk, what: str) -> Iterator[None]:
    """Keep other commands away while `practice.key` is written, and enter that it was.

    A block that writes nothing, because another command came first, is no entry. Killed between the
    file and the commit, the key is written and not entered; that is the only such moment.

    Args:
        what: `rotated`, `protected` or `unprotected`.

    Raises:
        JournalBroken, RegisterUnwritable: before anything is written.
    """
    with desk.store.transaction() as connection:
        desk.journal.head()
        before = desk.practice.practice_key.read_bytes()
        yield
        if desk.practice.practice_key.read_bytes() != before:
            desk.journal.append(connection, Operation.KEYS, None, what=what)
