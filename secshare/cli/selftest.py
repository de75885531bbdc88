"""`secshare selftest`: is this installation sound, and is the practice as we left it?"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import typer

from secshare import files
from secshare.cli.base import LANGUAGE, JsonOption, PracticeOption, tr, verb
from secshare.cli.session import session_of
from secshare.errors import (
    JournalBroken,
    PayloadDamaged,
    PracticeInvalid,
    RegisterUnwritable,
    SecshareError,
)

if TYPE_CHECKING:
    from secshare.age import Identity, Recipient
    from secshare.sharing import Desk

_NAMED: Final = 3  # references that a note names
_CLEAR: Final = b"secshare selftest" * 8192  # three chunks of payload


@verb("selftest", "selftest.help")
def selftest(
    ctx: typer.Context, as_json: JsonOption = False, practice: PracticeOption = None
) -> None:
    """Run every check, say each result, and fail at the end if one failed.

    Raises:
        PracticeInvalid: a check failed; each is told above.
        JournalBroken: that of the journal did, and no other.
    """
    from secshare.sharing import Desk

    session = session_of(ctx)
    results = [_run(name, check) for name, check in _ENGINE]
    with Desk(session.practice(practice)) as desk:
        results += [_run(name, partial(check, desk)) for name, check in _PRACTICE]
        notes = list(_remaining(desk))
    failed = [result for result in results if result["failure"]]
    if as_json:
        session.result_json({"ok": not failed, "checks": results, "notes": notes})
    else:
        for result in results:
            mark = tr("selftest.failed" if result["failure"] else "selftest.ok")
            checked = tr(f"selftest.check_{result['check']}")
            session.result(f"{mark}  {checked}")
            if result["failure"]:
                session.result(f"     {result['failure']}")
        for note in notes:
            session.result(f"{tr('selftest.note')}  {_told(note)}")
    if failed:
        only = {result["check"] for result in failed} == {"journal"}
        error = JournalBroken if only else PracticeInvalid
        raise error(f"selftest.not_sound_{_number(len(failed))}", count=len(failed))


def _run(name: str, check: Callable[[], None]) -> dict[str, str | None]:
    try:
        check()
    except SecshareError as error:
        return {"check": name, "failure": " ".join(error.explain(LANGUAGE))}
    return {"check": name, "failure": None}


# --- the engine --------------------------------------------------------------------------------


def _words() -> None:
    from secshare.age import ScryptIdentity, ScryptRecipient
    from secshare.passphrase import draw

    passphrase = draw()
    _round(ScryptRecipient(passphrase), ScryptIdentity(passphrase.reveal()))


def _x25519() -> None:
    from secshare.age import X25519Identity

    identity = X25519Identity.generate()
    _round(identity.recipient(), identity)


def _hybrid() -> None:
    from secshare.age import HybridIdentity

    identity = HybridIdentity.generate()
    _round(identity.recipient(), identity)


def _round(recipient: Recipient, identity: Identity) -> None:
    from secshare.age import decrypt, encrypt

    sealed, clear = io.BytesIO(), io.BytesIO()
    encrypt(io.BytesIO(_CLEAR), sealed, [recipient])
    sealed.seek(0)
    decrypt(sealed, clear, [identity])
    if clear.getvalue() != _CLEAR:
        raise PayloadDamaged("selftest.differs")


_ENGINE: Final[tuple[tuple[str, Callable[[], None]], ...]] = (
    ("words", _words),
    ("x25519", _x25519),
    ("hybrid", _hybrid),
)


# --- the practice ------------------------------------------------------------------------------


def _private(desk: Desk) -> None:
    practice = desk.practice
    for path in (practice.private, practice.secrets, practice.practice_key, practice.journal_key):
        if not files.is_private(path):
            raise PracticeInvalid("selftest.not_private", path=path)


def _drive(desk: Desk) -> None:
    if trouble := files.drive_trouble(desk.practice.private):
        raise PracticeInvalid(f"selftest.drive_{trouble}", path=desk.practice.private)


def _database(desk: Desk) -> None:
    answer = desk.store.connection.execute("PRAGMA integrity_check").fetchone()[0]
    broken = desk.store.connection.execute("PRAGMA foreign_key_check").fetchone()
    if answer != "ok" or broken is not None:
        raise RegisterUnwritable("store.damaged")


def _keys(desk: Desk) -> None:
    _ = desk.practice.public_keys  # refused where the journal's key did not sign them
    for recipient in desk.directory.all():
        desk.directory.find(recipient.id)  # reads its keys, and says which file is broken


def _shares(desk: Desk) -> None:
    """Each folder of the outbox is a share, and each share with words has them."""
    known = {}
    for share in desk.register.shares():
        known[str(share.reference)] = share
    for folder in desk.practice.outbox.iterdir():
        if folder.name not in known and not folder.name.startswith("."):
            raise PracticeInvalid("selftest.unknown_folder", path=folder)


def _journal(desk: Desk) -> None:
    from secshare.register.verifying import verify

    verify(desk.store, desk.journal.public).check()


_PRACTICE: Final[tuple[tuple[str, Callable[[Desk], None]], ...]] = (
    ("private", _private),
    ("drive", _drive),
    ("database", _database),
    ("keys", _keys),
    ("shares", _shares),
    ("journal", _journal),
)


# --- what is past its time: no fault, but somebody has to look ----------------------------------


def _remaining(desk: Desk) -> Iterator[dict[str, Any]]:
    from secshare.register.cutting import Retention
    from secshare.register.remaining import remaining

    settings = desk.practice.settings
    keep = Retention(settings.journal_months, settings.shares_months, settings.incidents_months)
    days = max(settings.outbox_days, 1)
    with suppress(JournalBroken):  # which is told as a failure
        for found in remaining(desk.store, desk.journal, desk.practice.outbox, keep, days=days):
            yield {
                "note": found.what,
                "count": found.count,
                "references": [str(reference) for reference in found.references],
                "days": days,
            }


def _told(note: dict[str, Any]) -> str:
    references, days = note["references"], note["days"]
    key = f"selftest.one_{note['note']}" if note["count"] == 1 else f"selftest.many_{note['note']}"
    return tr(
        key,
        count=note["count"],
        days=tr(f"selftest.days_{_number(days)}", count=days),
        named=", ".join(references[:_NAMED]) + (", …" if len(references) > _NAMED else ""),
    )


def _number(count: int) -> str:
    return "one" if count == 1 else "many"
