"""Folders of the person: where documents are kept, and where a mail program puts an attachment."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

# Parts of paths, without case. Outlook: Content.Outlook in INetCache (or Temporary Internet
# Files), olk; Mail of Windows and the new Outlook: Packages; Apple Mail: Mail Downloads, and its
# container; Thunderbird: /tmp/mozilla_USER0, nsmail.tmp; Evolution, KMail, Claws: their own.
_MAIL: Final = re.compile(
    r"content\.outlook|inetcache|temporary internet files|olk[0-9a-f]*|"
    r"microsoft\.(windowscommunicationsapps|outlookforwindows)_.*|"
    r"mail downloads|com\.apple\.mail|"
    r"mozilla_.+|org\.mozilla\.thunderbird|nsmail.*|evolution-.+|kmail.+|mimetmp"
)


def documents_folder(
    environ: Mapping[str, str] | None = None, *, platform: str = sys.platform
) -> Path:
    """Return the folder where the person keeps documents, or the home folder without one.

    Windows knows it by the registry (it may be redirected to another drive), Linux by
    `user-dirs.dirs` (it may be named in the person's language).
    """
    environ = os.environ if environ is None else environ
    home = Path.home()
    named = None
    if platform == "win32":
        named = _windows_documents(environ)
    elif platform != "darwin":
        named = _xdg_documents(environ, home)
    for folder in (named, home / "Documents"):
        if folder is not None and folder.is_dir():
            return folder
    return home


def is_mail_temporary(
    path: PurePath, environ: Mapping[str, str] | None = None, *, platform: str = sys.platform
) -> bool:
    """Return whether a file lies where a mail program drops an attachment that one opens.

    Such folders are hidden and emptied without a word: nobody finds a document there again. On
    Windows and macOS the whole temporary folder of the user counts; on Linux `/tmp` does not, as
    people work there.
    """
    environ = os.environ if environ is None else environ
    if any(_MAIL.fullmatch(part.casefold()) for part in path.parent.parts):
        return True
    names = {"win32": ("TEMP", "TMP"), "darwin": ("TMPDIR",)}.get(platform, ())
    kind = type(path)
    return any(path.is_relative_to(kind(value)) for n in names if (value := environ.get(n)))


def _windows_documents(environ: Mapping[str, str]) -> Path | None:
    import winreg

    key = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as folders:  # type: ignore[attr-defined]
            value, _ = winreg.QueryValueEx(folders, "Personal")  # type: ignore[attr-defined]
    except OSError:
        return None
    return Path(re.sub(r"%([^%]+)%", lambda m: environ.get(m[1].upper(), m[0]), str(value)))


def _xdg_documents(environ: Mapping[str, str], home: Path) -> Path | None:
    settings = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
    try:
        lines = settings.read_text("utf-8")
    except (OSError, ValueError):
        return None
    found = re.search(r'^\s*XDG_DOCUMENTS_DIR="(\$HOME)?/?([^"]*)"', lines, re.MULTILINE)
    if found is None or not found[2]:
        return None
    return home / found[2] if found[1] else Path("/") / found[2]
