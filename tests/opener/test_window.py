"""Protects what was said in a window that closes by itself: it waits for the person."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from secshare.messages import Language
from secshare.opener import command
from secshare.opener.talk import Talk
from tests.fakes.terminal import FakeTerminal
from tests.opener.kit import PDF, PHRASE, seal

QUESTION = "Appuyez sur Entrée pour fermer cette fenêtre. "


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The command takes over signals that this process needs again."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("alone", [True, False])
def test_after_a_double_click_it_waits_for_enter_whatever_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    monkeypatch.setattr(command, "owns_window", lambda: alone)
    seal(tmp_path / "a.bin.age", PDF)
    for arguments, answers, status in (
        ([str(tmp_path / "a.bin.age")], [PHRASE], 0),
        ([str(tmp_path / "a.bin.age")], [PHRASE, "n"], 14),
        ([str(tmp_path / "missing.age")], [], 3),
        ([], [], 2),
        (["--version"], [], 0),
    ):
        terminal = FakeTerminal([*answers, ""])
        talk = Talk(Language.FR, lambda terminal=terminal: terminal)  # type: ignore[misc]
        assert command.run(arguments, talk) == status
        assert (terminal.asked[-1:] == [QUESTION]) is alone
        assert terminal.answers_left == (0 if alone else 1)


def test_ctrl_c_closes_the_window_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "owns_window", lambda: True)
    seal(tmp_path / "a.bin.age", PDF)
    terminal = FakeTerminal([KeyboardInterrupt()])
    assert command.run([str(tmp_path / "a.bin.age")], Talk(Language.FR, lambda: terminal)) == 130
    assert terminal.asked == []
    assert terminal.closed
