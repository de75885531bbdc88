"""The breach register (article 33.5 of the GDPR): what went wrong with a share, one incident each.

The table holds what a person wrote. The journal holds that it was written, by whom and when, and
which facts changed: never the address, the account of it nor the measures.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from secshare.errors import RecipientDataInvalid
from secshare.model import Reference
from secshare.register.rows import told
from secshare.register.states import Operation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from secshare.register.journal import Journal
    from secshare.register.register import Register
    from secshare.store import Store

__all__ = ["NOTIFY_WITHIN", "Incident", "Incidents", "Note"]

NOTIFY_WITHIN: Final = timedelta(hours=72)
"""From discovery to the notification of the authority (GDPR, article 33.1)."""

_SELECT: Final = "SELECT reference, recorded, found, how, wrong_address, people, measures, decision"


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote; `recorded` when it was written down. It is never taken away."""

    recorded: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Incident:
    """What is recorded of one incident.

    Attributes:
        recorded: when it was first written down.
        found: when it was discovered.
        how: how it was.
        wrong_address: where the file went. Whole: mask it where it is shown.
        people: about how many people are concerned.
        measures: what was done or will be.
        decision: to whom it was notified, when and under which number; or why it was not.
    """

    reference: Reference
    recorded: datetime
    found: datetime
    how: tuple[Note, ...] = ()
    wrong_address: str | None = None
    people: int | None = None
    measures: tuple[Note, ...] = ()
    decision: tuple[Note, ...] = ()

    @property
    def deadline(self) -> datetime:
        """Until when the authority has to be notified, where it has to be."""
        return self.found.astimezone(UTC) + NOTIFY_WITHIN

    @property
    def decided(self) -> datetime | None:
        """When a decision was first written down: the 72 hours run no further."""
        return self.decision[0].recorded if self.decision else None


class Incidents:
    """The table of incidents. Use it from one thread; processes may be several.

    Args:
        store: the open database.
        journal: each change is an entry of it.
        register: knows the shares.
    """

    def __init__(self, store: Store, journal: Journal, register: Register) -> None:
        self._store = store
        self._journal = journal
        self._register = register

    def record(
        self,
        reference: Reference,
        *,
        found: datetime | None = None,
        how: str | None = None,
        wrong_address: str | None = None,
        people: int | None = None,
        measures: Sequence[str] = (),
        decision: str | None = None,
    ) -> Incident:
        """Record an incident, or correct and complete the one that is there; return it.

        What is None stays as it is; what a person wrote is added to what is there. Where nothing
        changes, nothing is written.

        Args:
            found: now, for a new incident where nobody says otherwise.

        Raises:
            ShareUnknown: no share has this reference.
            RecipientDataInvalid: found in the future, or before there was a share.
            JournalBroken, RegisterUnwritable: nothing was written.
        """
        with self._store.transaction() as connection:
            share, now = self._register.share(reference), self._journal.now()
            before = self.of(reference)
            if found is not None:
                _check_found(found, share.created, now)
            known = {
                "how": before.how if before else (),
                "measures": before.measures if before else (),
                "decision": before.decision if before else (),
            }
            written: Mapping[str, Iterable[str | None]] = {
                "how": [how],
                "measures": measures,
                "decision": [decision],
            }
            notes = {name: _added(known[name], written[name], now) for name in known}
            given = {"found": found, "wrong_address": wrong_address, "people": people}
            changed = [
                name
                for name, value in given.items()
                if value is not None and value != getattr(before, name, None)
            ]
            changed += [name for name in known if notes[name] != known[name]]
            if before is not None and not changed:
                return before
            if before is None and found is None:
                found, changed = now, ["found", *changed]
            after = Incident(
                reference=reference,
                recorded=before.recorded if before else now,
                found=found or (before.found if before else now),
                wrong_address=wrong_address or (before.wrong_address if before else None),
                people=people if people is not None else (before.people if before else None),
                **notes,
            )
            connection.execute(
                "INSERT OR REPLACE INTO incident VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _row(after)
            )
            self._journal.append(
                connection,
                Operation.INCIDENT,
                reference,
                changed=sorted(changed),
                people=people if "people" in changed else None,
            )
        return after

    def of(self, reference: Reference) -> Incident | None:
        """Return the incident of a share, or None."""
        row = self._store.connection.execute(
            f"{_SELECT} FROM incident WHERE reference = ?",
            (str(reference),),
        ).fetchone()
        return _incident(row) if row else None

    def all(self) -> Iterator[Incident]:
        """Yield incidents, the one found last first."""
        query = f"{_SELECT} FROM incident ORDER BY found DESC, reference"
        for row in self._store.connection.execute(query):
            yield _incident(row)

    def sealed_again(self, reference: Reference) -> tuple[Reference, ...]:
        """Return the shares that sealed a share's documents again, the first one first."""
        rows = self._store.connection.execute(
            "SELECT reference FROM share WHERE seals_again = ? AND status = 'prepared'"
            " ORDER BY created",
            (str(reference),),
        )
        return tuple(Reference(row["reference"]) for row in rows)


def _check_found(found: datetime, created: datetime, now: datetime) -> None:
    if found > now:
        raise RecipientDataInvalid("incident.in_the_future", field="--found")
    if found < created:
        made = f"{created.astimezone():%d/%m/%Y %H:%M}"
        raise RecipientDataInvalid("incident.before_the_share", field="--found", made=made)


def _added(known: tuple[Note, ...], texts: Iterable[str | None], now: datetime) -> tuple[Note, ...]:
    there = {note.text for note in known}
    new = (text for text in dict.fromkeys(texts) if text is not None and text not in there)
    return (*known, *(Note(now, text) for text in new))


def _row(incident: Incident) -> tuple[object, ...]:
    return (
        str(incident.reference),
        told(incident.recorded),
        told(incident.found),
        _written(incident.how),
        incident.wrong_address,
        incident.people,
        _written(incident.measures),
        _written(incident.decision),
    )


def _written(notes: tuple[Note, ...]) -> str | None:
    told_notes = [[told(note.recorded), note.text] for note in notes]
    return json.dumps(told_notes, ensure_ascii=False) if notes else None


def _read(written: str | None) -> tuple[Note, ...]:
    notes = json.loads(written) if written else []
    return tuple(Note(datetime.fromisoformat(at), text) for at, text in notes)


def _incident(row: sqlite3.Row) -> Incident:
    return Incident(
        reference=Reference(row["reference"]),
        recorded=datetime.fromisoformat(row["recorded"]),
        found=datetime.fromisoformat(row["found"]),
        how=_read(row["how"]),
        wrong_address=row["wrong_address"],
        people=row["people"],
        measures=_read(row["measures"]),
        decision=_read(row["decision"]),
    )
