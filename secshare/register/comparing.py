"""The rows of the register beside what the entries say of them.

Of the entries `prepare` and `prepared` of each share only a hash of what its row holds too is kept
while verifying, and the same one is made of the row. It is the one that Python draws a key for in
each process: nobody can look for a row that has the hash of another.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from secshare.register.adopting import COLUMNS, digest, told_row
from secshare.register.faults import Kind
from secshare.register.intents import findings_told, frame_of, names, sealed
from secshare.register.rebuilding import ABANDONED

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from secshare.register.faults import Faults
    from secshare.register.rebuilding import Rebuilt

__all__ = ["compare"]

_AT_ONCE: Final = 500  # as in `verifying`
_FRAMES_REMEMBERED: Final = 5_000  # some megabytes
# What many rows have in common comes as one text, which is read once for all of them.
_ROWS: Final = f"""SELECT reference, recipient, subject, size, sha256,
    json_array({COLUMNS}, status, documents, format, kind, purpose, road, seals_again, work_factor)
    FROM share"""  # noqa: S608 - our own names
_NAMED: Final = ("format", "kind", "purpose", "road", "seals_again", "work_factor")
# In the order in which they were written: that of their shares would take twice as long.
_FINDINGS: Final = """SELECT reference, json_array(number, rule, severity, answer, reason)
    FROM share_finding NOT INDEXED"""
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
    states, intents = rebuilt.states, rebuilt.intents
    intended, results = rebuilt.intended, rebuilt.sealed
    adopted = [(reference.decode(), before) for reference, before in rebuilt.adopted.items()]
    findings, alike = _findings(connection), _Alike()
    for reference, recipient, subject, size, sha256, common in _many(connection, _ROWS):
        key = reference.encode("utf-8", "replace")
        now, status, frame = alike[common, findings.get(reference, "")]
        said = states.pop(key, None)
        if said is None:
            if status == _PREPARED:
                adopted.append((reference, now))
            continue
        if said is ABANDONED:
            faults.add(Kind.SHARE_BACK, reference=reference)
            continue
        if said != now or status != (_PREPARING if key in intents else _PREPARED):
            faults.add(Kind.SHARE_STATES, reference=reference)
        told_by = intended.get(key)
        if told_by and told_by[1] != hash((frame, names(recipient, subject))):
            faults.add(Kind.SHARE_ROW, told_by[0], reference=reference)
        told_by = results.get(key)
        if told_by and told_by[1] != hash(sealed(size, sha256)):
            faults.add(Kind.SHARE_ROW, told_by[0], reference=reference)
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


def _many(connection: sqlite3.Connection, query: str) -> Iterator[Any]:
    """Return all rows, taken many at once: one after the other takes as long as all the rest."""
    cursor = connection.cursor()
    cursor.row_factory = None
    cursor.execute(query)
    return chain.from_iterable(iter(lambda: cursor.fetchmany(_AT_ONCE), []))


def _findings(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the findings of each share, in the order in which they stand; those alike, once."""
    same: dict[str, str] = {}
    found: dict[str, str] = {}
    for reference, told in _many(connection, _FINDINGS):
        all_told = f"{found[reference]},{told}" if reference in found else told
        found[reference] = same.setdefault(all_told, all_told)
    return found


class _Alike(dict[tuple[str, str], tuple[bytes, str, bytes]]):
    """States, status and frame of rows, by the text of what they have in common and of findings."""

    def __missing__(self, told: tuple[str, str]) -> tuple[bytes, str, bytes]:
        *states, status, documents = (columns := json.loads(told[0]))[:6]
        found = findings_told(json.loads(f"[{told[1]}]"))
        facts = dict(zip(_NAMED, columns[6:], strict=True))
        if len(self) >= _FRAMES_REMEMBERED:
            self.clear()
        return self.setdefault(told, (told_row(*states), status, frame_of(documents, found, facts)))
