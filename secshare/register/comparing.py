"""The rows of the register beside what the entries say of them.

Of the entries `prepare` and `prepared` of each share only a hash of what its row holds too is kept
while verifying, and the same one is made of the row. It is the one that Python draws a key for in
each process: nobody can look for a row that has the hash of another.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, groupby
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from secshare.register.adopting import COLUMNS, digest, told_row
from secshare.register.faults import Kind
from secshare.register.rebuilding import ABANDONED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from secshare.register.faults import Faults
    from secshare.register.rebuilding import Rebuilt

__all__ = ["compare"]

_AT_ONCE: Final = 2_000
_ROWS: Final = f"""SELECT reference, status, {COLUMNS}, size, sha256,
    documents, recipient, subject, format, work_factor, kind, purpose, road, seals_again
    FROM share"""  # noqa: S608 - our own names
_FINDINGS: Final = """SELECT reference, rule, severity, answer, reason
    FROM share_finding ORDER BY reference, number"""
_PREPARING: Final = "preparing"
_PREPARED: Final = "prepared"


def compare(
    connection: sqlite3.Connection,
    rebuilt: Rebuilt,
    faults: Faults,
    told: Mapping[str, object],
    *,
    all_incidents: bool,
) -> None:
    """Compare the shares with what their entries say, and those without entries as a whole.

    Args:
        told: what the entry says that adopted the shares without entries; nothing where it cannot
            be relied on.
        all_incidents: whether each incident has its entry: none is of a journal before this one.
    """
    states = rebuilt.states
    adopted = [(reference.decode(), before) for reference, before in rebuilt.adopted.items()]
    findings = _findings(connection)
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute(_ROWS)
    while many := cursor.fetchmany(_AT_ONCE):
        for reference, status, *columns in many:
            key = reference.encode("utf-8", "replace")
            now, said = told_row(*columns[:4]), states.pop(key, None)
            if said is None:
                if status == _PREPARED:
                    adopted.append((reference, now))
                continue
            if said is ABANDONED:
                faults.add(Kind.SHARE_BACK, reference=reference)
                continue
            if said != now or status != (_PREPARING if key in rebuilt.intents else _PREPARED):
                faults.add(Kind.SHARE_STATES, reference=reference)
            intent, sealed = rebuilt.intended.get(key), rebuilt.sealed.get(key)
            if intent and intent[1] != hash(
                _intent(findings.get(reference, ""), reference, columns[6:])
            ):
                faults.add(Kind.SHARE_ROW, intent[0], reference=reference)
            if sealed and sealed[1] != hash(_sealed(*columns[4:6])):
                faults.add(Kind.SHARE_ROW, sealed[0], reference=reference)
    for key in sorted(key for key, said in states.items() if said is not ABANDONED):
        faults.add(Kind.SHARE_MISSING, reference=key)
    found = digest(sorted(adopted))
    if told and any(told.get(name) != value for name, value in found.items()):
        faults.add(Kind.SHARES_ADOPTED)
    _compare_incidents(connection, rebuilt, faults, all_incidents=all_incidents)


def _compare_incidents(
    connection: sqlite3.Connection, rebuilt: Rebuilt, faults: Faults, *, all_incidents: bool
) -> None:
    there = {
        row[0].encode("utf-8", "replace")
        for row in connection.execute("SELECT reference FROM incident")
    }
    for reference in sorted(rebuilt.incidents - there):
        faults.add(Kind.INCIDENT_MISSING, reference=reference)
    if all_incidents:
        for reference in sorted(there - rebuilt.incidents):
            faults.add(Kind.INCIDENT_EXTRA, reference=reference)


def _findings(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the findings of each share as an entry holds them; those that are alike, once."""
    cursor = connection.cursor()
    cursor.row_factory = None
    same: dict[str, str] = {}
    found = {}
    cursor.execute(_FINDINGS)
    # Many at once: asking for one row after the other takes as long as all the rest.
    every = chain.from_iterable(iter(lambda: cursor.fetchmany(_AT_ONCE), []))
    for reference, rows in groupby(every, key=itemgetter(0)):
        told = ",".join([_finding(*row[1:]) for row in rows])
        found[reference] = same.setdefault(told, told)
    return found


@lru_cache(maxsize=4096)
def _finding(rule: str, severity: str, answer: str, reason: str | None) -> str:
    why = "null" if reason is None else quoted(reason)
    return (
        f'{{"answer":{quoted(answer)},"reason":{why},'
        f'"rule":{quoted(rule)},"severity":{quoted(severity)}}}'
    )


def _intent(findings: str, reference: str, columns: Sequence[Any]) -> bytes:
    """Return what `Rebuilt` keeps of the entry `prepare`, from the row.

    Args:
        columns: as they stand in `_ROWS`, from `documents`.
    """
    documents, recipient, subject, *rest = columns
    before, between, after = _frame(*rest)
    return (
        f'"documents":{documents},"findings":[{findings}{before}{quoted(recipient)},"reference":'
        f"{quoted(reference)}{between}{quoted(subject)}{after}"
    ).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=4096)
def _frame(format_: str, factor: int | None, *named: str | None) -> tuple[str, str, str]:
    """Return what stands around what differs from share to share."""
    kind, purpose, road, seals_again = named
    return (
        f'],"format":{quoted(format_)}{_told(",", "kind", kind)}|'
        f'{_told("", "purpose", purpose, ",")}"recipient":',
        f'{_told(",", "road", road)}{_told(",", "seals_again", seals_again)}|,"subject":',
        "|" if factor is None else f'|,"work_factor":{factor}',
    )


def _told(before: str, name: str, value: str | None, after: str = "") -> str:
    return "" if value is None else f'{before}"{name}":{quoted(value)}{after}'


def _sealed(size: int | None, sha256: str | None) -> bytes:
    """Return what `Rebuilt` keeps of the entry `prepared`, from the row."""
    told = f'"sha256":{quoted(sha256)}' if sha256 is not None else ""
    if size is not None:
        told += f'{"," if told else ""}"size":{size}'
    return told.encode("utf-8", "surrogatepass")
