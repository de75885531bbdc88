"""The words of a run go into the file that was named, and nowhere else; the rest is told."""

from __future__ import annotations

import errno
import io
import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from secshare import passphrase
from secshare.batch import uploads
from secshare.batch.resting import alone
from secshare.batch.secrets import Taking
from secshare.cli.app import run
from secshare.cli.numbers import counted
from secshare.cli.pasting import ends, pasted
from secshare.cli.progress import counting
from secshare.cli.unlock import identities
from secshare.messages import Language, text
from secshare.model import Road, SecretState
from secshare.practice import Practice
from secshare.register import Operation, Runs
from secshare.sharing import Desk, create_practice, recall
from tests.batch.sealed_runs import Sealed, add_share, begin_run, make_run
from tests.practices import SETTINGS, make_practice
from tests.secrets_search import Secret
from tests.terminal.windows import Session


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return make_practice(tmp_path / "practice")


def secshare(ground: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "secshare", "batch", "secrets", *arguments],
        cwd=ground,
        env={"SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": "fr_FR.UTF-8"},
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )


def here(practice: Practice, *arguments: str) -> int:
    return run(["batch", "secrets", *arguments, "--practice", str(practice.folder)])


def secret(sealed: Sealed) -> Secret:
    return Secret.of_words(sealed.words.split("-"))


def states(practice: Practice, *people: Sealed) -> set[SecretState | None]:
    with Desk(practice) as desk:
        return {desk.register.share(each.reference).states.secret for each in people}


def test_no_words_are_anywhere_but_in_the_file_that_was_named(tmp_path: Path) -> None:
    drawn = passphrase.draw()
    (tmp_path / "key.txt").write_text(drawn.reveal())
    (tmp_path / "wrong.txt").write_text(passphrase.draw().reveal())
    with Desk(create_practice(tmp_path / "practice", SETTINGS, protection=drawn)) as desk:
        texts = make_run(desk, shares=3)
        codes = [add_share(desk, "nuit", number, road=Road.QR) for number in (4, 5)]
    key = ("--passphrase-file", "key.txt")
    asked = [tmp_path / name for name in ("words.csv", "words.xlsx", "words.pdf")]
    failed = [
        secshare(tmp_path, "nuit", *key),
        secshare(tmp_path, "nuit", "-o", "words.csv", *key),
        secshare(tmp_path, "nuit", "--as", "sms-csv", "-o", "-", *key),
        secshare(tmp_path, "nuit", "--as", "sms-csv", "-o", "practice/outbox/a.csv", *key),
        secshare(tmp_path, "nuit", "--as", "sms-csv", "-o", "none/words.csv", *key),
        secshare(tmp_path, "nuit", "--as", "sms-csv", "-o", "words.csv"),
        secshare(
            tmp_path, "nuit", *("--as", "sms-csv", "-o", "a.csv", "--passphrase-file", "wrong.txt")
        ),
    ]
    assert [done.returncode for done in failed] == [13, 13, 4, 4, 4, 13, 20], failed
    assert "--as sms-csv" in failed[0].stderr
    assert not any(path.exists() for path in asked)
    assert states(Practice.open(tmp_path / "practice"), *texts, *codes) == {SecretState.HELD}
    said = [
        secshare(tmp_path, "nuit", "--as", "sms-csv", "-o", "words.csv", *key),
        secshare(tmp_path, "nuit", "--as", "sms-xlsx", "-o", "words.xlsx", "--again", *key),
        secshare(tmp_path, "nuit", "--as", "qr-sheet", "-o", "words.pdf", "--json", *key),
        secshare(tmp_path),
        secshare(tmp_path, "--json"),
    ]
    assert [done.returncode for done in said] == [0] * 5, said
    assert "supprimez ce fichier" in said[0].stderr
    streams = [stream for done in (*failed, *said) for stream in (done.stdout, done.stderr)]
    for each in texts:
        assert secret(each).traces(asked[0])
        assert secret(each).traces(asked[1])
        assert not secret(each).traces(*streams, tmp_path, apart=asked[:2])
    for each in codes:
        assert not secret(each).traces(*streams, tmp_path, apart=asked[2:])


