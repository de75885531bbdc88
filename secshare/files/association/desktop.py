"""Linux desktops: a desktop entry, a kind of file, and a line among the user's defaults.

Desktop Entry, Shared MIME-info and MIME Applications specifications of freedesktop.org.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from secshare.errors import OutputRefused
from secshare.files.publishing import publish
from secshare.files.trouble import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.files.association import Labels

_KIND: Final = "application/x-age"
_ENTRY: Final = "secshare-open.desktop"
_PACKAGE: Final = "secshare-open.xml"
_DEFAULTS: Final = "[Default Applications]"
# What update-mime-database makes out of the packages, and leaves when there are none any more.
_MADE: Final = ("aliases", "generic-icons", "globs", "globs2", "icons", "magic", "mime.cache",
                "subclasses", "treemagic", "types", "version", "XMLnamespaces")  # fmt: skip


class Desktop:
    """The user's own folders of the desktop, as XDG_DATA_HOME and XDG_CONFIG_HOME name them."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        home = Path.home()
        data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
        config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
        self._path = environ.get("PATH")
        self._applications = data / "applications"
        self._mime = data / "mime"
        self._entry = self._applications / _ENTRY
        self._package = self._mime / "packages" / _PACKAGE
        self._defaults = config / "mimeapps.list"

    def install(self, program: Path, labels: Labels) -> None:
        """Write the entry and the kind, and put the entry first among the kind's programs.

        Raises:
            OutputRefused: beside the usual, a path with `%`: it is written doubled, and GLib looks
                for the program under the doubled name.
        """
        if "%" in str(program):
            raise OutputRefused("files.program_percent", path=program)
        _write(self._package, _kind(labels))
        _write(self._entry, _entry(program, labels))
        _write(self._defaults, with_default(self._lines()))
        self._update()

    def remove(self) -> bool:
        """Remove both files, and the entry from the kind's programs, where it still is."""
        lines = self._lines()
        without = without_default(lines)
        there = without != lines or self._entry.exists() or self._package.exists()
        if without != lines and any(line.strip() for line in without):
            _write(self._defaults, without)
        elif without != lines:
            _unlink(self._defaults)
        _unlink(self._entry)
        _unlink(self._package)
        if there:
            self._update()
            self._tidy()
        return there

    def _lines(self) -> list[str]:
        with reading(self._defaults):
            try:
                text = self._defaults.read_text("utf-8", "surrogateescape")
            except FileNotFoundError:
                return []
        return text.splitlines(keepends=True)

    def _update(self) -> None:
        """Have the desktop read its folders again; without these programs it does so by itself."""
        for program, folder in (
            ("update-mime-database", self._mime),
            ("update-desktop-database", self._applications),
        ):
            found = shutil.which(program, path=self._path)
            if found is not None and folder.is_dir():
                import subprocess

                with writing(folder):
                    subprocess.run(
                        [found, str(folder)],
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        check=False,
                    )

    def _tidy(self) -> None:
        """Remove folders that we made, and what was made in them out of our files alone."""
        with suppress(OSError):  # rmdir refuses a folder that holds something
            self._package.parent.rmdir()
            for name in _MADE:
                (self._mime / name).unlink(missing_ok=True)
            _unlink(self._mime / f"{_KIND}.xml")
            (self._mime / _KIND).parent.rmdir()
        with suppress(OSError):
            self._mime.rmdir()
        with suppress(OSError):
            if [path.name for path in self._applications.iterdir()] == ["mimeinfo.cache"]:
                (self._applications / "mimeinfo.cache").unlink()
            self._applications.rmdir()


def with_default(lines: list[str]) -> list[str]:
    """Return the lines of `mimeapps.list` with our entry first for its kind.

    The others of the kind stay behind it, as the list may name several: nothing has to be
    remembered to undo this.
    """
    lines = without_default(lines)
    header = _header(lines)
    if header is None:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        return [*lines, f"{_DEFAULTS}\n", f"{_KIND}={_ENTRY}\n"]
    at = _line_of(lines, header)
    if at is None:
        return [*lines[: header + 1], f"{_KIND}={_ENTRY}\n", *lines[header + 1 :]]
    key, others = _parts(lines[at])
    lines[at] = f"{key}{_ENTRY};{others}"
    return lines


def without_default(lines: list[str]) -> list[str]:
    """Return the lines of `mimeapps.list` without our entry, and all others as they were."""
    lines = list(lines)
    header = _header(lines)
    at = None if header is None else _line_of(lines, header)
    if header is None or at is None:
        return lines
    key, value = _parts(lines[at])
    end = "\n" if value.endswith("\n") else ""
    entries = value.strip().split(";")
    if _ENTRY not in entries:
        return lines
    kept = ";".join(entry for entry in entries if entry != _ENTRY)
    if kept.strip(";"):
        lines[at] = f"{key}{kept}{end}"
        return lines
    del lines[at]
    following = lines[header + 1 : header + 2]
    if not following or following[0].startswith("["):  # the section was ours alone
        del lines[header]
    return lines


def _header(lines: list[str]) -> int | None:
    return next((at for at, line in enumerate(lines) if line.strip() == _DEFAULTS), None)


def _line_of(lines: list[str], header: int) -> int | None:
    for at in range(header + 1, len(lines)):
        if lines[at].startswith("["):
            return None
        if lines[at].partition("=")[0].strip() == _KIND:
            return at
    return None


def _parts(line: str) -> tuple[str, str]:
    """Return what stands up to the value, blanks included, and the value with its line end."""
    value = line.partition("=")[2].lstrip(" ")
    return line[: len(line) - len(value)], value


def _entry(program: Path, labels: Labels) -> list[str]:
    return [
        "[Desktop Entry]\n",
        "Type=Application\n",
        *_worded("Name", labels.name),
        *_worded("Comment", labels.comment),
        f"TryExec={_value(str(program))}\n",
        f"Exec={_value(_argument(str(program)))} --pause %f\n",
        "Terminal=true\n",  # a window that stays until Enter: the words are typed there
        "NoDisplay=true\n",  # in "Open with", and not among the programs: it needs a file
        "Icon=security-high\n",
        f"MimeType={_KIND};\n",
        "Categories=Utility;\n",
    ]


def _worded(key: str, texts: Mapping[str, str]) -> list[str]:
    return [
        f"{key}{'' if language == 'en' else f'[{language}]'}={_value(text)}\n"
        for language, text in sorted(texts.items())
    ]


def _argument(argument: str) -> str:
    """Return an argument quoted for the key Exec."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", argument)
    return f'"{quoted}"'


def _value(text: str) -> str:
    """Return a text escaped as any value of a desktop entry."""
    return text.replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t")


def _kind(labels: Labels) -> list[str]:
    comments = []
    for language, text in sorted(labels.kind.items()):
        attribute = "" if language == "en" else f" xml:lang='{language}'"
        comments.append(f"    <comment{attribute}>{escape(text)}</comment>\n")
    return [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">\n',
        f'  <mime-type type="{_KIND}">\n',
        *comments,
        '    <magic priority="60">\n',
        '      <match type="string" offset="0" value="age-encryption.org/v1"/>\n',
        "    </magic>\n",
        '    <glob pattern="*.age" weight="60"/>\n',
        "  </mime-type>\n",
        "</mime-info>\n",
    ]


def _write(path: Path, lines: list[str]) -> None:
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with publish(path, overwrite=True, private=False) as file:
        file.write("".join(lines).encode("utf-8", "surrogateescape"))


def _unlink(path: Path) -> None:
    with writing(path):
        path.unlink(missing_ok=True)
