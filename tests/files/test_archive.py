"""Protects several documents in one file: readable everywhere, and harmless when hostile."""

from __future__ import annotations

import io
import os
import random
import struct
import subprocess
import tracemalloc
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path

import pytest

from secshare import profiles
from secshare.errors import FileDamaged, InputUnreadable, SecshareError, WorkRefused
from secshare.files import open_source
from secshare.files.archive import (
    ArchiveSource,
    answered,
    is_archive,
    is_ours,
    layout,
    mark,
    read_archive,
    reader,
)
from tests.tools import need


def archived(*paths: Path) -> bytes:
    with ExitStack() as stack:
        source = ArchiveSource([stack.enter_context(open_source(path)) for path in paths])
        data = io.BufferedReader(source, 1000).read()
        assert len(data) == source.size
        return data


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def contents(data: bytes) -> dict[str, bytes]:
    return {member.name: member.open().read() for member in read_archive(io.BytesIO(data))}


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, content in members:
                archive.writestr(zipfile.ZipInfo(name), content, method)
        return file.getvalue()


@pytest.fixture
def documents(tmp_path: Path) -> list[Path]:
    return [
        written(tmp_path, "Compte rendu é.pdf", os.urandom(100_000)),
        written(tmp_path, "analyses.csv", b"a;b\n" * 10_000),
        written(tmp_path, "one", b"1"),
    ]


def test_what_goes_in_comes_out(documents: list[Path]) -> None:
    data = archived(*documents)
    expected = {path.name: path.read_bytes() for path in documents}
    assert contents(data) == expected
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == expected
    assert is_archive(io.BytesIO(data))
    assert is_ours(io.BytesIO(data))


def test_other_programs_read_it_too(tmp_path: Path, documents: list[Path]) -> None:
    path = written(tmp_path, "a.zip", archived(*documents))
    subprocess.run([need("7z"), "t", str(path)], check=True, capture_output=True)
    subprocess.run(
        [need("7z"), "x", f"-o{tmp_path / 'out'}", str(path)], check=True, capture_output=True
    )
    for document in documents:
        assert (tmp_path / "out" / document.name).read_bytes() == document.read_bytes()


def test_sizes_and_crc_stand_before_the_content(documents: list[Path]) -> None:
    data = archived(documents[2])
    mark, _, flags, method, _, _, crc, packed, size, *_ = layout.LOCAL.unpack_from(data)
    assert (mark, method, crc, packed, size) == (b"PK\x03\x04", 0, zlib.crc32(b"1"), 1, 1)
    assert not flags & 0x8, "a data descriptor, which Java's ZipInputStream refuses"


