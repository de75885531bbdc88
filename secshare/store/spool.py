"""What a batch notes for as long as it runs: a database that nobody keeps.

It lies in a hidden folder of the practice's `private/`, for the owner only, and goes with it: at
the end, and after a kill when the next one is made. Nothing of it need survive, so that it has no
journal of its own and is never synced; whoever writes to it ends with it on the first fault.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from secshare import files, profiles
from secshare.files.drafts import FolderDraft
from secshare.store.faults import Connection, in_our_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Spool"]

_NAME: Final = "spool.db"


class Spool:
    """A temporary database: one process writes, others read.

    Attributes:
        path: of the file, for those who read.
        connection: in autocommit, rows by name; write many rows inside `together()`.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Wrap a connection that `create` or `read` made; nobody else calls this."""
        self.path = path
        self.connection = connection

    @classmethod
    @contextmanager
    def create(cls, folder: Path) -> Iterator[Spool]:
        """Make an empty one in `folder`, which is the owner's; it is gone at the end of the block.

        What killed processes left there goes first; what living ones write stays.

        Raises:
            OutputRefused: the folder cannot be written.
            RegisterUnwritable: there, and in every later call: disk full, damaged.
        """
        files.sweep(folder)
        draft = FolderDraft(folder)
        try:
            with files.writing(folder):
                draft.make()
                path = draft.hidden / _NAME
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            with cls._opened(path, "rw") as spool:
                yield spool
        finally:
            draft.close()

    @classmethod
    @contextmanager
    def read(cls, path: Path) -> Iterator[Spool]:
        """Open one that another process made, to read only.

        Raises:
            RegisterUnwritable: it is gone: whoever made it has ended.
        """
        with cls._opened(path, "ro") as spool:
            yield spool

    @contextmanager
    def together(self) -> Iterator[sqlite3.Connection]:
        """Write all of the block at once. Nothing is taken back when it raises: see above."""
        self.connection.execute("BEGIN IMMEDIATE")
        yield self.connection
        self.connection.execute("COMMIT")

    def shrink(self) -> None:
        """Give back the memory that writing took: from now on it is looked into here and there."""
        self.connection.execute(f"PRAGMA cache_size=-{profiles.SPOOL_CACHE_AFTERWARDS >> 10}")
        self.connection.execute("PRAGMA shrink_memory")

    @classmethod
    @contextmanager
    def _opened(cls, path: Path, mode: str) -> Iterator[Spool]:
        with in_our_words():
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=profiles.STORE_WAIT,
                isolation_level=None,
                factory=Connection,
            )
        try:
            connection.row_factory = sqlite3.Row
            # What is sorted stays in memory: SQLite's own temporary files would hold clear text.
            for pragma in ("temp_store=MEMORY", "trusted_schema=OFF"):
                connection.execute(f"PRAGMA {pragma}")
            if mode == "rw":
                for pragma in ("journal_mode=OFF", "synchronous=OFF"):
                    connection.execute(f"PRAGMA {pragma}")
                connection.execute(f"PRAGMA cache_size=-{profiles.SPOOL_CACHE >> 10}")
            yield cls(path, connection)
        finally:
            connection.close()
