"""Protects whoever corrected a manifest: its former share is told from the one that replaced it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from secrets import token_bytes

import pytest

from secshare.cli.app import run
from secshare.cli.session import Session
from secshare.messages import Language, text
from secshare.model import FileState, Reference, Road, SecretState, Share
from secshare.practice import Practice
from secshare.register import Operation, Runs
from secshare.sharing import Desk
from secshare.terminal.columns import columns
from tests.batch.sealed_runs import Sealed, add_share, begin_run
from tests.fakes.terminal import FakeTerminal
from tests.practices import SETTINGS, add_patient, make_practice

NAME = "Jeanne Exemple"
RUN = "envoi du 22"  # as somebody may well name it: pasted, it stays one word


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return make_practice(tmp_path / "cabinet", replace(SETTINGS, road=Road.QR))


def corrected(practice: Practice, *, road: Road | None = Road.QR) -> tuple[Sealed, Sealed]:
    """A run whose only row was corrected: what it sealed first, and what it sealed instead."""
    with Desk(practice) as desk:
        uid = add_patient(desk, NAME).uid
        begin_run(desk, RUN)
        former, latter = (
            add_share(desk, RUN, 2, name=NAME, uid=uid, road=road, phone="+33639980001")
            for _ in range(2)
        )
        Runs(desk.store).end(RUN, [former.reference])
    for each in (former, latter):
        folder = practice.outbox / str(each.reference)
        folder.mkdir()
        (folder / "message.eml").touch()
    return former, latter


def change(practice: Practice, sealed: Sealed, operation: Operation, **facts: object) -> None:
    with Desk(practice) as desk:
        desk.register.change(sealed.reference, operation, **facts)


def share_of(practice: Practice, sealed: Sealed) -> Share:
    with Desk(practice) as desk:
        return desk.register.share(sealed.reference)


def whole_again(practice: Practice) -> None:
    """Have the run end with a manifest that asks for all of its shares."""
    with Desk(practice) as desk:
        Runs(desk.store).end(RUN, [])


def said(
    practice: Practice, capsys, *arguments: object, terminal: FakeTerminal | None = None
) -> tuple[int, str, str]:
    capsys.readouterr()
    session = Session(environ={"LC_ALL": "C.UTF-8"}, terminal=lambda: terminal)
    status = run([*map(str, arguments), "--practice", str(practice.folder)], session)
    told = capsys.readouterr()
    return status, told.out, told.err


def steps(practice: Practice, capsys, sealed: Sealed) -> tuple[str, list[str]]:
    """What is told of a share, and the lines of what helps next."""
    told = said(practice, capsys, "shares", "show", sealed.reference)[1]
    return told, told.partition("\n\n")[2].splitlines()


def test_the_list_tells_a_former_share_from_the_one_that_replaced_it(practice, capsys):
    former, latter = corrected(practice)
    with Desk(practice) as desk:
        begin_run(desk, "autre")
        other = add_share(desk, "autre", 2, name=NAME).reference
    status, told, beside = said(practice, capsys, "shares")
    lines = {Reference(line.split()[0]): line for line in told.splitlines()}
    assert (status, set(lines)) == (0, {former.reference, latter.reference, other})
    marked = [reference for reference, line in lines.items() if "not asked for" in line]
    assert marked == [former.reference]
    assert columns(lines[former.reference].partition("not asked for")[0]) + 13 <= 80
    assert len({line.index("Jeanne") for line in lines.values()}) == 1, "names stay in a column"
    assert "Do not send it" in beside
    assert "secshare shares show REF" in beside
    whole_again(practice)
    _, told, beside = said(practice, capsys, "shares")
    assert ("not asked for" in told, beside) == (False, "")


@pytest.mark.parametrize("language", Language)
def test_the_mark_of_the_list_is_no_wider_than_a_road(language):
    widest = max(columns(text(f"seal.by_{road}", language)) for road in Road)
    assert columns(text("shares.short_unasked", language)) <= widest


def test_a_program_is_told_whether_a_share_is_still_asked_for(practice, capsys):
    former, latter = corrected(practice)
    listed = json.loads(said(practice, capsys, "shares", "--json")[1])
    asked = {each["reference"]: each["asked"] for each in listed}
    assert asked == {str(former.reference): False, str(latter.reference): True}
    shown = json.loads(said(practice, capsys, "shares", "show", former.reference, "--json")[1])
    assert shown["asked"] is False
    both = (former.reference, latter.reference)
    marked = json.loads(said(practice, capsys, "mark", *both, "sent", "--json")[1])
    assert [each["asked"] for each in marked] == [False, True]


def test_a_share_that_nobody_asks_for_is_to_be_stopped_and_nothing_else(practice, capsys):
    former, latter = corrected(practice)
    told, advised = steps(practice, capsys, former)
    assert [line.split()[0] for line in told.splitlines()[:2]] == ["Reference", "Careful"]
    assert "do not send it" in told.splitlines()[1]
    assert len(advised) == 3
    assert advised[0].startswith("Do not send it")
    assert advised[1].endswith(f'secshare batch MANIFEST --run "{RUN}"')
    assert advised[2].endswith(f"secshare recall {former.reference}")
    for wrong in ("message.eml", "release", "reseal", "secshare secret", "secshare mark"):
        assert wrong not in told, wrong
    told, advised = steps(practice, capsys, latter)
    assert advised[0].startswith("Send message.eml")
    assert "Careful" not in told
    whole_again(practice)
    assert steps(practice, capsys, former)[1][0].startswith("Send message.eml")


@pytest.mark.parametrize("mark", [FileState.SENT, FileState.BOUNCED, FileState.DELIVERED])
def test_where_it_left_already_the_incident_follows_its_words(practice, capsys, mark):
    former, _ = corrected(practice)
    change(practice, former, Operation.MARK, mark=mark)
    with Desk(practice) as desk:  # another number by now, of words that are not to be given
        desk.directory.edit(desk.directory.find(NAME), phone="+33639980009")
    told, advised = steps(practice, capsys, former)
    assert advised[2].endswith(f"secshare recall {former.reference}")
    assert advised[3].endswith(f"secshare incident {former.reference}")
    assert len(advised) == 4
    for wrong in ("message.eml", "reseal", "hand over", "secshare secret"):
        assert wrong not in told, wrong


def test_one_that_is_sealed_to_a_key_has_its_folder_deleted(practice, capsys):
    former, _ = corrected(practice, road=None)
    told, advised = steps(practice, capsys, former)
    assert "--run" in advised[1]
    assert advised[2].startswith("Otherwise delete its folder")
    assert len(advised) == 3
    assert "secshare recall" not in told


def test_what_was_stopped_is_not_told_to_be_sealed_again(practice, capsys):
    """The corrected row has its share: sealed again, the person would have two that open."""
    former, latter = corrected(practice)
    status, told, beside = said(practice, capsys, "recall", former.reference)
    assert (status, "never released" in told) == (0, True)
    assert "secshare seal" not in beside
    assert "secshare reseal" not in beside
    assert f'secshare shares --run "{RUN}"\n' in beside
    assert f'secshare batch MANIFEST --run "{RUN}"\n' in beside
    told, advised = steps(practice, capsys, former)
    assert len(advised) == 1
    assert advised[0].startswith("Do not send it")
    for verb in ("release", "secret"):
        refused = said(practice, capsys, verb, former.reference, "--as", "qr", "-o", "words")
        assert (refused[0], "reseal" in refused[2]) == (43, False)
        assert refused[2].endswith(f'secshare shares --run "{RUN}"\n')
    _, _, beside = said(practice, capsys, "recall", latter.reference)
    assert f"secshare reseal {latter.reference}" in beside


@pytest.mark.parametrize("verb", ["release", "secret"])
def test_words_that_nobody_asks_for_are_given_only_to_who_insists(practice, capsys, tmp_path, verb):
    former, latter = corrected(practice)
    if verb == "secret":
        for each in (former, latter):
            change(practice, each, Operation.RELEASE, given_as="qr")
    before = share_of(practice, former).states.secret
    out = tmp_path / "mots"
    give = (verb, former.reference, "--as", "qr", "-o", out)
    for also in ((), ("--accept", "changed-contact")):
        status, _, beside = said(practice, capsys, *give, *also)
        assert (status, len(beside.splitlines())) == (43, 2)
    assert "--accept unasked" in beside
    assert f'--run "{RUN}"' in beside
    assert beside.endswith(f"secshare recall {former.reference}\n")
    terminal = FakeTerminal(["no"])
    status, _, beside = said(practice, capsys, *give, terminal=terminal)
    assert status == 14
    assert f"secshare recall {former.reference}\n" in beside
    assert f'secshare batch MANIFEST --run "{RUN}"\n' in beside
    assert NAME in terminal.asked[0]
    assert (share_of(practice, former).states.secret, out.exists()) == (before, False)
    assert said(practice, capsys, *give, terminal=FakeTerminal(["yes"]))[0] == 0
    out.unlink()
    if verb == "secret":
        assert said(practice, capsys, *give, "--accept", "unasked")[0] == 0
        out.unlink()
    terminal = FakeTerminal()
    given = said(practice, capsys, verb, latter.reference, "--as", "qr", "-o", out)
    assert (given[0], terminal.asked) == (0, [])


def test_to_insist_is_no_yes_to_another_number(practice, capsys, tmp_path):
    former, _ = corrected(practice)
    with Desk(practice) as desk:
        desk.directory.edit(desk.directory.find(NAME), phone="+33639980009")
    give = ("release", former.reference, "--as", "sms", "-o", tmp_path / "mots", "--accept")
    status, _, beside = said(practice, capsys, *give, "unasked")
    assert (status, "--accept changed-contact" in beside) == (13, True)
    status, _, beside = said(practice, capsys, *give, "unasked", "--accept", "changed-contact")
    assert status == 0, beside
    assert share_of(practice, former).states.secret is SecretState.WRITTEN


def test_words_that_were_given_already_are_not_asked_about_first(practice, capsys):
    former, _ = corrected(practice)
    change(practice, former, Operation.RELEASE, given_as="qr")
    terminal = FakeTerminal(["yes"])
    status, _, beside = said(
        practice, capsys, "release", former.reference, "--as", "qr", terminal=terminal
    )
    assert (status, terminal.asked) == (43, [])
    assert f"secshare secret {former.reference}" in beside


def test_what_happened_is_recorded_and_warned_about(practice, capsys):
    former, latter = corrected(practice)
    both = (former.reference, latter.reference)
    for told in ("sent", "unchanged, already sent"):
        status, lines, beside = said(practice, capsys, "mark", *both, "sent")
        assert (status, lines.count(told)) == (0, 2)
        advised = [line for line in beside.splitlines() if str(former.reference) in line]
        assert advised[0].startswith("Careful")
        assert f'secshare batch MANIFEST --run "{RUN}"\n' in beside
        assert advised[1].endswith(f"secshare recall {former.reference}")
        assert advised[2].endswith(f"secshare incident {former.reference}")
        assert f"release {former.reference}" not in beside
    assert share_of(practice, former).states.file is FileState.SENT
    _, _, beside = said(practice, capsys, "mark", former.reference, "bounced")
    assert "reseal" not in beside
    assert f"secshare recall {former.reference}" in beside
    assert said(practice, capsys, "mark", former.reference, "--undo")[2] == ""
    change(practice, former, Operation.RELEASE, given_as="qr")
    status, _, beside = said(practice, capsys, "mark", former.reference, "released")
    assert (status, "Careful" in beside) == (0, True)


def test_one_sealed_to_a_key_that_left_is_warned_about_without_words(practice, capsys):
    former, latter = corrected(practice, road=None)
    _, _, beside = said(practice, capsys, "mark", former.reference, "sent")
    assert f"secshare incident {former.reference}" in beside
    assert "secshare recall" not in beside
    assert said(practice, capsys, "mark", latter.reference, "sent")[2] == ""


# --- sealed by another run since -----------------------------------------------------------------

LATER = "ligne corrigée"


def sealed_in_both(
    practice: Practice, *, phone: str = "+33639980002", road: Road | None = Road.SMS
) -> tuple[Sealed, Sealed]:
    """A row that was sealed, then corrected and sealed by itself under another run's name."""
    same = [token_bytes(32)]
    with Desk(practice) as desk:
        uid = add_patient(desk, NAME).uid
        made = []
        for name, number in ((RUN, "+33639980001"), (LATER, phone)):
            begin_run(desk, name)
            made.append(
                add_share(desk, name, 2, name=NAME, uid=uid, phone=number, road=road, contents=same)
            )
            Runs(desk.store).end(name, [])
        desk.directory.edit(desk.directory.find(NAME), phone=phone)
    for each in made:
        folder = practice.outbox / str(each.reference)
        folder.mkdir()
        (folder / "message.eml").touch()
    return made[0], made[1]


