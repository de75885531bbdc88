"""A reading process may hang, grow, die or lie: the command survives, and the next is read."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from secshare import profiles
from secshare.errors import ExtraMissing, InputUnreadable
from secshare.files import Source, open_source
from secshare.model import Place
from secshare.preflight import checker as module
from secshare.preflight.checker import Checker
from secshare.preflight.content import Unread, Why
from tests.preflight.pdfs import laughing, simple
from tests.preflight.reading import facts_of, linux, peak, process, whys
from tests.tools import ROOT


@pytest.fixture(scope="module")
def shared():
    with Checker() as checker:
        yield checker


@pytest.fixture
def checker():
    with Checker() as checker:
        yield checker


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def zombies() -> list[str]:
    """Return the children of this process that ended and were not waited for.

    Another test's browser may be one: what counts is that none comes on top.
    """
    states = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if words[1] == str(os.getpid()) and words[0] == "Z":
                states.append(entry.name)
    return states


def test_a_document_is_read_and_its_digest_is_that_of_its_bytes(shared, tmp_path):
    data = simple("compte rendu")
    facts = facts_of(shared, tmp_path / "a.pdf", data)
    assert (Place("a.pdf", page=1), "compte rendu") in facts.texts
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.file == "a.pdf"
    assert not facts.unread


def test_one_process_reads_many_documents(shared, tmp_path):
    facts_of(shared, tmp_path / "a.txt", b"one")
    first = process(shared)
    facts_of(shared, tmp_path / "b.txt", b"two")
    assert process(shared) == first


def test_it_does_not_matter_where_the_descriptor_stands(shared, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"compte rendu")
    with open_source(tmp_path / "a.txt") as source:
        source.file.seek(5)
        first = shared.facts(source)
        assert source.file.seekable()
        assert shared.facts(source) == first
        source.file.seek(0)
        assert source.file.read() == b"compte rendu"


def test_a_name_that_is_no_text_is_read_under_it(shared, tmp_path):
    name = os.fsdecode(b"r\xe9sultat.txt")
    try:
        (tmp_path / name).write_bytes(b"text")
    except OSError:
        pytest.skip("this file system takes text only")
    assert facts_of(shared, tmp_path / name).file == name


def test_nothing_of_the_environment_reaches_the_process_but_what_python_needs(
    checker, tmp_path, monkeypatch
):
    monkeypatch.setenv("SECSHARE_PRACTICE", "/secret/place")
    monkeypatch.setenv("SOME_TOKEN", "1234")
    facts_of(checker, tmp_path / "a.txt", b"text")
    if sys.platform.startswith("linux"):
        environ = Path(f"/proc/{process(checker)}/environ").read_bytes()
        assert b"secret" not in environ
        assert b"TOKEN" not in environ


def test_a_document_too_large_is_not_read(checker, tmp_path, monkeypatch):
    monkeypatch.setattr(profiles, "PREFLIGHT_BYTES", 1000)
    facts = facts_of(checker, tmp_path / "a.txt", b"x" * 1001)
    assert facts.unread == (Unread(Why.TOO_LARGE, Place("a.txt")),)
    assert facts.sha256 is None
    assert process(checker) is None


class Changing(io.FileIO):
    """A file that somebody writes to when it is read."""

    def __init__(self, source: Source, mode: str) -> None:
        super().__init__(source.file.fileno(), closefd=False)
        self._path, self._mode = source.path, mode

    def read(self, size: int = -1) -> bytes:
        with self._path.open(self._mode) as file:
            file.write(b"" if self._mode == "wb" else b"more")
        return super().read(size)


@pytest.mark.parametrize("mode", ["ab", "wb"], ids=["grows", "is emptied"])
def test_a_file_that_changes_while_it_is_read_is_refused(shared, tmp_path, mode):
    path = tmp_path / "a.txt"
    path.write_bytes(b"text")
    with open_source(path) as source:
        source.file = Changing(source, mode)
        with pytest.raises(InputUnreadable):
            shared.facts(source)
    assert not facts_of(shared, tmp_path / "b.txt", b"the next").unread


def test_another_file_put_in_its_place_is_noticed(shared, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"text")
    (tmp_path / "b.txt").write_bytes(b"other")
    with open_source(tmp_path / "a.txt") as source:
        os.replace(tmp_path / "b.txt", tmp_path / "a.txt")
        with pytest.raises(InputUnreadable):
            shared.facts(source)


def test_a_document_that_takes_too_long_ends_with_its_process(checker, tmp_path, monkeypatch):
    facts_of(checker, tmp_path / "a.pdf", simple("first"))
    before = process(checker)
    monkeypatch.setattr(profiles, "PREFLIGHT_SECONDS", 0.3)
    data = laughing(8, 10)
    start = time.monotonic()
    facts = facts_of(checker, tmp_path / "b.pdf", data)
    assert whys(facts) == [Why.TOO_LONG]
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert time.monotonic() - start < 5
    monkeypatch.undo()
    assert not facts_of(checker, tmp_path / "c.pdf", simple("next")).unread
    assert process(checker) not in {None, before}


@linux
def test_a_process_that_dies_while_it_reads_is_replaced(checker, tmp_path):
    facts_of(checker, tmp_path / "a.pdf", simple("first"))
    killed = []

    def kill():
        while len(killed) < 2:  # the second try as well
            pid = process(checker)
            busy = pid and pid not in killed and b"R" in Path(f"/proc/{pid}/stat").read_bytes()
            if busy and checker._reader.documents and peak(checker) > 45_000_000:
                os.kill(pid, signal.SIGSEGV)
                killed.append(pid)
            time.sleep(0.01)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    facts = facts_of(checker, tmp_path / "b.pdf", laughing(8, 10))
    assert whys(facts) == [Why.CRASHED]
    assert killed
    killed += [0, 0]
    killer.join()
    assert not facts_of(checker, tmp_path / "c.pdf", simple("next")).unread


def test_a_process_that_somebody_ended_between_two_documents_is_replaced(checker, tmp_path):
    facts_of(checker, tmp_path / "a.txt", b"first")
    checker._reader._process.kill()
    checker._reader._process.wait()
    assert not facts_of(checker, tmp_path / "b.txt", b"second").unread


def test_what_an_earlier_document_left_behind_does_not_take_the_next_with_it(checker, tmp_path):
    """A process that is stopped, then killed, once the next document is on its way."""
    facts_of(checker, tmp_path / "a.txt", b"first")
    pid = process(checker)
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.2, os.kill, (pid, signal.SIGKILL)).start()
    facts = facts_of(checker, tmp_path / "b.txt", b"second")
    assert not facts.unread
    assert process(checker) != pid


WORKER = """
import sys
from secshare.preflight import wire
questions, answers = sys.stdin.buffer, sys.stdout.buffer
wire.asked(questions)
"""


@pytest.mark.parametrize(
    "lie",
    [
        "",
        "answers.write(b'no answer at all, but a text of some length')",
        "answers.write(bytes(8)); answers.flush()",
        "answers.write(b'\\xff' * 8); answers.flush(); questions.read()",
        "answers.write(b'\\0\\0\\0\\4\\0\\0\\0\\0null'); answers.flush(); questions.read()",
        "answers.write(b'\\0\\0\\0\\7'); answers.flush(); raise SystemExit(3)",
    ],
    ids=["silence", "text", "nothing", "sizes", "null", "half"],
)
def test_a_process_that_answers_anything_else_is_not_believed(lie, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_COMMAND", ("-c", WORKER + lie))
    with Checker() as checker:
        facts = facts_of(checker, tmp_path / "a.txt", b"text")
        assert whys(facts) == [Why.CRASHED]
        assert process(checker) is None


def test_what_a_library_prints_is_not_in_the_answer(checker, tmp_path, monkeypatch):
    talk = "import os; os.write(1, b'printed'); print('printed'); os.write(2, b'printed');"
    start = "from secshare.files import processes; from secshare.preflight import worker;"
    talking = f"{start} a = processes.pipes(); {talk} worker._serve(*a)"
    monkeypatch.setattr(module, "_COMMAND", ("-c", talking))
    assert not facts_of(checker, tmp_path / "a.txt", b"text").unread


@linux
def test_nothing_is_left_of_a_checker(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"text")
    before, others = descriptors(), set(zombies())
    for _ in range(3):
        with Checker() as checker:
            checker.start()
            facts_of(checker, tmp_path / "a.txt")
            pid = process(checker)
        assert not Path(f"/proc/{pid}").exists()
    assert descriptors() == before
    assert set(zombies()) <= others


@linux
def test_nothing_is_left_of_a_process_that_died_either(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_COMMAND", ("-c", "raise SystemExit(1)"))
    before, others = descriptors(), set(zombies())
    for _ in range(3):
        with Checker() as checker:
            assert whys(facts_of(checker, tmp_path / "a.txt", b"text")) == [Why.CRASHED]
    assert descriptors() == before
    assert set(zombies()) <= others


@linux
def test_ctrl_c_while_a_document_is_read_leaves_no_process(tmp_path):
    (tmp_path / "a.pdf").write_bytes(laughing(8, 10))
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from secshare.files import open_source\n"
        "from secshare.preflight.checker import Checker\n"
        "with Checker() as checker, open_source(Path(sys.argv[1])) as source:\n"
        "    checker.start()\n"
        "    print(checker._reader._process.pid, flush=True)\n"
        "    try:\n"
        "        checker.facts(source)\n"
        "    except KeyboardInterrupt:\n"
        "        raise SystemExit(130 if not checker._reader.alive else 1) from None\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "a.pdf")],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with parent:
        pid = int(parent.stdout.readline())
        time.sleep(0.6)
        os.killpg(parent.pid, signal.SIGINT)  # as a terminal sends it: to both
        assert parent.wait(10) == 130
    assert not Path(f"/proc/{pid}").exists()


@linux
def test_a_process_whose_parent_was_killed_ends_too(tmp_path):
    code = (
        "from secshare.preflight.checker import Checker\n"
        "import time\n"
        "checker = Checker()\n"
        "checker.start()\n"
        "print(checker._reader._process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the process is still there")


def test_a_process_is_replaced_after_many_documents(checker, tmp_path, monkeypatch):
    monkeypatch.setattr(profiles, "PREFLIGHT_DOCUMENTS", 2)
    seen = []
    for number in range(4):
        facts_of(checker, tmp_path / f"{number}.txt", b"text")
        seen.append(checker._reader._process.pid)
    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_a_library_that_is_missing_is_named_before_anything_is_started(checker, monkeypatch):
    monkeypatch.setattr(module, "_LIBRARIES", ("no_such_library",))
    with pytest.raises(ExtraMissing):
        checker.start()
    assert process(checker) is None


def test_the_process_runs_the_package_that_asks_it(tmp_path: Path) -> None:
    """A copy that a fresh interpreter finds first is not taken for ours."""
    other = tmp_path / "elsewhere"
    (other / "secshare").mkdir(parents=True)
    (other / "secshare" / "__init__.py").write_text("raise SystemExit(1)\n")
    (tmp_path / "note.txt").write_text("Patient : Jeanne EXEMPLE")
    code = (
        "import sys; from pathlib import Path\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from secshare.files import open_source\n"
        "from secshare.preflight import Checker\n"
        "with Checker() as checker, open_source(Path('note.txt')) as source:\n"
        "    assert not checker.facts(source, region='FR').unread\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(other)}
    subprocess.run([sys.executable, "-c", code], env=environ, cwd=tmp_path, check=True)