def test_the_same_documents_are_the_same_bytes_whenever_they_were_saved(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", b"content")
    before = archived(path)
    os.utime(path, (1, 1))
    assert archived(path) == before


def test_names_are_made_safe_and_distinct_going_in(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    paths = [
        written(tmp_path, "a.pdf", b"1"),
        written(tmp_path / "other", "A.pdf", b"2"),
        written(tmp_path, "-x\u202e\n.pdf", b"3"),
    ]
    assert contents(archived(*paths)) == {"a.pdf": b"1", "A (2).pdf": b"2", "_x.pdf": b"3"}


def test_a_document_that_changes_is_caught_before_and_while_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a.pdf", bytes(3 << 20))
    with open_source(path) as source:
        os.truncate(path, 10)
        with pytest.raises(InputUnreadable):
            ArchiveSource([source])
    path.write_bytes(bytes(3 << 20))
    with open_source(path) as source:
        archive = ArchiveSource([source])
        status = path.stat()
        with path.open("r+b") as file:
            file.seek(2 << 20)
            file.write(b"changed")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        with pytest.raises(InputUnreadable) as caught:
            archive.read()
    assert caught.value.key == "files.changed"


def test_too_many_documents_are_refused_going_in(tmp_path: Path) -> None:
    path = written(tmp_path, "a", b"1")
    with open_source(path) as source, pytest.raises(WorkRefused):
        ArchiveSource([source] * (profiles.ARCHIVE_DOCUMENTS + 1))


def test_memory_does_not_grow_with_the_documents(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    tracemalloc.start()
    with open_source(path) as source:
        archive = ArchiveSource([source])
        buffer = bytearray(1 << 20)
        while archive.readinto(buffer):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


class Holed(io.RawIOBase):
    """A huge file of zeros that holds a few bytes here and there."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.pieces: list[tuple[int, bytes]] = []
        self.at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = offset + {io.SEEK_END: self.size, io.SEEK_CUR: self.at}.get(whence, 0)
        return self.at

    def readinto(self, buffer: memoryview) -> int:
        count = min(len(buffer), max(0, self.size - self.at))
        buffer[:count] = bytes(count)
        for start, piece in self.pieces:
            low, high = max(start, self.at), min(start + len(piece), self.at + count)
            if low < high:
                buffer[low - self.at : high - self.at] = piece[low - start : high - start]
        self.at += count
        return count


def test_beyond_four_gigabytes_the_archive_follows_zip64(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate((4 << 30) + 5)
    small = written(tmp_path, "small", b"after")
    monkeypatch.setattr("secshare.files.archive.writer._crc", lambda source: 0)
    with open_source(large) as first, open_source(small) as second:
        archive = ArchiveSource([first, second])
        one, two = archive._entries
        from secshare.files.archive.writer import _local

        holed = Holed(archive.size)
        holed.pieces = [
            (0, _local(one)),
            (two.offset, _local(two) + b"after"),
            (archive._directory, archive._tail),
        ]
    with zipfile.ZipFile(io.BufferedReader(holed)) as other:
        assert [(i.filename, i.file_size) for i in other.infolist()] == [
            ("large", (4 << 30) + 5),
            ("small", 5),
        ]
        with pytest.raises(zipfile.BadZipFile, match="CRC"):  # the CRC was not computed
            other.read("small")
    members = read_archive(holed)  # type: ignore[arg-type]
    assert [(m.name, m.size) for m in members] == [("large", (4 << 30) + 5), ("small", 5)]
    assert members[0].open().read(10) == bytes(10)


def test_archives_of_other_programs_are_read(tmp_path: Path) -> None:
    files = [("a.txt", b"a" * 5000), ("b/c.txt", b"\0\1\2" * 1000), ("empty.txt", b"")]
    expected = {"a.txt": files[0][1], "c.txt": files[1][1], "empty.txt": b""}
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert contents(zipped(*files, ("b/", b""), method=method)) == expected
    assert contents(zipped()) == {}
    for name, content in expected.items():
        written(tmp_path, name, content)
    path = tmp_path / "z.zip"
    subprocess.run(
        [need("7z"), "a", "-tzip", str(path), *(str(tmp_path / n) for n in expected)],
        check=True,
        capture_output=True,
    )
    assert contents(path.read_bytes()) == expected
    assert not is_ours(io.BytesIO(path.read_bytes()))


def test_an_archive_with_data_descriptors_and_a_comment_is_read() -> None:
    class Stream(io.RawIOBase):
        data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:
            self.data += bytes(data)
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        archive.writestr("a.txt", b"a" * 5000)
        archive.comment = b"PK\x05\x06 looks like an end"
    assert contents(stream.data) == {"a.txt": b"a" * 5000}


def test_hostile_names_stay_in_the_folder() -> None:
    names = ["../../etc/passwd", "/etc/passwd", "C:\\x\\passwd", "..", "\x1b[2J", "a\u202efdp.exe"]
    found = contents(zipped(*((name, b"x") for name in names)))
    assert sorted(found) == sorted(
        ["passwd", "passwd (2)", "passwd (3)", "document", "[2J", "afdp.exe"]
    )


def test_a_bomb_is_refused_before_anything_is_unpacked() -> None:
    with pytest.raises(WorkRefused) as caught:
        read_archive(io.BytesIO(zipped(("bomb", bytes(5 << 20)))))
    assert caught.value.key == "files.archive_bomb"


def test_documents_that_lie_on_each_other_are_refused() -> None:
    data = zipped(("a.txt", os.urandom(5000)))
    start = data.index(b"PK\x01\x02")
    entry, end = data[start : data.index(b"PK\x05\x06")], bytearray(data[-22:])
    struct.pack_into("<HHL", end, 8, 2, 2, 2 * len(entry))
    with pytest.raises(WorkRefused):
        read_archive(io.BytesIO(data[:start] + entry * 2 + end))


def test_a_total_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(*((f"{n}", b"abcd" * 200_000) for n in range(20)))
    assert len(read_archive(io.BytesIO(data))) == 20
    monkeypatch.setattr(reader, "ARCHIVE_BYTES", 10 << 20)
    with pytest.raises(WorkRefused):
        read_archive(io.BytesIO(data))
    stored = zipped(*((f"{n}", b"abcd" * 200_000) for n in range(20)), method=zipfile.ZIP_STORED)
    assert len(read_archive(io.BytesIO(stored))) == 20, "as large as what was received: no bomb"


def test_too_many_documents_and_too_large_a_directory_are_refused() -> None:
    with pytest.raises(WorkRefused):
        read_archive(io.BytesIO(zipped(*((f"{n}", b"") for n in range(1001)))))
    data = bytearray(zipped(("a", b"")))
    struct.pack_into("<L", data, len(data) - 10, 0x7FFFFFFF)
    with pytest.raises(WorkRefused):
        read_archive(io.BytesIO(data))


def test_a_document_larger_or_smaller_than_it_claims_is_damage() -> None:
    for claimed in (4999, 5001):
        data = bytearray(zipped(("a.txt", b"a" * 5000)))
        struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 24, claimed)
        with pytest.raises(FileDamaged):
            contents(bytes(data))


def test_kinds_that_are_not_accepted_are_named(tmp_path: Path) -> None:
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(InputUnreadable) as caught:
            read_archive(io.BytesIO(zipped(("a", b"a" * 1000), method=method)))
        assert caught.value.key == "files.archive_kind"
    path, clear = tmp_path / "z.zip", written(tmp_path, "a.txt", b"a" * 100)
    subprocess.run(
        [need("7z"), "a", "-tzip", "-psecret", str(path), str(clear)],
        check=True,
        capture_output=True,
    )
    with pytest.raises(InputUnreadable):
        read_archive(io.BytesIO(path.read_bytes()))


@pytest.mark.parametrize("seed", range(300))
def test_damage_is_damage_and_never_another_content(documents: list[Path], seed: int) -> None:
    chance = random.Random(seed)
    members = [(path.name, path.read_bytes()[:3000]) for path in documents]
    data = bytearray(zipped(*members))
    if seed % 3 == 0:
        del data[chance.randrange(len(data)) :]
    else:
        for _ in range(1 + seed % 4):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    try:
        found = contents(bytes(data))
    except SecshareError as error:
        assert error.key.startswith("files.archive")
    else:
        assert set(found.values()) <= {content for _, content in members}


@pytest.mark.parametrize(
    ("comment", "reference"),
    [
        (b"secshare documents", None),
        (b"secshare answer", ""),
        (b"secshare answer K7Q2-M9PX-8", "K7Q2-M9PX-8"),
    ],
)
def test_what_an_archive_says_that_it_is_is_read_to_the_letter(
    comment: bytes, reference: str | None
) -> None:
    def with_comment(comment: bytes, members: dict[str, bytes]) -> io.BytesIO:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
            archive.comment = comment
        return packed

    ours = with_comment(comment, {"a.txt": b"a"})
    assert mark(ours) == comment.decode()
    assert answered(mark(ours)) == reference
    assert is_ours(ours)
    others = [comment[:-1], comment + b" ", comment.upper(), comment + b"\0", comment + comment]
    for other in others:
        stranger = with_comment(other, {"a.txt": b"a"})
        assert mark(stranger) is None
        assert not is_ours(stranger)
    # A mark that stands anywhere but at the very end says nothing.
    assert mark(with_comment(b"", {"a.txt": b"PK\5\6" + bytes(18) + comment})) is None
    assert mark(io.BytesIO(ours.getvalue() + b"\n")) is None
    assert mark(io.BytesIO(b"PK\3\4")) is None
    assert answered(None) is None
