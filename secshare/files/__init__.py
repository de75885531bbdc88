"""Files: read through one descriptor, write beside then rename, private folders, hostile names."""

from secshare.files.drives import drive_trouble
from secshare.files.folders import documents_folder, is_mail_temporary
from secshare.files.hidden import sweep
from secshare.files.locks import alone
from secshare.files.names import numbered, safe_name, unique_name
from secshare.files.private import (
    belongs_to_us,
    growing_file,
    is_private,
    make_private_folder,
    new_file,
    remove,
)
from secshare.files.publishing import FolderInWork, publish, publish_folder, sync
from secshare.files.source import Source, UnsealedSource, copy, open_source, same_file
from secshare.files.trouble import input_trouble, output_trouble, reading, writing

__all__ = [
    "FolderInWork",
    "Source",
    "UnsealedSource",
    "alone",
    "belongs_to_us",
    "copy",
    "documents_folder",
    "drive_trouble",
    "growing_file",
    "input_trouble",
    "is_mail_temporary",
    "is_private",
    "make_private_folder",
    "new_file",
    "numbered",
    "open_source",
    "output_trouble",
    "publish",
    "publish_folder",
    "reading",
    "remove",
    "safe_name",
    "same_file",
    "sweep",
    "sync",
    "unique_name",
    "writing",
]
