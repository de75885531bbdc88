"""The registry of Windows in memory: keys without case, values by name, as `winreg` gives them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Key:
    """One key: the keys below it and its values, both by their names in small letters."""

    name: str = ""
    keys: dict[str, Key] = field(default_factory=dict)
    values: dict[str, tuple[str, str]] = field(default_factory=dict)

    def find(self, path: str, *, make: bool = False) -> Key:
        """Return the key at a path."""
        key = self
        for part in path.split("\\"):
            if make:
                key.keys.setdefault(part.casefold(), Key(part))
            try:
                key = key.keys[part.casefold()]
            except KeyError:
                raise FileNotFoundError(2, "The system cannot find the file specified") from None
        return key

    def everything(self, path: str = "") -> dict[str, str]:
        """Return every value by its path; a key without values by its path alone."""
        found = {f"{path}@{name}": value for name, value in self.values.values()}
        for key in self.keys.values():
            found |= key.everything(f"{path}\\{key.name}")
        return found or {path: ""}


class FakeWinreg:
    """Stands for the module `winreg`.

    Attributes:
        user: what HKEY_CURRENT_USER holds.
        locked: whether every change is refused.
    """

    HKEY_CURRENT_USER = "HKCU"
    KEY_SET_VALUE = 2
    REG_SZ = 1

    def __init__(self) -> None:
        self.user = Key()
        self.locked = False

    @contextmanager
    def OpenKey(self, root: str, path: str, reserved: int = 0, access: int = 1) -> Iterator[Key]:  # noqa: N802
        yield self._at(root, path)

    @contextmanager
    def CreateKeyEx(self, root: str, path: str, reserved: int, access: int) -> Iterator[Key]:  # noqa: N802
        self._change()
        yield self._at(root, path, make=True)

    def QueryValueEx(self, key: Key, name: str) -> tuple[str, int]:  # noqa: N802
        try:
            return key.values[name.casefold()][1], self.REG_SZ
        except KeyError:
            raise FileNotFoundError(2, "The system cannot find the file specified") from None

    def SetValueEx(self, key: Key, name: str, reserved: int, kind: int, value: str) -> None:  # noqa: N802
        self._change()
        assert kind == self.REG_SZ
        key.values[name.casefold()] = (name, value)

    def DeleteValue(self, key: Key, name: str) -> None:  # noqa: N802
        self._change()
        if key.values.pop(name.casefold(), None) is None:
            raise FileNotFoundError(2, "The system cannot find the file specified")

    def DeleteKey(self, root: str, path: str) -> None:  # noqa: N802
        self._change()
        if self._at(root, path).keys:
            raise PermissionError(13, "Access is denied")  # as Windows does, with keys below
        parent, _, name = path.rpartition("\\")
        del self._at(root, parent).keys[name.casefold()]

    def QueryInfoKey(self, key: Key) -> tuple[int, int, int]:  # noqa: N802
        return len(key.keys), len(key.values), 0

    def EnumKey(self, key: Key, number: int) -> str:  # noqa: N802
        return list(key.keys.values())[number].name

    def _at(self, root: str, path: str, *, make: bool = False) -> Key:
        assert root == self.HKEY_CURRENT_USER
        return self.user.find(path, make=make)

    def _change(self) -> None:
        if self.locked:
            raise PermissionError(13, "Access is denied")
