"""Reading documents in a process of their own, which may hang, grow or die without harm."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import secshare
from secshare import profiles
from secshare.errors import ExtraMissing, InputUnreadable
from secshare.files import processes, reading
from secshare.model import Place
from secshare.preflight import wire
from secshare.preflight.content import Unread, Why
from secshare.preflight.facts import Facts
from secshare.preflight.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from hashlib import _Hash as Digest
    from types import TracebackType
    from typing import Self

    from secshare.files import Source

__all__ = ["Checker"]

_CHUNK: Final = 1 << 20
_CLOSING: Final = 1.0  # seconds for a process that has nothing left to read
_MARGIN: Final = 5.0  # seconds after which it ends itself, should this process be gone
_COMMAND: Final = ("-P", "-X", "utf8", "-m", "secshare.preflight.worker")
_LIBRARIES: Final = ("pypdfium2", "pikepdf", "python_calamine", "stdnum", "phonenumbers")
# What Python needs to start and to find what is installed; Windows needs the first three.
_ENVIRONMENT: Final = (
    *("SYSTEMROOT", "WINDIR", "PATH", "APPDATA"),
    *("HOME", "PYTHONHOME", "PYTHONPATH", "PYTHONUSERBASE"),
)
# For the C library of GNU, and for no other: what one document was read in is kept for the next.
# Given back and asked for again, it comes as some 250 pages, each of which the system has to clear.
_ALLOCATION: Final = {
    "MALLOC_TRIM_THRESHOLD_": str(16 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(16 << 20),
    "MALLOC_TOP_PAD_": str(1 << 20),
    "MALLOC_ARENA_MAX": "1",  # another for each thread would take from the bound of memory
}


class Checker:
    """Reads documents, one at a time, in a process that it keeps warm and replaces when it dies.

    A document that is hostile or merely odd costs at most `profiles.PREFLIGHT_SECONDS` (and a
    little for each million bytes) and, where the system bounds it, `PREFLIGHT_MEMORY`. After
    a crash or an overrun the next document has a new process. It is for bugs and bombs, and its
    answers are checked; it is no sandbox: it has the rights of whoever runs the command, and one
    that a document took over could lie about those after it (docs/decisions/080).

    One for each thread or process; use it as a context manager.
    """

    def __init__(self) -> None:
        self._reader: _Reader | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the process now, so that it gets warm while something else is done.

        Raises:
            ExtraMissing: the libraries that read documents are not installed.
        """
        if self._reader is None or not self._reader.alive:
            self.close()
            for name in _LIBRARIES:
                if find_spec(name) is None:
                    raise ExtraMissing("cli.extra_missing", extra="practice")
            self._reader = _Reader()

    def close(self) -> None:
        """End the process. The next document starts another."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    def facts(self, source: Source, *, region: str = "FR") -> Facts:
        """Read a document through its descriptor, from its beginning, and say what is in it.

        What cannot be read (a scan, an encrypted or broken file, a bomb) is in `Facts.unread`:
        never an error, and never silence. `Facts.sha256` is that of the bytes that were looked at.

        Args:
            region: by which national telephone numbers are read.

        Raises:
            InputUnreadable: the file cannot be read, or changed meanwhile.
            ExtraMissing: the libraries that read documents are not installed.
        """
        if source.size > profiles.PREFLIGHT_BYTES:
            return Facts(source.name, unread=(Unread(Why.TOO_LARGE, Place(source.name)),))
        first = self._ready()
        used = first.documents > 0
        facts = self._asked(first, source, region)
        if used and any(one.why is Why.CRASHED for one in facts.unread):
            # It died of this document, or of what an earlier one had left in it.
            facts = self._asked(self._ready(), source, region)
        source.check_unchanged()
        return facts

    def _ready(self) -> _Reader:
        self.start()
        assert self._reader is not None  # noqa: S101  it was started
        return self._reader

    def _asked(self, reader: _Reader, source: Source, region: str) -> Facts:
        try:
            return reader.facts(source, region)
        except BaseException:  # Ctrl-C too: what it would answer next is to this question
            reader.kill()
            raise


def _environment() -> dict[str, str]:
    """Return what Python needs, and where the package stands that this process runs.

    Another copy of it, which the path of a fresh interpreter finds first, would answer otherwise.
    """
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    where = [str(Path(secshare.__file__).parents[1]), kept.get("PYTHONPATH", "")]
    return kept | _ALLOCATION | {"PYTHONPATH": os.pathsep.join(filter(None, where))}


class _Reader:
    """One process, and the pipes to it.

    Attributes:
        documents: how many it was asked about.
    """

    def __init__(self) -> None:
        self.documents = 0
        self._last = self._late = False
        self._watch = Watch(self._expire)
        self._process = subprocess.Popen(
            [sys.executable, *_COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback would show the document
            env=_environment(),
            creationflags=processes.NO_WINDOW,
        )
        assert self._process.stdin is not None  # noqa: S101  asked for
        assert self._process.stdout is not None  # noqa: S101  asked for
        self._questions: BinaryIO = self._process.stdin  # type: ignore[assignment]  # typeshed: IO
        processes.widen(self._questions, _CHUNK)
        self._answers: BinaryIO = self._process.stdout  # type: ignore[assignment]  # typeshed: IO

    @property
    def alive(self) -> bool:
        """Whether it can be asked about one more document."""
        used_up = self._last or self.documents >= profiles.PREFLIGHT_DOCUMENTS
        return not used_up and self._process.poll() is None

    def facts(self, source: Source, region: str) -> Facts:
        """Ask about one document; its process is ended when it does not answer, or wrongly."""
        self.documents += 1
        digest = hashlib.sha256()
        seconds = profiles.PREFLIGHT_SECONDS
        seconds += profiles.PREFLIGHT_SECONDS_PER_MB * source.size / 1_000_000
        self._watch.start(seconds)
        try:
            self._send(source, region, seconds, digest)
            facts, self._last = wire.told(self._answers, source.name)
        except (OSError, wire.Garbled):
            why = Why.TOO_LONG if self._late else Why.CRASHED
            facts = Facts(source.name, unread=(Unread(why, Place(source.name)),))
            self.kill()
        finally:
            self._watch.stop()
        if self._late:  # it answered at the last moment, and is dead by now
            self.kill()
        return replace(facts, sha256=digest.hexdigest())

    def kill(self) -> None:
        """End the process now, and leave nothing of it."""
        self._last = True
        self._process.kill()
        self._close(None)

    def close(self) -> None:
        """Let the process end, and leave nothing of it."""
        self._close(_CLOSING)

    def _expire(self) -> None:
        self._late = True
        self._process.kill()

    def _close(self, patience: float | None) -> None:
        self._watch.end()
        with suppress(OSError):  # half a question that nobody reads
            self._questions.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()

    def _send(self, source: Source, region: str, seconds: float, digest: Digest) -> None:
        """Send the document, once, while its digest is made: nothing else of it is ever looked at.

        Raises:
            InputUnreadable: it cannot be read, or is shorter than it was.
        """
        listening = True
        for piece in chain([b""], _pieces(source)):
            try:
                if listening and not piece:
                    wire.ask(self._questions, source.name, region, seconds + _MARGIN, source.size)
                elif listening:
                    self._questions.write(piece)
            except OSError:  # it died; the digest is made all the same
                listening = False
            digest.update(piece)  # while the process begins to read
        if not listening:
            raise BrokenPipeError
        self._questions.flush()


def _pieces(source: Source) -> Iterator[bytes]:
    left = source.size
    with reading(source.path):
        source.file.seek(0)
        while left:
            piece = source.file.read(min(left, _CHUNK))
            if not piece:
                raise InputUnreadable("files.changed", path=source.path)
            left -= len(piece)
            yield piece
