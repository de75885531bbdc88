"""Protects the register: what is committed stays, and no fault of the database leaks out raw."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from secshare.errors import RegisterUnwritable
from secshare.messages import Language
from secshare.store import Store, schema

SHARE = (
    "INSERT INTO share (reference, status, created, recipient, subject, name, about, format,"
    " documents)"
    " VALUES (?, 'preparing', '2026-11-21T10:00:00+00:00', 'u', 'u', 'Jeanne Morel',"
    " 'Jeanne Morel', 'age', 1)"
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "practice.db"


@pytest.fixture
def anybodys_place():
    """A folder that a user for whom modes count can reach, whoever runs the tests."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


@contextmanager
def as_anybody(folder):
    """Run as a user for whom the modes of `folder` count."""
    if os.geteuid() != 0:
        yield
        return
    for place in (folder, *folder.iterdir()):
        os.chown(place, 65534, -1)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_new_database_survives_closing(path):
    with Store.open(path, create=True) as store, store.transaction() as connection:
        connection.execute(SHARE, ("A",))
    with Store.open(path) as store:
        assert [row["reference"] for row in store.connection.execute("SELECT * FROM share")] == [
            "A"
        ]


def test_it_is_durable_before_it_is_fast(path):
    with Store.open(path, create=True) as store:
        pragmas = {
            name: store.connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
    }


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_database_and_its_companions_are_for_the_owner_only(path):
    with Store.open(path, create=True) as store, store.transaction() as connection:
        connection.execute(SHARE, ("A",))
        names = sorted(entry.name for entry in path.parent.iterdir())
        assert names == ["practice.db", "practice.db-shm", "practice.db-wal"]
        for entry in path.parent.iterdir():
            assert stat.S_IMODE(entry.stat().st_mode) == 0o600


def test_a_transaction_that_fails_leaves_nothing(path):
    with Store.open(path, create=True) as store:
        with pytest.raises(KeyboardInterrupt), store.transaction() as connection:
            connection.execute(SHARE, ("A",))
            raise KeyboardInterrupt
        assert store.connection.execute("SELECT count(*) FROM share").fetchone()[0] == 0
        with store.transaction() as connection:
            connection.execute(SHARE, ("A",))
        assert store.connection.execute("SELECT count(*) FROM share").fetchone()[0] == 1


def test_the_sealed_words_go_with_their_share(path):
    with Store.open(path, create=True) as store:
        with store.transaction() as connection:
            connection.execute(SHARE, ("A",))
            connection.execute("INSERT INTO sealed_words (reference, blob) VALUES ('A', x'00')")
        with store.transaction() as connection:
            connection.execute("DELETE FROM share")
        assert store.connection.execute("SELECT count(*) FROM sealed_words").fetchone()[0] == 0


def test_words_without_a_share_cannot_be_recorded(path):
    with (
        Store.open(path, create=True) as store,
        pytest.raises(sqlite3.IntegrityError),
        store.transaction() as connection,
    ):
        connection.execute("INSERT INTO sealed_words (reference, blob) VALUES ('nobody', x'00')")


def test_a_reference_is_unique_and_the_caller_can_draw_another(path):
    with Store.open(path, create=True) as store, store.transaction() as connection:
        connection.execute(SHARE, ("A",))
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(SHARE, ("A",))
        connection.execute(SHARE, ("B",))


def test_deleted_content_is_not_left_in_the_file(path):
    marked = "Zébulon-marqué".encode()
    with Store.open(path, create=True) as store:
        with store.transaction() as connection:
            connection.execute(SHARE, ("A",))
            connection.execute(
                "INSERT INTO sealed_words (reference, blob) VALUES ('A', ?)", (marked,)
            )
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert marked in path.read_bytes()
        with store.transaction() as connection:
            connection.execute("DELETE FROM sealed_words")
    assert all(marked not in entry.read_bytes() for entry in path.parent.iterdir())


def fails(path, key, **options):
    with pytest.raises(RegisterUnwritable) as caught, Store.open(path, **options) as store:
        store.connection.execute("SELECT * FROM recipient").fetchall()
        with store.transaction() as connection:
            connection.execute(SHARE, ("A",))
    assert caught.value.key == key
    for language in Language:
        assert all(caught.value.explain(language))


