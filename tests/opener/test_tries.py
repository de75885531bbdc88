"""Protects the three tries: none is lost on what cannot be the phrase yet, and they do end."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from secshare import age
from secshare.messages import Language
from secshare.model import Passphrase
from secshare.opener.command import run
from secshare.opener.talk import Talk
from tests.fakes.terminal import FakeTerminal
from tests.opener.kit import PDF, REFERENCE, WORDS, drawn, seal

OURS = f"document-{REFERENCE}.bin.age"
LONG = (*WORDS, "lagune", "magasin")


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The command takes over signals that this process needs again."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def opened(
    folder: Path,
    answers: Iterable[str],
    *,
    name: str = OURS,
    recipient: age.ScryptRecipient | None = None,
) -> tuple[int, FakeTerminal]:
    """Run the command with these lines typed; return its status and the terminal."""
    seal(folder / name, PDF, *([recipient] if recipient else []))
    terminal = FakeTerminal(answers)
    status = run([str(folder / name), "--no-view"], Talk(Language.FR, lambda: terminal))
    return status, terminal


def elsewhere(chosen: str) -> age.ScryptRecipient:
    """What another program would seal to, with a light work factor."""
    return age.ScryptRecipient(Passphrase._drawn((chosen,), Language.FR, 20.0))


def tries_lost(terminal: FakeTerminal) -> int:
    return sum("Il reste" in said for said in terminal.said)


WORD_BY_WORD = [
    WORDS,
    [f"{at}. {word.upper()}" for at, word in enumerate(WORDS, 1)],
    ["", "  ", *(word[:4] for word in WORDS)],
    ["+33 6 39 98 00 00", "", "-".join(WORDS)],
    [*WORDS[:7], " ".join(WORDS)],  # the person saw that one line is easier
]


@pytest.mark.parametrize("lines", WORD_BY_WORD)
@pytest.mark.parametrize("name", [OURS, "renamed.bin.age"])
def test_words_one_a_line_cost_no_try(tmp_path: Path, lines: list[str], name: str) -> None:
    status, terminal = opened(tmp_path, lines, name=name)
    assert (status, tries_lost(terminal), terminal.answers_left) == (0, 0, 0)


@pytest.mark.parametrize(
    "lines",
    [
        [" ".join(WORDS[:4]), "", " ".join(WORDS[4:9]), WORDS[9]],
        ["-".join(WORDS[:5]) + "-", "-".join(WORDS[5:])],
        ["Cabinet Martin", "Bonjour,", f"Document {REFERENCE}", "-".join(WORDS)],
        [*WORDS[:2], "cxpsxle", *WORDS[2:]],
        [*WORDS[:9], " ".join(WORDS[:5]), " ".join(WORDS[5:])],
        [" ".join(WORDS[:9]), " ".join(WORDS)],
    ],
)
def test_less_than_ten_words_for_a_file_of_ours_cost_no_try(
    tmp_path: Path, lines: list[str]
) -> None:
    status, terminal = opened(tmp_path, lines)
    assert (status, tries_lost(terminal), terminal.answers_left) == (0, 0, 0)


def test_twelve_words_one_a_line_open_too(tmp_path: Path) -> None:
    status, terminal = opened(tmp_path, LONG, recipient=age.ScryptRecipient(drawn(LONG)))
    assert (status, terminal.answers_left) == (0, 0)
    assert tries_lost(terminal) == 1, "ten of them could have been the phrase"
    assert any("tapez la suite" in said for said in terminal.said)


def test_ten_wrong_words_one_a_line_are_one_try(tmp_path: Path) -> None:
    wrong = [*WORDS[:9], "lagune"]
    status, terminal = opened(tmp_path, [*wrong, *WORDS])
    assert (status, tries_lost(terminal), terminal.answers_left) == (0, 1, 0)


@pytest.mark.parametrize("line", ["", "12 34", "bonjour", "acarien baguette", " ".join(WORDS[:9])])
def test_lines_that_lead_nowhere_end_too(
    tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, terminal = opened(tmp_path, [line] * 200)
    assert status == 20
    assert 100 < terminal.answers_left < 200
    assert "appelez l'expéditeur" in capsys.readouterr().err


@pytest.mark.parametrize("name", [OURS, "budget.bin.age"])
@pytest.mark.parametrize("chosen", ["Été 1987, le chat dort", "acarien", "2468", "cheval lagune"])
def test_a_passphrase_that_somebody_chose_is_tried_as_it_is(
    tmp_path: Path, name: str, chosen: str
) -> None:
    recipient = elsewhere(chosen)
    status, terminal = opened(tmp_path, ["", chosen], name=name, recipient=recipient)
    assert (status, tries_lost(terminal)) == (0, 0)


def test_a_wrong_passphrase_of_another_program_costs_a_try(tmp_path: Path) -> None:
    recipient = elsewhere("Été 1987, le chat dort")
    wrong = ["Ete 1987 le chat dort", "été 1987, le chat dort", "Été 1988, le chat dort"]
    status, terminal = opened(tmp_path, [*wrong, "x"], name="budget.age", recipient=recipient)
    assert (status, tries_lost(terminal), terminal.answers_left) == (20, 2, 1)
