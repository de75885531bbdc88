"""Protects secrets on a screen: visible while needed, gone afterwards, whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.errors import ExitCode
from secshare.messages import Language
from secshare.roads.qr import terminal_lines
from secshare.terminal.columns import asked, columns
from secshare.terminal.pages import pages
from tests.batches import write_batch
from tests.practices import make_practice
from tests.terminal.windows import Session, python

WORDS = "abandon-balance-cactus-damier-ecaille-fabuleux-galaxie-habitude-iceberg-jaguar"

ASK = """
import sys, termios, os
from secshare.terminal import open_terminal
from secshare.errors import SecshareError
print("\\n".join(f"line {n}" for n in range(int(sys.argv[1]))), flush=True)
fd = os.open("/dev/tty", os.O_RDWR)
before = termios.tcgetattr(fd)
with open_terminal() as terminal:
    try:
        answer = terminal.ask_words("Words of the document\\nWords: ")
    except KeyboardInterrupt:
        answer = None
        print("interrupted")
    except SecshareError as error:
        answer = None
        print("error", error.key)
    same = termios.tcgetattr(fd) == before
    print("modes", "same" if same else "changed")
    if answer is not None:
        open(sys.argv[2], "w", encoding="utf-8").write(answer)
        terminal.say("thank you")
        if len(sys.argv) > 3:
            terminal.say("answered " + terminal.ask("And now? "))
"""
SHOW = """
import sys
from secshare.terminal import open_terminal
from secshare.errors import SecshareError
print("before", flush=True)
try:
    with open_terminal() as terminal:
        terminal.show_secret(sys.argv[1].replace("|", "\\n"), "Press a key")
except KeyboardInterrupt:
    print("interrupted")
except SecshareError as error:
    print("error", error.key)
