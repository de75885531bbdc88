"""Protects whoever looks a share up: who it is for is told truly, and no list is cut in silence."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from secshare.cli.app import run
from secshare.cli.session import Session
from secshare.model import FileState, Reference, Road, SealFormat
from secshare.practice import Practice
from secshare.register import Operation
from secshare.sharing import Desk
from tests.batch.sealed_runs import add_share, begin_run, make_run
from tests.practices import SETTINGS, add_patient, make_practice
from tests.registers import a_share

NIGHT = "0123456789abcdef"  # as a run that nobody named
OTHER = "0123456789bcdef0"


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return make_practice(tmp_path / "cabinet", replace(SETTINGS, road=Road.QR))


def said(practice: Practice, capsys, *arguments: str, language: str = "C.UTF-8"):
    """Run a verb in this process; return its status and what it said."""
    capsys.readouterr()
    session = Session(environ={"LC_ALL": language}, terminal=lambda: None)
    status = run([*arguments, "--practice", str(practice.folder)], session)
    return status, capsys.readouterr()


def listed(practice: Practice, capsys, *arguments: str) -> list[str]:
    status, told = said(practice, capsys, "shares", *arguments, "--json")
    assert status == 0, told.err
    return [each["reference"] for each in json.loads(told.out)]


def of_manifest(desk: Desk, name: str, night: str = "nuit") -> Reference:
    """Add the share of somebody whom only a manifest names."""
    reference = add_share(desk, night, 2, name=name).reference
    with desk.store.transaction() as connection:
        desk.register.note_unlisted(connection, desk.register.share(reference))
    return reference


def removed(desk: Desk, name: str) -> Reference:
    """Add a share of somebody who was removed from the directory since; no batch made it."""
    person = add_patient(desk, name)
    share = a_share(
        recipient=person.uid, subject=person.uid, name=name, about=name, road=None, work_factor=None
    )
    desk.register.begin(share, None, "none")
    desk.register.complete(share.reference, 1, "0" * 64)
    desk.directory.remove(person)
    return share.reference


def test_somebody_whom_only_a_manifest_named_is_not_told_to_have_left(practice, capsys):
    with Desk(practice) as desk:
        begin_run(desk)
        reference = of_manifest(desk, "TESTUDO Camille")
        gone = removed(desk, "Paul Essai")
    for verb in (
        ["shares"],
        ["shares", "show", str(reference)],
        ["recipients", "history", str(reference)],
    ):
        told = said(practice, capsys, *verb)[1].out
        assert "TESTUDO Camille (named by a manifest)" in told
        assert "TESTUDO Camille (no longer" not in told
    for verb in (
        ["shares"],
        ["shares", "show", str(gone)],
        ["recipients", "history", str(gone)],
    ):
        assert "Paul Essai (no longer in the directory)" in said(practice, capsys, *verb)[1].out
    told = said(practice, capsys, "shares", "show", str(reference))[1].out
    assert [line.split() for line in told.splitlines() if line.startswith("Run")] == [
        ["Run", "nuit"]
    ]
    for told_of, run_of in ((reference, "nuit"), (gone, None)):
        told = said(practice, capsys, "shares", "show", str(told_of), "--json")[1].out
        assert json.loads(told)["run"] == run_of
    told = said(practice, capsys, "journal", "show", str(reference))[1].out
    assert "somebody not in the directory" in told
    for options in (["--language", "en"], ["--language", "en", "--with-names"]):
        status, told = said(practice, capsys, "incident", str(reference), *options)
        assert (status, "no longer in the directory" in told.out) == (0, False)
        assert "not in the directory" in told.out


def test_nothing_is_advised_that_only_the_directory_allows(practice, capsys):
    with Desk(practice) as desk:
        begin_run(desk)
        reference = of_manifest(desk, "TESTUDO Camille")
        desk.register.change(reference, Operation.RELEASE, given_as="qr")
        known = add_share(
            desk, "nuit", 3, name="Paul Essai", uid=add_patient(desk, "Paul Essai").uid
        )
        desk.register.change(known.reference, Operation.RELEASE, given_as="qr")

    def advised() -> bool:
        told = said(practice, capsys, "shares", "show", str(reference))[1].out
        assert "secshare seal FILE --to WHO" in told
        return "secshare reseal" in told

    told = said(practice, capsys, "shares", "show", str(known.reference))[1].out
    assert f"secshare reseal {known.reference}" in told
    assert not advised()
    status, told = said(practice, capsys, "reseal", str(reference), "--yes")
    assert (status, "is not in the directory." in told.err) == (10, True)
    with Desk(practice) as desk:
        desk.register.change(reference, Operation.MARK, mark=FileState.BOUNCED)
    assert not advised()
    with Desk(practice) as desk:
        desk.register.recall(reference)
    assert not advised()


@pytest.mark.parametrize(
    ("seal_format", "draft", "ready", "lost", "marked"),
    [
        (SealFormat.AGE, False, "Attach the sealed file", "attach the sealed file", "sent"),
        (SealFormat.PDF, False, "Attach the sealed file", "attach the sealed file", "sent"),
        (SealFormat.AGE, True, "Send message.eml", "send message.eml", "sent"),
        (SealFormat.HTML, False, "Hand over the sealed", "hand over the sealed", "delivered"),
    ],
)
def test_what_goes_by_mail_is_not_told_to_be_handed_over(
    practice, capsys, seal_format, draft, ready, lost, marked
):
    """A batch writes no draft unless it is asked to: what it seals goes by mail all the same."""
    with Desk(practice) as desk:
        begin_run(desk)
        options = {"seal_format": seal_format, "road": Road.PHONE}
        reference = add_share(desk, "nuit", 2, **options).reference
    folder = practice.outbox / str(reference)
    folder.mkdir()
    if draft:
        (folder / "message.eml").touch()
    told = said(practice, capsys, "shares", "show", str(reference))[1].out
    (line,) = [each for each in told.splitlines() if "secshare mark" in each]
    assert line.startswith(ready)
    assert line.endswith(f"secshare mark {reference} {marked}")
    assert f"secshare release {reference} --as phone\n" in told  # as it was to be
    with Desk(practice) as desk:
        desk.register.change(reference, Operation.MARK, mark=FileState.DELIVERED)
    told = said(practice, capsys, "shares", "show", str(reference))[1].out
    assert f"lost: {lost}" in told


def test_people_of_no_directory_are_found_in_any_order_of_their_name(practice, capsys):
    with Desk(practice) as desk:
        begin_run(desk)
        camille = of_manifest(desk, "TESTUDO Camille")
        paul = removed(desk, "Paul Essai")
    for name, reference in (
        ("Camille Testudo", camille),
        ("testudo camille", camille),
        ("ESSAI Paul", paul),
    ):
        assert listed(practice, capsys, "--to", name) == [str(reference)]
        status, told = said(practice, capsys, "recipients", "history", name, "--json")
        assert status == 0
        assert [each["reference"] for each in json.loads(told.out)["shares"]] == [str(reference)]
    assert json.loads(told.out)["shares"][0]["by_manifest"] is False
    assert said(practice, capsys, "shares", "--to", "Camille")[0] == 10


def test_whoever_the_directory_has_is_never_taken_for_somebody_of_a_manifest(practice, capsys):
    with Desk(practice) as desk:
        begin_run(desk)
        camille = add_patient(desk, "Camille Testudo")
        own = add_share(desk, "nuit", 3, name=camille.name, uid=camille.uid).reference
        other = of_manifest(desk, "TESTUDO Camille")
    assert listed(practice, capsys, "--to", "Camille Testudo") == [str(own)]
    for verb in (["shares", "--to"], ["recipients", "history"]):
        status, told = said(practice, capsys, *verb, "testudo camille")
        assert (status, told.out) == (10, "")
        assert "camille-testudo" in told.err
    told = said(practice, capsys, "recipients", "history", "camille-testudo")[1]
    assert str(own) in told.out
    assert str(other) not in told.out
    assert f"secshare recipients history {other}" in told.err


def test_shares_of_one_run_are_listed(practice, capsys):
    with Desk(practice) as desk:
        night = {str(each.reference) for each in make_run(desk, NIGHT, shares=3)}
        make_run(desk, OTHER, shares=2)
        begin_run(desk, "night-20261121")
        named = add_share(desk, "night-20261121", 1, name="Paul Essai")
        begin_run(desk, "night-20261122")
        removed(desk, "Jeanne Exemple")
        first = min(night)
        desk.register.change(Reference(first), Operation.RELEASE, given_as="sms")
    assert set(listed(practice, capsys, "--run", NIGHT)) == night
    assert set(listed(practice, capsys, "--run", NIGHT[:11])) == night
    assert listed(practice, capsys, "--run", "night-20261121") == [str(named.reference)]
    assert listed(practice, capsys, "--run", NIGHT, "--state", "written") == [first]
    assert set(listed(practice, capsys, "--run", NIGHT, "--state", "held")) == night - {first}
    assert len(listed(practice, capsys, "--run", NIGHT, "--last", "2")) == 2
    for wrong in ("night-2026112", "night-20261122", NIGHT[:7], NIGHT[:8], f"{NIGHT[:-1]}0"):
        status, told = said(practice, capsys, "shares", "--run", wrong)
        assert (status, told.out) == (42, ""), wrong
    status, told = said(practice, capsys, "shares", "--run", NIGHT, "--state", "opened")
    assert (status, told.out) == (0, "")
    assert "No share is so" in told.err


def test_somebody_of_a_run_is_found_by_name_within_it(practice, capsys):
    with Desk(practice) as desk:
        begin_run(desk, "lundi")
        begin_run(desk, "mardi")
        uid = secrets.token_hex(16)
        both = [
            add_share(desk, night, 2, name="TESTUDO Camille", uid=uid)
            for night in ("lundi", "mardi")
        ]
        add_share(desk, "lundi", 3)
        with desk.store.transaction() as connection:
            desk.register.note_unlisted(connection, desk.register.share(both[0].reference))
    monday, tuesday = (str(each.reference) for each in both)
    assert set(listed(practice, capsys, "--to", "Camille Testudo")) == {monday, tuesday}
    assert listed(practice, capsys, "--to", "Camille Testudo", "--run", "lundi") == [monday]


def test_a_list_says_how_many_more_there_are_and_a_program_gets_all(practice, capsys):
    with Desk(practice) as desk:
        make_run(desk, shares=53, road=None)
    status, told = said(practice, capsys, "shares")
    assert (status, len(told.out.splitlines())) == (0, 50)
    assert "the 50 newest of 53" in told.err
    assert "--last 53" in told.err
    for all_of_them in (["--last", "53"], ["--run", "nuit", "--last", "60"]):
        status, told = said(practice, capsys, "shares", *all_of_them)
        assert (len(told.out.splitlines()), told.err) == (53, "")
    status, told = said(practice, capsys, "shares", "--run", "nuit", "--last", "3")
    assert "the 3 newest of 53" in told.err
    every = listed(practice, capsys)
    assert len(set(every)) == 53
    assert listed(practice, capsys, "--last", "4") == every[:4]