def test_what_is_left_out_is_said_and_counted(practice, capsys, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    with Desk(practice) as desk:
        people = make_run(desk, shares=2)
        codes = [add_share(desk, "nuit", number, road=Road.QR) for number in range(3, 10)]
        recall(desk, people[0].reference)
    assert here(practice, "nuit", "--as", "sms-csv", "-o", "words.csv", "--json") == 0
    streams = capsys.readouterr()
    told = json.loads(streams.out)
    assert (told["run"], told["as"], told["given"]) == ("nuit", "sms-csv", 1)
    assert told["left_out"]["recalled"] == [str(people[0].reference)]
    assert told["left_out"]["by-qr"] == [str(each.reference) for each in codes]
    assert str(codes[4].reference) in streams.err
    assert str(codes[5].reference) not in streams.err  # a line, not a list
    assert "--as qr-sheet" in streams.err
    assert here(practice, "nuit", "--as", "sms-csv", "-o", "again.csv") == 43
    assert not Path("again.csv").exists()
    assert here(practice, "jour", "--as", "sms-csv", "-o", "again.csv") == 42
    capsys.readouterr()
    assert here(practice, "--json") == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["run"], listed["shares"], listed["held"]) == ("nuit", 9, 7)


def test_a_list_says_which_run_is_not_finished_and_what_to_do(practice, capsys) -> None:
    with Desk(practice) as desk:
        make_run(desk, "hier")
        assert here(practice) == 0
        streams = capsys.readouterr()
        assert "finished" not in streams.out
        assert not streams.err
        begin_run(desk)
        add_share(desk, "nuit", 1)
        assert here(practice) == 0
    streams = capsys.readouterr()
    of_night, of_yesterday = streams.out.splitlines()
    assert of_night.startswith("nuit ")
    assert of_night.endswith("; not finished")
    assert of_yesterday.startswith("hier ")
    assert "finished" not in of_yesterday
    assert f"secshare batch MANIFEST --run NAME{ends(practice.folder)} (" in streams.err


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", ["listed", "listed_unfinished"])
def test_a_run_in_the_list_is_one_row_of_80_columns(language: Language, key: str) -> None:
    fields = {"name": "0123456789abcdef", "date": "22/11/2026 18:25"}
    line = text(f"batch_secrets.{key}", language, **fields, shares="9 999", held="9 999")
    assert len(line) <= 80


def test_what_is_suggested_for_a_row_that_was_corrected_names_a_road(
    practice, capsys, monkeypatch, tmp_path
) -> None:
    monkeypatch.chdir(tmp_path)
    with Desk(practice) as desk:
        wrong, _ = make_run(desk, shares=2)
        Runs(desk.store).end("nuit", [wrong.reference])
    assert here(practice, "nuit", "--as", "sms-csv", "-o", "words.csv") == 0
    said = capsys.readouterr().err
    assert "secshare release REF --as sms" in said
    assert f"To be added to the commands above: --practice {pasted(str(practice.folder))}" in said


def test_commands_are_completed_where_there_are_any_and_the_practice_was_named(
    practice, capsys, monkeypatch
) -> None:
    named = ends(practice.folder)
    assert here(practice) == 0
    assert f"secshare batch MANIFEST{named}\n" in capsys.readouterr().err
    with Desk(practice) as desk:
        recalled, _ = make_run(desk, shares=2)
        recall(desk, recalled.reference)
        begin_run(desk, "soir")
    for unknown in ("jour", "soir"):
        assert here(practice, unknown, "--as", "sms-csv") == 42
        assert f"secshare batch secrets{named}\n" in capsys.readouterr().err
    assert here(practice, "nuit", "--as", "sms-csv") == 0
    assert "--practice" not in capsys.readouterr().err  # no command is said
    with Desk(practice) as desk:
        add_share(desk, "nuit", 3, road=Road.PHONE)
    assert here(practice, "nuit", "--as", "sms-csv") == 43
    assert f"commands above:{named}\n" in capsys.readouterr().err
    monkeypatch.setenv("SECSHARE_PRACTICE", str(practice.folder))
    assert run(["batch", "secrets", "nuit", "--as", "sms-csv"]) == 43
    assert "--practice" not in capsys.readouterr().err


