"""Protects the minutes after a mistake: what is stopped is gone, and what is said of it holds."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from secshare.age import HybridIdentity
from secshare.cli.mark import read_state
from secshare.messages import Language, areas, catalogue, text
from secshare.model import FileState, Kind, Reference, SecretState, Share
from secshare.practice import Practice
from secshare.sharing import MARKS, Desk
from tests.documents import WITNESS, report
from tests.practices import add_patient, make_practice
from tests.secrets_search import Secret
from tests.terminal.windows import Session

SECSHARE = [sys.executable, "-m", "secshare"]
SEAL = ("seal", "rapport.pdf", "--to", "Jeanne Exemple", "--yes")


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    with Desk(make_practice(tmp_path / "practice")) as desk:
        add_patient(desk)
    (tmp_path / "rapport.pdf").write_bytes(report())
    return tmp_path


def run(ground: Path, *arguments: str, program: list[str] = SECSHARE, **options: object):
    return subprocess.run(
        [*program, *arguments, "--practice", "practice"],
        cwd=ground,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(ground), "LC_ALL": "C.UTF-8"},
        **options,
    )


def sealed(ground: Path, *options: str) -> str:
    """Seal, and return the reference."""
    done = run(ground, *SEAL, *options, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["reference"]


def share_of(ground: Path, reference: str) -> Share:
    with Desk(Practice.open(ground / "practice")) as desk:
        return desk.register.share(Reference(reference))


def words_of(ground: Path, reference: str) -> str:
    practice = Practice.open(ground / "practice")
    with Desk(practice) as desk:
        return desk.register.words(Reference(reference), practice.identities(lambda: ""))


def blob_of(ground: Path, reference: str) -> bytes:
    path = ground / "practice" / "private" / "practice.db"
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT blob FROM sealed_words WHERE reference = ?"
        return connection.execute(query, (reference,)).fetchone()[0]


def secrets(ground: Path) -> list[str]:
    return sorted(path.name for path in (ground / "practice" / "secrets").iterdir())


def holding(ground: Path, content: bytes) -> list[Path]:
    """Every file of the practice that holds any 48 bytes in a row of a content."""
    parts = [content[at : at + 48] for at in range(0, len(content) - 48, 16)]
    files = [path for path in (ground / "practice").rglob("*") if path.is_file()]
    return [path for path in files if any(part in path.read_bytes() for part in parts)]


# --- what is stopped is gone ---------------------------------------------------------------------


def test_recalled_words_are_found_nowhere_also_while_somebody_has_the_register_open(
    ground: Path,
) -> None:
    reference = sealed(ground)
    words = Secret.of_words(words_of(ground, reference).split("-"))
    blob = blob_of(ground, reference)
    assert holding(ground, blob), "the search finds what is there"
    assert words.traces(ground)
    path = ground / "practice" / "private" / "practice.db"
    reader = sqlite3.connect(path)
    assert reader.execute("SELECT count(*) FROM sealed_words").fetchone() == (1,)
    done = run(ground, "recall", reference)
    assert done.returncode == 0, done.stderr
    assert not words.traces(ground, done.stdout, done.stderr)
    assert holding(ground, blob) == []
    assert reader.execute("SELECT count(*) FROM sealed_words").fetchone() == (0,)
    reader.close()


def test_a_reader_that_does_not_end_is_said_and_nothing_else_is_left_undone(ground: Path) -> None:
    reference = sealed(ground)
    words = Secret.of_words(words_of(ground, reference).split("-"))
    blob = blob_of(ground, reference)
    reader = sqlite3.connect(ground / "practice" / "private" / "practice.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM share").fetchone()  # it sees the register as it is now
    done = run(ground, "recall", reference)
    assert (done.returncode, len(done.stderr.splitlines())) == (40, 2), done.stderr
    assert (share_of(ground, reference).words_kept, secrets(ground)) == (False, [])
    reader.close()
    assert run(ground, "shares").returncode == 0  # any next command
    assert holding(ground, blob) == []
    assert not words.traces(ground)
    assert run(ground, "recall", reference).returncode == 0


@pytest.mark.parametrize(
    ("options", "before", "code", "says"),
    [
        (("--hold",), (), 0, "never released"),
        ((), (), 0, "had been written or shown"),
        ((), (("mark", "sent"),), 0, "had been written or shown"),
        ((), (("mark", "released"),), 43, "given on"),
        ((), (("mark", "opened"),), 43, "as far as is known"),
    ],
)
def test_a_recall_says_what_it_is_worth_and_says_it_again(
    ground: Path,
    options: tuple[str, ...],
    before: tuple[tuple[str, str], ...],
    code: int,
    says: str,
) -> None:
    reference = sealed(ground, *options)
    for verb, state in before:
        assert run(ground, verb, reference, state).returncode == 0
    first, second = (run(ground, "recall", reference) for _ in range(2))
    assert (first.returncode, second.returncode) == (code, code), first.stderr
    told = first.stdout if code == 0 else first.stderr
    assert says in told
    assert told.splitlines()[0] in (second.stdout + second.stderr)
    assert code == 0 or len(first.stderr.splitlines()) == 2, "an error is two lines"
    assert ("Removed from the folder secrets" in first.stdout) == ("--hold" not in options)
    assert secrets(ground) == []
    assert not share_of(ground, reference).words_kept


def test_what_is_sealed_to_a_key_cannot_be_recalled(ground: Path) -> None:
    with Desk(Practice.open(ground / "practice")) as desk:
        key = str(HybridIdentity.generate().recipient())
        desk.directory.add(name="Labo Fictif", kind=Kind.ORGANISATION, keys=(key,))
    seal = ("seal", "rapport.pdf", "--to", "Labo Fictif", "--about", "Jeanne Exemple", "--yes")
    done = run(ground, *seal, "--json")
    reference = json.loads(done.stdout)["reference"]
    done = run(ground, "recall", reference)
    assert (done.returncode, "no words to stop" in done.stderr) == (43, True)
    done = run(ground, "recall", reference, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["worth"], told["secret"]) == (43, "sealed-to-key", None)
    assert run(ground, "release", reference, "--as", "sms").returncode == 43
    assert run(ground, "reseal", reference, "--yes").returncode == 43
    assert run(ground, *seal, "--hold").returncode == 12
    assert run(ground, "mark", reference, "released").returncode == 43
    assert run(ground, "mark", reference, "opened").returncode == 0


# --- killed, interrupted, at once ----------------------------------------------------------------

STOPPING = """
import os, signal, sys
from importlib import import_module
module, _, name = sys.argv[1].partition(":")
owner = import_module(module)
*inside, name = name.split(".")
for each in inside:
    owner = getattr(owner, each)
