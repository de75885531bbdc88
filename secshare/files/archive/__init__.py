"""Several documents in one file: a stored ZIP written as a stream, a hostile ZIP read safely."""

from secshare.files.archive.members import Member
from secshare.files.archive.reader import (
    answered,
    is_archive,
    is_ours,
    mark,
    read_archive,
)
from secshare.files.archive.writer import ArchiveSource

__all__ = [
    "ArchiveSource",
    "Member",
    "answered",
    "is_archive",
    "is_ours",
    "mark",
    "read_archive",
]
