"""Several documents in one file: a stored ZIP written as a stream, a hostile ZIP read safely."""

from secshare.files.archive.reader import Member, is_archive, is_ours, read_archive
from secshare.files.archive.writer import ArchiveSource

__all__ = ["ArchiveSource", "Member", "is_archive", "is_ours", "read_archive"]
