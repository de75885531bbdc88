"""Protects the night: it says how it went without naming anybody, and seals nothing twice."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from datetime import datetime

import pytest

from secshare.practice import Practice
from secshare.sharing import Desk
from tests.examples.nights import NIGHTLY, make_night, rows
from tests.tools import need

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")


@pytest.fixture
def night(tmp_path):
    need("curl")
    with ExitStack() as stack:
        yield make_night(tmp_path, stack)


def personal(night):
    """Return what no mail may hold: each cell of the manifest, in parts, and each reference."""
    parts = {
        part.lower()
        for row in night.described
        for cell in row.values()
        for part in (cell, *cell.replace("@", " ").split())
        if len(part) > 3 and part != "résultat"
    }
    return parts | {reference.lower() for reference in night.sealed}


def names_nobody(night, text):
    return not [part for part in personal(night) if part in text.lower()]


def numbers(message):
    """Return the lines `word: number` of a mail."""
    pairs = (line.partition(": ") for line in message.get_content().splitlines())
    return {name: float(value) for name, _, value in pairs if value.replace(".", "").isdigit()}


def test_some_rows_fail_the_others_are_sealed_and_the_mail_has_numbers_only(night):
    night.export(rows(4))
    (night.manifest.parent / night.described[2]["fichier"]).unlink()

    status, said = night.run()

    assert status == 60, said
    assert len(night.sealed) == 3
    ((sender, recipients, message),) = night.mail.received
    assert sender == message["From"] == night.settings["NIGHTLY_FROM"]
    assert recipients == [message["To"]] == [night.settings["NIGHTLY_TO"]]
    (report,) = night.state.glob("*.jsonl")
    assert message["Subject"] == f"secshare {report.stem}: 60"
    assert f"report: {report}" in message.get_content()
    told = numbers(message)
    assert (told["prepared"], told["failed"], told["failed with 3"]) == (3, 1, 1)
    assert not report.stat().st_mode & 0o077
    with Desk(Practice.open(night.practice)) as desk:
        assert f"journal: {desk.journal.head()}" in message.get_content()
    for text in (message.as_string(), message.get_content(), said, report.name):
        assert names_nobody(night, text)


def test_again_on_the_same_day_it_does_what_is_left_and_then_nothing(night):
    night.export(rows(3))
    missing = night.manifest.parent / night.described[1]["fichier"]
    kept = missing.read_bytes()
    missing.unlink()
    assert night.run()[0] == 60
    first = night.sealed

    missing.write_bytes(kept)
    assert night.run()[0] == 0
    second = night.sealed
    assert night.run()[0] == 0

    assert first < second == night.sealed
    done = [
        (told["prepared"], told["already"], told["failed"]) for told in map(numbers, night.mails)
    ]
    assert done == [(2, 0, 1), (1, 2, 0), (0, 3, 0)]


def test_tomorrow_the_same_names_are_new_and_the_same_export_is_refused(night):
    night.export(rows(2))
    assert night.run()[0] == 0
    first = night.sealed
    night.program("date", 'exec /bin/date -d "tomorrow" "$@"')

    assert night.run()[0] == 65
    assert night.sealed == first
    assert night.mails[-1]["Subject"].startswith("URGENT ")
    assert names_nobody(night, night.mails[-1].as_string())

    night.export(night.described[::-1])  # another order is another file
    status, said = night.run()
    assert status == 0, said
    assert len(night.sealed - first) == 2
    runs = {path.stem for path in night.state.glob("*.jsonl")}
    assert len(runs) == 2


def test_the_run_of_another_night_goes_on_when_a_person_names_it(night):
    night.export(rows(2))
    assert night.run("nuit-2026-01-31")[0] == 0
    first = night.sealed
    assert night.run("nuit-2026-01-31")[0] == 0
    assert night.sealed == first
    assert night.run()[0] == 65, "tonight it is another night's"


def test_a_run_that_is_named_wrongly_seals_nothing_again(night):
    night.export(rows(2))
    assert night.run("nuit-2026-01-31")[0] == 0
    first = night.sealed
    assert night.run("nuit-2026-01-30")[0] == 65, "its export is the one of the 31st"
    told = len(night.mails)
    for name in ("nuit-2026-01-3", "nuit-2026-1-31", "Jeanne Exemple", "../nuit-2026-01-31", ""):
        assert night.run(name)[0] == 2
    assert len(night.mails) == told
    assert night.sealed == first


def test_a_run_that_is_called_nearly_as_tonights_is_a_question_for_a_person(night):
    night.export(rows(2))
    tonight = f"nuit-{datetime.now().astimezone():%Y-%m-%d}"
    command = [night.programs / "secshare", "batch", night.manifest, "--practice", night.practice]
    done = subprocess.run(
        [*command, "--run", f"{tonight} bis", "--yes"],
        env=night.environ(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first = night.sealed
    status, said = night.run()
    assert status == 13
    assert f"{tonight} bis" in said
    assert night.sealed == first
    (message,) = night.mails
    assert message["Subject"].startswith("URGENT ")
    assert "Une question attend une personne" in message.get_content()


def test_an_export_of_other_people_is_no_part_of_what_this_night_sealed(night):
    night.export(rows(2))
    assert night.run()[0] == 0
    first = night.sealed
    night.export(rows(4)[2:])
    status, said = night.run()
    assert status == 13
    assert "give it another name with --run" in said
    assert night.sealed == first
    (report,) = night.state.glob("*.jsonl")
    command = [night.programs / "secshare", "batch", night.manifest, "--practice", night.practice]
    done = subprocess.run(
        [*command, "--run", f"reste de {report.stem}", "--yes"],
        env=night.environ(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(night.sealed) == 4
    night.export(rows(2))
    assert night.run()[0] == 0, "the name is none that tonight's may have been meant by"


def started_and_at_work(night):
    """Start a night; return it once some of its rows are sealed and others are not."""
    started = night.start()
    while len(night.sealed) < 2:
        assert started.poll() is None, started.communicate()
        time.sleep(0.02)
    return started


def test_killed_in_the_middle_and_run_again_each_row_is_sealed_once(night):
    night.export(rows(24))
    started = started_and_at_work(night)
    os.killpg(started.pid, signal.SIGKILL)
    started.communicate()
    assert not night.mails

    status, said = night.run()

    assert status == 0, said
    assert len(night.sealed) == 24
    told = numbers(night.mails[0])
    assert told["prepared"] + told["already"] == 24
    assert told["already"] >= 1


def test_killed_in_the_middle_and_left_so_tomorrow_seals_nothing_of_it_again(night):
    night.export(rows(24))
    started = started_and_at_work(night)
    os.killpg(started.pid, signal.SIGKILL)
    started.communicate()
    (report,) = night.state.glob("*.jsonl")
    night.program("date", 'exec /bin/date -d "tomorrow" "$@"')

    assert night.run()[0] == 65
    status, said = night.run(report.stem)

    assert status == 0, said
    assert len(night.sealed) == 24


def test_stopped_as_systemd_stops_it_it_commits_and_still_says_so(night):
    night.export(rows(56))
    night.settings["NIGHTLY_OPTIONS"] = "--jobs 1"  # so that much is left to do
    started = started_and_at_work(night)
    os.killpg(started.pid, signal.SIGINT)
    said = started.communicate()
    assert started.returncode == 130, said
    assert night.mails[0]["Subject"].startswith("URGENT ")
    assert numbers(night.mails[0])["prepared"] == len(night.sealed) < 56

    assert night.run()[0] == 0
    assert len(night.sealed) == 56


def test_two_nights_never_overlap(night):
    night.export(rows(1))
    night.state.mkdir()
    with (night.state / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert night.run()[0] == 75
    assert not night.sealed
    assert night.mails[0]["Subject"].startswith("URGENT ")
    assert night.run()[0] == 0


def spoil_manifest(night):
    described = rows(3)
    described[1]["téléphone"] = "639980214"
    night.export(described)


def shift_documents(night):
    described = rows(10)
    files = [row["fichier"] for row in described]
    night.export(described)
    for row, file in zip(described, files[1:] + files[:1], strict=True):
        row["fichier"] = file
    content = night.manifest.read_bytes().decode("cp1252").splitlines()
    shifted = [content[0]]
    for line, row in zip(content[1:], described, strict=True):
        shifted.append(line.rpartition(";")[0] + ";" + row["fichier"])
    night.manifest.write_bytes("\r\n".join(shifted).encode("cp1252"))


def lose_practice(night):
    night.export(rows(1))
    night.practice.rename(night.folder / "ailleurs")


def damage_register(night):
    night.export(rows(1))
    (night.practice / "private" / "practice.db").write_bytes(b"not a database " * 1_000)


def alter_journal(night):
    night.export(rows(1))
    with closing(sqlite3.connect(night.practice / "private" / "practice.db")) as connection:
        connection.execute("UPDATE entry SET body = x'7b7d'")
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda night: None, 3),
        (spoil_manifest, 61),
        (shift_documents, 30),
        (lose_practice, 15),
        (damage_register, 40),
        (alter_journal, 41),
        (lambda night: night.program("secshare", "kill -KILL $$"), 137),
        (lambda night: night.program("secshare", "exit 1"), 1),
    ],
    ids=[
        "no manifest",
        "errors",
        "shifted",
        "no practice",
        "register",
        "journal",
        "killed",
        "fault",
    ],
)
def test_what_stops_a_night_is_urgent_and_seals_nothing(night, spoil, status):
    spoil(night)
    assert night.run()[0] == status
    (message,) = night.mails
    assert message["Subject"].startswith("URGENT ")
    assert message["Subject"].endswith(f": {status}")
    meanings = [
        line.split("|") for line in (NIGHTLY / "meanings.txt").read_text("utf-8").splitlines()
    ]
    known = {code: french for code, _, french, _ in meanings}
    assert known.get(str(status), known["other"]) in message.get_content()
    outbox = night.practice / "outbox"
    assert not outbox.exists() or not night.sealed
    if night.described and outbox.exists():
        assert names_nobody(night, message.as_string())


def test_where_the_mail_cannot_go_the_night_says_so_and_systemd_says_it_later(night):
    night.export(rows(1))
    night.mail.refuses = True
    status, said = night.run()
    assert status == 75
    assert len(night.sealed) == 1
    assert "ended with 0" in said
    assert not (night.state / "told").exists()

    night.mail.refuses = False
    assert night.run("--failed")[0] == 0
    assert night.mails[0]["Subject"].endswith(": failed")
    assert night.run()[0] == 0
    assert (night.state / "told").exists()


def test_a_mail_server_that_nobody_vouches_for_gets_nothing(night):
    night.export(rows(1))
    night.settings["NIGHTLY_CA"] = ""
    assert night.run()[0] == 75
    assert not night.mails


def test_the_mail_goes_where_tls_begins_after_the_greeting(tmp_path):
    need("curl")
    with ExitStack() as stack:
        night = make_night(tmp_path, stack, starttls=True)
        night.export(rows(1))
        status, said = night.run()
        assert status == 0, said
        assert len(night.mails) == 1


def test_without_a_relay_the_mail_goes_by_the_systems_own_program(night):
    night.export(rows(1))
    port = night.settings["NIGHTLY_SMTP"].rpartition(":")[2]
    netrc = (night.folder / "smtp.netrc").read_text().split()
    configured = night.folder / "msmtprc"
    configured.write_text(
        f"defaults\ntls on\ntls_starttls off\ntls_trust_file {night.mail.authority}\n"
        f"account default\nhost localhost\nport {port}\nauth plain\nuser {netrc[3]}\n"
        f"password {netrc[5]}\nfrom {night.settings['NIGHTLY_FROM']}\n"
    )
    configured.chmod(0o600)
    night.program("sendmail", f'exec {need("msmtp")} -C "{configured}" "$@"')
    night.settings["NIGHTLY_SMTP"] = ""
    status, said = night.run()
    assert status == 0, said
    assert night.mails[0]["To"] == night.settings["NIGHTLY_TO"]


def test_a_quiet_night_is_quiet_where_that_is_wanted(night):
    night.export(rows(2))
    night.settings["NIGHTLY_QUIET"] = "yes"
    assert night.run()[0] == 0
    assert not night.mails
    assert (night.state / "told").exists()


def test_a_first_try_says_that_it_is_one_and_the_night_goes_as_any_other(night):
    night.export(rows(2))
    night.settings |= {"NIGHTLY_OPTIONS": "--dry-run --jobs 1", "NIGHTLY_QUIET": "yes"}
    assert night.run()[0] == 0
    assert not night.sealed
    (tried,) = night.mails
    assert tried["Subject"].endswith(": dry-run")
    assert "Essai (--dry-run)" in tried.get_content()
    assert "Tout est scellé" not in tried.get_content()
    night.settings |= {"NIGHTLY_OPTIONS": "", "NIGHTLY_QUIET": "no"}
    assert night.run()[0] == 0
    assert len(night.sealed) == 2
    assert "Tout est scellé" in night.mails[-1].get_content()
    assert [numbers(message)["checked"] for message in night.mails] == [2, 0]


def test_a_try_on_which_rows_fail_says_that_it_is_one_too(night):
    night.export(rows(3))
    (night.manifest.parent / night.described[1]["fichier"]).unlink()
    night.settings["NIGHTLY_OPTIONS"] = "--dry-run"
    assert night.run()[0] == 60
    (message,) = night.mails
    assert message["Subject"].endswith(": dry-run")
    told = numbers(message)
    assert (told["status"], told["checked"], told["failed with 3"]) == (60, 2, 1)


def leave_out_option(night):
    night.settings["NIGHTLY_OPTIONS"] = ""


@pytest.mark.parametrize(
    ("spoil", "status", "mend"),
    [
        (lambda night: night.settings.update(NIGHTLY_OPTIONS="--dry-run"), 0, leave_out_option),
        (lambda night: (night.practice / "secshare.toml").rename(night.folder / "aside"), 15, None),
        (lambda night: night.program("secshare", "exit 127"), 127, None),
    ],
    ids=["a try", "no practice", "no program"],
)
def test_an_export_of_which_nothing_was_sealed_is_not_another_nights(night, spoil, status, mend):
    """The mends are those of the morning; the next night finds the same export."""
    night.export(rows(2))
    program = (night.programs / "secshare").read_text()
    spoil(night)
    assert night.run()[0] == status
    assert not night.sealed

    (night.programs / "secshare").write_text(program)
    if (night.folder / "aside").exists():
        (night.folder / "aside").rename(night.practice / "secshare.toml")
    if mend is not None:
        mend(night)
    night.program("date", 'exec /bin/date -d "tomorrow" "$@"')
    status, said = night.run()

    assert status == 0, said
    assert len(night.sealed) == 2


SECSHARE = f'"{sys.executable}" -m secshare "$@"'


def written_while_it_is_read(night, command=SECSHARE):
    """Let the export end during the command: of four rows, it finds the first two."""
    night.export(rows(4))
    whole = night.folder / "whole.csv"
    night.manifest.rename(whole)
    night.manifest.write_bytes(b"".join(whole.read_bytes().splitlines(keepends=True)[:3]))
    ended = f'status=$?\n[ "$1" != batch ] || cp "{whole}" "{night.manifest}"\nexit $status'
    night.program("secshare", f"{command}\n{ended}")


def tell_tomorrow(night):
    night.program("date", 'exec /bin/date -d "tomorrow" "$@"')


def test_an_export_that_was_still_being_written_is_said_and_the_run_goes_on(night):
    written_while_it_is_read(night)
    night.settings["NIGHTLY_QUIET"] = "yes"

    assert night.run()[0] == 75
    assert len(night.sealed) == 2
    (message,) = night.mails
    assert message["Subject"].startswith("URGENT ")
    assert message["Subject"].endswith(": changed")
    assert "Le manifeste a changé pendant le travail" in message.get_content()
    assert "Tout est scellé" not in message.get_content()
    assert numbers(message)["prepared"] == 2
    assert names_nobody(night, message.as_string())

    night.program("secshare", SECSHARE)
    status, said = night.run()
    assert status == 0, said
    assert len(night.sealed) == 4
    assert len(night.mails) == 1, "a quiet night again"


def test_an_export_that_changed_is_not_sealed_a_second_time_under_another_name(night):
    written_while_it_is_read(night)
    assert night.run()[0] == 75
    first = night.sealed
    (report,) = night.state.glob("*.jsonl")
    night.program("secshare", SECSHARE)
    tell_tomorrow(night)

    assert night.run()[0] == 65
    assert night.sealed == first
    status, said = night.run(report.stem)
    assert status == 0, said
    assert first < night.sealed
    assert len(night.sealed) == 4


def test_an_export_that_came_during_the_command_is_this_nights(night):
    night.export(rows(2))
    night.manifest.rename(night.folder / "whole.csv")
    come = f'[ "$1" != batch ] || cp "{night.folder}/whole.csv" "{night.manifest}"'
    night.program("secshare", f"{come}\n{SECSHARE}")
    assert night.run()[0] == 75
    assert night.mails[0]["Subject"].endswith(": changed")
    assert len(night.sealed) == 2
    tell_tomorrow(night)
    assert night.run()[0] == 65
    assert len(night.sealed) == 2


@pytest.mark.parametrize(
    ("options", "command", "status", "word"),
    [("--dry-run", SECSHARE, 75, "dry-run"), ("", "(exit 61)", 61, "61")],
    ids=["a try", "errors"],
)
def test_an_export_that_changed_while_nothing_was_sealed_is_still_to_be_done(
    night, options, command, status, word
):
    written_while_it_is_read(night, command)
    night.settings["NIGHTLY_OPTIONS"] = options
    assert night.run()[0] == status
    (message,) = night.mails
    assert message["Subject"].endswith(f": {word}")
    assert "The manifest changed while the work went on" in message.get_content()
    assert not night.sealed

    night.program("secshare", SECSHARE)
    night.settings["NIGHTLY_OPTIONS"] = ""
    tell_tomorrow(night)
    status, said = night.run()
    assert status == 0, said
    assert len(night.sealed) == 4


@pytest.mark.parametrize("spoil", [lambda night: night.manifest.unlink(), spoil_manifest])
def test_a_start_that_seals_nothing_does_not_deny_what_an_earlier_one_sealed(night, spoil):
    night.export(rows(3))
    assert night.run()[0] == 0
    first = night.sealed
    spoil(night)
    assert night.run()[0] in {3, 61}
    assert night.sealed == first
    content = night.mails[-1].get_content()
    assert "cette fois, rien n’a été scellé ; ce qui l’était le reste" in content
    assert "nothing was sealed this time; what was sealed before stands" in content
    assert "prepared" not in numbers(night.mails[-1]), "they are of the earlier start"


def write_report(night, summary, status):
    """Put a `secshare` in the place of the real one, which writes this summary and ends so."""
    lines = [
        {"report": "secshare batch", "dry_run": False},
        {"summary": "secshare batch"} | summary,
    ]
    written = [json.dumps(line).replace('"', '\\"') for line in lines]
    night.program(
        "secshare",
        'case $1 in batch) ;; *) exit 1 ;; esac\nwhile [ "$1" != --report ]; do shift; done\n'
        + "".join(f'echo "{line}" >>"$2"\n' for line in written)
        + f"exit {status}",
    )


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"prepared": 0, "already": 0, "standing": 32}, True),
        ({"prepared": 2, "already": 3, "standing": 32}, True),
        ({"prepared": 2, "already": 30, "standing": 32}, False),
        ({"prepared": 2, "already": 3}, False),  # of a secshare that did not count them
    ],
)
def test_what_stands_of_earlier_starts_is_said_where_this_one_did_not_come_to_it(
    night, counts, said
):
    write_report(night, {"code": 30, **counts, "stages": {}}, 30)
    night.export(rows(1))
    assert night.run()[0] == 30
    content = night.mails[0].get_content()
    assert ("tous passages compris : 32" in content) is said
    assert ("with those of earlier starts: 32" in content) is said
    assert counts.items() <= numbers(night.mails[0]).items()


def test_what_was_sealed_of_a_cell_that_was_cut_is_said_although_nothing_failed(night):
    night.settings["NIGHTLY_QUIET"] = "yes"
    described = rows(3)
    whole = described[1]["e-mail"]
    described[1]["e-mail"] = whole.removesuffix("g")
    night.export(described)
    assert night.run()[0] == 0
    cut = night.sealed
    described[1]["e-mail"] = whole
    night.export(described)

    status, said = night.run()

    assert status == 0, said
    assert len(night.sealed - cut) == 1
    (message,) = night.mails
    assert message["Subject"].startswith("URGENT ")
    assert message["Subject"].endswith(": former")
    content = message.get_content()
    assert "ne les envoyez pas. Si le manifeste est entier, rappelez-les" in content
    assert "do not send them. If the manifest is whole, recall them" in content
    ends = ("Combien : 1", "How many: 1")
    assert sum(line.endswith(ends) for line in content.splitlines()) == 2
    assert "Tout est scellé" not in content
    assert "tous passages compris" not in content
    assert names_nobody(night, message.as_string())
    told = numbers(message)
    assert (told["prepared"], told["already"], told["changed"], told["former"]) == (1, 2, 0, 1)


def test_what_another_night_sealed_for_another_number_is_said_although_nothing_failed(night):
    night.settings["NIGHTLY_QUIET"] = "yes"
    night.export(rows(3))
    assert night.run()[0] == 0
    first = night.sealed
    assert not night.mails
    described = rows(3)
    described[1]["téléphone"] = "06 39 98 77 77"
    night.export(described)
    tell_tomorrow(night)

    status, said = night.run()

    assert status == 0, said
    assert len(night.sealed - first) == 3
    (message,) = night.mails
    assert message["Subject"].startswith("URGENT ")
    assert message["Subject"].endswith(": doubled")
    content = message.get_content()
    lines = [line for line in content.splitlines() if line.endswith(("Combien : 1", "How many: 1"))]
    assert len(lines) == 2
    assert "à deux adresses ou deux numéros" in lines[0]
    assert "at two addresses or numbers" in lines[1]
    assert "Tout est scellé" not in content
    assert names_nobody(night, message.as_string())
    told = numbers(message)
    assert (told["prepared"], told["former"], told["twice"], told["differing"]) == (3, 0, 3, 1)
    last = max(night.state.glob("*.jsonl")).read_text("utf-8").splitlines()[-1]
    ((here, run, there),) = json.loads(last)["doubled"]
    assert (here in night.sealed - first, there in first) == (True, True)
    assert run == min(night.state.glob("*.jsonl")).stem


@pytest.mark.parametrize(("former", "word"), [(2, "former"), (0, "doubled")])
def test_where_rows_failed_besides_that_is_said_too(night, former, word):
    counts = {"code": 60, "prepared": 2, "already": 0, "standing": 2 + former, "former": former}
    named = {"unasked": ["K7Q2-M9PX-8"], "doubled": [["K7Q2-M9PX-8", "lundi", "M9PX-K7Q2-8"]]}
    write_report(night, counts | {"differing": 1} | named | {"stages": {}}, 60)
    night.export(rows(3))
    assert night.run()[0] == 60
    assert night.mails[0]["Subject"].endswith(f": {word}")
    content = night.mails[0].get_content()
    assert "Some rows came to no share" in content
    assert ("How many: 2" in content) is (former > 0)
    assert content.count("How many: 1") == 1
    assert "lundi" not in content
    assert "tous passages compris" not in content
    assert "K7Q2" not in content


def test_an_export_that_slips_after_a_first_start_does_not_hide_what_that_one_sealed(night):
    night.export(rows(10))
    assert night.run()[0] == 0
    shift_documents(night)
    assert night.run()[0] == 30
    assert len(night.sealed) == 10
    assert "tous passages compris : 10" in night.mails[-1].get_content()
    assert "tous passages compris" not in night.mails[0].get_content()


def test_where_the_work_had_begun_no_mail_says_that_it_had_not(night):
    write_report(night, {"code": 3, "prepared": 5, "already": 0, "stages": {}}, 3)
    night.export(rows(1))
    assert night.run()[0] == 3
    content = night.mails[0].get_content()
    assert night.mails[0]["Subject"].endswith(": 3")
    assert "Le travail a échoué" in content
    assert "rien n’a été scellé" not in content
    night.program("secshare", "exit 3")
    assert night.run()[0] == 3
    assert "rien n’a été scellé" in night.mails[1].get_content()
    assert "prepared" not in numbers(night.mails[1]), "they are of the earlier start"


def test_no_summary_lends_its_text_to_a_mail(night):
    summary = {
        "run": "Jeanne Exemple",
        "code": 60,
        "prepared": 2,
        "path": "/srv/Jeanne Exemple: 3",
        "codes": {"3": 1},
        "stages": {"seal": 1.5},
    }
    write_report(night, summary, 60)
    night.export(rows(1))
    assert night.run()[0] == 60
    content = night.mails[0].get_content()
    assert "Jeanne" not in content
    assert numbers(night.mails[0]) == {"status": 60, "prepared": 2, "failed with 3": 1}


def test_the_script_is_what_shellcheck_and_dash_take():
    for command in ((need("shellcheck"), "--enable=all"), ("/bin/sh", "-n")):
        ignored = ("-e", "SC2250,SC2310,SC2311,SC2312") if "shellcheck" in command[0] else ()
        done = subprocess.run(
            [*command, *ignored, str(NIGHTLY / "nightly.sh")], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout.decode()