print("after")
"""
SIZES = [(80, 24), (40, 12), (20, 6), (10, 3)]


def ask(tmp_path: Path, *, lines_before: int = 0, **options: object) -> Session:
    command = [*python(ASK), str(lines_before), str(tmp_path / "answer")]
    session = Session(command, **options)  # type: ignore[arg-type]
    session.until("Words:")
    return session


def answer(tmp_path: Path) -> str:
    return (tmp_path / "answer").read_text("utf-8")


def nothing_left(session: Session) -> bool:
    everything = session.window.everything.replace("\n", "")
    return not any(word[:4] in everything for word in WORDS.split("-"))


@pytest.mark.parametrize(("columns", "lines"), SIZES)
@pytest.mark.parametrize("lines_before", [0, 40])
def test_words_are_seen_while_typed_and_gone_on_enter(
    tmp_path: Path, columns: int, lines: int, lines_before: int
) -> None:
    with ask(tmp_path, columns=columns, lines=lines, lines_before=lines_before) as session:
        for key in WORDS:
            session.type(key)
            time.sleep(0.001)
        session.until(lambda window: "jaguar" in window.shown.replace("\n", ""))
        session.type("\r")
        assert session.end() == 0
        assert nothing_left(session)
        assert "thank you" in session.window.everything
        if columns >= 40:
            assert "Words of the document" in session.window.everything
            assert "Words:" in session.window.everything
        assert all(f"line {n}" in session.window.everything for n in range(lines_before))
    assert answer(tmp_path) == WORDS


def test_a_row_filled_to_its_last_column_is_erased(tmp_path: Path) -> None:
    for length in range(28, 36):  # around 40 columns less the prompt
        with ask(tmp_path, columns=40) as session:
            session.type("z" * length)
            session.until(lambda window, n=length: window.shown.count("z") == n)  # type: ignore[misc]
            session.type("\r")
            assert session.end() == 0
            assert "z" not in session.window.everything
        assert answer(tmp_path) == "z" * length


def test_mistakes_are_corrected_with_the_usual_keys(tmp_path: Path) -> None:
    with ask(tmp_path, columns=20) as session:
        session.type("wrong\x15abandonn\x7f balance twice\x17 écaille")
        session.type("\x1b[D" * 7 + "\x1b[3~e" + "\x1b[H" + "x\x08" + "\x1b[F" + "!\x1bx\x1b[5~")
        session.until("ecaille!")
        session.type("\r")
        assert session.end() == 0
        assert "ecaille" not in session.window.everything
    assert answer(tmp_path) == "abandon balance  ecaille!"


@pytest.mark.parametrize("bracketed", [True, False])
def test_a_pasted_message_of_several_lines_is_one_answer(tmp_path: Path, bracketed: bool) -> None:
    message = f"Cabinet Martin\r\nK7Q2-M9PX-8\r\n{WORDS}\r\n"
    env = {"TERM": "xterm" if bracketed else "linux"}
    with ask(tmp_path, columns=40, env=env) as session:
        session.type(f"\x1b[200~{message}\x1b[201~" if bracketed else message)
        if bracketed:
            session.until("jaguar")
            assert "thank you" not in session.window.shown
            session.type("\r")
        assert session.end() == 0
        assert nothing_left(session)
        assert b"\x1b[?2004h" in session.raw
        assert session.raw.rindex(b"\x1b[?2004l") > session.raw.rindex(b"\x1b[?2004h")
    assert answer(tmp_path).split() == ["Cabinet", "Martin", "K7Q2-M9PX-8", WORDS]


def test_what_a_fast_hand_types_after_enter_is_not_part_of_the_words(tmp_path: Path) -> None:
    command = [*python(ASK), "0", str(tmp_path / "answer"), "and more"]
    with Session(command) as session:
        session.until("Words:")
        session.type(f"{WORDS}\ryes\r")
        assert session.end() == 0
        assert nothing_left(session)
        assert "answered yes" in session.window.shown
    assert answer(tmp_path) == WORDS


def test_keys_that_come_byte_by_byte_are_still_characters_and_arrows(tmp_path: Path) -> None:
    with ask(tmp_path) as session:
        for byte in "éà".encode() + b"\x1b[D" + "ç".encode():
            os.write(session.child.child_fd, bytes([byte]))
            time.sleep(0.05)
        session.until("éçà")
        session.type("\r")
        assert session.end() == 0
    assert answer(tmp_path) == "éçà"


@pytest.mark.parametrize(
    ("keys", "result"),
    [("\x03", "interrupted"), ("\x04", "error terminal.closed")],
    ids=["Ctrl-C", "Ctrl-D"],
)
def test_giving_up_restores_the_terminal(tmp_path: Path, keys: str, result: str) -> None:
    with ask(tmp_path, columns=40) as session:
        session.type(WORDS)
        session.until("jaguar")
        if keys == "\x04":
            session.type("\x04")  # not on an empty line: nothing
            session.type("\x15")
        session.type(keys)
        session.until(result)
        session.until("modes same")
        assert session.end() == 0
        assert nothing_left(session)
    assert not (tmp_path / "answer").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_killed_prompt_erases_and_restores(tmp_path: Path, number: int) -> None:
    with ask(tmp_path, columns=40) as session:
        session.type(WORDS)
        session.until("jaguar")
        assert not session.echoing()
        session.child.kill(number)
        session.until(lambda window: nothing_left(session))
        status = session.end()
        assert status == (0 if number == signal.SIGINT else -number)
        assert nothing_left(session)


def test_a_window_made_narrower_meanwhile_is_erased_too(tmp_path: Path) -> None:
    with ask(tmp_path, columns=80) as session:
        session.type(WORDS)
        session.until(lambda window: "jaguar" in window.shown.replace("\n", ""))
        session.window.resize(24, 50)
        session.child.setwinsize(24, 50)
        session.type("\r")
        assert session.end() == 0
        assert nothing_left(session)


def _page(session: Session) -> int:
    return session.raw.count(b"\x1b[2J") - 1


@pytest.mark.parametrize(("columns", "lines"), SIZES)
def test_a_secret_is_shown_apart_and_leaves_nothing(columns: int, lines: int) -> None:
    secret = "first page|" + WORDS + "|" + "|".join("row" for _ in range(8)) + "|last"
    with Session([*python(SHOW), secret], columns=columns, lines=lines) as session:
        seen, page = "", 0
        while "last" not in seen:
            if page:
                session.type(" ")
            page += 1
            session.until(
                lambda window, page=page: (
                    _page(session) == page and window.shown.endswith((").", "key", "page."))
                )
            )
            assert session.window.alternate
            seen += session.window.shown + "\n"
        assert all(word[:4] in seen.replace("\n", "") for word in WORDS.split("-"))
        session.type(" ")
        assert session.end() == 0
        assert nothing_left(session)
        assert session.window.shown == "before\nafter"
        assert not session.window.alternate


FRENCH = {"LC_ALL": "fr_FR.UTF-8"}
NUMBERED = "|".join(f"row {number}." for number in range(1, 51))
DRAWING = terminal_lines(WORDS)
CARD = "|".join(["The words of a document", "", *DRAWING, "", WORDS])
SMALL = (
    "La fenêtre est trop petite pour le code QR : agrandissez-la, ou écrivez-le avec -o FICHIER."
)


def test_only_the_last_page_says_what_the_caller_asks(tmp_path: Path) -> None:
    with Session([*python(SHOW), NUMBERED], env=FRENCH) as session:
        session.until("Appuyez sur une touche pour lire la suite (1 sur 3).")
        assert "Press a key" not in session.window.shown
        assert "row 22." in session.window.shown
        assert "row 23." not in session.window.shown
        session.type(" ")
        session.until("lire la suite (2 sur 3).   b : page précédente.")
        session.type("\x1b[A")
        session.until("(1 sur 3).")
        session.type("b")  # there is nothing before
        session.type(" ")
        session.until("(2 sur 3).")
        session.type(" ")
        session.until("Press a key")
        assert "row 50." in session.window.shown
        assert "lire la suite" not in session.window.shown
        session.type("b")
        session.until("(2 sur 3).")
        session.type("  ")
        session.until("Press a key")
        session.type("\r")
        assert session.end() == 0
        assert session.window.shown == "before\nafter"


def test_a_drawing_is_whole_or_not_there_and_comes_when_the_window_is_enlarged() -> None:
    with Session([*python(SHOW), CARD], lines=22, env=FRENCH) as session:
        session.until("Press a key")
        shown = session.window.shown
        assert " ".join(shown.split()).count(SMALL) == 1
        assert WORDS in shown
        assert not {*"█▀▄"} & {*shown}
        session.window.resize(32, 80)
        session.child.setwinsize(32, 80)
        session.until("\n".join(DRAWING))
        session.until(lambda window: window.shown.endswith("Press a key"))
        assert not session.window.shown.count("lire la suite")
        assert WORDS in session.window.shown
        assert SMALL[:20] not in session.window.shown
        session.type(" ")
        assert session.end() == 0
        assert session.window.shown == "before\nafter"


@pytest.mark.parametrize("height", range(4, 40))
@pytest.mark.parametrize("width", [30, 51, 80])
def test_pages_hold_everything_and_fit(width: int, height: int) -> None:
    made = pages(CARD.replace("|", "\n"), "Press a key", width, height, Language.EN)
    assert max(map(len, made)) <= height
    assert max(columns(row) for page in made for row in page) < width
    everything = "\n".join(row for page in made for row in page)
    assert all(word in everything.replace("\n", "") for word in WORDS.split("-"))
    drawn = [page for page in made if any({*row} & {*"█▀▄"} for row in page)]
    assert len(drawn) <= 1
    assert bool(drawn) == (width > 49 and height > len(DRAWING))
    assert bool(drawn) != ("too small" in everything.replace("\n", " "))
    for page in drawn:
        assert "\n".join(DRAWING) in "\n".join(page)
    feet = [" ".join(page[-height // 2 :]) for page in made]
    assert "key" in feet.pop()
    assert all(f"({at} of {len(made)})." in foot for at, foot in enumerate(feet, 1))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, None])
def test_a_killed_screen_hides_the_secret(number: int | None) -> None:
    with Session([*python(SHOW), WORDS]) as session:
        session.until("jaguar")
        if number is None:
            session.type("\x03")
        else:
            session.child.kill(number)
        session.until(lambda window: not window.alternate)
        session.until(lambda window: session.echoing())
        assert session.end() == (0 if number in {signal.SIGINT, None} else -int(number or 0))
        assert nothing_left(session)
        assert session.window.shown.startswith("before")


def test_a_dumb_terminal_never_shows_what_it_cannot_erase(tmp_path: Path) -> None:
    dumb = {"TERM": "dumb"}
    with ask(tmp_path, env=dumb) as session:
        session.until("(nothing shows while you type)")
        session.type(WORDS + "\r")
        assert session.end() == 0
        assert nothing_left(session)
    assert answer(tmp_path) == WORDS
    with Session([*python(SHOW), WORDS], env=dumb) as session:
        assert session.end() == 0
        assert nothing_left(session)
        assert "error terminal.no_screen" in session.window.shown


def test_a_question_is_answered_with_the_terminals_own_editing(tmp_path: Path) -> None:
    code = """
