"""Bringing a database up to this program's schema, all of it or nothing."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from secshare.errors import RegisterUnwritable
from secshare.store.migrations import MIGRATIONS

if TYPE_CHECKING:
    import sqlite3

__all__ = ["APPLICATION_ID", "MIGRATIONS", "migrate", "version"]

# "secs" in ASCII: tells our database from any other SQLite file.
APPLICATION_ID: Final = 0x73656373


def version(connection: sqlite3.Connection) -> int:
    """Return the schema's version, 0 for a new file.

    Raises:
        RegisterUnwritable: the file is another program's, or a newer secshare's.
    """
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        with closing(connection.execute("SELECT count(*) FROM sqlite_schema")) as rows:
            if application or found or rows.fetchone()[0]:
                raise RegisterUnwritable("store.not_ours")
    if found > len(MIGRATIONS):
        raise RegisterUnwritable("store.future")
    return found


def migrate(connection: sqlite3.Connection) -> None:
    """Run what is missing in one transaction, so that two programs starting together agree."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statements in MIGRATIONS[version(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.rollback()
        raise
