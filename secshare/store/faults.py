"""SQLite's faults in words of ours, wherever they come up."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from secshare.errors import RegisterUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Connection", "in_our_words"]

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
        with in_our_words():
            return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[_Parameters], /) -> Self:
        with in_our_words():
            return super().executemany(sql, parameters)

    def fetchone(self) -> Any:  # noqa: ANN401 - as in sqlite3
        with in_our_words():
            return super().fetchone()

    def fetchmany(self, size: int | None = None) -> list[Any]:
        with in_our_words():
            return super().fetchmany(self.arraysize if size is None else size)

    def fetchall(self) -> list[Any]:
        with in_our_words():
            return super().fetchall()

    def __next__(self) -> Any:  # noqa: ANN401 - as in sqlite3
        with in_our_words():
            return super().__next__()


class Connection(sqlite3.Connection):
    """A connection whose every fault, and those of its cursors, come out in our words."""

    def cursor(self, factory: Any = _Cursor) -> Any:  # noqa: ANN401 - as in sqlite3
        """Return a cursor whose faults come out in our words."""
        return super().cursor(factory)

    # sqlite3's own shortcuts make a plain cursor, whatever `cursor` does.
    def execute(self, sql: str, parameters: _Parameters = (), /) -> _Cursor:
        """Run one statement."""
        cursor: _Cursor = self.cursor()
        return cursor.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[_Parameters], /) -> _Cursor:
        """Run one statement for each set of parameters."""
        cursor: _Cursor = self.cursor()
        return cursor.executemany(sql, parameters)


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise `RegisterUnwritable` for what SQLite refuses; a broken constraint is the caller's."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        # The low byte is the kind; the rest says more than a person needs.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        raise RegisterUnwritable(_TEXTS.get(code, "store.failed")) from error
