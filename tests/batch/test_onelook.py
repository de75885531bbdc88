"""What a row asked for before is what it asks for now, and what was opened is what was meant."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from secshare.batch import onelook
from secshare.batch.forms import Form, Left
from secshare.batch.results import State
from secshare.batch.secrets import Taking
from secshare.errors import ExitCode, PreflightStopped
from secshare.files import Source
from secshare.messages import Language
from secshare.model import Kind, Recipient
from secshare.practice import Practice
from secshare.sharing import Desk, recall
from tests.batch.test_running import OPTIONS, Ran, shares
from tests.batches import Patient, write_batch
from tests.corpus.writers import pdf
from tests.fakes.executors import Inline
from tests.practices import make_practice

UNREAD = replace(OPTIONS, preflight=False)
HOME = "famille@example.org"
"""The address of a whole family: it tells none of them from the others."""


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return make_practice(tmp_path / "practice")


@pytest.fixture
def inline() -> Iterator[Inline]:
    with Inline() as executor:
        yield executor


def scanned() -> bytes:
    draw = random.Random(1)
    image = pdf.scanned(["Compte rendu"], draw)
    return pdf.saved(pdf.build([pdf.Page(image=image)], draw))


def enter(practice: Practice, patient: Patient, *, identifier: str, name: str = "") -> Recipient:
    with Desk(practice) as desk:
        return desk.directory.add(
            name=name or patient.name,
            kind=Kind.PATIENT,
            id=identifier,
            email=HOME,
            birth_date=patient.born,
        )


def manifest_to(folder: Path, who: str) -> Path:
    write_batch(folder, 1)
    manifest = folder / "to.csv"
    manifest.write_text(f"fichier;destinataire;voie\n0.pdf;{who};qr\n", "utf-8")
    return manifest


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_share_of_whoever_was_called_so_before_is_not_theirs(
    tmp_path: Path, practice: Practice, inline: Inline, by: str
) -> None:
    """The one was removed or renamed, and another of the same address has the id or the name."""
    former = enter(practice, Patient(0), identifier="fictif-1")
    who = former.id if by == "id" else former.name
    manifest = manifest_to(tmp_path / "docs", who)
    first = Ran(practice, manifest, UNREAD, executor=inline)
    assert first.states() == [State.PREPARED]
    with Desk(practice) as desk:
        if by == "id":
            desk.directory.remove(former)
        else:
            desk.directory.edit(former, name=Patient(1).name)
    if by == "id":
        latter = enter(practice, Patient(2), identifier=who)
    else:
        latter = enter(practice, Patient(2), identifier="fictif-2", name=who)
    again = Ran(practice, manifest, UNREAD, executor=inline)
    assert again.states() == [State.FAILED]
    assert again.results[2].code == ExitCode.RECIPIENT_DATA_INVALID
    assert again.results[2].error is not None
    assert again.results[2].error.key == "running.other_address"
    (share,) = shares(practice)
    # `reseal` would seal it to whom that share was for, and the row names somebody else by now.
    advice = again.results[2].error.explain(Language.EN)[1]
    assert f"secshare recall {share.reference}. " in advice
    assert "reseal" not in advice
    assert share.recipient == former.uid != latter.uid


def test_keys_of_somebody_else_that_cannot_be_read_do_not_stop_a_row(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """Of whom the share was for, and whom the row names no more."""
    former = enter(practice, Patient(0), identifier="fictif-1")
    manifest = manifest_to(tmp_path / "docs", former.name)
    first = Ran(practice, manifest, UNREAD, executor=inline)
    with Desk(practice) as desk:
        desk.directory.edit(former, name=Patient(1).name)
        (desk.directory.keys_folder / f"{former.id}.pub").write_bytes(b"\xff\xfe\x00")
    enter(practice, Patient(2), identifier="fictif-2", name=former.name)
    again = Ran(practice, manifest, UNREAD, executor=inline)
    assert again.results[2].error is not None
    assert again.results[2].error.key == "running.other_address"
    assert again.outcome.unasked == (first.results[2].reference,)


def test_whoever_stays_the_same_has_their_share_already(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    known = enter(practice, Patient(0), identifier="fictif-1")
    manifest = manifest_to(tmp_path / "docs", known.id)
    first = Ran(practice, manifest, UNREAD, executor=inline)
    with Desk(practice) as desk:
        desk.directory.edit(known, name=Patient(1).name, email=HOME.upper())
    again = Ran(practice, manifest, UNREAD, executor=inline)
    assert again.states() == [State.ALREADY]
    assert again.results[2].reference == first.results[2].reference


def test_whoever_is_entered_in_the_directory_meanwhile_has_their_share_already(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """The row names them with their address: by the directory they are called otherwise."""
    manifest, patient = write_batch(tmp_path / "docs", 1), Patient(0)
    first = Ran(practice, manifest, UNREAD, executor=inline)
    with Desk(practice) as desk:
        entered = desk.directory.add(
            name=patient.name, kind=Kind.PATIENT, email=patient.email, birth_date=patient.born
        )
    again = Ran(practice, manifest, UNREAD, executor=inline)
    assert again.states() == [State.ALREADY]
    assert again.results[2].reference == first.results[2].reference
    (share,) = shares(practice)
    assert share.recipient != entered.uid


@pytest.mark.parametrize("also", ["nothing", "document gone", "no such road", "recalled before"])
def test_a_share_that_went_to_a_former_address_is_told_whatever_else_fails(
    tmp_path: Path, practice: Practice, inline: Inline, also: str
) -> None:
    """A row is told the first of what is wrong with it; where its share went may be the second."""
    known = enter(practice, Patient(0), identifier="fictif-1")
    manifest = manifest_to(tmp_path / "docs", known.id)
    first = Ran(practice, manifest, UNREAD, executor=inline).results[2].reference
    with Desk(practice) as desk:
        desk.directory.edit(known, email="autre@example.net")
    if also == "document gone":
        (tmp_path / "docs" / "0.pdf").unlink()
    elif also == "no such road":
        manifest.write_text(manifest.read_text("utf-8").replace("qr", "sms"), "utf-8")
    elif also == "recalled before":
        with Desk(practice) as desk:
            assert first is not None
            recall(desk, first)
    again = Ran(practice, manifest, UNREAD, executor=inline)
    assert again.states() == [State.FAILED]
    codes = {"document gone": ExitCode.INPUT_UNREADABLE, "recalled before": ExitCode.SHARE_STATE}
    assert again.results[2].code == codes.get(also, ExitCode.RECIPIENT_DATA_INVALID)
    assert again.results[2].reference == first, "it is said which it is"
    assert again.outcome.unasked == (() if also == "recalled before" else (first,))


def test_a_share_of_whoever_is_entered_with_another_address_is_asked_for_no_more(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """The row's own address is not the directory's, and one of the two is wrong."""
    manifest, patient = write_batch(tmp_path / "docs", 1), Patient(0)
    first = Ran(practice, manifest, UNREAD, executor=inline).results[2].reference
    enter(practice, patient, identifier="fictif-1")
    again = Ran(practice, manifest, UNREAD, executor=inline)
    assert again.results[2].error is not None
    assert again.results[2].error.key == "manifest.other_email"
    assert again.outcome.unasked == (first,)


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(
    ("entered", "left"),
    [
        ({}, None),
        ({"phone": "+33639987777"}, Left.CHANGED_PHONE),
        ({"phone": "+33639987777", "birth_date": None}, Left.UNSURE),
        ({"phone": "+33639987777", "email_consent": False}, Left.REFUSED),
    ],
)
def test_words_of_whoever_is_entered_since_are_not_sent_to_another_number_than_the_directorys(
    tmp_path: Path,
    practice: Practice,
    inline: Inline,
    entered: dict[str, Any],
    left: Left | None,
    *,
    again: bool,
) -> None:
    """With or without a second start, whose row fails and asks for its share all the same."""
    manifest, patient = write_batch(tmp_path / "docs", 1), Patient(0)
    manifest.write_text(
        "fichier;nom;email;téléphone;date de naissance;voie\n"
        f"0.pdf;{patient.name};{patient.email};{patient.phone};{patient.born:%d/%m/%Y};sms\n",
        "utf-8",
    )
    first = Ran(practice, manifest, UNREAD, executor=inline).results[2].reference
    known = {"email": patient.email, "phone": patient.phone, "birth_date": patient.born}
    with Desk(practice) as desk:
        desk.directory.add(name=patient.name, kind=Kind.PATIENT, **{**known, **entered})
    if again:
        state = State.FAILED if left else State.ALREADY
        assert Ran(practice, manifest, UNREAD, executor=inline).states() == [state]
    with Desk(practice) as desk:
        taking = Taking(desk, Form.SMS_CSV)
        taking.choose([first])
    assert taking.left == ({left: [first]} if left else {})


def test_a_share_of_whoever_opposed_since_is_asked_for_no_more(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    known = enter(practice, Patient(0), identifier="fictif-1")
    manifest = manifest_to(tmp_path / "docs", known.name)
    first = Ran(practice, manifest, UNREAD, executor=inline).results[2].reference
    with Desk(practice) as desk:
        desk.directory.edit(known, email_consent=False, email_consent_date=UNREAD.today)
    again = Ran(practice, manifest, UNREAD, executor=inline)
    assert again.results[2].code == ExitCode.RECIPIENT_REFUSED
    assert again.outcome.unasked == (first,)


def test_a_share_whose_recipient_has_no_longer_the_id_of_the_row_went_to_a_former_address(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """The row names nobody any more; whom its share was for is known all the same."""
    known = enter(practice, Patient(0), identifier="fictif-1")
    manifest = manifest_to(tmp_path / "docs", known.name)
    first = Ran(practice, manifest, UNREAD, executor=inline).results[2].reference
    with Desk(practice) as desk:
        renamed = desk.directory.edit(known, name=Patient(1).name)
    kept = Ran(practice, manifest, UNREAD, executor=inline)
    assert kept.results[2].code == ExitCode.RECIPIENT_UNKNOWN
    assert kept.outcome.unasked == (), "nothing says that it went elsewhere"
    with Desk(practice) as desk:
        desk.directory.edit(renamed, email="autre@example.net")
    again = Ran(practice, manifest, UNREAD, executor=inline)
    assert again.results[2].code == ExitCode.RECIPIENT_UNKNOWN
    assert again.outcome.unasked == (first,)


def test_a_row_whose_share_was_recalled_is_not_told_to_be_sealed_where_another_run_has_it(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """Corrected, sealed by itself, and the former one recalled: then the former manifest again."""
    manifest = write_batch(tmp_path / "docs", 1)
    corrected = tmp_path / "docs" / "corrected.csv"
    corrected.write_text(manifest.read_text("utf-8").replace("@", "@juste."), "utf-8")
    first = Ran(practice, manifest, UNREAD, executor=inline).results[2].reference
    assert first is not None
    by_itself = replace(UNREAD, run="corrigée")
    other = Ran(practice, corrected, by_itself, executor=inline).results[2].reference
    assert other is not None
    with Desk(practice) as desk:
        recall(desk, first)
    for twin, key in ((other, "recalled_stands"), (None, "recalled")):
        error = Ran(practice, manifest, UNREAD, executor=inline).results[2].error
        assert error is not None
        assert error.key == f"running.{key}"
        what, do = error.explain(Language.EN)
        assert str(first) in what
        assert (str(other) in what, "corrigée" in what, "--run" in do) == (
            (True, True, False) if twin else (False, False, True)
        )
        with Desk(practice) as desk:
            recall(desk, other)


def test_a_link_that_is_exchanged_once_it_was_opened_leads_nowhere(
    tmp_path: Path, practice: Practice, inline: Inline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands there when it is looked at is in the folder; what was opened was not."""
    docs, outside = tmp_path / "docs", tmp_path / "elsewhere.pdf"
    manifest = write_batch(docs, 2)
    own = docs / "1.pdf"
    own.rename(outside)
    own.symlink_to(outside)
    opened = onelook.opened

    def exchanged(paths: Sequence[str], held: ExitStack) -> list[Source]:
        sources = opened(paths, held)
        if Path(paths[0]) == own:
            own.unlink()
            own.write_bytes((docs / "0.pdf").read_bytes())
        return sources

    monkeypatch.setattr(onelook, "opened", exchanged)
    ran = Ran(practice, manifest, UNREAD, executor=inline)
    assert ran.states() == [State.PREPARED, State.FAILED]
    assert ran.results[3].error is not None
    assert ran.results[3].error.key == "running.outside"


def test_ids_that_slipped_beside_birth_dates_stop_although_their_rows_fail_by_themselves(
    tmp_path: Path, practice: Practice, inline: Inline
) -> None:
    """What is left are rows without a date, and their documents may be scans."""
    folder = tmp_path / "docs"
    write_batch(folder, 6)
    (folder / "5.pdf").write_bytes(scanned())
    with Desk(practice) as desk:
        for number in range(6):
            patient = Patient(number)
            desk.directory.add(
                name=patient.name,
                kind=Kind.PATIENT,
                id=f"fictif-{number}",
                email=patient.email,
                birth_date=patient.born,
            )
    manifest = folder / "to.csv"
    lines = ["fichier;destinataire;date de naissance;voie"]
    for number in range(6):
        born = "" if number == 5 else f"{Patient(number).born:%d/%m/%Y}"
        lines.append(f"{number}.pdf;fictif-{(number + 1) % 6};{born};qr")
    manifest.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(PreflightStopped) as caught:
        Ran(practice, manifest, replace(OPTIONS, accept=frozenset({"scan"})), executor=inline)
    assert caught.value.key.startswith("guard.documents_")
    assert shares(practice) == []