@pytest.mark.parametrize("how", ["stopped", "at work", "stopped, and they are wanted"])
def test_a_run_that_goes_on_while_its_words_are_asked_for_gives_none(
    practice, capsys, monkeypatch, tmp_path, how
) -> None:
    """Its manifest may have been corrected: a wrong number is not known as such yet."""
    monkeypatch.chdir(tmp_path)
    with Desk(practice) as desk:
        made = make_run(desk)

    def meanwhile(*args: object) -> object:
        if how == "at work":
            held.enter_context(alone(practice, "nuit"))
        else:
            with Desk(practice) as desk:
                begin_run(desk)
        return identities(*args)

    monkeypatch.setattr("secshare.cli.batch_secrets.identities", meanwhile)
    more = ["--unfinished"] if "wanted" in how else []
    with ExitStack() as held:
        status = here(practice, "nuit", "--as", "sms-csv", "-o", "words.csv", *more)
    if more:
        assert status == 0
        return
    assert status == 43
    said = "in use in another window" if how == "at work" else "did not come to its end"
    assert said in capsys.readouterr().err
    assert not (tmp_path / "words.csv").exists()
    assert states(practice, *made) == {SecretState.HELD}


def test_of_a_run_that_is_at_work_nobody_is_told_to_start_it_again(
    practice, capsys, monkeypatch
) -> None:
    """Nor to say that nothing was corrected, which it may have been just before."""
    with Desk(practice) as desk:
        begin_run(desk)
        made = add_share(desk, "nuit", 1)
    monkeypatch.setattr("secshare.cli.batch_secrets.identities", None)  # nobody is asked for words
    with alone(practice, "nuit"):
        assert here(practice, "nuit", "--as", "sms-csv") == 43
    said = capsys.readouterr().err
    assert "in use in another window" in said
    assert "--unfinished" not in said
    assert here(practice, "nuit", "--as", "sms-csv") == 43
    assert "--unfinished" in capsys.readouterr().err
    assert states(practice, made) == {SecretState.HELD}


def test_words_that_do_not_open_end_with_another_code_and_the_others_are_written(
    practice, capsys, monkeypatch, tmp_path
) -> None:
    monkeypatch.chdir(tmp_path)
    with Desk(practice) as desk:
        damaged, _ = make_run(desk, shares=2)
        with desk.store.transaction() as connection:
            connection.execute(
                "UPDATE sealed_words SET blob = x'00' WHERE reference = ?",
                (str(damaged.reference),),
            )
    assert here(practice, "nuit", "--as", "sms-csv", "-o", "words.csv") == 60
    said = capsys.readouterr().err
    assert str(damaged.reference) in said
    assert "not in the directory, by a manifest of those rows alone with another --run" in said
    assert Path("words.csv").read_text().count("\n") == 2


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (KeyboardInterrupt(), 130),
        (OSError(errno.ENOSPC, "full"), 50),
        (RuntimeError("cannot"), 1),
    ],
)
def test_what_stops_after_the_register_spoke_is_said_with_how_to_go_on(
    practice, capsys, monkeypatch, tmp_path, fault: BaseException, status: int
) -> None:
    monkeypatch.chdir(tmp_path)
    with Desk(practice) as desk:
        people = make_run(desk, "le soir")

    def breaks(self: Taking, sink: object) -> None:
        raise fault

    monkeypatch.setattr(Taking, "_fill", breaks)
    assert here(practice, "le soir", "--as", "sms-csv", "-o", "words.csv") == status
    said = capsys.readouterr().err
    assert (
        'secshare batch secrets "le soir" --as sms-csv --again --practice' in said
    )  # to be pasted
    assert f" --practice {pasted(str(practice.folder))}" in said
    assert not Path("words.csv").exists()
    assert states(practice, *people) == {SecretState.WRITTEN}


