"""Whom the shares of a manifest are about, to be found by name, by number and by place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from secshare import profiles
from secshare.batch import rows
from secshare.recipients import fold
from secshare.recipients.matching import name_key

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from secshare.batch.wanted import Wanted
    from secshare.sharing import Desk
    from secshare.store.spool import Spool

__all__ = ["Somebody", "count_people", "neighbours", "people_named", "people_numbered", "survey"]

_TABLES: Final = (
    """
    CREATE TABLE person (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, birth_date TEXT, nir TEXT
    ) STRICT
    """,
    "CREATE TABLE bearer (key TEXT, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID",
    "CREATE TABLE insured (nir TEXT, number INTEGER, PRIMARY KEY (nir, number)) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """Whom one share is about.

    Attributes:
        number: of the share's first row.
        nir: 13 characters; not shown, and not kept beyond the run.
    """

    number: int
    name: str
    birth_date: date | None
    nir: str | None = field(default=None, repr=False)


def survey(desk: Desk, spool: Spool, *, progress: Callable[[int, int], None] | None = None) -> None:
    """Note in the spool whom each share is about: somebody of the directory, or its row's own.

    A share about nobody whom the directory knows is left out: it will fail by itself.

    Args:
        progress: is told how many shares were looked at, of how many.
    """
    known = _Known(desk)
    with spool.together() as connection:
        for statement in _TABLES:
            connection.execute(statement)
    total = spool.connection.execute("SELECT count(*) FROM share").fetchone()[0]
    shares, done = rows.every(spool), 0
    while batch := list(islice(shares, profiles.SPOOL_ROWS)):
        found = [each for wanted in batch if (each := _subject(known, wanted)) is not None]
        with spool.together() as connection:
            _write(connection, found)
        done += len(batch)
        if progress is not None:
            progress(done, total)


def count_people(spool: Spool) -> tuple[int, int]:
    """Return how many people the shares are about, and how many shares are about nobody known."""
    people, unknown = spool.connection.execute(
        """SELECT (SELECT count(*) FROM (SELECT DISTINCT key, birth_date
        FROM bearer JOIN person USING (number))),
        (SELECT count(*) FROM share) - (SELECT count(*) FROM person)"""
    ).fetchone()
    return people, unknown


def people_named(spool: Spool, name: str, limit: int) -> list[Somebody]:
    """Return the first whose subject bears this name, its parts in any order."""
    return _people(
        spool,
        "JOIN bearer USING (number) WHERE bearer.key = ? ORDER BY number LIMIT ?",
        name_key(name),
        limit,
    )


def people_numbered(spool: Spool, nir: str, limit: int) -> list[Somebody]:
    """Return the first whose subject has this number: 13 characters, upper case."""
    return _people(
        spool,
        "JOIN insured USING (number) WHERE insured.nir = ? ORDER BY number LIMIT ?",
        nir,
        limit,
    )


def neighbours(spool: Spool, number: int, each_side: int) -> list[Somebody]:
    """Return the subjects of the shares around one, in order, itself left out."""
    before = _people(spool, "WHERE number < ? ORDER BY number DESC LIMIT ?", number, each_side)
    after = _people(spool, "WHERE number > ? ORDER BY number LIMIT ?", number, each_side)
    return [*reversed(before), *after]


class _Known:
    """Everybody of the directory, as `Lookup.find` finds them, in memory: 20,000 take 10 MB."""

    def __init__(self, desk: Desk) -> None:
        self._by_id: dict[str, tuple[str, str, str | None]] = {}
        self._by_name: dict[str, list[str]] = {}
        people = desk.store.connection.execute("SELECT id, name, folded, birth_date FROM recipient")
        for row in people:
            self._by_id[row["id"]] = row["id"], row["name"], row["birth_date"]
            self._by_name.setdefault(row["folded"], []).append(row["id"])

    def find(self, who: str) -> tuple[str, str, str | None] | None:
        """Return the id, the name and the birth date of the one person that `who` names."""
        named = set(self._by_name.get(fold(who), ()))
        found = named | ({who} & self._by_id.keys())
        if not found:
            found = {who.strip().lower()} & self._by_id.keys()
        return self._by_id[found.pop()] if len(found) == 1 else None


def _subject(known: _Known, wanted: Wanted) -> Somebody | None:
    if who := wanted.about or wanted.to:
        found = known.find(who)
        if found is None:
            return None
        born = date.fromisoformat(found[2]) if found[2] else None
        return Somebody(wanted.number, found[1], born, wanted.nir)
    assert wanted.name is not None  # noqa: S101 - the manifest was read: there is `to`, or a name
    return Somebody(wanted.number, wanted.name, wanted.birth_date, wanted.nir)


def _write(connection: sqlite3.Connection, people: Iterable[Somebody]) -> None:
    people = list(people)
    connection.executemany(
        "INSERT INTO person VALUES (?, ?, ?, ?)",
        (
            (each.number, each.name, each.birth_date and each.birth_date.isoformat(), each.nir)
            for each in people
        ),
    )
    keys = sorted((name_key(each.name), each.number) for each in people)
    connection.executemany("INSERT INTO bearer VALUES (?, ?)", keys)
    numbered = sorted((each.nir, each.number) for each in people if each.nir)
    connection.executemany("INSERT INTO insured VALUES (?, ?)", numbered)


def _people(spool: Spool, where: str, *values: Any) -> list[Somebody]:  # noqa: ANN401
    rows_ = spool.connection.execute(
        f"SELECT number, name, birth_date, person.nir FROM person {where}",  # noqa: S608 - our own words
        values,
    )
    return [
        Somebody(
            row["number"],
            row["name"],
            date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
            row["nir"],
        )
        for row in rows_.fetchall()
    ]