how, when = sys.argv[2], sys.argv[3]
whole = getattr(owner, name)
def stopped(*given, **named):
    result = whole(*given, **named) if when == "after" else None
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    raise KeyboardInterrupt
setattr(owner, name, stopped)
from secshare.cli.app import run
sys.exit(run(sys.argv[4:]))
"""


def stopped(ground: Path, at: str, how: str, *arguments: str):
    """Run a command that ends before, or after, it calls something."""
    where, _, when = at.rpartition(" ")
    return run(ground, where, how, when, *arguments, program=[sys.executable, "-c", STOPPING])


@pytest.mark.parametrize(
    ("at", "how", "given"),
    [
        ("secshare.sharing.releasing:Handing.commit before", "kill", False),
        ("secshare.register.journal:Journal.append before", "kill", False),
        ("secshare.register.journal:Journal.append after", "interrupt", False),
        ("secshare.sharing.releasing:Handing.commit after", "kill", True),
        ("secshare.sharing.releasing:Handing.commit after", "interrupt", True),
        ("secshare.files.drafts:Draft.publish before", "kill", True),
        ("secshare.files.drafts:Draft.publish after", "kill", True),
        ("secshare.files.drafts:Draft.publish after", "interrupt", True),
    ],
)
def test_a_release_that_stops_anywhere_never_gives_what_counts_as_held(
    ground: Path, at: str, how: str, given: bool
) -> None:
    reference = sealed(ground, "--hold")
    done = stopped(ground, at, how, "release", reference, "--as", "sms")
    assert done.returncode == (-signal.SIGKILL if how == "kill" else 130), done.stderr
    found = secrets(ground)
    state = share_of(ground, reference).states.secret
    assert state is (SecretState.WRITTEN if given else SecretState.HELD)
    assert not found or given, "words that count as held were written"
    if how == "interrupt":
        assert ("count as handed over" in done.stderr) == given
    if given:  # they can be given again, and are stopped as any
        again = run(ground, "secret", reference, "--as", "sms", "-o", "again.txt")
        assert again.returncode == 0, again.stderr
        assert "had been written" in run(ground, "recall", reference).stdout
    else:
        assert run(ground, "release", reference, "--as", "sms").returncode == 0
    assert not list(ground.rglob("*.part"))


@pytest.mark.parametrize(
    "at",
    [
        "secshare.files:remove before",
        "secshare.files:remove after",
        "secshare.register.forgetting:destroy_words after",
        "secshare.register.journal:Journal.append after",
        "secshare.register.forgetting:scrub before",
        "secshare.register.forgetting:scrub after",
    ],
)
def test_a_recall_that_is_killed_anywhere_is_finished_by_the_next(ground: Path, at: str) -> None:
    reference = sealed(ground)
    words = Secret.of_words(words_of(ground, reference).split("-"))
    blob = blob_of(ground, reference)
    done = stopped(ground, at, "kill", "recall", reference)
    assert done.returncode == -signal.SIGKILL, done.stderr
    share = share_of(ground, reference)
    if not share.words_kept:  # it counts as done, so that nothing of it is left
        assert secrets(ground) == []
    again = run(ground, "recall", reference)
    assert (again.returncode, "had been written" in again.stdout) == (0, True), again.stderr
    assert holding(ground, blob) == []
    assert not words.traces(ground)


def test_of_processes_that_release_and_recall_at_once_one_order_holds(ground: Path) -> None:
    for _ in range(2):
        reference = sealed(ground, "--hold")
        commands = [
            *(["release", reference, "--as", "sms", "-o", f"{reference}-{n}"] for n in range(3)),
            ["recall", reference],
        ]
        running = [
            subprocess.Popen(
                [*SECSHARE, *command, "--practice", "practice"],
                cwd=ground,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                env={"PATH": "/usr/bin:/bin", "HOME": str(ground), "LC_ALL": "C.UTF-8"},
            )
            for command in commands
        ]
        said = [process.communicate() for process in running]
        *released, recalled = (process.returncode for process in running)
        assert recalled == 0, said
        assert set(released) <= {0, 43}, said
        written = list(ground.glob(f"{reference}-*"))
        assert len(written) == released.count(0) <= 1, "one command at most gives the words"
        share = share_of(ground, reference)
        assert (share.words_kept, share.states.secret) == (False, SecretState.DESTROYED)
        # Between a commit and its file a recall may come: the words count as given, and nobody has
        # them. Never the other way round.
        assert not (share.states.secret_known and written), "words that somebody has count as given"


# --- the verbs -----------------------------------------------------------------------------------


def test_held_words_are_handed_over_once_and_only_where_they_may_go(ground: Path) -> None:
    reference = sealed(ground, "--hold")
    assert secrets(ground) == []
    assert run(ground, "secret", reference, "--as", "words", "-o", "w").returncode == 43
    (ground / "there").write_text("mine")
    refused = {
        ("-o", "there"): 4,
        ("-o", "practice/outbox/words"): 4,
        ("-o", "none/words"): 4,
        ("--fd", "77"): 3,
    }
    for options, code in refused.items():
        assert run(ground, "release", reference, "--as", "sms", *options).returncode == code
    assert run(ground, "release", reference, "--as", "phone").returncode == 13  # no screen
    assert share_of(ground, reference).states.secret is SecretState.HELD
    with Desk(Practice.open(ground / "practice")) as desk:
        desk.directory.edit(desk.directory.find("Jeanne Exemple"), phone="+33639980002")
    assert run(ground, "release", reference, "--as", "sms").returncode == 13  # another number
    assert share_of(ground, reference).states.secret is SecretState.HELD
    given = ("release", reference, "--as", "sms", "--accept", "changed-contact", "--by", "Paul")
    done = run(ground, *given)
    assert (done.returncode, secrets(ground)) == (0, [f"{reference}.sms.txt"]), done.stderr
    written = (ground / "practice" / "secrets" / f"{reference}.sms.txt").read_text()
    assert written.startswith("+33639980002\n")
    assert Secret.of_words(words_of(ground, reference).split("-")).traces(written)
    again = run(ground, *given)
    assert again.returncode == 43
    assert f"secshare secret {reference}" in again.stderr
    with Desk(Practice.open(ground / "practice")) as desk:
        entry = next(iter(desk.journal.entries(Reference(reference))))
    assert (entry.operation.value, entry.facts["given_as"], entry.actor.by) == (
        "release",
        "sms",
        "Paul",
    )


def test_a_full_disk_after_the_register_spoke_is_said(ground: Path) -> None:
    reference = sealed(ground, "--hold")
    command = f"{sys.executable} -m secshare release {reference} --as sms --fd 9 9>/dev/full"
    done = run(ground, program=["bash", "-c", f'{command} "$@"', "-"])
    assert (done.returncode, len(done.stderr.splitlines())) == (50, 2), done.stderr
    assert f"secshare secret {reference}" in done.stderr
    assert share_of(ground, reference).states.secret is SecretState.WRITTEN


def test_on_a_screen_the_words_are_shown_and_gone_and_count_as_given_before(ground: Path) -> None:
    reference = sealed(ground, "--hold")
    words = Secret.of_words(words_of(ground, reference).split("-"))
    environ = {"SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": "fr_FR.UTF-8"}
    command = [*SECSHARE, "release", reference, "--as", "phone"]
    with Session(command, columns=100, lines=40, env=environ, cwd=ground) as session:
        session.until("Appuyez sur une touche")
        assert words.traces(session.window.shown)
        assert share_of(ground, reference).states.secret is SecretState.WRITTEN
        session.type(" ")
        assert session.end() == 0
        assert not words.traces(session.window.shown)
        said = " ".join(session.window.shown.split())
    before, _, after = said.partition("Les mots ont été lus ?")
    assert "appelez, posez les questions" in before
    assert f"secshare mark {reference} donnés. Sinon : secshare secret {reference} --as" in after
    assert "appelez" not in after


def test_ctrl_c_at_the_sheet_says_that_the_words_were_seen(ground: Path) -> None:
    reference = sealed(ground, "--hold")
    environ = {"SECSHARE_PRACTICE": str(ground / "practice"), "LC_ALL": "en_GB.UTF-8"}
    command = [*SECSHARE, "release", reference, "--as", "phone"]
    with Session(command, columns=100, lines=40, env=environ, cwd=ground) as session:
        session.until("Press a key")
        session.type("\x03")
        assert session.end() == 130
        said = " ".join(session.window.shown.split())
    assert "they stood on this screen" in said
    assert "nobody may have seen them" not in said
    assert f"secshare mark {reference} released" in said


def test_what_is_prepared_says_to_note_that_it_left(ground: Path) -> None:
    done = run(ground, *SEAL)
    reference = done.stdout.split()[0]
    assert done.stderr.splitlines()[-1].endswith(f"3. once it left: secshare mark {reference} sent")
    done = run(ground, *SEAL, "--format", "html", "--road", "qr")
    reference = done.stdout.split()[0]
    assert done.stderr.splitlines()[-1].endswith(f"secshare mark {reference} delivered")


def test_a_share_for_no_patient_says_what_puts_it_into_a_history(ground: Path) -> None:
    with Desk(Practice.open(ground / "practice")) as desk:
        desk.directory.add(name="Labo Fictif", kind=Kind.ORGANISATION, email="labo@example.org")
    seal = ("seal", "rapport.pdf", "--to", "Labo Fictif", "--road", "qr", "--yes")
    done = run(ground, *seal)
    assert (done.returncode, "Whom is it about?" in done.stderr) == (0, True), done.stderr
    reference = done.stdout.split()[0]
    assert "Whom is it about?" not in run(ground, "reseal", reference, "--yes").stderr
    done = run(ground, *seal, "--about", "Jeanne Exemple")
    assert (done.returncode, "Whom is it about?" in done.stderr) == (0, False), done.stderr
    assert "Whom is it about?" not in run(ground, *SEAL).stderr


def test_giving_again_is_an_entry_made_before_the_words_are_out(ground: Path) -> None:
    reference = sealed(ground)
    done = stopped(
        ground,
        "secshare.sharing.releasing:write_whole before",
        "kill",
        *("secret", reference, "--as", "words", "-o", "w"),
    )
    assert done.returncode == -signal.SIGKILL
    assert not (ground / "w").exists()
    with Desk(Practice.open(ground / "practice")) as desk:
        entry = next(iter(desk.journal.entries(Reference(reference))))
    assert (entry.operation.value, entry.facts["given_as"]) == ("secret", "words")


def test_several_are_marked_at_once_and_each_refusal_is_told(ground: Path) -> None:
    first, second = sealed(ground), sealed(ground)
    done = run(ground, "mark", first.lower().replace("-", ""), second, first, "SENT")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2), done.stderr
    done = run(ground, "mark", first, second, "sent", "--json")
    assert [each["unchanged"] for each in json.loads(done.stdout)] == [True, True]
    assert done.returncode == 0, "a batch that is started again does not fail"
    third = sealed(ground)
    done = run(ground, "mark", first, third, "sent")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{first}: unchanged, already sent",
        f"{third}  sent, words written",
    ]
    assert run(ground, "mark", first, "delivered").returncode == 0
    done = run(ground, "mark", first, second, "bounced", "--json", "--by", "Mme Secrétaire")
    assert [each["file"]["state"] for each in json.loads(done.stdout)] == ["bounced", "bounced"]
    wrong = f"{second[:-1]}{'0' if second[-1] != '0' else '1'}"
    done = run(ground, "mark", first, wrong, "opened")
    assert (done.returncode, done.stdout) == (42, "")
    assert share_of(ground, first).states.file is FileState.BOUNCED, "a misread one stops all"
    assert run(ground, "mark", first, second, "--undo").returncode == 0
    assert share_of(ground, first).states.file is FileState.DELIVERED
    assert share_of(ground, second).states.file is FileState.SENT


def test_one_that_cannot_be_marked_so_is_refused_beside_one_that_already_is(ground: Path) -> None:
    first, second = sealed(ground), sealed(ground)
    for each, state in ((first, "delivered"), (second, "sent")):
        assert run(ground, "mark", each, state).returncode == 0
    done = run(ground, "mark", first, second, "sent")
    assert (done.returncode, done.stdout) == (43, f"{second}: unchanged, already sent\n")
    assert len(done.stderr.splitlines()) == 2, done.stderr


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("envoyé", "sent"),
        ("ENVOYE", "sent"),
        ("envoyées", "sent"),
        ("revenu", "bounced"),
        ("arrivés", "delivered"),
        ("ouverte", "opened"),
        ("donné", "released"),
        ("donnés", "released"),
        ("Delivered", "delivered"),
    ],
)
def test_a_state_is_understood_in_both_languages(word: str, state: str) -> None:
    assert read_state(word) == MARKS[state]


@pytest.mark.parametrize("word", ["envoi", "non", "pas envoyé", "s", "", "K7Q2-M9PX-8"])
def test_what_is_near_a_state_is_none(word: str) -> None:
    assert read_state(word) is None


@pytest.mark.parametrize(
    "words", [["sent"], ["snet"], ["--undo"], ["K7Q2-M9PX-8"], ["sent", "K7Q2-M9PX-8"]]
)
def test_a_mark_that_can_be_misread_is_refused(ground: Path, words: list[str]) -> None:
    done = run(ground, "mark", *words)
    assert (done.returncode, done.stdout) == (2, "")


def test_shares_are_listed_and_filtered_by_both_states(ground: Path) -> None:
    held, sent = sealed(ground, "--hold"), sealed(ground)
    run(ground, "mark", sent, "sent")

    def listed(*states: str) -> set[str]:
        options = [part for state in states for part in ("--state", state)]
        return {
            each["reference"]
            for each in json.loads(run(ground, "shares", *options, "--json").stdout)
        }

    assert listed() == listed("sent", "held") == {held, sent}
    assert (listed("held"), listed("sent"), listed("written")) == ({held}, {sent}, {sent})
    assert listed("opened") == set()
    shown = json.loads(run(ground, "shares", "show", sent, "--json").stdout)
    assert (shown["file"]["state"], shown["file"]["known"]) == ("sent", True)
    assert shown["secret"]["state"] == "written"
    assert shown["sent"] == shown["file"]["since"]
    assert (shown["seals_again"], shown["status"]) == (None, "prepared")
    assert f"secshare release {held}" in run(ground, "shares", "show", held).stdout


# --- sealing again -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then"), [((), ("--format", "pdf")), (("--format", "pdf"), ("--format", "age"))]
)
def test_a_share_is_sealed_again_in_another_form_from_its_own_copy(
    ground: Path, first: tuple[str, ...], then: tuple[str, ...]
) -> None:
    reference = sealed(ground, *first)
    (ground / "rapport.pdf").unlink()
    done = run(ground, "reseal", reference, "--yes", "--road", "qr", *then, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["seals_again"], told["format"], told["road"]) == (reference, then[1], "qr")
    assert told["kind"] == "report"
    again = told["reference"]
    assert words_of(ground, again) != words_of(ground, reference)
    assert not [
        path for path in ground.rglob("*") if path.is_file() and WITNESS in path.read_bytes()
    ], "nothing of the document stands in clear"
    (name,) = (path for path in told["files"] if "document-" in path)
    (ground / "w").write_text(words_of(ground, again))
    if then[1] == "age":
        opened = subprocess.run(
            [sys.executable, "-m", "secshare.opener", name, "--passphrase-file", "w", "-o", "o"],
            cwd=ground,
            check=False,
            capture_output=True,
        )
        assert opened.returncode == 0, opened.stderr
        assert (ground / "o").read_bytes().startswith(b"%PDF-")


def test_what_cannot_be_sealed_again_from_its_copy_says_what_is_needed(ground: Path) -> None:
    reference = sealed(ground)
    folder = ground / "practice" / "outbox" / reference
    (copy,) = folder.glob("document-*")
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-1] + b"x")
    done = run(ground, "reseal", reference, "--yes")
    assert (done.returncode, f"reseal {reference} FILE" in done.stderr) == (23, True), done.stderr
    copy.unlink()
    done = run(ground, "reseal", reference, "--yes")
    assert (done.returncode, f"reseal {reference} FILE" in done.stderr) == (43, True), done.stderr
    copy.write_bytes(whole)
    run(ground, "recall", reference)
    done = run(ground, "reseal", reference, "--yes")
    assert (done.returncode, "were recalled on" in done.stderr) == (43, True), done.stderr
    assert len(list((ground / "practice" / "outbox").iterdir())) == 1
    done = run(ground, "reseal", reference, "rapport.pdf", "--yes")
    assert (done.returncode, "byte for byte" in done.stderr) == (0, True), done.stderr
    assert len(list((ground / "practice" / "outbox").iterdir())) == 2


def test_the_preflight_looks_again_and_another_document_is_told(ground: Path) -> None:
    reference = sealed(ground)
    (ground / "autre.pdf").write_bytes(report("Paul FICTIF", "01/02/1970"))
    done = run(ground, "reseal", reference, "autre.pdf", "--yes")
    assert (done.returncode, "not the document of" in done.stderr) == (30, True), done.stderr
    with Desk(Practice.open(ground / "practice")) as desk:
        desk.directory.add(name="Paul Fictif", kind=Kind.PATIENT, birth_date=date(1970, 2, 1))
    done = run(ground, "reseal", reference, "autre.pdf", "--yes")
    assert (done.returncode, len(done.stderr.splitlines()[-2:])) == (30, 2)
    assert "secshare seal FILE --to paul-fictif" in done.stderr, "reseal has no --to"
    done = run(ground, "reseal", reference, "rapport.pdf", "--recall", "--hold", "--yes")
    assert done.returncode == 0, done.stderr
    assert "had been written" in done.stdout
    assert secrets(ground) == []
    assert not share_of(ground, reference).words_kept


def test_what_was_held_stays_held_when_it_is_sealed_again(ground: Path) -> None:
    reference = sealed(ground, "--hold")
    done = run(ground, "reseal", reference, "--yes", "--format", "pdf", "--json")
    assert json.loads(done.stdout)["secret"]["state"] == "held", done.stderr
    assert secrets(ground) == []


# --- what is advised next ------------------------------------------------------------------------

AGAIN = "message.eml of this folder again"


def shown(ground: Path, reference: str) -> tuple[str, list[str]]:
    """The whole of what is told of a share, and the lines of what helps next."""
    told = run(ground, "shares", "show", reference).stdout
    return told, told.partition("\n\n")[2].splitlines()


@pytest.mark.parametrize(
    ("options", "marks"),
    [
        ((), ("sent", "released")),  # too late
        ((), ("sent",)),
        (("--hold",), ("sent",)),
        ((), ("bounced",)),
        ((), ("delivered", "opened")),
    ],
)
def test_what_was_recalled_is_never_to_be_sent_again(
    ground: Path, options: tuple[str, ...], marks: tuple[str, ...]
) -> None:
    reference = sealed(ground, *options)
    for state in marks:
        assert run(ground, "mark", reference, state).returncode == 0
    run(ground, "recall", reference)
    told, steps = shown(ground, reference)
    assert AGAIN not in told
    assert f"secshare recall {reference}" not in told
    assert f"secshare secret {reference}" not in told
    assert steps[0].endswith(f"secshare incident {reference}")
    assert "the practice has 72 hours to notify" in steps[0]


def test_a_share_with_an_incident_says_so_and_to_stop_its_words_first(ground: Path) -> None:
    reference = sealed(ground)
    run(ground, "mark", reference, "sent")
    assert run(ground, "incident", reference).returncode == 0
    told, steps = shown(ground, reference)
    row = next(line for line in told.splitlines() if line.startswith("Incident "))
    assert "recorded on" in row
    assert "72 hours until" in row
    assert AGAIN not in told
    assert f"secshare secret {reference}" not in told
    assert steps[0].endswith(f"secshare recall {reference}")
    assert steps[1].endswith(f"secshare incident {reference} -o report.md")
    document = json.loads(run(ground, "shares", "show", reference, "--json").stdout)
    assert set(document["incident"]) == {"recorded", "found", "deadline", "decided"}
    assert run(ground, "incident", reference, "--decision", "Not notified.").returncode == 0
    told, _ = shown(ground, reference)
    assert ("decided on" in told, "72 hours until" in told) == (True, False)
    other = json.loads(run(ground, "shares", "show", sealed(ground), "--json").stdout)
    assert other["incident"] is None


def test_what_arrived_is_not_first_of_all_lost(ground: Path) -> None:
    reference = sealed(ground)
    run(ground, "mark", reference, "sent")
    assert AGAIN in shown(ground, reference)[1][0]
    run(ground, "mark", reference, "delivered")
    assert AGAIN not in shown(ground, reference)[1][0]


def test_words_that_were_forgotten_are_not_to_be_stopped(ground: Path) -> None:
    reference = sealed(ground)
    run(ground, "mark", reference, "sent")
    assert f"secshare recall {reference}" in shown(ground, reference)[0]
    later = time.time() + 31 * 86_400
    with Desk(Practice.open(ground / "practice"), now=lambda: later):
        pass  # every command forgets what reached its age
    told, steps = shown(ground, reference)
    assert "the register keeps them no more" in told
    assert f"secshare recall {reference}" not in told
    assert steps[-1].endswith(f"secshare incident {reference}")


def test_the_list_stands_in_columns(ground: Path) -> None:
    for road in ("sms", "qr", "phone"):
        sealed(ground, "--road", road)
    lines = run(ground, "shares").stdout.splitlines()
    assert len({line.index("Jeanne Exemple") for line in lines}) == 1


@pytest.mark.parametrize("name", ["-", "practice/secrets/pour-jeanne.txt", "practice/outbox/mots"])
def test_words_are_written_only_where_a_recall_finds_them(ground: Path, name: str) -> None:
    reference = sealed(ground)
    before = secrets(ground)
    done = run(ground, "secret", reference, "--as", "words", "-o", name)
    assert done.returncode == 4, done.stderr
    assert secrets(ground) == before
    assert not (ground / "-").exists()
    allowed = f"practice/secrets/{reference}.txt"
    assert run(ground, "secret", reference, "--as", "words", "-o", allowed).returncode == 0
    assert run(ground, "recall", reference).returncode in {0, 43}
    assert secrets(ground) == []


def test_a_state_that_is_to_be_marked_is_named_in_the_readers_language() -> None:
    """The README's words, and the list's; each is understood, as the English ones are."""
    found = 0
    for area in areas():
        for name, entry in catalogue(area).items():
            for language in Language:
                lines = entry[language]
                told = lines if isinstance(lines, str) else f"{lines['what']} {lines['do']}"
                for state in re.findall(r"secshare mark (?:[A-Z{][^ ]+ )+(\w+)", told):
                    if state != "{state}":
                        found += 1
                        own = {text(f"mark.word_{each}", language) for each in MARKS}
                        assert state in own, f"{area}.{name}: {state}"
    assert found > 20
