"""An exported journal says by itself whether it was altered, whatever somebody made of it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from pathlib import Path

import pytest

from secshare.errors import JournalBroken, WorkRefused
from secshare.register.chain import Head
from secshare.register.entries import Actor
from secshare.register.exported import verify_file
from secshare.register.exporting import export_csv, export_jsonl
from secshare.register.faults import Kind
from secshare.register.journal import Journal
from secshare.register.states import Operation
from secshare.store import Store
from tests.register.edits import SHARES, campaign_file
from tests.register.journals import journal_of, signer
from tests.register.long import fill


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        fill(opened, SHARES)
        yield opened


@pytest.fixture
def exported(store: Store) -> bytes:
    sink = io.BytesIO()
    export_jsonl(store, signer(), sink)
    return sink.getvalue()


def kinds(data: bytes, **options: object) -> list[tuple[Kind, int | None]]:
    options = {"public": signer().public} | options
    found = verify_file(io.BytesIO(data), **options).verified
    return [(fault.kind, fault.line) for fault in found.faults]


def test_what_was_exported_verifies_with_the_practices_key_and_its_own(exported: bytes) -> None:
    for public in (signer().public, None):
        found = verify_file(io.BytesIO(exported), public)
        assert found.verified.faults == ()
        assert found.public == signer().public
        assert found.verified.entries == found.verified.head.number == 5 * SHARES + 1


def test_each_line_is_json_and_holds_the_bytes_as_they_were_hashed(
    store: Store, exported: bytes
) -> None:
    first, *entries, last = exported.splitlines()
    assert json.loads(first)["format"] == "secshare journal export 1"
    assert "signature" in json.loads(last)
    rows = store.connection.execute("SELECT body, hash FROM entry ORDER BY number").fetchall()
    for line, (body, hashed) in zip(entries, rows, strict=True):
        assert body in line
        assert json.loads(line)["hash"] == hashed.hex()


def test_every_edit_of_a_byte_is_found_and_its_line_named(exported: bytes) -> None:
    counted, failed = campaign_file(exported, 120, random.Random(20261122))
    assert failed == []
    assert min(counted.values()) > 10


def test_lines_taken_out_exchanged_or_written_twice_are_found(exported: bytes) -> None:
    lines = exported.splitlines(keepends=True)
    without = b"".join(lines[:10] + lines[13:])
    assert kinds(without)[0] == (Kind.MISSING, None)
    exchanged = b"".join([*lines[:10], lines[11], lines[10], *lines[12:]])
    assert (Kind.MISPLACED, 12) in kinds(exchanged)
    twice = b"".join([*lines[:10], lines[9], *lines[10:]])
    assert (Kind.MISPLACED, 11) in kinds(twice)


def test_a_file_that_ends_too_early_or_too_late_is_found(exported: bytes) -> None:
    lines = exported.splitlines(keepends=True)
    assert kinds(b"".join(lines[:-1])) == [(Kind.FILE_TRUNCATED, len(lines) - 1)]
    assert kinds(b"".join(lines[:50]))[-1] == (Kind.FILE_TRUNCATED, 50)
    assert kinds(exported[:-30]) == [(Kind.FILE_SIGNATURE, len(lines))]
    assert kinds(exported + exported) == [(Kind.FILE_TRAILING, len(lines) + 1)]
    assert kinds(exported + b"\n") == [(Kind.FILE_TRAILING, len(lines) + 1)]
    assert kinds(b"") == [(Kind.FILE_HEADER, 1), (Kind.FILE_TRUNCATED, 1)]


def test_another_keys_journal_is_not_this_practices(tmp_path: Path, exported: bytes) -> None:
    with Store.open(tmp_path / "other.db", create=True) as other:
        journal_of(other, key="another")
        sink = io.BytesIO()
        export_jsonl(other, signer("another"), sink)
    assert kinds(sink.getvalue())[0] == (Kind.FILE_KEY, 1)
    assert kinds(sink.getvalue(), public=None) == []
    assert kinds(exported, public=signer("another").public)[0] == (Kind.FILE_KEY, 1)


def test_a_last_line_signed_with_another_key_is_found(exported: bytes) -> None:
    import base64

    lines = exported.splitlines(keepends=True)
    said = lines[-1].partition(b',"signature"')[0]
    forged = base64.b64encode(signer("another").sign(b"secshare journal export 1\n" + said))
    data = b"".join(lines[:-1]) + said + b',"signature":"%b"}\n' % forged
    assert kinds(data) == [(Kind.FILE_SIGNATURE, len(lines))]


def test_the_head_that_was_written_down_is_looked_for(exported: bytes) -> None:
    hashed = bytes.fromhex(json.loads(exported.splitlines()[50])["hash"])
    assert kinds(exported, expect=Head(50, hashed)) == []
    assert kinds(exported, expect=Head(50, b"x" * 32)) == [(Kind.EXPECTED_OTHER, None)]
    assert kinds(exported, expect=Head(500, hashed)) == [(Kind.EXPECTED_ABSENT, None)]


@pytest.mark.parametrize(
    "hostile",
    [
        b"\xff\xfe" * 1000,
        b"{" * 100_000,
        b"[" * 100_000 + b"\n" + b"[" * 100_000,
        b'{"entry":' + b"[" * 100_000 + b',"hash":"' + b"0" * 64 + b'"}\n',
        b'{"number":' + b"9" * 10_000 + b"}\n",
        b"\n" * 10_000,
        b"\0" * 10_000,
        b'{"cut":{"kept":5},"first":"","format":"secshare journal export 1","key":""}\n',
        b'{"cut":null,"first":1,"format":"secshare journal export 1","key":[]}\n',
    ],
)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_hostile_files_are_refused_and_nothing_else_happens(
    exported: bytes, hostile: bytes, after: int
) -> None:
    lines = exported.splitlines(keepends=True)
    data = b"".join(lines[:after]) + hostile + b"".join(lines[after:])
    for public in (signer().public, None):
        assert kinds(data, public=public)


def test_a_line_without_end_is_read_in_pieces(
    exported: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secshare.profiles.JOURNAL_LINE", 4096)
    first, *_ = exported.splitlines(keepends=True)
    read = []

    class Endless(io.RawIOBase):
        def readline(self, size: int = -1) -> bytes:
            read.append(size)
            return first if len(read) == 1 else b"a" * size if len(read) < 50 else b""

    found = verify_file(Endless(), signer().public).verified
    assert found.faults
    assert set(read) == {4096}


def test_a_file_of_more_entries_than_any_practice_has_is_refused(
    exported: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secshare.profiles.JOURNAL_ENTRIES", 50)
    with pytest.raises(WorkRefused):
        verify_file(io.BytesIO(exported))


def test_a_journal_that_does_not_verify_is_not_signed(store: Store) -> None:
    store.connection.execute("UPDATE entry SET hash = zeroblob(32) WHERE number = 30")
    sink = io.BytesIO()
    with pytest.raises(JournalBroken) as broken:
        export_jsonl(store, signer(), sink)
    assert broken.value.fields["number"] == 30
    assert b"signature" not in sink.getvalue()
    with pytest.raises(JournalBroken):
        export_csv(store, signer().public, io.BytesIO())


def test_a_table_has_no_formula(store: Store) -> None:
    for by in ("=cmd|'/c calc'!A0", "+33", "-1", "@SUM(A1)", "\tx", "\rx", 'Marie; "Chef"'):
        journal = Journal(store, signer(), Actor("cabinet", by))
        with store.transaction() as connection:
            journal.append(connection, Operation.EXPORT, count=3)
    sink = io.BytesIO()
    export_csv(store, signer().public, sink)
    text = sink.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(rows) == 5 * SHARES + 8
    assert not [c for row in rows for c in row.values() if c.startswith(("=", "+", "-", "@", "\t"))]
    assert rows[-7]["by"] == "'=cmd|'/c calc'!A0"
    assert rows[-1]["by"] == 'Marie; "Chef"'
    assert json.loads(rows[-1]["details"]) == {"count": 3}
    assert rows[5]["file"] == "opened"


def test_the_digest_covers_every_line_before_the_last(exported: bytes) -> None:
    *before, last = exported.splitlines(keepends=True)
    assert json.loads(last)["sha256"] == hashlib.sha256(b"".join(before)).hexdigest()
