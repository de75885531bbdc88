"""Windows: the user's own part of the registry, `HKEY_CURRENT_USER\\Software\\Classes`.

Simulated in tests, and not tried. Where the person chose another program in "Open with", Windows
keeps to that choice, which no program may change.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from secshare.errors import OutputRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from secshare.files.association import Labels

_CLASSES: Final = r"Software\Classes"
_EXTENSION: Final = _CLASSES + r"\.age"
_OTHERS: Final = _EXTENSION + r"\OpenWithProgids"
_KIND: Final = "secshare.document.1"
_OURS: Final = f"{_CLASSES}\\{_KIND}"
_PREVIOUS: Final = "PreviousKind"
_CHANGED: Final = 0x08000000  # SHCNE_ASSOCCHANGED


class WindowsRegistry:
    """The association of one user."""

    def __init__(self) -> None:
        import winreg

        self._winreg: Any = winreg
        self._root: Any = self._winreg.HKEY_CURRENT_USER

    def install(self, program: Path, labels: Labels) -> None:
        """Register a kind of file of ours, and give it the extension."""
        with _refusals(program):
            before = self._value(_EXTENSION)
            self._set(_OURS, "", labels.kind["en"])
            self._set(_OURS + r"\shell\open", "FriendlyAppName", labels.name["en"])
            self._set(_OURS + r"\shell\open\command", "", f'"{program}" --pause "%1"')
            if before and before != _KIND:
                self._set(_OURS, _PREVIOUS, before)
            self._set(_OTHERS, _KIND, "")
            self._set(_EXTENSION, "", _KIND)
        self._tell()

    def remove(self) -> bool:
        """Give the extension back to whom it belonged, and remove our kind."""
        with _refusals(_OURS):
            command = self._value(_OURS + r"\shell\open\command")
            ours = self._value(_EXTENSION) == _KIND
            if ours:
                previous = self._value(_OURS, _PREVIOUS)
                if previous:
                    self._set(_EXTENSION, "", previous)
                else:
                    self._unset(_EXTENSION, "")
            self._unset(_OTHERS, _KIND)
            for key in (_OTHERS, _EXTENSION):
                if self._is_empty(key):
                    self._winreg.DeleteKey(self._root, key)
            self._delete(_OURS)
        if ours or command is not None:
            self._tell()
        return ours or command is not None

    def _value(self, key: str, name: str = "") -> str | None:
        try:
            with self._winreg.OpenKey(self._root, key) as opened:
                value, _ = self._winreg.QueryValueEx(opened, name)
        except FileNotFoundError:
            return None
        return str(value)

    def _set(self, key: str, name: str, value: str) -> None:
        with self._winreg.CreateKeyEx(self._root, key, 0, self._winreg.KEY_SET_VALUE) as opened:
            self._winreg.SetValueEx(opened, name, 0, self._winreg.REG_SZ, value)

    def _unset(self, key: str, name: str) -> None:
        with (
            suppress(FileNotFoundError),
            self._winreg.OpenKey(self._root, key, 0, self._winreg.KEY_SET_VALUE) as opened,
        ):
            self._winreg.DeleteValue(opened, name)

    def _is_empty(self, key: str) -> bool:
        try:
            with self._winreg.OpenKey(self._root, key) as opened:
                keys, values, _ = self._winreg.QueryInfoKey(opened)
        except FileNotFoundError:
            return False
        return not keys and not values

    def _delete(self, key: str) -> None:
        """Delete a key with all below it, which the registry refuses to do in one call."""
        for name in list(self._names(key)):
            self._delete(f"{key}\\{name}")
        with suppress(FileNotFoundError):
            self._winreg.DeleteKey(self._root, key)

    def _names(self, key: str) -> Iterator[str]:
        try:
            with self._winreg.OpenKey(self._root, key) as opened:
                count, _, _ = self._winreg.QueryInfoKey(opened)
                for number in range(count):
                    yield self._winreg.EnumKey(opened, number)
        except FileNotFoundError:
            return

    @staticmethod
    def _tell() -> None:
        """Have Explorer look again; without it the change is seen at the next log-in."""
        import ctypes

        with suppress(AttributeError, OSError):
            windll: Any = ctypes.windll  # type: ignore[attr-defined]
            windll.shell32.SHChangeNotify(_CHANGED, 0, None, None)


class _refusals:  # noqa: N801  a context, named for how it reads
    """Word what the registry refuses."""

    def __init__(self, path: object) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise OutputRefused("files.no_permission", path=self._path) from error
