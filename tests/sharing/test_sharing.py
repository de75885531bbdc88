"""A share is whole or not at all, for the right person only, and its words are nowhere else."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from secshare import files, sealing, sharing
from secshare.age import HybridIdentity, ScryptIdentity, X25519Identity, decrypt
from secshare.errors import (
    InputUnreadable,
    JournalBroken,
    OutputRefused,
    PracticeInvalid,
    RecipientDataInvalid,
    RecipientRefused,
    RegisterUnwritable,
    RoadFailed,
    SecshareError,
)
from secshare.model import Kind, Reference, Road, ShareStatus
from secshare.practice import Practice
from secshare.sharing import Desk, Prepared, address, prepare
from tests.secrets_search import Secret
from tests.store.test_spool import KILLED
from tests.tools import need

TODAY = date(2026, 11, 21)
CLEAR = b"%PDF-1.7\n" + b"temoin de texte clair, compte rendu de Jeanne Exemple\n" * 2000


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "Compte rendu de Jeanne.PDF"
    path.write_bytes(CLEAR)
    return path


def seal(desk: Desk, *documents: Path, to: str = "Jeanne Exemple", **options: object) -> Prepared:
    addressed = address(desk, to, today=TODAY, road=options.pop("road", None))
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents]
        return prepare(desk, addressed, sources, **options)


def words_of(desk: Desk, prepared: Prepared) -> str:
    identities = desk.practice.identities(lambda: pytest.fail("asked for words"))
    return desk.register.words(prepared.share.reference, identities)


def opened(prepared: Prepared, *identities: object) -> bytes:
    (sealed,) = (path for path in prepared.files if path.suffix == ".age")
    clear = io.BytesIO()
    with files.open_source(sealed) as source:
        decrypt(source.file, clear, identities)
    return clear.getvalue()


def nothing_left(desk: Desk) -> bool:
    folders = (desk.practice.outbox, desk.practice.secrets)
    return not list(desk.register.shares()) and not any(any(path.iterdir()) for path in folders)


def test_a_document_sealed_to_words_opens_with_the_words_that_are_kept(
    desk: Desk, document: Path
) -> None:
    prepared = seal(desk, document)
    assert opened(prepared, ScryptIdentity(words_of(desk, prepared))) == CLEAR
    assert prepared.share.work_factor == 14
    assert desk.register.share(prepared.share.reference) == prepared.share
    assert prepared.share.status is ShareStatus.PREPARED


@pytest.mark.parametrize("kind", [HybridIdentity, X25519Identity])
def test_a_document_sealed_to_a_key_opens_with_the_key_and_has_no_words(
    desk: Desk, document: Path, kind: type
) -> None:
    identity = kind.generate()
    desk.directory.add(
        name="Labo Fictif",
        kind=Kind.ORGANISATION,
        email="labo@example.org",
        keys=(str(identity.recipient()),),
    )
    prepared = seal(desk, document, to="labo fictif")
    assert opened(prepared, identity) == CLEAR
    assert prepared.share.road is None
    assert prepared.secret_files == ()
    assert not any(desk.practice.secrets.iterdir())


def test_a_colleague_with_an_ssh_key_opens_it_with_age(
    desk: Desk, document: Path, tmp_path: Path
) -> None:
    key = tmp_path / "id_ed25519"
    command = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    subprocess.run(command, check=True)
    desk.directory.add(
        name="Dr Modèle",
        kind=Kind.PROFESSIONAL,
        email="dr@example.org",
        keys=(key.with_suffix(".pub").read_text(),),
    )
    prepared = seal(desk, document, document, to="Dr Modèle")
    (sealed,) = (path for path in prepared.files if path.suffix == ".age")
    clear = subprocess.run(
        [need("age"), "-d", "-i", str(key), str(sealed)], capture_output=True, check=True
    ).stdout
    with zipfile.ZipFile(io.BytesIO(clear)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [CLEAR, CLEAR]


def test_several_documents_become_one_archive_with_their_names(
    desk: Desk, document: Path, tmp_path: Path
) -> None:
    other = tmp_path / "Résultats.csv"
    other.write_bytes(b"a;b\n")
    prepared = seal(desk, document, other)
    clear = opened(prepared, ScryptIdentity(words_of(desk, prepared)))
    with zipfile.ZipFile(io.BytesIO(clear)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            document.name: CLEAR,
            "Résultats.csv": b"a;b\n",
        }
    assert prepared.share.documents == 2


def test_nothing_that_leaves_by_mail_names_the_document_or_holds_the_words(
    desk: Desk, document: Path
) -> None:
    prepared = seal(desk, document)
    folder = desk.practice.outbox / str(prepared.share.reference)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"document-{prepared.share.reference}.pdf.age", "message.eml", "message.txt"]
    )
    draft = (folder / "message.eml").read_text() + (folder / "message.txt").read_text()
    assert "Compte rendu" not in draft
    assert "Jeanne" not in draft


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("rapport.PDF", ".pdf"),
        ("bilan M.Dupont", ""),
        ("Resultat.VIH", ""),
        ("CR.20260131", ""),
        ("scanner.dcm", ""),
        (".pdf", ""),
        ("sans extension", ""),
        ("a.pdf\n", ""),
    ],
)
def test_the_sealed_name_tells_a_common_kind_of_file_at_most(name: str, extension: str) -> None:
    reference = Reference.draw()
    assert sealing.sealed_name(reference, [name]) == f"document-{reference}{extension}.age"


@pytest.mark.parametrize("road", list(Road))
def test_the_words_are_found_nowhere_but_where_they_were_asked_for(
    desk: Desk, document: Path, road: Road
) -> None:
    prepared = seal(desk, document, road=road)
    secret = Secret.of_words(words_of(desk, prepared).split("-"))
    assert not secret.traces(desk.practice.folder, apart=prepared.secret_files)
    if road is not Road.QR:  # and the search does find them where they are
        assert secret.traces(*prepared.secret_files)


def test_a_document_is_found_in_clear_nowhere_in_the_practice(desk: Desk, document: Path) -> None:
    seal(desk, document)
    for path in desk.practice.folder.rglob("*"):
        assert path.is_dir() or b"temoin de texte clair" not in path.read_bytes(), path


def test_a_document_that_changes_while_it_is_sealed_stops_everything(
    desk: Desk, document: Path
) -> None:
    def scanner_writes_again(done: int, total: int | None) -> None:
        del done, total
        document.write_bytes(b"another person's report")

    with pytest.raises(InputUnreadable):
        seal(desk, document, progress=scanner_writes_again)
    assert nothing_left(desk)


def test_ctrl_c_while_sealing_leaves_nothing(desk: Desk, document: Path) -> None:
    def interrupts(done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal(desk, document, progress=interrupts)
    assert nothing_left(desk)


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RegisterUnwritable])
def test_a_fault_after_the_rename_leaves_nothing_either(
    desk: Desk, document: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise fault("store.disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(desk.register, "complete", fails)
        with pytest.raises(fault):
            seal(desk, document)
    assert nothing_left(desk)


def test_words_that_cannot_be_written_can_be_given_again(desk: Desk, document: Path) -> None:
    files.remove(desk.practice.secrets)
    desk.practice.secrets.write_text("a file where the folder was")
    with pytest.raises(RoadFailed) as caught:
        seal(desk, document)
    reference = caught.value.fields["reference"]
    assert desk.register.share(reference).status is ShareStatus.PREPARED
    files.remove(desk.practice.secrets)


def test_an_outbox_that_cannot_be_written_leaves_no_intent(desk: Desk, document: Path) -> None:
    files.remove(desk.practice.outbox)
    with pytest.raises(SecshareError):
        seal(desk, document)
    assert list(desk.register.shares()) == []


def test_a_large_document_has_no_mail_draft_and_says_so(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secshare.profiles.MAIL_BYTES", 1000)
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * 2000)
    prepared = seal(desk, large)
    assert prepared.mail_draft is None
    assert prepared.too_large
    assert len(prepared.files) == 1


def test_somebody_revoked_or_opposed_receives_nothing(desk: Desk) -> None:
    jeanne = desk.directory.find("Jeanne Exemple")
    jeanne = desk.directory.edit(jeanne, email_consent=False, email_consent_date=TODAY)
    with pytest.raises(RecipientRefused):
        address(desk, "Jeanne Exemple", today=TODAY)
    jeanne = desk.directory.edit(jeanne, email_consent=True)
    address(desk, "Jeanne Exemple", today=TODAY)
    desk.directory.revoke(jeanne, TODAY)
    with pytest.raises(RecipientRefused):
        address(desk, "Jeanne Exemple", today=TODAY)


def test_words_by_sms_do_not_go_to_a_landline(desk: Desk) -> None:
    desk.directory.add(name="Noël Fixe", kind=Kind.PATIENT, phone="01 99 00 12 34")
    with pytest.raises(RecipientDataInvalid) as caught:
        address(desk, "Noël Fixe", today=TODAY)
    assert caught.value.key == "sharing.landline"
    assert address(desk, "Noël Fixe", road=Road.PHONE, today=TODAY).road is Road.PHONE


def test_words_by_telephone_need_a_number(desk: Desk) -> None:
    desk.directory.add(name="Paul Fictif", kind=Kind.PATIENT, email="paul@example.org")
    for road in (Road.SMS, Road.PHONE):
        with pytest.raises(RecipientDataInvalid):
            address(desk, "Paul Fictif", road=road, today=TODAY)
    assert address(desk, "Paul Fictif", road=Road.QR, today=TODAY).road is Road.QR


def test_what_is_about_a_child_goes_to_a_recorded_parent_only(desk: Desk) -> None:
    child = desk.directory.add(
        name="Zoé Exemple", kind=Kind.PATIENT, birth_date=date(2019, 3, 2), email="zoe@example.org"
    )
    with pytest.raises(RecipientRefused):
        address(desk, "Jeanne Exemple", about="Zoé Exemple", today=TODAY)
    for until, refused in ((date(2026, 11, 20), True), (date(2026, 11, 21), False), (None, False)):
        jeanne = desk.directory.find("Jeanne Exemple")
        desk.directory.represent(jeanne, child, "mère", until)
        if refused:
            with pytest.raises(RecipientRefused):
                address(desk, "Jeanne Exemple", about="Zoé Exemple", today=TODAY)
        else:
            found = address(desk, "Jeanne Exemple", about="Zoé Exemple", today=TODAY)
            assert found.subject.name == "Zoé Exemple"


def test_a_changed_contact_or_key_is_said_until_it_is_used(desk: Desk, document: Path) -> None:
    assert address(desk, "Jeanne Exemple", today=TODAY).changed == ()
    seal(desk, document)
    jeanne = desk.directory.find("Jeanne Exemple")
    desk.directory.edit(jeanne, email="jeanne.nouvelle@example.org")
    assert address(desk, "Jeanne Exemple", today=TODAY).changed == ("email",)
    seal(desk, document)
    assert address(desk, "Jeanne Exemple", today=TODAY).changed == ()


def test_secrets_are_swept_after_a_day_and_not_before(
    desk: Desk, document: Path, tmp_path: Path
) -> None:
    written = seal(desk, document).secret_files
    now = datetime.now(UTC).timestamp()
    with Desk(desk.practice, now=lambda: now + 23 * 3600):
        assert all(path.exists() for path in written)
    with Desk(desk.practice, now=lambda: now + 25 * 3600):
        assert not any(path.exists() for path in written)


def test_a_clock_put_back_does_not_keep_secrets_for_ever(desk: Desk, document: Path) -> None:
    written = seal(desk, document).secret_files
    before = datetime.now(UTC).timestamp() - 24 * 3600
    with Desk(desk.practice, now=lambda: before):
        assert not any(path.exists() for path in written)


def test_the_sweep_never_leaves_the_folder(desk: Desk, document: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "Documents"
    elsewhere.mkdir()
    (elsewhere / "old.txt").write_text("mine")
    link = desk.practice.secrets / f"{Reference.draw()}.txt"
    link.symlink_to(elsewhere / "old.txt")
    kept = desk.practice.secrets / "rapport.pdf"
    kept.write_bytes(b"put here by mistake")
    later = datetime.now(UTC).timestamp() + 25 * 3600
    with Desk(desk.practice, now=lambda: later):
        assert not link.is_symlink()
        assert kept.exists()
    files.remove(desk.practice.secrets)
    desk.practice.secrets.symlink_to(elsewhere)
    with pytest.raises(PracticeInvalid):
        Practice.open(desk.practice.folder)
    with Desk(desk.practice, now=lambda: later):
        assert (elsewhere / "old.txt").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL on Windows")
def test_what_a_killed_batch_noted_of_people_goes_with_the_next_command(desk: Desk) -> None:
    private = desk.practice.private
    before = set(private.iterdir())
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, private], stdout=subprocess.PIPE, text=True
    ) as batch:
        assert batch.stdout is not None
        assert batch.stdout.readline() == "there\n"
        (left,) = set(private.iterdir()) - before
        with Desk(desk.practice):
            assert left.exists()  # while it lives
        batch.send_signal(signal.SIGKILL)
        batch.wait()
    assert left.exists()
    with Desk(desk.practice):
        assert set(private.iterdir()) == before


def test_the_reference_pairs_both_roads(desk: Desk, document: Path) -> None:
    prepared = seal(desk, document, road=Road.SMS)
    reference = str(prepared.share.reference)
    assert all(reference in path.name or reference in path.parent.name for path in prepared.files)
    assert reference in prepared.secret_files[0].read_text()


def test_no_words_are_ever_drawn_twice(desk: Desk, document: Path) -> None:
    drawn = {words_of(desk, seal(desk, document)) for _ in range(5)}
    assert len(drawn) == 5


def test_sealing_imports_neither_typer_nor_a_document_reader() -> None:
    code = "import secshare.sharing, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"typer", "rich", "pyrage", "qrcode", "PIL"} & set(done.stdout.split())
    assert sharing.__doc__


def test_a_broken_journal_does_not_stop_what_only_reads(desk: Desk, document: Path) -> None:
    kept = seal(desk, document).share
    with desk.store.transaction() as connection:
        connection.execute("UPDATE sealed_words SET expires = '2020-01-01T00:00:00.000000+00:00'")
        connection.execute("UPDATE head SET hash = zeroblob(32)")
    with Desk(desk.practice) as again:
        assert [share.reference for share in again.register.shares()] == [kept.reference]
        with pytest.raises(JournalBroken):
            seal(again, document)
    assert [path.name for path in desk.practice.outbox.iterdir()] == [str(kept.reference)]


def test_a_file_that_a_program_holds_does_not_stop_every_command(
    desk: Desk, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (written,) = seal(desk, document).secret_files
    os.utime(written, (0, 0))

    def held(path: Path) -> None:
        raise OutputRefused("files.exists", path=path)

    with monkeypatch.context() as patched:
        patched.setattr(files, "remove", held)
        Desk(desk.practice).__enter__().__exit__()
    assert written.exists()
    with Desk(desk.practice):
        assert not written.exists()


def test_a_recall_goes_through_where_nothing_else_can_be_settled(
    desk: Desk, document: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = seal(desk, document)

    def full(*_: object, **__: object) -> None:
        raise RegisterUnwritable("store.disk_full")

    monkeypatch.setattr("secshare.register.Register.settle", full)
    with pytest.raises(RegisterUnwritable):
        Desk(desk.practice).__enter__()
    with Desk(desk.practice, settle=False) as urgent:
        sharing.recall(urgent, prepared.share.reference)
    assert not list(desk.practice.secrets.iterdir())