def test_a_missing_database_is_not_made_by_accident(path):
    fails(path, "store.missing")
    assert not path.exists()


def test_a_database_from_the_future_is_left_alone(path):
    Store.open(path, create=True).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version=99")
    raw.close()
    fails(path, "store.future")


def test_another_programs_database_is_left_alone(path):
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE recipes (name TEXT)")
    raw.close()
    fails(path, "store.not_ours")
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT name FROM sqlite_schema").fetchall() == [("recipes",)]
    raw.close()


def test_a_file_that_is_no_database_says_so(path):
    path.write_bytes(b"Bonjour, je suis une lettre." * 200)
    fails(path, "store.damaged")


@pytest.mark.parametrize("offset", [4096, 8192])
def test_a_page_overwritten_in_the_middle_says_so(path, offset):
    with Store.open(path, create=True) as store, store.transaction() as connection:
        for number in range(500):
            connection.execute(SHARE, (str(number),))
    with path.open("r+b") as file:
        for start in range(offset, path.stat().st_size, 4096):
            file.seek(start)
            file.write(b"\xff" * 4096)
    fails(path, "store.damaged")


@pytest.mark.parametrize(
    "use",
    [
        lambda connection: connection.execute("SELECT * FROM recipient").fetchall(),
        lambda connection: connection.execute("SELECT * FROM recipient").fetchone(),
        lambda connection: connection.execute("SELECT * FROM recipient").fetchmany(),
        lambda connection: list(connection.execute("SELECT * FROM recipient")),
        lambda connection: connection.cursor().execute("SELECT nonsense"),
        lambda connection: connection.execute("SELECT nonsense"),
        lambda connection: connection.executemany("INSERT INTO nowhere VALUES (?)", [("a",)]),
    ],
)
def test_no_error_of_sqlite_leaves_raw(path, use):
    with Store.open(path, create=True) as store, store.transaction() as connection:
        for number in range(500):
            connection.execute(SHARE, (str(number),))
    with Store.open(path) as store:  # which has read the schema, and nothing else
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * (path.stat().st_size - 4096))
        with pytest.raises(RegisterUnwritable):
            use(store.connection)


def test_a_truncated_database_says_so(path):
    with Store.open(path, create=True) as store, store.transaction() as connection:
        for number in range(500):
            connection.execute(SHARE, (str(number),))
    os.truncate(path, 8192)
    fails(path, "store.damaged")


def test_a_locked_database_is_waited_for_then_said(path):
    with Store.open(path, create=True) as first, first.transaction():
        fails(path, "store.locked", wait=0.05)
    with Store.open(path, wait=0.05) as store, store.transaction() as connection:
        connection.execute(SHARE, ("A",))


