"""Protects what a batch notes for a while: from other people, and from staying."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from secshare.errors import OutputRefused, RegisterUnwritable
from secshare.store.spool import Spool

KILLED = """
import sys, time
from pathlib import Path
from secshare.store.spool import Spool
with Spool.create(Path(sys.argv[1])) as spool:
    with spool.together() as connection:
        connection.execute("CREATE TABLE note (text TEXT)")
        connection.execute("INSERT INTO note VALUES ('Jeanne Exemple')")
    print("there", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "private"
    made.mkdir(mode=0o700)
    return made


def filled(spool, count=1_000):
    with spool.together() as connection:
        connection.execute("CREATE TABLE note (number INTEGER PRIMARY KEY, text TEXT)")
        connection.executemany(
            "INSERT INTO note VALUES (?, ?)", ((n, f"row {n}") for n in range(count))
        )


def test_nothing_of_it_is_left_at_the_end(folder):
    with Spool.create(folder) as spool:
        filled(spool)
        assert spool.path.exists()
    assert list(folder.iterdir()) == []


def test_nothing_of_it_is_left_when_the_batch_fails(folder):
    with pytest.raises(ZeroDivisionError), Spool.create(folder) as spool:
        filled(spool)
        raise ZeroDivisionError
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists in the place of modes")
def test_nobody_else_may_read_it(folder):
    before = os.umask(0)
    try:
        with Spool.create(folder) as spool:
            filled(spool)
            assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
            assert stat.S_IMODE(spool.path.parent.stat().st_mode) == 0o700
            assert [each.name for each in spool.path.parent.iterdir()] == [spool.path.name]
    finally:
        os.umask(before)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_what_a_killed_batch_left_goes_with_the_next_and_what_a_living_one_has_stays(folder):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, folder], stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout.readline() == "there\n"
        (left,) = folder.iterdir()
        with Spool.create(folder):
            assert left.exists()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert left.exists()
    with Spool.create(folder) as spool:
        assert not left.exists()
        assert list(folder.iterdir()) == [spool.path.parent]
    assert list(folder.iterdir()) == []


def test_many_read_it_at_once_and_none_may_write(folder):
    def read(path, number):
        with Spool.read(path) as spool:
            row = spool.connection.execute("SELECT text FROM note WHERE number = ?", (number,))
            return row.fetchone()["text"]

    with Spool.create(folder) as spool:
        filled(spool)
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda number: read(spool.path, number), range(200)))
        assert found == [f"row {number}" for number in range(200)]
        with Spool.read(spool.path) as other, pytest.raises(RegisterUnwritable):
            other.connection.execute("DELETE FROM note")


def test_one_that_is_gone_is_said_in_our_words(folder):
    with Spool.create(folder) as spool:
        path = spool.path
    with pytest.raises(RegisterUnwritable), Spool.read(path):
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(OutputRefused), Spool.create(tmp_path / "nowhere"):
        pass
