"""Where the practice is: the option, the environment, the user's default; never a search."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from secshare import files
from secshare.errors import InputUnreadable, PracticeInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["default", "locate", "set_default"]

_VARIABLE: Final = "SECSHARE_PRACTICE"


def locate(option: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the practice folder to use: `option`, else SECSHARE_PRACTICE, else the default.

    Parent folders are never searched: whoever writes a secshare.toml in one would choose where
    the words go. Whether the folder is a practice, and ours, is for `Practice.open` to say.

    Raises:
        PracticeInvalid: none is named, or the file that names the default is not ours.
    """
    if option is not None:
        return Path(option).expanduser().absolute()
    if named := environ.get(_VARIABLE):
        return Path(named).expanduser().absolute()
    folder = default()
    if folder is None:
        raise PracticeInvalid("practice.none")
    return folder


def default() -> Path | None:
    """Return the user's default practice folder, None where `set_default` never wrote one.

    Raises:
        PracticeInvalid: the file that names it is somebody else's, or names nothing absolute.
    """
    path = _file()
    try:
        if not files.belongs_to_us(path):
            raise PracticeInvalid("practice.not_ours", path=path)
        named = os.fsdecode(path.read_bytes()).rstrip("\r\n")
    except InputUnreadable:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise PracticeInvalid("practice.unreadable", path=path) from error
    if "\0" in named or not Path(named).is_absolute():
        raise PracticeInvalid("practice.unreadable", path=path)
    return Path(named)


def set_default(folder: Path) -> None:
    """Make `folder` the practice of this user on this computer.

    Raises:
        OutputRefused: the user's local application data cannot be written.
    """
    path = _file()
    with files.writing(path):
        path.parent.parent.mkdir(parents=True, exist_ok=True)
    files.make_private_folder(path.parent)
    files.sweep(path.parent)  # what a killed start was writing
    with files.publish(path, overwrite=True) as file:
        file.write(os.fsencode(folder.absolute()) + b"\n")


def _file() -> Path:
    import platformdirs  # 20 ms

    # Local application data, not the roaming kind: the practice is on this computer. Without
    # appauthor=False Windows would name the folder twice.
    return platformdirs.user_data_path("secshare", appauthor=False, roaming=False) / "practice"
