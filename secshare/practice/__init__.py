"""The practice folder: its settings, its keys, and where it is."""

from secshare.practice.folder import SETTINGS, Practice
from secshare.practice.making import check_free, create, discard
from secshare.practice.place import default, locate, set_default
from secshare.practice.public import PublicKeys, fingerprint, journal_key_in
from secshare.practice.settings import REGIONS, Settings

__all__ = [
    "REGIONS",
    "SETTINGS",
    "Practice",
    "PublicKeys",
    "Settings",
    "check_free",
    "create",
    "default",
    "discard",
    "fingerprint",
    "journal_key_in",
    "locate",
    "set_default",
]