def test_whose_words_are_left_out_for_another_runs_is_said_with_what_to_do(practice, capsys):
    former, latter = sealed_in_both(practice)
    status, _, beside = said(practice, capsys, "batch", "secrets", RUN, "--as", "sms-csv")
    (line,) = (line for line in beside.splitlines() if str(former.reference) in line)
    assert (status, line[:10]) == (43, "1 left out")
    assert "another run sealed since" in line
    assert "secshare recall REF" in line
    status, _, beside = said(practice, capsys, "batch", "secrets", LATER, "--as", "sms-csv")
    assert (status, str(latter.reference) in beside) == (0, False)


def test_words_that_another_run_sealed_since_are_given_one_by_one(practice, capsys, tmp_path):
    """And whoever marks or gives the former one is told of the other, by each of the verbs."""
    former, latter = sealed_in_both(practice)
    _, _, marked = said(practice, capsys, "mark", former.reference, "sent")
    assert "release" not in marked
    others = [marked]
    for verb in ("release", "secret"):
        give = (verb, former.reference, "--as", "qr", "-o", tmp_path / verb)
        status, _, beside = said(practice, capsys, *give)
        assert status == 0, verb
        others.append(beside)
    for beside in others:
        assert f"{former.reference}: another run sealed it since" in beside
        assert f"secshare recall {latter.reference}" in beside
    _, _, beside = said(practice, capsys, "mark", latter.reference, "sent")
    assert "another run" not in beside


