"""The journal in a file: signed JSON Lines, or a table for a spreadsheet.

JSON Lines, format `secshare journal export 1`: the first line says the format, the key and the cut;
then one line an entry, its bytes as they were hashed and its hash; the last line the head, the
SHA-256 of the first line and of everything before, and the signature over these by `journal.key`.
`exported.verify_file` reads it. A table is for people: nothing in it can be verified.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from typing import TYPE_CHECKING, Any, Final

from secshare.errors import JournalBroken
from secshare.register.chain import Head, first_hash
from secshare.register.entries import canonical
from secshare.register.faults import Faults
from secshare.register.found import CUT_FACTS, Cut, facts_of
from secshare.register.rebuilding import Rebuilt
from secshare.register.verifying import last_cut, rows, signed_head, snapshot
from secshare.register.walking import Walk

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from typing import Protocol

    from secshare.register.journal import Signs
    from secshare.store import Store

    class Sink(Protocol):
        """What takes bytes."""

        def write(self, data: bytes, /) -> object:
            """Write all of `data`."""
            ...


__all__ = ["FORMAT", "SIGNED", "export_csv", "export_jsonl", "line_of"]

FORMAT: Final = "secshare journal export 1"
SIGNED: Final = FORMAT.encode() + b"\n"
"""What the signature of an export begins with: no other signature of that key does."""

_COLUMNS: Final = (
    *("number", "time", "user", "by", "operation", "reference"),
    *("file", "file_known", "secret", "secret_known", "recipient", "subject", "purpose", "kind"),
    *("documents", "format", "road", "file_road", "size", "sha256", "reason", "details"),
)
_STATES: Final = ("file", "file_known", "secret", "secret_known")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def line_of(body: bytes, hashed: bytes) -> bytes:
    """Return the line of one entry."""
    return b'{"entry":%b,"hash":"%b"}\n' % (body, hashed.hex().encode())


def export_jsonl(
    store: Store,
    signer: Signs,
    sink: Sink,
    progress: Callable[[int, int | None], None] | None = None,
) -> Head:
    """Write the whole journal, verified while it is read, and signed; return its head.

    Raises:
        JournalBroken: it does not verify: nothing of it is signed. The file is not complete then.
        RegisterUnwritable: it cannot be read.
        OSError: of the sink.
    """
    with snapshot(store) as connection:
        cut = last_cut(connection)
        header = canonical(
            {
                "format": FORMAT,
                "key": base64.b64encode(signer.public).decode(),
                "first": first_hash(signer.public).hex(),
                "cut": {name: cut.facts[name] for name in CUT_FACTS} if cut else None,
            }
        )
        first = header + b"\n"
        whole = hashlib.sha256(first)
        sink.write(first)
        for lines in _checked(connection, signer.public, cut, progress):
            data = b"".join(line_of(body, hashed) for body, hashed in lines)
            whole.update(data)
            sink.write(data)
        head = signed_head(connection, signer.public)
    if head is None:
        raise JournalBroken("journal.end")
    said = b'{"head":"%b","header":"%b","sha256":"%b"' % (
        str(head).encode(),
        hashlib.sha256(first).hexdigest().encode(),
        whole.hexdigest().encode(),
    )
    signature = base64.b64encode(signer.sign(SIGNED + said))
    sink.write(b'%b,"signature":"%b"}\n' % (said, signature))
    return head


def export_csv(
    store: Store,
    public: bytes,
    sink: Sink,
    progress: Callable[[int, int | None], None] | None = None,
) -> None:
    """Write the journal as a table: UTF-8 with its mark, semicolons, as spreadsheets here read it.

    What a spreadsheet takes for a formula begins with an apostrophe.

    Raises:
        JournalBroken: it does not verify. The file is not complete then.
        RegisterUnwritable: it cannot be read.
        OSError: of the sink.
    """
    sink.write(b"\xef\xbb\xbf" + _rows([list(_COLUMNS)]))
    with snapshot(store) as connection:
        for lines in _checked(connection, public, last_cut(connection), progress):
            sink.write(_rows([_cells(facts_of(body)) for body, _ in lines]))


def _checked(
    connection: sqlite3.Connection,
    public: bytes,
    cut: Cut | None,
    progress: Callable[[int, int | None], None] | None,
) -> Iterator[list[tuple[bytes, bytes]]]:
    """Yield bytes and hash of the entries, many at once, none of a chain that is broken."""
    faults = Faults()
    walk = Walk(public, faults, cut, Rebuilt(faults))
    count = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    for many in rows(connection):
        walk.take(many)
        _refuse(faults)
        yield [(body, hashed) for _, _, body, hashed in many]
        if progress is not None:
            progress(walk.count, count)
    walk.end(signed_head(connection, public))
    _refuse(faults)


def _refuse(faults: Faults) -> None:
    if faults.found:
        raise faults.told()[0].error()


def _rows(cells: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(cells)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _cells(facts: dict[str, Any]) -> list[str]:
    states = facts.pop("states", None)
    if isinstance(states, list) and len(states) == len(_STATES):
        facts |= dict(zip(_STATES, states, strict=True))
    told = {name: facts.pop(name, None) for name in _COLUMNS[:-1]}
    told["details"] = canonical(facts).decode() if facts else None
    return [_cell(told[name]) for name in _COLUMNS]


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case _:
            return str(value)