WAITING = """
import sys
from pathlib import Path
from secshare.store import Store
with Store.open(Path(sys.argv[1]), wait=120) as store:
    print("waiting", flush=True)
    try:
        with store.transaction():
            print("written")
    except KeyboardInterrupt:
        assert not store.connection.in_transaction
        print(store.connection.execute("PRAGMA busy_timeout").fetchone()[0])
        sys.exit(130)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_is_heard_while_another_program_writes(path):
    with Store.open(path, create=True) as store, store.transaction():
        command = [sys.executable, "-c", WAITING, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout.readline() == "waiting\n"
            time.sleep(0.3)  # by now it is in SQLite's own wait
            child.send_signal(signal.SIGINT)
            said, _ = child.communicate(timeout=30)  # a quarter of what it would wait for
    assert child.returncode == 130
    assert said == "120000\n"


def test_who_waits_can_be_told_to_end_and_is_patient_again_after_it(path):
    class Ended(BaseException):
        pass

    asked = []

    def meanwhile():
        asked.append(time.monotonic())
        if len(asked) == 3:
            raise Ended

    with Store.open(path, create=True) as first, Store.open(path, wait=0.05) as second:
        patiently = second.patient(120, meanwhile)
        with first.transaction(), pytest.raises(Ended), patiently, second.transaction():
            pass
        assert len(asked) == 3
        assert not second.connection.in_transaction
        assert second.connection.execute("PRAGMA busy_timeout").fetchone()[0] == 50
        with first.transaction(), pytest.raises(RegisterUnwritable), second.transaction():
            pass
        assert len(asked) == 3, "nobody asks any more"
        with second.transaction() as connection:
            connection.execute(SHARE, ("A",))


def test_who_waits_writes_as_soon_as_the_other_has_written(path):
    with Store.open(path, create=True) as store:
        with store.transaction() as connection:
            connection.execute(SHARE, ("A",))
            command = [sys.executable, "-c", WAITING, str(path)]
            child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert child.stdout.readline() == "waiting\n"
            time.sleep(0.3)
        said, _ = child.communicate(timeout=30)
    assert child.returncode == 0
    assert said == "written\n"


def test_readers_do_not_wait_for_a_writer(path):
    with Store.open(path, create=True) as writer, writer.transaction() as connection:
        connection.execute(SHARE, ("A",))
        with Store.open(path, wait=0.05) as reader:
            assert reader.connection.execute("SELECT count(*) FROM share").fetchone()[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "keys"),
    [
        (0o500, 0o600, {"store.read_only", "store.cannot_open"}),
        (0o700, 0o400, {"store.read_only"}),
        (0o700, 0o000, {"store.cannot_open"}),
        (0o000, 0o600, {"store.cannot_open"}),
    ],
)
def test_a_read_only_place_says_so(anybodys_place, folder_mode, file_mode, keys):
    path = anybodys_place / "practice.db"
    Store.open(path, create=True).close()
    with as_anybody(path.parent):
        path.chmod(file_mode)
        path.parent.chmod(folder_mode)
        try:
            with (
                pytest.raises(RegisterUnwritable) as caught,
                Store.open(path) as store,
                store.transaction() as connection,
            ):
                connection.execute(SHARE, ("A",))
        finally:
            path.parent.chmod(0o700)
            path.chmod(0o600)
    assert caught.value.key in keys


def test_a_full_disk_says_so_and_keeps_what_was_there(path):
    with Store.open(path, create=True) as store:
        with store.transaction() as connection:
            connection.execute(SHARE, ("A",))
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(RegisterUnwritable) as caught, store.transaction() as connection:
            for number in range(5000):
                connection.execute(SHARE, (f"reference {number}",))
        assert caught.value.key == "store.disk_full"
        assert [row[0] for row in store.connection.execute("SELECT reference FROM share")] == ["A"]


def test_a_folder_in_the_place_of_the_database_says_so(path):
    path.mkdir()
    fails(path, "store.cannot_open")


def test_two_programs_may_start_on_a_new_database_at_once(path):
    code = (
        "import sys; from pathlib import Path; from secshare.store import Store;"
        "s = Store.open(Path(sys.argv[1]), create=True);"
        "print(s.connection.execute('SELECT count(*) FROM share').fetchone()[0])"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert (run.returncode, out.strip(), err) == (0, b"0", b"")


def test_what_a_database_is_is_asked_at_one_moment(path, monkeypatch):
    """Another program may be making the tables: empty by one answer, a stranger's by the next."""
    asked, version = [], schema.version

    def noting(connection):
        asked.append(connection.in_transaction)
        return version(connection)

    monkeypatch.setattr(schema, "version", noting)
    Store.open(path, create=True).close()
    Store.open(path).close()
    assert len(asked) == 3
    assert all(asked)


def test_a_new_database_that_another_program_sets_up_is_waited_for(path, monkeypatch):
    sqlite3.connect(path).close()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    released = threading.Timer(0.3, other.execute, ["COMMIT"])
    released.start()
    with Store.open(path, create=True) as store:
        assert store.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    released.join()
    other.close()


def test_a_copy_put_back_from_a_backup_opens(path, tmp_path):
    with Store.open(path, create=True) as store, store.transaction() as connection:
        connection.execute(SHARE, ("A",))
    shutil.copy(path, tmp_path / "back.db")
    with Store.open(tmp_path / "back.db") as store:
        assert store.connection.execute("SELECT count(*) FROM share").fetchone()[0] == 1


def test_an_emptied_database_is_not_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "practice.db"
    Store.open(path, create=True).close()
    path.write_bytes(b"")
    with pytest.raises(RegisterUnwritable) as caught:
        Store.open(path)
    assert caught.value.key == "store.emptied"
    assert path.stat().st_size == 0


# --- migrations ---------------------------------------------------------------------------------

# What version 1 was: a database that a practice has today. Never to be edited here either.
VERSION_1 = "fcff55ae"