def test_a_share_that_another_run_sealed_since_is_not_told_to_be_sent(practice, capsys):
    former, latter = sealed_in_both(practice)
    told, advised = steps(practice, capsys, former)
    assert told.splitlines()[1].startswith("Careful")
    assert f"({latter.reference}, run {LATER}): do not send it before" in told.splitlines()[1]
    assert advised[0].startswith("Do not send it")
    assert advised[0].endswith(f"secshare recall {latter.reference}")
    assert advised[1].startswith("If only the other is right")
    assert advised[1].endswith(f"secshare recall {former.reference}")
    assert len(advised) == 2
    for wrong in ("message.eml", "release", "reseal", "secshare mark", "MANIFEST", "is now"):
        assert wrong not in told, wrong
    change(practice, former, Operation.MARK, mark=FileState.SENT)
    assert steps(practice, capsys, former)[1][2].endswith(f"secshare incident {former.reference}")
    told, advised = steps(practice, capsys, latter)
    assert advised[0].startswith("Send message.eml")
    assert "Careful" not in told


def test_one_sealed_to_a_key_that_another_run_sealed_since_has_its_folder_deleted(practice, capsys):
    former, _ = sealed_in_both(practice, road=None)
    told, advised = steps(practice, capsys, former)
    assert "delete the folder of this one" in advised[1]
    assert len(advised) == 2
    assert f"recall {former.reference}" not in told


