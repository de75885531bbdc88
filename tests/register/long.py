"""A journal as years leave it: many shares, each with the entries of its life.

Written in one go, without a signature for each entry but the last: what is read is the same.
"""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from secshare.model import FileState, Reference, SecretState, States
from secshare.register.chain import Head, next_hash
from secshare.register.entries import Entry, told_states
from secshare.register.journal import Journal
from secshare.register.rows import told
from secshare.register.states import Operation
from secshare.store import Store
from tests.register.journals import ACTOR, Clock, signer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.practice import Practice
    from secshare.register.journal import Signs

_WORDS = b"the sealed words of a share, as they stand in the database" * 12
_FINDINGS = (
    {"rule": "person.absent", "severity": "confirm", "answer": "confirmed", "reason": None},
    {
        "rule": "people.other",
        "severity": "block",
        "answer": "overridden",
        "reason": 'prescripteur, "cité" dans le courrier',
    },
)
_HELD = States(secret=SecretState.HELD)
_WRITTEN = States(secret=SecretState.WRITTEN)
_SENT = States(FileState.SENT, secret=SecretState.WRITTEN)
_OPENED = States(FileState.OPENED, secret=SecretState.RELEASED, secret_known=False)


def fill_practice(practice: Practice, shares: int, **options: Any) -> list[str]:
    """Fill a practice's own journal, which has no entry yet or holds no share."""
    with Store.open(practice.database) as store:
        return fill(store, shares, by=practice.signer, **options)


def fill(
    store: Store,
    shares: int,
    *,
    seed: int = 1,
    first: datetime = datetime(2025, 1, 2, 8, tzinfo=UTC),
    every: timedelta = timedelta(minutes=5),
    by: Signs | None = None,
) -> list[str]:
    """Write five entries for each of so many shares, and their rows; return the references.

    Every tenth share keeps its words; half of the people have been here ten times.
    """
    draw = random.Random(seed)
    by = by or signer()
    journal = Journal(store, by, ACTOR, now=Clock(first))
    journal.begin()
    head, references = journal.head(), []
    with store.transaction() as connection:
        for at in range(shares):
            reference = Reference.draw(draw.randrange)
            references.append(str(reference))
            moment = first + at * every
            people = uid(draw, shares), uid(draw, shares)
            size, sha256 = draw.randrange(20_000, 2_000_000), draw.randbytes(32).hex()
            sealed = {"size": size, "sha256": sha256}
            for operation, facts in _life(draw, reference, people, sealed, keep=at % 10 == 0):
                entry = Entry(head.number + 1, moment, ACTOR, operation, reference, facts)
                body = entry.dumps()
                head = Head(entry.number, next_hash(head.hash, body))
                connection.execute(
                    "INSERT INTO entry VALUES (?, ?, ?, ?)",
                    (head.number, str(reference), body, head.hash),
                )
            connection.execute(
                "INSERT INTO share (reference, status, created, recipient, subject, name, about,"
                " road, format, work_factor, documents, kind, purpose, size, sha256, file, secret,"
                " secret_known)"
                " VALUES (?, 'prepared', ?, ?, ?, '', '', 'sms', 'age', 14, 1,"
                " 'laboratory', 'soins', ?, ?, 'opened', 'released', 0)",
                (str(reference), told(moment), *people, size, sha256),
            )
            connection.executemany(
                "INSERT INTO share_finding VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        *(str(reference), number, each["rule"], each["severity"]),
                        *(each["answer"], each["reason"]),
                    )
                    for number, each in enumerate(_FINDINGS)
                ],
            )
            if at % 10 == 0:
                connection.execute(
                    "INSERT INTO sealed_words VALUES (?, ?, ?)",
                    (str(reference), _blob(reference), told(moment + timedelta(days=30))),
                )
        connection.execute(
            "UPDATE head SET number = ?, hash = ?, signature = ?",
            (head.number, head.hash, by.sign(head.to_sign)),
        )
    return references


def uid(draw: random.Random, shares: int) -> str:
    """Return somebody: half of all shares go to a twentieth of the people."""
    many = max(1, shares // 20)
    who = draw.randrange(many) if draw.random() < 0.5 else draw.randrange(max(1, shares))
    return hashlib.sha256(str(who).encode()).hexdigest()[:22]


def _blob(reference: Reference) -> bytes:
    return _WORDS + str(reference).encode()


def _life(
    draw: random.Random,
    reference: Reference,
    people: tuple[str, str],
    sealed: dict[str, Any],
    *,
    keep: bool,
) -> Iterator[tuple[Operation, dict[str, Any]]]:
    yield (
        Operation.PREPARE,
        {
            "recipient": people[0],
            "subject": people[1],
            "purpose": "soins",
            "kind": "laboratory",
            "documents": 1,
            "macs": [draw.randbytes(32).hex()],
            "format": "age",
            "work_factor": 14,
            "road": "sms",
            "file_road": "mail",
            "findings": list(_FINDINGS),
            "words_sha256": hashlib.sha256(_blob(reference)).hexdigest(),
            "states": told_states(_HELD),
        },
    )
    yield (
        Operation.PREPARED,
        {
            **sealed,
            **_change(_HELD, _WRITTEN),
        },
    )
    yield Operation.MARK, _change(_WRITTEN, _SENT)
    yield Operation.MARK, _change(_SENT, _OPENED)
    yield (Operation.SECRET if keep else Operation.FORGET), _change(_OPENED, _OPENED)


def _change(before: States, now: States) -> dict[str, Any]:
    return {"before": told_states(before), "states": told_states(now)}
