"""Runs whose shares are in the register with real sealed words, made without sealing documents."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from secshare.messages import Language
from secshare.model import Reference, Road, SealFormat, SecretState, Share, ShareStatus, States
from secshare.passphrase import draw
from secshare.register import Bound, Runs, seal_words

if TYPE_CHECKING:
    from secshare.sharing import Desk


@dataclass
class Sealed:
    """What a test knows of one share."""

    reference: Reference
    name: str
    phone: str | None
    words: str = field(repr=False)


def add_share(
    desk: Desk,
    run: str,
    number: int,
    *,
    name: str | None = None,
    phone: str | None = "",
    road: Road | None = Road.SMS,
    uid: str | None = None,
    hold: bool = True,
    seal_format: SealFormat = SealFormat.AGE,
    days: int = 30,
    words: str | None = None,
    language: Language = Language.FR,
    contents: list[bytes] | None = None,
) -> Sealed:
    """Add one share of a run, prepared, as the batch leaves it."""
    now = datetime.now(UTC)
    reference = desk.register.new_reference()
    told = Sealed(
        reference,
        name or f"Personne Exemple {number}",
        f"+3363998{number:04}" if phone == "" else phone,
        words or draw(10, Language.FR).reveal(),
    )
    uid = uid or secrets.token_hex(16)
    share = Share(
        reference=reference,
        status=ShareStatus.PREPARING,
        created=now,
        recipient=uid,
        subject=uid,
        name=told.name,
        about=told.name,
        email=f"personne{number}@example.org",
        phone=told.phone,
        road=road,
        format=seal_format,
        work_factor=14 if road else None,
        documents=1,
        states=States(secret=SecretState.HELD if road else None),
    )
    sealed = None
    if road:
        bound = Bound(reference, uid, road, now + timedelta(days=days))
        sealed = seal_words(told.words, bound, desk.practice.recipient)
    row = {
        "name": run,
        "reference": reference,
        "identity": secrets.token_bytes(32),
        "slot": secrets.token_bytes(32),
        "contents": contents or [secrets.token_bytes(32)],
        "number": number,
        "language": language,
    }
    desk.register.begin(
        share,
        sealed,
        "none",
        lambda connection: Runs.add(connection, **row),
    )
    desk.register.complete(reference, 1, "0" * 64, hold=hold)
    return told


def begin_run(desk: Desk, name: str = "nuit") -> None:
    """Record a run."""
    Runs(desk.store).begin(name, "0" * 64, datetime.now(UTC))


def make_run(desk: Desk, name: str = "nuit", *, shares: int = 3, **options: object) -> list[Sealed]:
    """Record a run with some shares, in the order of its rows, which came to its end."""
    begin_run(desk, name)
    made = [add_share(desk, name, number, **options) for number in range(1, shares + 1)]  # type: ignore[arg-type]
    Runs(desk.store).end(name, ())
    return made
