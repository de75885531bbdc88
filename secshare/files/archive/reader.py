"""Reading a ZIP that came from outside: hostile names, bombs, overlaps, damage.

Our own reader, and not the standard library's: that one keeps a directory of any size in memory,
reads formats with unbounded windows, and (before 3.11.8) files that lie on top of each other.
"""

from __future__ import annotations

import io
from typing import BinaryIO, Final

from secshare.errors import InputUnreadable, WorkRefused
from secshare.files.archive import layout
from secshare.files.archive.members import Member, damaged, exactly
from secshare.files.names import safe_name, unique_name
from secshare.profiles import ARCHIVE_BYTES, ARCHIVE_DOCUMENTS, ARCHIVE_RATIO

# Names, extra fields and comments of 1,000 documents: 4 KiB each is ten times what is usual.
_DIRECTORY_BYTES: Final = ARCHIVE_DOCUMENTS * 4096
_SMALL: Final = 1 << 20  # no bomb: below this no ratio counts


def is_archive(file: BinaryIO) -> bool:
    """Return whether the file begins like a ZIP (a DOCX or an ODT does too)."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size >= 4 and exactly(file, 4, "start") in {layout.LOCAL_MARK, layout.END_MARK}


def is_ours(file: BinaryIO) -> bool:
    """Return whether the file ends like an archive that `ArchiveSource` or the page made."""
    return mark(file) is not None


def answered(written: str | None) -> str | None:
    """Return the reference that a mark names, as it stands there.

    Empty for an answer that names none, None for what is no answer. Anybody can write it.
    """
    answer = layout.ANSWER.decode()
    if written is None or not written.startswith(answer):
        return None
    return written.removeprefix(answer).strip()


def mark(file: BinaryIO) -> str | None:
    """Return what one of our archives ends with: what it says that it is.

    `secshare documents`, `secshare answer` or `secshare answer K7Q2-M9PX-8`; None for any other
    file.
    """
    if not is_archive(file):
        return None
    size = file.seek(0, io.SEEK_END)
    length = min(size, layout.END.size + layout.MARK_BYTES)
    file.seek(size - length)
    tail = exactly(file, length, "end")
    at = tail.rfind(layout.END_MARK)
    comment = tail[at + layout.END.size :]
    return comment.decode() if at >= 0 and layout.MARKS.fullmatch(comment) else None


def read_archive(file: BinaryIO) -> list[Member]:
    """Return the documents of a seekable ZIP file, folders left out, in their order.

    Only the directory is read here. Checked: at most `profiles.ARCHIVE_DOCUMENTS` documents, none
    unpacking to more than `ARCHIVE_RATIO` times its packed size, together at most `ARCHIVE_BYTES`
    or the size of the archive itself, none lying on another.

    Raises:
        FileDamaged: not a ZIP, or one whose records do not agree.
        InputUnreadable: encrypted, in several volumes, or packed in a way that is not accepted.
        WorkRefused: one of the limits.
    """
    size = file.seek(0, io.SEEK_END)
    start, length, count = _find_directory(file, size)
    if count > ARCHIVE_DOCUMENTS or length > _DIRECTORY_BYTES:
        raise WorkRefused("files.archive_documents", limit=ARCHIVE_DOCUMENTS)
    if start + length > size:
        raise damaged("directory")
    file.seek(start)
    directory = exactly(file, length, "directory")
    found: list[Member] = []
    taken: set[str] = set()
    at = 0
    for number in range(1, count + 1):
        at, member = _member(file, directory, at, number, taken)
        if member is not None:
            found.append(member)
    _check_room(found, start, size)
    return found


def _find_directory(file: BinaryIO, size: int) -> tuple[int, int, int]:
    """Return where the directory is, its length, and how many entries it has."""
    tail_start = max(0, size - layout.END.size - layout.FULL16 - layout.LOCATOR64.size)
    file.seek(tail_start)
    tail = exactly(file, size - tail_start, "end")
    at = tail.rfind(layout.END_MARK)
    while at >= 0:  # a comment may hold the mark: the true one is followed by its comment's length
        if len(tail) - at >= layout.END.size:
            _, disk, first_disk, here, count, length, start, comment = layout.END.unpack_from(
                tail, at
            )
            if at + layout.END.size + comment == len(tail):
                break
        at = tail.rfind(layout.END_MARK, 0, at)
    else:
        raise damaged("end")
    if disk or first_disk or here != count:
        raise _refused("volumes")
    before = at - layout.LOCATOR64.size
    if before >= 0 and tail.startswith(layout.LOCATOR64_MARK, before):
        _, _, where, _ = layout.LOCATOR64.unpack_from(tail, before)
        if where + layout.END64.size > size:
            raise damaged("end")
        file.seek(where)
        record = exactly(file, layout.END64.size, "end")
        mark, _, _, _, disk, first_disk, here, count, length, start = layout.END64.unpack(record)
        if mark != layout.END64_MARK:
            raise damaged("end")
        if disk or first_disk or here != count:
            raise _refused("volumes")
    return start, length, count


def _member(
    file: BinaryIO, directory: bytes, at: int, number: int, taken: set[str]
) -> tuple[int, Member | None]:
    """Read one entry; return where the next one starts, and None for a folder."""
    if at + layout.CENTRAL.size > len(directory):
        raise damaged(number)
    record = layout.CENTRAL.unpack_from(directory, at)
    mark, _, _, flags, method, _, _, crc, packed, size, names, extras, comment, *_, offset = record
    name_at = at + layout.CENTRAL.size
    extra_at, following = name_at + names, name_at + names + extras + comment
    if mark != layout.CENTRAL_MARK or following > len(directory):
        raise damaged(number)
    name = _decoded(directory[name_at:extra_at], flags)
    size, packed, offset = _widened(
        directory[extra_at : extra_at + extras], [size, packed, offset], number
    )
    if name.endswith(("/", "\\")):
        return following, None
    if flags & layout.ENCRYPTED or method not in {layout.STORED, layout.DEFLATED}:
        raise _refused(number)
    if method == layout.STORED and size != packed:
        raise damaged(number)
    if size > max(packed * ARCHIVE_RATIO, _SMALL):
        raise WorkRefused("files.archive_bomb", place=number)
    start = _content_start(file, offset, number)
    safe = unique_name(safe_name(name), taken)
    return following, Member(safe, size, file, packed, method, crc, start)


def _content_start(file: BinaryIO, offset: int, number: int) -> int:
    file.seek(offset)
    mark, *_, names, extras = layout.LOCAL.unpack(exactly(file, layout.LOCAL.size, number))
    if mark != layout.LOCAL_MARK:
        raise damaged(number)
    return offset + layout.LOCAL.size + int(names) + int(extras)


def _decoded(name: bytes, flags: int) -> str:
    if flags & layout.NAMES_UTF8:
        return name.decode("utf-8", "replace")
    try:  # many programs write UTF-8 and forget to say so
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp437")  # APPNOTE D.1


def _widened(extra: bytes, values: list[int], number: int) -> list[int]:
    """Replace the values that are too large for 32 bits by those of the ZIP64 extra field."""
    if layout.FULL32 not in values:
        return values
    at = 0
    while at + 4 <= len(extra):
        kind = int.from_bytes(extra[at : at + 2], "little")
        length = int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == layout.EXTRA64:
            wide = extra[at + 4 : at + 4 + length]
            for index, value in enumerate(values):
                if value == layout.FULL32 and len(wide) >= 8:
                    values[index], wide = int.from_bytes(wide[:8], "little"), wide[8:]
            return values
        at += 4 + length
    raise damaged(number)


def _check_room(members: list[Member], directory: int, size: int) -> None:
    if sum(member.size for member in members) > max(ARCHIVE_BYTES, size):
        raise WorkRefused("files.archive_bomb", place=len(members))
    end = 0
    ordered = sorted(enumerate(members, 1), key=lambda item: item[1]._start)
    for number, member in ordered:
        # A content that begins before the last one ended would be unpacked many times over.
        if member._start < end:
            raise WorkRefused("files.archive_bomb", place=number)
        end = member._start + member._packed
    if end > directory:
        raise damaged("directory")


def _refused(place: object) -> InputUnreadable:
    return InputUnreadable("files.archive_kind", place=place)