def version_1(path):
    """Make a database as version 1 of the schema made it, with data in every table."""
    with sqlite3.connect(path) as raw:
        for statement in schema.MIGRATIONS[0]:
            raw.execute(statement)
        raw.execute(
            "INSERT INTO recipient (uid, id, name, folded, kind, purposes)"
            " VALUES ('u', 'jeanne', 'Jeanne Morel', 'jeanne morel', 'patient', 'soins')"
        )
        raw.execute("INSERT INTO representation VALUES ('u', 'u', 'parent', NULL)")
        raw.execute(SHARE, ("A",))
        raw.execute("INSERT INTO sealed_words (reference, blob) VALUES ('A', x'00')")
        raw.execute(f"PRAGMA application_id={schema.APPLICATION_ID}")
        raw.execute("PRAGMA user_version=1")
    raw.close()


def everything(path):
    with sqlite3.connect(path) as raw:
        found = {
            table: raw.execute(f"SELECT * FROM {table}").fetchall()
            for table in ("recipient", "representation", "share", "sealed_words")
        }
        tables = raw.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()
        version = raw.execute("PRAGMA user_version").fetchone()[0]
    raw.close()
    return found, tables, version


def test_the_first_version_is_what_practices_have():
    text = "\n".join(" ".join(statement.split()) for statement in schema.MIGRATIONS[0])
    assert hashlib.sha256(text.encode()).hexdigest()[:8] == VERSION_1


def test_a_database_of_the_first_version_is_brought_up_and_keeps_what_it_holds(path, tmp_path):
    version_1(path)
    before, _, version = everything(path)
    assert version == 1
    with Store.open(path) as store, store.transaction() as connection:
        connection.execute(
            "INSERT INTO received VALUES ('R', 'received', '2026', 'ab', 1, 1, 'A', 'f', NULL)"
        )
    after, tables, version = everything(path)
    for table, rows in before.items():  # with empty columns after those of the first version
        assert [row[: len(old)] for row, old in zip(after[table], rows, strict=True)] == rows
    assert version == len(schema.MIGRATIONS)
    Store.open(tmp_path / "new.db", create=True).close()
    assert everything(tmp_path / "new.db")[1] == tables  # as if made today
    with Store.open(path) as store:  # and a second time, nothing is left to do
        assert store.connection.execute("SELECT share FROM received").fetchone()[0] == "A"


def test_what_a_run_sealed_is_known_document_by_document_after_it(path, monkeypatch):
    """What was one digest of a row stays that of its document; rows of a group had another."""
    whole = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", whole[:5])
    with Store.open(path, create=True) as store, store.transaction() as connection:
        connection.execute(SHARE, ("A",))
        connection.execute("INSERT INTO run VALUES ('lundi', 'aa', '2026', 0)")
        row = ("lundi", b"id", b"slot", b"content", 2, "fr", 0, "A")
        connection.execute("INSERT INTO run_row VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    monkeypatch.setattr(schema, "MIGRATIONS", whole)
    with Store.open(path) as store:
        found = store.connection.execute("SELECT content, reference FROM run_document").fetchall()
        assert [tuple(each) for each in found] == [(b"content", "A")]
        (kept,) = store.connection.execute("SELECT run, number, reference FROM run_row")
        assert tuple(kept) == ("lundi", 2, "A")
        with store.transaction() as connection:
            connection.execute("DELETE FROM share")
        assert not store.connection.execute("SELECT * FROM run_document").fetchall()


def test_a_migration_that_fails_leaves_the_former_version(path, monkeypatch):
    version_1(path)
    before = everything(path)
    broken = (*schema.MIGRATIONS[:1], ("CREATE TABLE one (a TEXT)", "nonsense"))
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", broken)
        with pytest.raises(RegisterUnwritable):
            Store.open(path)
    assert everything(path) == before
    Store.open(path).close()


def test_what_was_received_stays_when_its_share_goes(path):
    with Store.open(path, create=True) as store:
        with store.transaction() as connection:
            connection.execute(SHARE, ("A",))
            connection.execute(
                "INSERT INTO received VALUES ('R', 'received', '2026', 'ab', 1, 1, 'A', 'f', NULL)"
            )
        with store.transaction() as connection:
            connection.execute("DELETE FROM share")
        assert store.connection.execute("SELECT share FROM received").fetchone()[0] is None