def test_what_another_run_sealed_for_the_same_number_is_sent_as_before(practice, capsys):
    former, _ = sealed_in_both(practice, phone="+33639980001")
    told, advised = steps(practice, capsys, former)
    assert advised[0].startswith("Send message.eml")
    assert "Careful" not in told


@pytest.mark.parametrize("which", ["former", "latter"])
def test_what_was_stopped_and_stands_in_another_run_is_not_told_to_be_sealed_again(
    practice, capsys, which
):
    """Whoever listened would seal a third one, or leave the person with two that open."""
    pair = sealed_in_both(practice)
    stopped, stands = pair if which == "former" else pair[::-1]
    status, _, beside = said(practice, capsys, "recall", stopped.reference)
    assert status == 0
    assert beside.endswith(f"secshare shares show {stands.reference}\n")
    assert (RUN if which == "latter" else LATER) in beside
    told, advised = steps(practice, capsys, stopped)
    assert advised == [advised[0]]
    assert advised[0].endswith(f"secshare shares show {stands.reference}")
    for wrong in ("secshare seal", "reseal", "MANIFEST", "another --run", "row alone"):
        assert wrong not in beside + told, wrong
    _, _, beside = said(practice, capsys, "recall", stands.reference)
    assert f"secshare reseal {stands.reference}" in beside, "of what was recalled nothing stands"
