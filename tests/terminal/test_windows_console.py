"""Protects the console of Windows, simulated: the same promises with its own calls."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable

import pytest

from secshare.errors import AnswerNeeded, Declined
from secshare.terminal.screen import Screen
from secshare.terminal.windows import WindowsConsole, alone_in_console


class Msvcrt:
    """Keys as `getwch` gives them."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)

    def kbhit(self) -> bool:
        return bool(self.keys)

    def getwch(self) -> str:
        return self.keys.pop(0)

    def get_osfhandle(self, descriptor: int) -> int:
        return 1000 + descriptor


class Kernel32:
    """A console's output mode; one before Windows 10 refuses to draw."""

    def __init__(self, mode: int = 0x3, *, draws: bool = True, console: bool = True) -> None:
        self.mode = mode
        self.draws = draws
        self.console = console

    def GetConsoleMode(self, handle: int, mode: object) -> int:  # noqa: N802
        mode._obj.value = self.mode  # type: ignore[attr-defined]
        return int(self.console)

    def SetConsoleMode(self, handle: int, mode: int) -> int:  # noqa: N802
        if mode & 0x4 and not self.draws:
            return 0
        self.mode = mode
        return 1


class Output(io.StringIO):
    """What was written, with a descriptor that is no terminal."""

    def fileno(self) -> int:
        return 5

    def close(self) -> None:
        self.closed_by_us = True


def console(keys: Iterable[str], lines: str = "", **kind: bool) -> tuple[WindowsConsole, Kernel32]:
    kernel = Kernel32(**kind)
    made = WindowsConsole(io.StringIO(lines), Output(), Msvcrt(keys), kernel)
    made.size = lambda: (40, 10)  # type: ignore[method-assign]
    return made, kernel


def written(made: WindowsConsole) -> str:
    return str(made._writer.getvalue())


def test_words_are_read_key_by_key_and_erased() -> None:
    made, kernel = console([*"abc", "\xe0", "K", "\x08", "é", "\xe0", "O", "\r"])
    with Screen(made) as screen:
        assert kernel.mode & 0x4
        assert screen.ask_words("Words: ") == "aéc"
    assert not kernel.mode & 0x4, "the console gets its own mode back"
    assert written(made).endswith("\r\x1b[J\x1b[?2004lWords: \n")


def test_a_lone_e0_is_a_letter_and_an_unused_key_is_nothing() -> None:
    made, _ = console([*"\xe0 la", "\x00", ";", "\xe0", "H", "\r"])
    assert Screen(made).ask_words("> ") == "à la"


def test_a_pasted_message_of_several_lines_is_one_answer() -> None:
    made, _ = console([*"Cabinet Martin\rabandon-cactus\r"])
    assert Screen(made).ask_words("> ") == "Cabinet Martin abandon-cactus"


def test_ctrl_c_and_ctrl_z_end_the_question() -> None:
    made, _ = console([*"abc\x03"])
    with pytest.raises(KeyboardInterrupt):
        Screen(made).ask_words("> ")
    made, _ = console(["\x1a"])
    with pytest.raises(Declined):
        Screen(made).ask_words("> ")


@pytest.mark.parametrize("kind", [{"draws": False}, {"console": False}])
def test_an_old_console_shows_no_secret(kind: dict[str, bool]) -> None:
    made, kernel = console([*"abc\x08d\r"], **kind)
    screen = Screen(made)
    assert screen.ask_words("> ") == "abd"
    assert "ab" not in written(made)
    with pytest.raises(AnswerNeeded):
        screen.show_secret("abandon", "key")
    assert "abandon" not in written(made)
    for key, error in (("\x03", KeyboardInterrupt), ("\x1a", Declined)):
        made, _ = console([key], **kind)
        with pytest.raises(error):
            Screen(made).ask_words("> ")
    screen.close()
    assert kernel.mode == 0x3


def test_a_secret_is_shown_on_the_alternate_screen() -> None:
    made, _ = console([" "])
    Screen(made).show_secret("abandon", "key")
    assert written(made).startswith("\x1b[?1049h")
    assert written(made).endswith("\x1b[2J\x1b[H\x1b[?1049l")


def test_the_arrow_goes_back_a_page() -> None:
    text = "\n".join(f"row {number}." for number in range(15))
    made, _ = console(["\xe0", "H"])
    assert made.read_keys(None) == "\x1b[A"
    turns = iter([" ", "\x1b[A", "x", "y"])
    made.read_keys = lambda timeout: next(turns)  # type: ignore[method-assign]
    Screen(made).show_secret(text, "key")
    shown = written(made).split("\x1b[2J\x1b[H")[2:-1]
    assert ["row 0." in page for page in shown] == [True, False, True, False]


def test_a_question_is_a_line() -> None:
    made, _ = console([], " oui \r\n")
    screen = Screen(made)
    assert screen.ask("? ") == "oui"
    with pytest.raises(Declined):
        screen.ask("? ")


def test_the_size_of_what_is_no_console_is_the_usual_one() -> None:
    made = WindowsConsole(io.StringIO(), Output(), Msvcrt([]), Kernel32())
    reader, writer = os.pipe()
    try:
        made._writer.fileno = lambda: writer
        assert made.size() == (80, 24)
    finally:
        os.close(reader)
        os.close(writer)


class Processes:
    """The processes attached to a console, by their programs; None cannot be looked at."""

    def __init__(self, *programs: str | None) -> None:
        self.programs = programs
        self.closed = 0

    def GetConsoleProcessList(self, numbers: object, most: int) -> int:  # noqa: N802
        for at in range(len(self.programs)):
            numbers[at] = at + 10  # type: ignore[index]
        return len(self.programs)

    def OpenProcess(self, access: int, inherit: int, number: int) -> int:  # noqa: N802
        return number if self.programs[number - 10] else 0

    def QueryFullProcessImageNameW(self, process: int, _: int, path: object, size: object) -> int:  # noqa: N802
        path.value = self.programs[process - 10]  # type: ignore[attr-defined]
        return 1

    def CloseHandle(self, process: int) -> None:  # noqa: N802
        self.closed += 1


@pytest.mark.parametrize(
    ("programs", "alone"),
    [
        (["C:\\Py\\python.exe"], True),
        (["C:\\Py\\Scripts\\secshare-open.exe", "C:\\Py\\python3.12.exe"], True),
        (["C:\\x\\secshare-open.exe", "C:\\v\\Scripts\\python.exe", "C:\\Py\\python.exe"], True),
        (["C:\\Windows\\py.exe", "C:\\Py\\Python.EXE"], True),
        (["C:\\Windows\\System32\\cmd.exe", "C:\\Py\\python.exe"], False),
        (["C:\\Py\\python.exe", "C:\\Program Files\\PowerShell\\7\\pwsh.exe"], False),
        (["C:\\Py\\python.exe", None], False),
        ([], False),
    ],
)
def test_a_window_of_our_own_is_recognised(programs: list[str | None], alone: bool) -> None:
    assert alone_in_console(Processes(*programs)) is alone
