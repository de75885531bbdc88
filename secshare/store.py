"""The practice's database: one SQLite file, its schema, and its faults in words of ours.

Durable before anything else: write-ahead log, `synchronous=FULL` (a commit survives a power cut),
deleted content overwritten. Every fault of SQLite but a broken constraint, which is the caller's
to understand, comes out as `RegisterUnwritable`: also from cursors, and while rows are fetched.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from secshare import profiles
from secshare.errors import RegisterUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Store"]

# "secs" in ASCII: tells our database from any other SQLite file.
_APPLICATION: Final = 0x73656373

# One tuple of statements a version; what is released is never edited, only followed.
_MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE recipient (
            uid TEXT PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            kind TEXT NOT NULL,
            email TEXT,
            phone TEXT,
            birth_date TEXT,
            road TEXT,
            language TEXT,
            email_consent INTEGER,
            email_consent_date TEXT,
            purposes TEXT NOT NULL,
            revoked TEXT,
            used TEXT,
            used_email TEXT,
            used_phone TEXT,
            used_keys TEXT
        ) STRICT
        """,
        "CREATE INDEX recipient_folded ON recipient (folded)",
        """
        CREATE TABLE representation (
            recipient TEXT NOT NULL REFERENCES recipient (uid) ON DELETE CASCADE,
            subject TEXT NOT NULL REFERENCES recipient (uid) ON DELETE CASCADE,
            ground TEXT NOT NULL,
            until TEXT,
            PRIMARY KEY (recipient, subject)
        ) STRICT
        """,
        "CREATE INDEX representation_subject ON representation (subject)",
        # A share outlives its recipient's entry: it keeps the name and contact it was made with.
        """
        CREATE TABLE share (
            reference TEXT PRIMARY KEY,
            status TEXT NOT NULL,
            created TEXT NOT NULL,
            recipient TEXT NOT NULL,
            subject TEXT NOT NULL,
            name TEXT NOT NULL,
            about TEXT NOT NULL,
            email TEXT,
            phone TEXT,
            road TEXT,
            format TEXT NOT NULL,
            work_factor INTEGER,
            documents INTEGER NOT NULL,
            size INTEGER,
            sha256 TEXT,
            draft TEXT
        ) STRICT
        """,
        "CREATE INDEX share_recipient ON share (recipient, created)",
        "CREATE INDEX share_created ON share (created)",
        # What every command looks for first: nearly always empty, whatever the number of shares.
        "CREATE INDEX share_preparing ON share (reference) WHERE status = 'preparing'",
        """
        CREATE TABLE sealed_words (
            reference TEXT PRIMARY KEY REFERENCES share (reference) ON DELETE CASCADE,
            blob BLOB NOT NULL
        ) STRICT
        """,
    ),
    (
        # What came back. It outlives the share that it answers, as a share outlives its recipient.
        """
        CREATE TABLE received (
            reference TEXT PRIMARY KEY,
            status TEXT NOT NULL,
            received TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            size INTEGER NOT NULL,
            documents INTEGER NOT NULL,
            share TEXT REFERENCES share (reference) ON DELETE SET NULL,
            folder TEXT NOT NULL UNIQUE,
            draft TEXT
        ) STRICT
        """,
        "CREATE INDEX received_sha256 ON received (sha256)",
        "CREATE INDEX received_share ON received (share)",
        "CREATE INDEX received_when ON received (received)",
        "CREATE INDEX received_receiving ON received (reference) WHERE status = 'receiving'",
    ),
    (
        "ALTER TABLE share ADD COLUMN kind TEXT",
        "ALTER TABLE share ADD COLUMN purpose TEXT",
        # What the preflight found and what was answered: neither a place nor a sentence, which
        # name documents and people.
        """
        CREATE TABLE share_finding (
            reference TEXT NOT NULL REFERENCES share (reference) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            rule TEXT NOT NULL,
            severity TEXT NOT NULL,
            answer TEXT NOT NULL,
            reason TEXT,
            PRIMARY KEY (reference, number)
        ) STRICT
        """,
        # When an address or a number was last changed: one that was changed and changed back is
        # not what it was when it was last used.
        "ALTER TABLE recipient ADD COLUMN email_changed TEXT",
        "ALTER TABLE recipient ADD COLUMN phone_changed TEXT",
        # An answer that is given once: two people share a contact, or two contacts look alike.
        # `other` is a recipient, or a common provider.
        """
        CREATE TABLE contact_tie (
            recipient TEXT NOT NULL REFERENCES recipient (uid) ON DELETE CASCADE,
            other TEXT NOT NULL,
            contact TEXT NOT NULL,
            relation TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (recipient, other, contact)
        ) STRICT
        """,
        "CREATE INDEX contact_tie_other ON contact_tie (other)",
        # Every contact is compared with those of somebody new: read from here, not from the rows.
        "CREATE INDEX recipient_contacts ON recipient (uid, email, phone)",
    ),
)

