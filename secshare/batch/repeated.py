"""What rows of one manifest have in common that they should not: a document, an address."""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from secshare import profiles
from secshare.batch.families import Order, are_families, are_relatives
from secshare.batch.listed import Listed
from secshare.model import Finding, Road, Severity
from secshare.recipients import fold
from secshare.recipients.matching import name_key
from secshare.recipients.skeleton import lowered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from secshare.batch.wanted import Wanted
    from secshare.recipients import Directory
    from secshare.sharing import Addressed
    from secshare.store.spool import Spool

__all__ = ["Repeated", "shared"]

_BYTES: Final = 12
"""Of a digest that stands for a value: a million of them and their pairs are no chance at all."""

_TABLES: Final = (
    "CREATE TABLE sent (what BLOB, row INTEGER, PRIMARY KEY (what, row)) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE reached (
        what BLOB, name TEXT, born TEXT, row INTEGER, field TEXT, said TEXT,
        PRIMARY KEY (what, name, born, row)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE TABLE name_order (family_first INTEGER) STRICT",
    "INSERT INTO name_order VALUES (NULL)",
)


class Repeated:
    """Notes what each row sends and reaches, a batch of rows at a time, and finds what repeats.

    Each table lies in the order in which it is searched: nothing is sorted, so that a million rows
    take no more memory than a thousand.
    """

    def __init__(self, spool: Spool) -> None:
        self._connection = spool.connection
        self._sent: list[tuple[bytes, int]] = []
        self._reached: list[tuple[bytes, str, str, int, str, str]] = []
        self._order = Order()
        for statement in _TABLES:
            self._connection.execute(statement)

    def send(self, row: int, path: str, recipient: str) -> None:
        """Note that a row sends a file to somebody, by whatever tells them from anybody else."""
        self._sent.append((_digest(path, recipient), row))

    def reach(self, row: int, name: str, born: date | None, contacts: dict[str, str]) -> None:
        """Note by which contacts, an address and a number by field, a row reaches somebody."""
        folded, day = fold(name), born.isoformat() if born else ""
        for field, contact in _spelt(contacts):
            self._reached.append((_digest(field, contact), folded, day, row, field, name))
            if field == "email":
                self._order.learn(name, contact)

    def write(self) -> None:
        """Write what was noted."""
        self._connection.executemany("INSERT INTO sent VALUES (?, ?)", sorted(self._sent))
        self._connection.executemany(
            "INSERT INTO reached VALUES (?, ?, ?, ?, ?, ?)", sorted(self._reached)
        )
        self._connection.execute(
            "UPDATE name_order SET family_first = ?", (self._order.family_first,)
        )
        self._sent.clear()
        self._reached.clear()

    def twice(self) -> Iterator[tuple[int, int]]:
        """Yield each row that sends what an earlier one sends to the same person, and that one."""
        groups = self._connection.execute(
            "SELECT what, min(row) AS first FROM sent GROUP BY what HAVING count(*) > 1"
        )
        for group in groups:
            rows = self._connection.execute(
                "SELECT row FROM sent WHERE what = ? AND row > ?", (group["what"], group["first"])
            )
            yield from ((row["row"], group["first"]) for row in rows)

    def dragged(self) -> Iterator[tuple[int, str, int]]:
        """Yield the rows of each contact that too many families share: row, field, how many rows.

        A column that was dragged down in a spreadsheet gives everybody below the address of one.
        """
        groups = self._connection.execute(
            "SELECT what, field, count(*) AS rows FROM reached GROUP BY what"
            " HAVING count(*) >= ? AND min(name) <> max(name)",
            (profiles.MANIFEST_SHARED,),
        )
        for group in groups:
            if not are_families(self._names(group["what"])):
                continue
            found = self._connection.execute(
                "SELECT row FROM reached WHERE what = ?", (group["what"],)
            )
            yield from ((row["row"], group["field"], group["rows"]) for row in found)

    def _names(self, what: bytes) -> Iterator[str]:
        names = self._connection.execute("SELECT said FROM reached WHERE what = ?", (what,))
        return (row["said"] for row in names)


class _Other(NamedTuple):
    """Somebody else whom a contact of a row reaches, with the first row that says so.

    Attributes:
        name: folded.
        said: as that row says it.
    """

    name: str
    born: str
    row: int
    said: str


