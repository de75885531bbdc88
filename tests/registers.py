"""A register with a real journal, signed by a key of its own, for tests that need no practice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from secshare.model import Reference, Road, SealFormat, SecretState, Share, ShareStatus, States
from secshare.practice.public import new_journal_key
from secshare.practice.signing import Signer
from secshare.register import Actor, Journal, Register
from secshare.store import Store

SIGNER = Signer(new_journal_key())
MOMENT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def a_journal(store: Store, now: datetime = MOMENT) -> Journal:
    journal = Journal(store, SIGNER, Actor("secretariat"), now=lambda: now)
    journal.begin()
    return journal


def a_register(store: Store, outbox: Path, now: datetime = MOMENT) -> Register:
    return Register(store, outbox, a_journal(store, now))


def a_share(**changes: object) -> Share:
    """Return the intent of a share with words by SMS for Jeanne Exemple."""
    given: dict[str, object] = {
        "reference": Reference.draw(),
        "status": ShareStatus.PREPARING,
        "created": MOMENT,
        "recipient": "uid-jeanne",
        "subject": "uid-jeanne",
        "name": "Jeanne Exemple",
        "about": "Jeanne Exemple",
        "email": "jeanne.exemple@example.org",
        "phone": "+33639980001",
        "road": Road.SMS,
        "format": SealFormat.AGE,
        "work_factor": 14,
        "documents": 1,
    }
    given |= changes
    given.setdefault("states", States(secret=SecretState.HELD if given["road"] else None))
    return Share(**given)  # type: ignore[arg-type]