_Parameters: TypeAlias = Any  # what sqlite3 takes: a sequence, or a mapping by name

_TEXTS: Final = {
    sqlite3.SQLITE_BUSY: "store.locked",
    sqlite3.SQLITE_LOCKED: "store.locked",
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_PERM: "store.read_only",
    sqlite3.SQLITE_AUTH: "store.read_only",
    sqlite3.SQLITE_CANTOPEN: "store.cannot_open",
    sqlite3.SQLITE_CORRUPT: "store.damaged",
    sqlite3.SQLITE_NOTADB: "store.damaged",
}


class _Cursor(sqlite3.Cursor):
    def execute(self, sql: str, parameters: _Parameters = (), /) -> Self:
        with _in_our_words():
            return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[_Parameters], /) -> Self:
        with _in_our_words():
            return super().executemany(sql, parameters)

    def fetchone(self) -> Any:  # noqa: ANN401 - as in sqlite3
        with _in_our_words():
            return super().fetchone()

    def fetchmany(self, size: int | None = None) -> list[Any]:
        with _in_our_words():
            return super().fetchmany(self.arraysize if size is None else size)

    def fetchall(self) -> list[Any]:
        with _in_our_words():
            return super().fetchall()

    def __next__(self) -> Any:  # noqa: ANN401 - as in sqlite3
        with _in_our_words():
            return super().__next__()


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:  # noqa: ANN401 - as in sqlite3
        return super().cursor(factory)

    # sqlite3's own shortcuts make a plain cursor, whatever `cursor` does.
    def execute(self, sql: str, parameters: _Parameters = (), /) -> _Cursor:
        cursor: _Cursor = self.cursor()
        return cursor.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[_Parameters], /) -> _Cursor:
        cursor: _Cursor = self.cursor()
        return cursor.executemany(sql, parameters)


class Store:
    """An open database. Use it as a context manager, from one thread.

    Attributes:
        connection: in autocommit, rows by name; write inside `transaction()` only.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Wrap a connection that `Store.open` made; nobody else calls this."""
        self.connection = connection

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
        with _in_our_words():
            if create:
                _create_for_owner(path)
            elif not _exists(path):
                raise RegisterUnwritable("store.missing", path=path)
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=wait,
                isolation_level=None,
                factory=_Connection,
            )
            try:
                _set_up(connection, create=create)
            except BaseException:
                connection.close()
                raise
        return cls(connection)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the only right to write: all of the block is committed, or none of it.

        Raises:
            RegisterUnwritable: locked for too long, disk full, read-only, damaged.
        """
        with _in_our_words():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                # SQLite has already rolled back by itself after a full disk or an I/O fault.
                if self.connection.in_transaction:
                    self.connection.rollback()
                raise

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


def _set_up(connection: sqlite3.Connection, *, create: bool) -> None:
    connection.row_factory = sqlite3.Row
    for pragma in ("foreign_keys=ON", "secure_delete=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    version = _version(connection)
    if version == 0 and not create:  # emptied by a power cut or a bad copy: never begun anew
        raise RegisterUnwritable("store.emptied")
    if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
        raise RegisterUnwritable("store.drive")  # a drive that shares no memory: network, some USB
    connection.execute("PRAGMA synchronous=FULL")
    if version != len(_MIGRATIONS):
        _migrate(connection)


def _version(connection: sqlite3.Connection) -> int:
    """Return the schema's version, 0 for a new file.

    Raises:
        RegisterUnwritable: the file is another program's, or a newer secshare's.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != _APPLICATION:
        with closing(connection.execute("SELECT count(*) FROM sqlite_schema")) as rows:
            if application or version or rows.fetchone()[0]:
                raise RegisterUnwritable("store.not_ours")
    if version > len(_MIGRATIONS):
        raise RegisterUnwritable("store.future")
    return version


def _migrate(connection: sqlite3.Connection) -> None:
    """Run what is missing in one transaction, so that two programs starting together agree."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in _MIGRATIONS[_version(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={_APPLICATION}")
        connection.execute(f"PRAGMA user_version={len(_MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.rollback()
        raise


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        # The low byte is the kind; the rest says more than a person needs.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        raise RegisterUnwritable(_TEXTS.get(code, "store.failed")) from error
