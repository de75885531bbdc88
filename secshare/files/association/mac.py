"""macOS: a small application that gives the file to the program, in a window of Terminal.

macOS hands a file over by an event, which a script alone does not receive; `osacompile`, a part of
the system, makes an application that does. Simulated in tests, and not tried: it was written
without a Mac. The first time, macOS asks whether the application may drive Terminal.
"""

from __future__ import annotations

import os
import plistlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from secshare.errors import OutputRefused
from secshare.files.publishing import publish
from secshare.files.trouble import writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.files.association import Labels

_IDENTIFIER: Final = "secshare.open"
_TYPE: Final = "secshare.open.age"
_TASK: Final = "/tmp/secshare-open.XXXXXXXX"  # noqa: S108  mktemp makes it, for the user alone
_REGISTER: Final = (
    "/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework"
    "/Support/lsregister"
)


class MacApplication:
    """The application, in the user's own folder Applications."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self._path = environ.get("PATH", "/usr/bin:/bin")
        self._application = Path.home() / "Applications" / "secshare-open.app"
        self._plist = self._application / "Contents" / "Info.plist"

    def install(self, program: Path, labels: Labels) -> None:
        """Make the application, say which files it opens, and register it."""
        if self._application.exists() and not self._is_ours():
            raise OutputRefused("files.exists", path=self._application)
        self._clear()
        with writing(self._application):
            self._application.parent.mkdir(exist_ok=True)
        lines = [part for line in script(program) for part in ("-e", line)]
        self._run("osacompile", *lines, "-o", str(self._application), needed=True)
        with writing(self._plist):
            described = plistlib.loads(self._plist.read_bytes())
        described |= _described(labels)
        with publish(self._plist, overwrite=True, private=False) as file:
            file.write(plistlib.dumps(described))
        # What was signed has changed; a signature of nobody is what a program made here needs.
        self._run("codesign", "--force", "--deep", "--sign", "-", str(self._application))
        self._run(_REGISTER, "-f", str(self._application))

    def remove(self) -> bool:
        """Take the application out of the register, and remove it if it is ours."""
        if not self._is_ours():
            return False
        self._run(_REGISTER, "-u", str(self._application))
        self._clear()
        return True

    def _is_ours(self) -> bool:
        try:
            described = plistlib.loads(self._plist.read_bytes())
        except (OSError, ValueError, plistlib.InvalidFileException):
            return False
        return bool(described.get("CFBundleIdentifier") == _IDENTIFIER)

    def _clear(self) -> None:
        with writing(self._application):
            if self._application.exists():
                shutil.rmtree(self._application)

    def _run(self, program: str, *arguments: str, needed: bool = False) -> None:
        import subprocess

        found = shutil.which(program, path=self._path)
        status = 1
        if found is not None:
            with writing(self._application):
                status = subprocess.run(
                    [found, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    check=False,
                ).returncode
        if needed and status:
            raise OutputRefused("files.write_failed", path=self._application, reason=program)


def script(program: Path) -> list[str]:
    """Return the application's script, in AppleScript, a line each.

    A window of Terminal is told what to run by typing it, and to type a control character of a
    file's name is to press its key: one that empties the line, then one that ends it, run what
    stands between. So the name is never typed. It goes into a file of a random name, which
    removes itself before the program starts; the shell that reads it there obeys quotes alone.
    """
    quoted = str(program).replace("\\", "\\\\").replace('"', '\\"')
    return [
        "on open dropped",
        "repeat with one in dropped",
        r'set taskText to "rm -f -- \"$0\"" & linefeed & "exec " & '
        f'quoted form of "{quoted}" & " --pause " & quoted form of POSIX path of one',
        rf'set taskFile to do shell script "umask 077; made=$(mktemp {_TASK}) && printf '
        rf"""'%s\\n' " & quoted form of taskText & " > \"$made\" && printf %s \"$made\"" """[:-1],
        "try",
        'tell application "Terminal"',
        "activate",
        'do script "/bin/sh " & taskFile',
        "end tell",
        "on error failText number failNumber",
        'do shell script "rm -f " & taskFile',
        "error failText number failNumber",
        "end try",
        "end repeat",
        "end open",
    ]


def _described(labels: Labels) -> dict[str, object]:
    """Return what the application's description says beside what `osacompile` wrote."""
    return {
        "CFBundleIdentifier": _IDENTIFIER,
        "CFBundleDisplayName": labels.name["en"],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": labels.kind["en"],
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [_TYPE],
            }
        ],
        "UTImportedTypeDeclarations": [
            {
                "UTTypeIdentifier": _TYPE,
                "UTTypeDescription": labels.kind["en"],
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {"public.filename-extension": ["age"]},
            }
        ],
    }