from secshare.terminal import open_terminal
with open_terminal() as terminal:
    print(repr(terminal.ask("Open it? ")))
    print(terminal.width)
"""
    with Session(python(code), columns=47) as session:
        session.until("Open it?")
        session.type("  yesx\x7f \r")
        session.until("'yes'")
        assert session.end() == 0
        assert "Open it?   yes" in session.window.shown
        assert "47" in session.window.shown
    for keys, expected in (("\x04", "Declined"), ("\x03", "KeyboardInterrupt")):
        with Session([sys.executable, "-c", code]) as session:
            session.until("Open it?")
            session.type(keys)
            assert session.end() != 0
            assert expected in session.window.shown


@pytest.mark.parametrize("width", [40, 60])
@pytest.mark.parametrize("begun", [0, 1, 2])
def test_an_answer_is_on_one_row_however_long_the_question(width: int, begun: int) -> None:
    code = """
import sys
from secshare.terminal import open_terminal
with open_terminal() as terminal:
    for length in range(int(sys.argv[1]), 70, 3):
        question = ("mot " * 20)[:length].rstrip() + " ici ? [oui/non] "
        print("answered", length, terminal.ask(question))
"""
    with Session([*python(code), str(begun)], columns=width, lines=40) as session:
        for length in range(begun, 70, 3):
            session.until(lambda window: window.display[window.cursor.y].strip().endswith("]"))
            session.type("peut-être\r")
            session.until(f"answered {length} peut-être")
        assert session.end() == 0
        lines = session.window.everything.splitlines()
        whole = sum(line.endswith("[oui/non] peut-être") for line in lines)
        assert whole == len(range(begun, 70, 3))


@pytest.mark.parametrize("width", [40, 60])
def test_a_confirmation_is_seen_whole_with_its_answer(tmp_path: Path, width: int) -> None:
    make_practice(tmp_path / "practice")
    write_batch(tmp_path, 2)
    command = [sys.executable, "-m", "secshare", "batch", "manifest.csv"]
    env = {"SECSHARE_PRACTICE": str(tmp_path / "practice"), "LC_ALL": "fr_FR.UTF-8"}
    with Session(command, columns=width, lines=30, cwd=tmp_path, env=env) as session:
        session.until("[oui/non]")
        session.type("non merci")
        session.until("[oui/non] non merci")
        session.type("\r")
        assert session.end() == ExitCode.DECLINED


@given(
    st.text(st.sampled_from("ab? éÀ\u00a0漢-[]"), max_size=150),
    st.integers(2, 80),
    st.integers(0, 20),
)
def test_a_question_loses_nothing_to_its_answer(question: str, width: int, room: int) -> None:
    cut = asked(question, width, room)
    assert "".join(cut).replace(" ", "") == question.replace(" ", "")
    assert all(columns(row) <= max(width, 2) for row in cut)
    assert columns(cut[-1]) + min(room, width) <= width or not cut[-1]


def test_secrets_go_to_the_terminal_although_everything_is_redirected(tmp_path: Path) -> None:
    shell = f"{sys.executable} -c '{SHOW}' {WORDS} >{tmp_path}/out 2>{tmp_path}/err </dev/null"
    with Session(["/bin/sh", "-c", shell.replace('\\\\n"', '\\\\n"')]) as session:
        session.until("jaguar")
        session.type(" ")
        assert session.end() == 0
        assert nothing_left(session)
    assert (tmp_path / "out").read_text() == "before\nafter\n"
    assert (tmp_path / "err").read_text() == ""


def test_without_a_terminal_there_is_none_to_ask() -> None:
    code = "from secshare.terminal import open_terminal; print(open_terminal())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        start_new_session=True,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("None\n", "")
