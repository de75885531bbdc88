"""Real files, read and written at a place by several threads at once."""

from __future__ import annotations

import io
import os
import stat
import sys
import threading
from typing import TYPE_CHECKING, Final

from secshare.age.intake import writing
from secshare.errors import InputUnreadable, OutputRefused

if TYPE_CHECKING:
    from typing import BinaryIO

_BUFFERED: Final = (io.BufferedReader, io.BufferedWriter, io.BufferedRandom)


class Place:
    """A regular file from its present position on; `offset` below counts from there.

    Attributes:
        start: that position.
        size: what the file holds from there, when it was looked at.
        locked: whether the platform lacks reads and writes at a place, as Windows does. A lock
            then stands in: the threads still seal and open at the same time.
    """

    locked = not (hasattr(os, "preadv") and hasattr(os, "pwrite"))

    def __init__(self, file: BinaryIO, raw: io.FileIO) -> None:
        self._file = file
        self._raw = raw
        self._descriptor = raw.fileno()
        self._lock = threading.Lock()
        self._raw_at = raw.tell()
        self.start = file.tell()
        self.size = max(os.fstat(self._descriptor).st_size - self.start, 0)

    def read(self, buffer: memoryview, offset: int) -> None:
        """Fill the whole buffer.

        Raises:
            InputUnreadable: the file became shorter, or cannot be read.
        """
        try:
            while buffer:
                if not (count := self._read(buffer, self.start + offset)):
                    raise InputUnreadable("age.source_changed")
                buffer, offset = buffer[count:], offset + count
        except OSError as error:
            raise InputUnreadable("age.read_failed", reason=error.strerror or "") from error

    def write(self, data: memoryview | bytes, offset: int) -> None:
        """Write all of `data`.

        Raises:
            OutputRefused: the disk is full, or cannot be written.
        """
        rest = memoryview(data)
        with writing():
            while rest:
                count = self._write(rest, self.start + offset)
                rest, offset = rest[count:], offset + count

    def check_size(self) -> None:
        """Check that the file is as long as it was.

        Raises:
            InputUnreadable: it is longer or shorter.
        """
        if os.fstat(self._descriptor).st_size - self.start != self.size:
            raise InputUnreadable("age.source_changed")

    def stand(self, offset: int) -> None:
        """Leave the file's position here, as reading or writing forwards would have."""
        with writing():
            self._raw.seek(self._raw_at)  # where the buffer around it believes it to be
            self._file.seek(self.start + offset)

    def cut(self, offset: int) -> None:
        """Leave nothing after this place, and stand there."""
        self.stand(offset)
        with writing():
            self._file.truncate()

    def _read(self, buffer: memoryview, at: int) -> int:
        if sys.platform != "win32" and not self.locked:
            return os.preadv(self._descriptor, [buffer], at)
        with self._lock:
            self._raw.seek(at)
            return self._raw.readinto(buffer) or 0

    def _write(self, data: memoryview, at: int) -> int:
        if sys.platform != "win32" and not self.locked:
            return os.pwrite(self._descriptor, data, at)
        with self._lock:
            self._raw.seek(at)
            return self._raw.write(data) or 0


def check_apart(source: object, sink: object) -> None:
    """Check that two files are not one, which writing would destroy before it is read.

    Raises:
        OutputRefused: they are one file.
    """
    raws = [raw for raw in (_raw(source), _raw(sink)) if raw is not None]
    statuses = [os.fstat(raw.fileno()) for raw in raws]
    regular = [status for status in statuses if stat.S_ISREG(status.st_mode)]
    if len(regular) == 2 and os.path.samestat(*regular):
        raise OutputRefused("age.same_file")


def places(source: BinaryIO, sink: BinaryIO) -> tuple[Place, Place] | None:
    """Return both ends where both are real files, and the sink has nothing after its position.

    Raises:
        OutputRefused: what the sink still held back cannot be written.
    """
    raw_source, raw_sink = _raw(source), _raw(sink)
    if raw_source is None or raw_sink is None:
        return None
    try:
        modes = [os.fstat(raw.fileno()).st_mode for raw in (raw_source, raw_sink)]
        if not all(stat.S_ISREG(mode) for mode in modes):
            return None
        with writing():
            sink.flush()
        ends = Place(source, raw_source), Place(sink, raw_sink)
    except OSError:  # a position that cannot be told
        return None
    from secshare.files.platform import appends  # costs the other files nothing

    if ends[1].size or "a" in raw_sink.mode or appends(raw_sink.fileno()):
        return None
    return ends


def _raw(file: object) -> io.FileIO | None:
    """Return the plain file beneath. Anything else may change what passes, as gzip's file does.

    A file whose reads are watched is read in order, by one thread.
    """
    from secshare.files.watched import WatchedFile
    from secshare.files.whole import WholeFile

    raw = file.raw if type(file) in _BUFFERED else file  # type: ignore[attr-defined]
    if not isinstance(raw, io.FileIO) or type(raw) not in {io.FileIO, WholeFile, WatchedFile}:
        return None
    if isinstance(raw, WatchedFile) and raw.watched:
        return None
    return None if raw.closed else raw
