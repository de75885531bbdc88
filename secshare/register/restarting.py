"""Going on after a journal that broke: what is there is kept as found, and a new chain begun."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from secshare import files, profiles
from secshare.errors import ShareState
from secshare.register.found import facts_of
from secshare.register.verifying import rows, verify

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from secshare.register.faults import Verified
    from secshare.register.journal import Journal
    from secshare.store import Store

__all__ = ["check_broken", "kept_sha256", "restart"]

_PIECE: Final = 1 << 20


def check_broken(
    store: Store, public: bytes, progress: Callable[[int, int | None], None] | None = None
) -> Verified:
    """Return what is wrong with a journal.

    Raises:
        ShareState: nothing is; it is not to be begun anew.
        JournalBroken: the file of the database is damaged: what it holds cannot be kept whole.
    """
    found = verify(store, public, progress=progress)
    if not found.faults:
        raise ShareState("journal.whole")
    return found


def restart(store: Store, journal: Journal, folder: Path, reason: str) -> Path:
    """Keep what is there in a file of its own and begin a chain that adopts all shares.

    The new first entry holds the file's SHA-256 and the reason. All of it or nothing.

    Args:
        folder: where the file goes, private: `journal-DATE.jsonl`. It is not signed: nobody vouches
            for it.

    Raises:
        ShareState: the journal verifies.
        JournalBroken: the database is damaged.
        OutputRefused, RegisterUnwritable: nothing was changed.
    """
    check_broken(store, journal.public)  # before anybody else has to wait
    path, hashed = _free(folder, f"journal-{journal.now().astimezone():%Y-%m-%d}"), hashlib.sha256()
    try:
        with store.transaction() as connection:
            check_broken(store, journal.public)  # another command may have begun it anew since
            with files.publish(path) as sink:
                for lines in _as_found(connection):
                    hashed.update(lines)
                    sink.write(lines)
            connection.execute("DELETE FROM entry")
            connection.execute("DELETE FROM head")
            journal.first(connection, former_sha256=hashed.hexdigest(), what=reason)
    except BaseException:
        if not _begun(store, hashed.hexdigest()):
            files.remove(path)
        raise
    return path


def kept_sha256(file: BinaryIO) -> str | None:
    """Return the SHA-256 of a file that `restart` kept; None of any other, back at its beginning.

    Args:
        file: at its beginning.
    """
    line = file.readline(profiles.JOURNAL_LINE)
    facts = facts_of(line)
    is_entry = {"number", "hash"} <= facts.keys() and ("entry" in facts or "entry_hex" in facts)
    if not is_entry and not isinstance(facts.get("head"), dict):
        file.seek(0)
        return None
    hashed = hashlib.sha256(line)
    while data := file.read(_PIECE):
        hashed.update(data)
    return hashed.hexdigest()


def _free(folder: Path, name: str) -> Path:
    """Return a path that is free: a second one of the same day is numbered."""
    path, number = folder / f"{name}.jsonl", 2
    while path.exists():
        path, number = folder / f"{name}-{number}.jsonl", number + 1
    return path


def _as_found(connection: sqlite3.Connection) -> Iterator[bytes]:
    """Yield lines of JSON, many at once: each entry as it stands there, whatever that is."""
    for many in rows(connection):
        yield b"".join(_line(*row) for row in many)
    head = connection.execute("SELECT number, hash, signature FROM head").fetchone()
    if head is not None:
        facts = {"number": head[0], "hash": head[1].hex(), "signature": head[2].hex()}
        yield json.dumps({"head": facts}).encode() + b"\n"


def _line(number: int, reference: bytes | None, body: bytes, hashed: bytes) -> bytes:
    line: dict[str, Any] = {"number": number, "hash": hashed.hex()}
    if reference is not None:
        line["reference"] = reference.decode("utf-8", "replace")
    try:
        line["entry"] = body.decode("utf-8")
    except UnicodeDecodeError:
        line["entry_hex"] = body.hex()
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _begun(store: Store, former: str) -> bool:
    row = store.connection.execute("SELECT body FROM entry WHERE number = 1").fetchone()
    return row is not None and facts_of(row[0]).get("former_sha256") == former