def test_a_fault_of_our_own_shows_no_words(practice, capsys, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    with Desk(practice) as desk:
        people = make_run(desk)

    def breaks(messages: list[uploads.Message], language: object) -> bytes:
        msg = f"cannot write {[each.text for each in messages]} {messages!r}"
        raise RuntimeError(msg)

    monkeypatch.setattr(uploads, "to_csv", breaks)
    assert here(practice, "nuit", "--as", "sms-csv", "-o", "words.csv") == 1
    streams = capsys.readouterr()
    assert "RuntimeError" in streams.err
    for each in people:
        assert not secret(each).traces(streams.out, streams.err, tmp_path)


def test_the_practices_key_is_asked_for_once_for_the_whole_run(tmp_path: Path) -> None:
    drawn = passphrase.draw()
    with Desk(create_practice(tmp_path / "practice", SETTINGS, protection=drawn)) as desk:
        people = make_run(desk)
    environ = {"SECSHARE_PRACTICE": str(tmp_path / "practice"), "LC_ALL": "fr_FR.UTF-8"}
    command = [sys.executable, "-m", "secshare", "batch", "secrets", "nuit"]
    command += ["--as", "sms-csv", "-o", "words.csv"]
    with Session(command, columns=100, lines=40, env=environ, cwd=tmp_path) as session:
        session.until("mots de la clé")
        session.type(drawn.reveal().replace("-", " ") + "\r")
        assert session.end() == 0
        for each in people:
            assert not secret(each).traces(session.window.everything)
    assert (tmp_path / "words.csv").read_text().count("\n") == 4


def test_a_file_that_cannot_be_made_is_refused_before_the_practices_key_is_asked_for(
    tmp_path: Path,
) -> None:
    protection = passphrase.draw()
    with Desk(create_practice(tmp_path / "practice", SETTINGS, protection=protection)) as desk:
        people = make_run(desk, shares=2)
        desk.register.change(people[1].reference, Operation.RELEASE, given_as="sms")
    (tmp_path / "words.csv").write_text("mine")
    (tmp_path / "gone.csv").symlink_to("nowhere")
    verbs = (
        ["batch", "secrets", "nuit", "--as", "sms-csv"],
        ["release", str(people[0].reference), "--as", "sms"],
        ["secret", str(people[1].reference), "--as", "sms"],
    )
    for verb in verbs:
        command = [sys.executable, "-m", "secshare", *verb, "--practice", "practice", "-o"]
        ends = {
            name: subprocess.run(
                [*command, name],
                cwd=tmp_path,
                env={"LC_ALL": "C.UTF-8"},
                capture_output=True,
                text=True,
                start_new_session=True,
                check=False,
            )
            for name in ("words.csv", "gone.csv", "none/words.csv", "free.csv")
        }
        # Without a terminal that key is asked for in vain: 13.
        assert [done.returncode for done in ends.values()] == [4, 4, 4, 13], (verb, ends)
        assert "words.csv already exists" in ends["words.csv"].stderr
        assert "There is no folder none" in ends["none/words.csv"].stderr
    assert (tmp_path / "words.csv").read_text() == "mine"


class Screen(io.StringIO):
    """A terminal to write on."""

    def isatty(self) -> bool:
        return True


def test_a_bar_counts_what_takes_long_and_nothing_else(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    thousands = counted(4400)
    assert len(thousands) == 5
    for total, shown in ((5, ""), (900, "225/900"), (4400, f"{counted(1100)}/{thousands}")):
        monkeypatch.setattr(sys, "stderr", Screen())
        with counting("[bold]Mots", total) as progress:
            progress(total // 4)
        assert shown in sys.stderr.getvalue()
        assert bool(sys.stderr.getvalue()) == bool(shown)
    assert "[bold]" in sys.stderr.getvalue()


def test_a_recall_that_takes_a_whole_file_with_it_says_so(practice, capsys) -> None:
    with Desk(practice) as desk:
        people = make_run(desk)
    path = practice.secrets / "words-nuit.csv"
    assert here(practice, "nuit", "--as", "sms-csv") == 0
    assert str(path) in capsys.readouterr().out
    arguments = ["recall", str(people[0].reference), "--practice", str(practice.folder)]
    assert run(arguments) == 0
    streams = capsys.readouterr()
    assert "words-nuit.csv" in streams.out
    again = f"batch secrets nuit --as sms-csv --again{ends(practice.folder)}"
    assert again in streams.err
    assert "reseal" not in streams.err  # it knows people of the directory only
    assert "with another --run" in streams.err
    assert not path.exists()


def test_words_that_nobody_named_a_file_for_stand_where_a_recall_finds_them(
    practice, capsys, monkeypatch, tmp_path
) -> None:
    (tmp_path / "documents").mkdir()
    monkeypatch.chdir(tmp_path / "documents")
    with Desk(practice) as desk:
        people = make_run(desk, "soir du 22.11", shares=2)
    arguments = ["batch", "secrets", "soir du 22.11", "--as", "sms-csv"]
    for again, name in (((), ""), (("--again",), " (2)"), (("--again",), " (3)")):
        capsys.readouterr()
        assert run([*arguments, *again, "--practice", "../practice"]) == 0
        told = capsys.readouterr()
        path = practice.secrets.resolve() / f"words-soir du 22-11{name}.csv"
        assert told.out.endswith(f"  {path}\n")  # and not by way of `..`
        assert f"upload {path} to" in told.err
        assert secret(people[0]).traces(path)
    assert not list((tmp_path / "documents").iterdir())
    with Desk(practice) as desk:
        recall(desk, people[1].reference)
    assert not list(practice.secrets.iterdir())