def shared(
    spool: Spool, directory: Directory, wanted: Wanted, addressed: Addressed
) -> tuple[Finding, ...]:
    """Return what asks where a row's address or number is also given to somebody else's row.

    Two or three rows are no column that slipped, which the whole manifest would be refused for: a
    couple has one address, and so have two rows of which one cell was dragged down. Two or three
    people with a family name in common share an address unasked, and more of them do not: a first
    name that is taken for theirs hides no column. Both contacts, and who has them opens what was
    meant for the other. Who stands in the directory with this contact is told of by it, until
    that was answered.
    """
    if wanted.name is None or wanted.email is None:
        return ()
    contacts = {"email": wanted.email} | ({"phone": wanted.phone} if wanted.phone else {})
    sought = {field: _digest(field, contact) for field, contact in _spelt(contacts)}
    if _is_alone(spool, wanted.number, *sought.values()):
        return ()
    name, born = fold(wanted.name), wanted.birth_date.isoformat() if wanted.birth_date else ""
    found = {
        field: {each for each in _reached(spool, what) if not _is_same(each, name, born)}
        for field, what in sought.items()
    }
    if not any(found.values()):
        return ()
    known = {
        name_key(each.other.name) for each, _ in directory.shared_contacts(addressed.recipient)
    }
    unknown = {
        field: {each for each in others if name_key(each.name) not in known}
        for field, others in found.items()
    }
    first = spool.connection.execute("SELECT family_first FROM name_order").fetchone()[0]
    asked = _Asked(
        wanted.name,
        None if first is None else bool(first),
        frozenset(
            field
            for field, others in unknown.items()
            if _people(others, name, born) >= profiles.MANIFEST_SHARED
        ),
        by_phone=addressed.road in {Road.SMS, Road.PHONE},
    )
    return tuple(asked.findings(wanted.number, unknown))


class _Asked(NamedTuple):
    """By what is told whether the people of a row's contacts are asked about.

    Attributes:
        name: the row's own person's.
        family_first: on which side of it the manifest's names have the family name.
        crowded: the contacts that are so many people's that a family name excuses none.
        by_phone: the words go to the telephone.
    """

    name: str
    family_first: bool | None
    crowded: frozenset[str]
    by_phone: bool

    def findings(self, number: int, found: dict[str, set[_Other]]) -> Iterator[Finding]:
        """Yield one finding for all those who have the same contacts in common with a row."""
        people: dict[tuple[str, str], dict[str, _Other]] = defaultdict(dict)
        for field, others in found.items():
            for each in others:
                people[each.name, each.born][field] = each
        by_key: dict[str, list[int]] = defaultdict(list)
        for fields in people.values():
            if (key := self._key(fields)) is not None:
                by_key[key].append(min(each.row for each in fields.values()))
        for key, rows in by_key.items():
            yield Finding(
                "both-roads" if key == "guard.both_roads" else "shared-contact",
                Severity.CONFIRM,
                key,
                {"rows": Listed(tuple(sorted({number, *rows})))},
            )

    def _key(self, fields: dict[str, _Other]) -> str | None:
        """Return what asks about somebody, by the contacts in common; None where nothing does."""
        which = "both" if len(fields) > 1 else next(iter(fields))
        if which == "both" and self.by_phone:
            return "guard.both_roads"
        if self.crowded & fields.keys():
            return f"manifest.many_{which}"
        said = next(iter(fields.values())).said
        if are_relatives(self.name, said, family_first=self.family_first):
            return None
        return f"guard.shared_{which}"


def _people(others: Iterable[_Other], name: str, born: str) -> int:
    """Return how many people a contact reaches, with the row's own."""
    days: dict[str, set[str]] = defaultdict(set, {name_key(name): {born}})
    for each in others:
        days[name_key(each.name)].add(each.born)
    return sum(len(found - {""}) or 1 for found in days.values())


def _is_alone(spool: Spool, number: int, what: bytes, other: bytes = b"") -> bool:
    """Return whether no other row has any of two contacts: nearly always, and in one step."""
    row = spool.connection.execute(
        "SELECT 1 FROM reached WHERE what IN (?, ?) AND row <> ? LIMIT 1", (what, other, number)
    ).fetchone()
    return row is None


def _reached(spool: Spool, what: bytes) -> Iterator[_Other]:
    """Yield the people whom a contact reaches, each by one step in the order of the table.

    Somebody may have a thousand rows. Of one family's list, the first are enough.
    """
    name = born = ""
    for _ in range(profiles.MANIFEST_REACHED):
        row = spool.connection.execute(
            "SELECT name, born, row, said FROM reached WHERE what = ? AND (name, born) > (?, ?)"
            " ORDER BY name, born, row LIMIT 1",
            (what, name, born),
        ).fetchone()
        if row is None:
            return
        name, born = row["name"], row["born"]
        yield _Other(name, born, row["row"], row["said"])


def _is_same(other: _Other, name: str, born: str) -> bool:
    """Return whether two rows may be one person's: the same name, no birth date against it."""
    return name_key(other.name) == name_key(name) and len({other.born, born} - {""}) < 2


def _spelt(contacts: dict[str, str]) -> Iterator[tuple[str, str]]:
    for field, contact in contacts.items():
        yield field, lowered(contact) if field == "email" else contact


def _digest(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode(), digest_size=_BYTES).digest()
