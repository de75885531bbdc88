"""The practice's database: one SQLite file, its schema, and its faults in words of ours.

Durable before anything else: write-ahead log, `synchronous=FULL` (a commit survives a power cut),
deleted content overwritten. Every fault of SQLite but a broken constraint, which is the caller's
to understand, comes out as `RegisterUnwritable`: also from cursors, and while rows are fetched.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

from secshare import profiles
from secshare.errors import RegisterUnwritable
from secshare.store import schema
from secshare.store.faults import Connection, in_our_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Store"]

_PIECE: Final = 100
"""Milliseconds that SQLite waits for a lock before Python hears who wants it to end."""

_SWITCHING: Final = 0.02  # seconds between two tries to switch a database that another switches


class Store:
    """An open database. Use it as a context manager, from one thread.

    Attributes:
        connection: in autocommit, rows by name; write inside `transaction()` only.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Wrap a connection that `Store.open` made; nobody else calls this."""
        self.connection = connection
        self._meanwhile: Callable[[], object] = lambda: None

    @classmethod
    def open(cls, path: Path, *, create: bool = False, wait: float = profiles.STORE_WAIT) -> Self:
        """Open the database, brought up to this program's schema.

        Args:
            path: the file; its folder is the practice's own, readable by nobody else.
            create: make the file, for the owner only, where there is none.
            wait: seconds to wait for another program's lock, here and in every later call.

        Raises:
            RegisterUnwritable: missing, locked, damaged, not ours, from a newer secshare, or in a
                place where nothing can be written.
        """
        with in_our_words():
            if create:
                _create_for_owner(path)
            elif not _exists(path):
                raise RegisterUnwritable("store.missing", path=path)
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=wait,
                isolation_level=None,
                factory=Connection,
            )
            try:
                _set_up(connection, create=create, wait=wait)
            except BaseException:
                connection.close()
                raise
        return cls(connection)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the only right to write: all of the block is committed, or none of it.

        Inside another one it is a part of that: it fails alone, and is committed with it.

        Raises:
            RegisterUnwritable: locked for too long, disk full, read-only, damaged.
        """
        if self.connection.in_transaction:
            with self._part() as connection:
                yield connection
            return
        with in_our_words():
            try:
                self._begin()
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                # SQLite has already rolled back by itself after a full disk or an I/O fault.
                if self.connection.in_transaction:
                    self.connection.rollback()
                raise

    def _begin(self) -> None:
        """Begin to write, once nobody else does.

        SQLite waits for that without a signal being heard, so it waits in short pieces.

        Raises:
            RegisterUnwritable: as `transaction`.
        """
        patience = self.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        left, until = patience, time.monotonic() + patience / 1000
        try:
            while True:
                self.connection.execute(f"PRAGMA busy_timeout={min(left, _PIECE)}")
                try:
                    self.connection.execute("BEGIN IMMEDIATE")
                except RegisterUnwritable as error:
                    left = round((until - time.monotonic()) * 1000)
                    if error.key != "store.locked" or left <= 0:
                        raise
                    self._meanwhile()
                else:
                    return
        finally:
            self.connection.execute(f"PRAGMA busy_timeout={patience}")

    @contextmanager
    def _part(self) -> Iterator[sqlite3.Connection]:
        with in_our_words():
            self.connection.execute("SAVEPOINT part")
            try:
                yield self.connection
            except BaseException:
                if self.connection.in_transaction:  # else SQLite has rolled back all of it
                    self.connection.execute("ROLLBACK TO part")
                    self.connection.execute("RELEASE part")
                raise
            self.connection.execute("RELEASE part")

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Wait for nobody in the block: a lock is an answer there."""
        patience = self.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        self.connection.execute("PRAGMA busy_timeout=0")
        try:
            yield
        finally:
            self.connection.execute(f"PRAGMA busy_timeout={patience}")

    @contextmanager
    def patient(
        self, seconds: float, meanwhile: Callable[[], object] = lambda: None
    ) -> Iterator[None]:
        """Wait longer for another program's lock in the block.

        Args:
            meanwhile: is called now and then while `transaction` waits; what it raises ends that.
        """
        patience = self.connection.execute("PRAGMA busy_timeout").fetchone()[0]
        self.connection.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
        self._meanwhile = meanwhile
        try:
            yield
        finally:
            self._meanwhile = lambda: None
            self.connection.execute(f"PRAGMA busy_timeout={patience}")

    def close(self) -> None:
        """Close the database. A second call does nothing."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _create_for_owner(path: Path) -> None:
    """Make the file for its owner only; SQLite gives -wal and -shm the mode of the database."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise RegisterUnwritable("store.cannot_open") from error


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # a folder that may not even be looked into
        raise RegisterUnwritable("store.cannot_open") from error


def _set_up(connection: sqlite3.Connection, *, create: bool, wait: float) -> None:
    connection.row_factory = sqlite3.Row
    # What SQLite sorts, and what a part of a transaction would go back to, stays in memory: its own
    # temporary files would lie in /var/tmp, with clear text of the practice in them.
    pragmas = ("foreign_keys=ON", "secure_delete=ON", "trusted_schema=OFF", "temp_store=MEMORY")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    # Three questions that must have one answer: another program may be making the tables.
    connection.execute("BEGIN")
    try:
        version = schema.version(connection)
    finally:
        if connection.in_transaction:  # not where the file is damaged
            connection.rollback()
    if version == 0 and not create:  # emptied by a power cut or a bad copy: never begun anew
        raise RegisterUnwritable("store.emptied")
    if _write_ahead(connection, wait) != "wal":
        raise RegisterUnwritable("store.drive")  # a drive that shares no memory: network, some USB
    connection.execute("PRAGMA synchronous=FULL")
    if version != len(schema.MIGRATIONS):
        schema.migrate(connection)


def _write_ahead(connection: sqlite3.Connection, wait: float) -> str:
    """Have changes written ahead into a file of their own; return which way they are written.

    A new database is switched to it once. SQLite does not wait for another program that does so at
    the same time, whatever its timeout, since each might wait for the other.
    """
    until = time.monotonic() + wait
    while True:
        try:
            mode: str = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        except RegisterUnwritable as error:
            if error.key != "store.locked" or time.monotonic() > until:
                raise
            time.sleep(_SWITCHING)
        else:
            return mode
