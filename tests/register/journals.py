"""A journal with a key of its own, and entries as the register writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from secshare.practice.signing import Signer
from secshare.register.entries import Actor
from secshare.register.journal import Journal

if TYPE_CHECKING:
    from secshare.store import Store

ACTOR = Actor("cabinet\\marie", "Marie")
BEGUN = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def signer(name: str = "practice") -> Signer:
    """Return the practice's signer, or that of `name`, which is another."""
    return _drawn(name)


@cache
def _drawn(_name: str) -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    return Signer(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


class Clock:
    """A clock that stands until it is put forward."""

    def __init__(self, now: datetime = BEGUN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **ago: float) -> None:
        self.now += timedelta(**ago)


def journal_of(store: Store, *, key: str = "practice", now: Clock | None = None) -> Journal:
    """Return a journal, begun."""
    journal = Journal(store, signer(key), ACTOR, now=now or Clock())
    journal.begin()
    return journal
