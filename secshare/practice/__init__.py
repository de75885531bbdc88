"""The practice folder: its settings, its keys, and where it is."""

from secshare.practice.folder import Practice, create
from secshare.practice.keys import PublicKeys
from secshare.practice.place import default, locate, set_default
from secshare.practice.settings import REGIONS, Settings

__all__ = [
    "REGIONS",
    "Practice",
    "PublicKeys",
    "Settings",
    "create",
    "default",
    "locate",
    "set_default",
]
