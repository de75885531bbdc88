"""The words of a run leave once, all journalled, to the people they are for, and into one file."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_bytes

import pypdfium2
import pytest
import zxingcpp
from python_calamine import CalamineWorkbook

from secshare.batch import uploads
from secshare.batch.addressing import person_uid
from secshare.batch.choosing import find_run
from secshare.batch.forms import Form, Left
from secshare.batch.places import check_place, usual_place
from secshare.batch.secrets import Taking
from secshare.errors import OutputRefused, PracticeInvalid, ShareState, ShareUnknown
from secshare.messages import Language
from secshare.model import Kind, Reference, Road, SealFormat, SecretState
from secshare.register import Operation, Runs
from secshare.sharing import Desk, recall
from tests.batch.sealed_runs import Sealed, add_share, begin_run, make_run
from tests.practices import SETTINGS, add_patient, make_practice
from tests.secrets_search import Secret
from tests.tools import need


@pytest.fixture
def desk(tmp_path: Path):
    with Desk(make_practice(tmp_path / "practice")) as desk:
        yield desk


def take(desk: Desk, path: Path, form: Form = Form.SMS_CSV, run: str = "nuit", **options) -> Taking:
    taking = Taking(desk, form, **options)
    taking.choose(Runs(desk.store).references(run))
    taking.unseal(desk.practice.identities(lambda: ""))
    taking.write(path)
    return taking


def rows(path: Path, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline=""), delimiter=delimiter))


def message(desk: Desk, sealed: Sealed) -> str:
    """What `--as sms` writes under the number, for one share."""
    from secshare.sharing import handover

    share = desk.register.share(sealed.reference)
    return handover(desk.practice, share, None, sealed.phone, sealed.words).messages()[0]


def secret_of(desk: Desk, sealed: Sealed) -> SecretState | None:
    return desk.register.share(sealed.reference).states.secret


# --- what is given -------------------------------------------------------------------------------


def test_each_message_goes_to_its_own_number_in_the_order_of_the_rows(desk, tmp_path) -> None:
    people = make_run(desk, shares=4)
    taking = take(desk, tmp_path / "words.csv")
    assert rows(tmp_path / "words.csv") == [
        ["phone", "message", "reference"],
        *([each.phone, message(desk, each), str(each.reference)] for each in people),
    ]
    assert taking.count == taking.committed == 4
    assert taking.left == {}
    assert (tmp_path / "words.csv").stat().st_mode & 0o777 == 0o600


def test_somebody_whom_only_the_manifest_knows_reads_it_in_the_language_of_their_row(
    desk, tmp_path
) -> None:
    begin_run(desk)
    add_share(desk, "nuit", 1)
    add_share(desk, "nuit", 2, language=Language.EN)
    take(desk, tmp_path / "words.csv")
    (_, french, _), (_, english, _) = rows(tmp_path / "words.csv")[1:]
    assert "Mots" in french or "mots" in french
    assert "words" in english.lower()
    assert "mots" not in english.lower()


def test_what_no_row_asks_for_any_more_is_given_to_nobody(desk, tmp_path) -> None:
    """Its row was corrected: the number, or the address, was somebody else's."""
    begin_run(desk)
    wrong, right = add_share(desk, "nuit", 1), add_share(desk, "nuit", 1)
    Runs(desk.store).end("nuit", [wrong.reference])
    taking = take(desk, tmp_path / "words.csv")
    assert [row[2] for row in rows(tmp_path / "words.csv")[1:]] == [str(right.reference)]
    assert taking.left == {Left.REPLACED: [wrong.reference]}
    other = Taking(desk, Form.QR_SHEET)
    other.choose([wrong.reference, right.reference])
    assert other.left == {Left.REPLACED: [wrong.reference], Left.GIVEN: [right.reference]}
    assert secret_of(desk, wrong) is SecretState.HELD
    Runs(desk.store).end("nuit", [])
    assert not Runs(desk.store).is_unasked(wrong.reference)


def in_both(desk: Desk, phone: str | None = "+33639980002") -> tuple[Sealed, Sealed]:
    """The same sealed by one run, then by another: for this number there."""
    same = [token_bytes(32)]
    former = make_run(desk, "lundi", shares=1, phone="+33639980001", contents=same)
    latter = make_run(desk, "mardi", shares=1, phone=phone, contents=same)
    return former[0], latter[0]


@pytest.mark.parametrize("form", Form)
def test_what_another_run_sealed_since_for_another_number_is_given_there_only(
    desk, tmp_path, form
) -> None:
    """Its own run was never told that the row was corrected."""
    former, latter = in_both(desk)
    for again in (False, True):
        taking = Taking(desk, form, any_road=True, again=again)
        taking.choose([former.reference, latter.reference])
        assert (taking.count, taking.left) == (1, {Left.SEALED_SINCE: [former.reference]})
    recall(desk, latter.reference)  # it was that one which was wrong
    take(desk, tmp_path / "words", form, "lundi", any_road=True)
    assert secret_of(desk, former) is SecretState.WRITTEN


def test_what_another_run_sealed_since_for_the_same_number_is_given(desk, tmp_path) -> None:
    former, latter = in_both(desk, phone="+33639980001")
    for run, sealed in (("lundi", former), ("mardi", latter)):
        assert take(desk, tmp_path / run, run=run).left == {}
        assert secret_of(desk, sealed) is SecretState.WRITTEN


def test_what_another_run_seals_while_the_words_are_unsealed_is_left_out(desk, tmp_path) -> None:
    same = [token_bytes(32)]
    (former,) = make_run(desk, "lundi", shares=1, contents=same)
    other = add_share(desk, "lundi", 2)
    taking = Taking(desk, Form.SMS_CSV)
    taking.choose([former.reference, other.reference])
    taking.unseal(desk.practice.identities(lambda: ""))
    make_run(desk, "mardi", shares=1, contents=same, phone="+33639980009")
    taking.write(tmp_path / "words.csv")
    assert [row[2] for row in rows(tmp_path / "words.csv")[1:]] == [str(other.reference)]
    assert taking.left == {Left.SEALED_SINCE: [former.reference]}
    assert secret_of(desk, former) is SecretState.HELD


def test_a_practice_without_a_gateway_prints_what_was_to_go_by_sms(desk, tmp_path) -> None:
    begin_run(desk)
    by_sms, on_paper = add_share(desk, "nuit", 1), add_share(desk, "nuit", 2, road=Road.QR)
    taking = Taking(desk, Form.QR_SHEET, any_road=True)
    taking.choose(Runs(desk.store).references("nuit"))
    taking.unseal(desk.practice.identities(lambda: ""))
    taking.write(tmp_path / "codes.pdf")
    assert taking.count == 2
    assert {secret_of(desk, each) for each in (by_sms, on_paper)} == {SecretState.WRITTEN}


def test_each_share_has_an_entry_of_its_own_and_counts_as_given(desk, tmp_path) -> None:
    people = make_run(desk)
    take(desk, tmp_path / "words.csv")
    for each in people:
        assert secret_of(desk, each) is SecretState.WRITTEN
        (entry,) = (
            entry
            for entry in desk.journal.entries(each.reference)
            if entry.operation is Operation.RELEASE
        )
        assert entry.facts["given_as"] == "sms"


def test_what_was_given_is_given_again_only_when_asked_for(desk, tmp_path) -> None:
    people = make_run(desk)
    take(desk, tmp_path / "first.csv")
    late = add_share(desk, "nuit", 9)
    second = take(desk, tmp_path / "second.csv")
    assert [row[2] for row in rows(tmp_path / "second.csv")[1:]] == [str(late.reference)]
    assert second.left == {Left.GIVEN: [each.reference for each in people]}
    third = take(desk, tmp_path / "third.csv", again=True)
    assert third.count == 4
    entry = next(iter(desk.journal.entries(people[0].reference)))
    assert entry.operation is Operation.SECRET


def test_nothing_is_left_to_give_twice(desk, tmp_path) -> None:
    make_run(desk)
    take(desk, tmp_path / "first.csv")
    with pytest.raises(ShareState):
        take(desk, tmp_path / "second.csv")
    assert not (tmp_path / "second.csv").exists()


def test_what_goes_another_way_or_has_no_words_is_left_out_and_said(desk, tmp_path) -> None:
    begin_run(desk)
    sms = add_share(desk, "nuit", 1)
    code = add_share(desk, "nuit", 2, road=Road.QR)
    call = add_share(desk, "nuit", 3, road=Road.PHONE)
    key = add_share(desk, "nuit", 4, road=None)
    silent = add_share(desk, "nuit", 5, phone=None)
    odd = add_share(desk, "nuit", 8, phone="+1-HYPERLINK")
    stopped = add_share(desk, "nuit", 6)
    recall(desk, stopped.reference)
    aged = add_share(desk, "nuit", 7, days=5)
    desk.register.forget(datetime.now().astimezone() + timedelta(days=6))
    taking = take(desk, tmp_path / "words.csv")
    assert [row[2] for row in rows(tmp_path / "words.csv")[1:]] == [str(sms.reference)]
    assert taking.left == {
        Left.BY_QR: [code.reference],
        Left.BY_PHONE: [call.reference],
        Left.KEYS: [key.reference],
        Left.NO_PHONE: [silent.reference, odd.reference],
        Left.RECALLED: [stopped.reference],
        Left.FORGOTTEN: [aged.reference],
    }
    for each in (code, call, silent):
        assert secret_of(desk, each) is SecretState.HELD
    codes = take(desk, tmp_path / "codes.pdf", Form.QR_SHEET)
    assert codes.count == 1
    # What was given, or is gone, is not to be asked for by its own road.
    assert codes.left == {
        Left.BY_SMS: [silent.reference, odd.reference],
        Left.BY_PHONE: [call.reference],
        Left.KEYS: [key.reference],
        Left.GIVEN: [sms.reference],
        Left.RECALLED: [stopped.reference],
        Left.FORGOTTEN: [aged.reference],
    }
    again = Taking(desk, Form.QR_SHEET, again=True)
    again.choose([sms.reference])
    assert again.left == {Left.BY_SMS: [sms.reference]}


def test_words_go_to_the_number_of_today_and_only_when_that_is_accepted(desk, tmp_path) -> None:
    begin_run(desk)
    person = add_patient(desk)
    add_share(desk, "nuit", 1, uid=person.uid, phone="+33639980001")
    moved = add_share(desk, "nuit", 2, uid=person.uid, phone="+33639980009")
    taking = take(desk, tmp_path / "words.csv")
    assert taking.left == {Left.CHANGED_PHONE: [moved.reference]}
    assert secret_of(desk, moved) is SecretState.HELD
    take(desk, tmp_path / "moved.csv", changed_phones=True)
    assert [row[0] for row in rows(tmp_path / "moved.csv")[1:]] == ["+33639980001"]


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize(
    ("unsealed", "written"),
    [
        ("+33639980009", "+33639980009"),
        ("+33639980009", "+33639980001"),  # corrected, and taken back
        ("+33639980001", "+33639980009"),
    ],
)
def test_words_go_to_the_number_that_was_looked_at_and_to_no_other(
    desk, tmp_path, accepted, unsealed, written
) -> None:
    begin_run(desk)
    person = add_patient(desk)
    add_share(desk, "nuit", 1, uid=person.uid, phone="+33639980001")
    stays = add_share(desk, "nuit", 2)
    taking = Taking(desk, Form.SMS_CSV, changed_phones=accepted)
    taking.choose(Runs(desk.store).references("nuit"))

    desk.directory.edit(person, phone=unsealed)
    taking.unseal(desk.practice.identities(lambda: ""))
    desk.directory.edit(desk.directory.by_uid(person.uid), phone=written)
    taking.write(tmp_path / "words.csv")
    sent = {row[0] for row in rows(tmp_path / "words.csv")[1:]}
    if written == "+33639980001":
        assert sent == {stays.phone, written}
        assert not taking.left
    else:
        assert sent == {stays.phone}
        assert [*taking.left] == [Left.CHANGED_PHONE]


BORN = date(1958, 4, 12)


def add_stranger(desk: Desk, born: date | None = BORN, name: str = "Jeanne Exemple") -> Sealed:
    """Add a share for somebody whom only the manifest named, called as the batch calls them."""
    email, phone = "personne1@example.org", "+33639980001"
    uid = person_uid(desk.practice.signer.mac_key, name, email, phone, born)
    return add_share(desk, "nuit", 1, name=name, uid=uid)


def enter(desk: Desk, **changed: object) -> None:
    """Enter that person in the directory, as the practice knows them."""
    known = {
        "name": "Jeanne Exemple",
        "email": "personne1@example.org",
        "phone": "+33639980001",
        "birth_date": BORN,
    }
    revoked = changed.pop("revoked", None)
    entered = desk.directory.add(kind=Kind.PATIENT, **{**known, **changed})
    if revoked:
        desk.directory.revoke(entered, revoked)


def left_out(desk: Desk, form: Form = Form.SMS_CSV, **options: bool) -> list[Left]:
    taking = Taking(desk, form, **options)
    taking.choose(Runs(desk.store).references("nuit"))
    assert taking.count + sum(map(len, taking.left.values())) == 1
    return [*taking.left]


@pytest.mark.parametrize("name", ["Jeanne Exemple", "Mme Jeanne Exemple", "EXEMPLE Jeanne (EHPAD)"])
@pytest.mark.parametrize("born", [BORN, None])
@pytest.mark.parametrize("refusal", [{"email_consent": False}, {"revoked": date(2026, 1, 1)}])
@pytest.mark.parametrize("form", [Form.SMS_CSV, Form.QR_SHEET])
def test_who_refused_since_and_was_not_in_the_directory_is_given_no_words(
    desk, name, born, refusal, form
) -> None:
    begin_run(desk)
    add_stranger(desk, born, name)
    enter(desk, **refusal, email="autre@example.org", phone="+33639987777")
    assert left_out(desk, form, any_road=True, changed_phones=True) == [Left.REFUSED]


@pytest.mark.parametrize("refusal", [{"email_consent": False}, {"revoked": date(2026, 1, 1)}])
def test_who_refused_since_and_was_in_the_directory_is_given_no_words(desk, refusal) -> None:
    begin_run(desk)
    person = add_patient(desk)
    share = add_share(desk, "nuit", 1, uid=person.uid)
    assert left_out(desk) == []
    desk.directory.edit(person, **refusal)
    assert left_out(desk) == left_out(desk, Form.QR_SHEET, any_road=True) == [Left.REFUSED]
    Runs(desk.store).end("nuit", [share.reference])  # started again, the row was refused
    assert left_out(desk) == [Left.REFUSED]


def test_who_refused_mail_is_given_the_words_of_a_page_by_hand(desk) -> None:
    begin_run(desk)
    person = add_patient(desk)
    add_share(desk, "nuit", 1, uid=person.uid, seal_format=SealFormat.HTML)
    desk.directory.edit(person, email_consent=False)
    assert left_out(desk) == []
    desk.directory.edit(desk.directory.by_uid(person.uid), revoked=date(2026, 1, 1))
    assert left_out(desk) == [Left.REFUSED]


def test_who_was_entered_since_with_another_number_is_sent_words_there_once_that_is_accepted(
    desk, tmp_path
) -> None:
    begin_run(desk)
    add_stranger(desk)
    enter(desk, phone="+33639987777")
    assert left_out(desk) == [Left.CHANGED_PHONE]
    assert left_out(desk, Form.QR_SHEET, any_road=True) == []
    take(desk, tmp_path / "words.csv", changed_phones=True)
    assert [row[0] for row in rows(tmp_path / "words.csv")[1:]] == ["+33639987777"]


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize(
    ("entered", "born", "name"),
    [
        ({"email": "autre@example.org"}, BORN, "Jeanne Exemple"),
        ({"email": "autre@example.org", "phone": "+33639987777"}, BORN, "Jeanne Exemple"),
        # It may be a father's share and his son's number: neither's birth date was compared.
        ({"phone": "+33639987777"}, None, "Jeanne Exemple"),
        ({"phone": "+33639987777", "birth_date": None}, BORN, "Jeanne Exemple"),
        # Or two people of one family: the name is the same but for what may tell them apart.
        ({"phone": "+33639987777"}, BORN, "Mme Jeanne Exemple"),
        ({"phone": "+33639987777"}, BORN, "Jeanne Exemple (EHPAD)"),
    ],
)
def test_who_may_have_been_entered_since_with_other_contacts_is_asked_about(
    desk, entered, born, name, accepted
) -> None:
    begin_run(desk)
    add_stranger(desk, born, name)
    enter(desk, **entered)
    assert left_out(desk, changed_phones=accepted) == [Left.UNSURE]


@pytest.mark.parametrize(
    ("entered", "born", "name"),
    [
        ({}, BORN, "Jeanne Exemple"),
        ({}, None, "Jeanne Exemple"),
        ({}, BORN, "Mme Jeanne Exemple"),
        # Somebody else: by the birth date, whatever else they share, or by the name.
        ({"phone": "+33639987777", "email_consent": False}, date(1985, 6, 1), "Jeanne Exemple"),
        ({"phone": "+33639987777", "name": "Marc Inconnu"}, BORN, "Jeanne Exemple"),
        # Nothing but a name is the same.
        (
            {"phone": "+33639987777", "email": "autre@example.org", "birth_date": None},
            BORN,
            "Jeanne Exemple",
        ),
    ],
)
def test_whoever_was_entered_with_the_same_contacts_or_is_another_stops_no_words(
    desk, tmp_path, entered, born, name
) -> None:
    begin_run(desk)
    add_stranger(desk, born, name)
    enter(desk, **entered)
    assert take(desk, tmp_path / "words.csv").left == {}
    assert [row[0] for row in rows(tmp_path / "words.csv")[1:]] == ["+33639980001"]


def test_a_row_without_a_number_has_none_whoever_was_entered_since(desk) -> None:
    begin_run(desk)
    email, name = "personne1@example.org", "Mme Jeanne Exemple"
    uid = person_uid(desk.practice.signer.mac_key, name, email, None, None)
    add_share(desk, "nuit", 1, name=name, uid=uid, phone=None, road=Road.QR)
    enter(desk)
    assert left_out(desk, any_road=True) == [Left.NO_PHONE]


def test_words_that_do_not_open_are_left_out_and_stay_held(desk, tmp_path) -> None:
    people = make_run(desk)
    with desk.store.transaction() as connection:  # two rows exchanged, and one cut short
        blobs = [
            connection.execute(
                "SELECT blob FROM sealed_words WHERE reference = ?", (str(each.reference),)
            ).fetchone()[0]
            for each in people
        ]
        for each, blob in zip(people, (blobs[1], blobs[0], blobs[2][:-5]), strict=True):
            connection.execute(
                "UPDATE sealed_words SET blob = ? WHERE reference = ?", (blob, str(each.reference))
            )
    sound = add_share(desk, "nuit", 9)
    taking = take(desk, tmp_path / "words.csv")
    assert taking.left == {Left.DAMAGED: [each.reference for each in people]}
    assert [row[2] for row in rows(tmp_path / "words.csv")[1:]] == [str(sound.reference)]
    assert {secret_of(desk, each) for each in people} == {SecretState.HELD}


def test_a_password_that_takes_two_messages_takes_two_rows(desk, tmp_path) -> None:
    longest = "-".join(["abricots"] * 16)
    begin_run(desk)
    each = add_share(desk, "nuit", 1, seal_format=SealFormat.PDF, words=longest)
    take(desk, tmp_path / "words.csv")
    first, second = rows(tmp_path / "words.csv")[1:]
    assert second == [each.phone, longest, str(each.reference)]
    assert first[::2] == second[::2]


# --- what a gateway and a spreadsheet make of it -------------------------------------------------


def test_what_separates_the_cells_is_what_a_spreadsheet_in_that_language_expects(
    tmp_path: Path,
) -> None:
    from dataclasses import replace

    for language, between in ((Language.FR, ";"), (Language.EN, ",")):
        settings = replace(SETTINGS, language=language, public_name="Dupont, Martin & Cie")
        folder = tmp_path / language
        with Desk(make_practice(folder, settings)) as desk:
            (each,) = make_run(desk, shares=1, language=language)
            take(desk, folder / "words.csv")
            assert rows(folder / "words.csv", between)[1] == [
                each.phone,
                message(desk, each),
                str(each.reference),
            ]


def test_a_message_that_begins_as_a_formula_is_no_csv(tmp_path: Path) -> None:
    from dataclasses import replace

    settings = replace(SETTINGS, public_name="-1+1 Cabinet")
    with Desk(make_practice(tmp_path / "practice", settings)) as desk:
        (each,) = make_run(desk, shares=1)
        with pytest.raises(PracticeInvalid) as refused:
            take(desk, tmp_path / "words.csv")
        assert refused.value.key == "batch_secrets.formula"
        assert secret_of(desk, each) is SecretState.HELD
        assert not (tmp_path / "words.csv").exists()
        take(desk, tmp_path / "words.xlsx", Form.SMS_XLSX)
        assert cells(tmp_path / "words.xlsx")[1][1].startswith("-1+1 Cabinet")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    reference = Reference.draw()
    with pytest.raises(PracticeInvalid):
        uploads.to_csv([uploads.Message("+33639980001", text, reference)], Language.FR)
    for phone in (text, "+33639980001+1", "+1-HYPERLINK", "0639980001", ""):
        with pytest.raises(ValueError, match=r"E\.164"):
            uploads.to_csv([uploads.Message(phone, "Bonjour", reference)], Language.FR)


def cells(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def test_a_workbook_holds_text_and_nothing_else(desk, tmp_path) -> None:
    people = make_run(desk, shares=3)
    take(desk, tmp_path / "words.xlsx", Form.SMS_XLSX)
    read = cells(tmp_path / "words.xlsx")
    assert read == [
        ["phone", "message", "reference"],
        *([each.phone, message(desk, each), str(each.reference)] for each in people),
    ]
    assert {type(cell) for row in read for cell in row} == {str}
    with zipfile.ZipFile(tmp_path / "words.xlsx") as parts:
        table = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
    assert "<f>" not in table
    assert table.count("<c ") == table.count(' t="s"') == 12
    assert 'numFmtId="49"' in styles  # text


def test_texts_that_look_like_something_else_stay_texts_in_a_workbook(tmp_path: Path) -> None:
    odd = ["=1+1", "@SUM(1)", "0012", "1e5", "https://example.org/a", "{=1}", "\t=1", "2026-11-22"]
    reference = Reference.draw()
    made = uploads.to_xlsx([uploads.Message("+33639980001", text, reference) for text in odd])
    (tmp_path / "odd.xlsx").write_bytes(made)
    read = cells(tmp_path / "odd.xlsx")
    assert [row[1] for row in read[1:]] == odd
    assert b"hyperlink" not in zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml")


# --- codes ---------------------------------------------------------------------------------------


def test_a_sheet_holds_the_code_of_each_person_and_says_which_names_it_could_not_print(
    desk, tmp_path
) -> None:
    begin_run(desk)
    people = [add_share(desk, "nuit", number, road=Road.QR) for number in range(1, 6)]
    odd = add_share(desk, "nuit", 6, road=Road.QR, name="山田 太郎")
    taking = take(desk, tmp_path / "codes.pdf", Form.QR_SHEET)
    assert taking.illegible == (odd.reference,)
    document = pypdfium2.PdfDocument((tmp_path / "codes.pdf").read_bytes())
    assert len(document) == 2
    read = [
        code.text
        for page in document
        for code in zxingcpp.read_barcodes(page.render(scale=2.5).to_pil())
    ]
    assert sorted(read) == sorted(each.words for each in (*people, odd))
    entry = next(iter(desk.journal.entries(odd.reference)))
    assert entry.facts["given_as"] == "qr"


# --- what stops on the way -----------------------------------------------------------------------


@pytest.mark.parametrize("form", list(Form))
def test_words_recalled_while_the_file_is_written_are_not_in_it(
    desk, tmp_path, monkeypatch, form: Form
) -> None:
    people = make_run(desk, shares=3, road=form.road)
    stopped = people[1]
    recalled = []

    def meanwhile(folder: Path) -> None:
        """Another command, at the moment when the file has its name."""
        if not recalled:
            recalled.append(recall(desk, stopped.reference))

    monkeypatch.setattr("secshare.files.publishing.sync_folder", meanwhile)
    path = tmp_path / "words.file"
    taking = take(desk, path, form)
    assert recalled
    assert taking.left == {Left.RECALLED: [stopped.reference]}
    secret = Secret.of_words(stopped.words.split("-"))
    assert not secret.traces(path)
    assert str(stopped.reference).encode() not in path.read_bytes()
    assert taking.count == 2
    assert secret_of(desk, stopped) is SecretState.DESTROYED


def test_a_row_that_is_corrected_while_its_words_are_unsealed_is_left_out(desk, tmp_path) -> None:
    wrong, right = make_run(desk, shares=2)
    taking = Taking(desk, Form.SMS_CSV)
    taking.choose([wrong.reference, right.reference])
    Runs(desk.store).end("nuit", [wrong.reference])  # by another command, at its end
    taking.unseal(desk.practice.identities(lambda: ""))
    taking.write(tmp_path / "words.csv")
    assert taking.left == {Left.REPLACED: [wrong.reference]}
    assert [row[2] for row in rows(tmp_path / "words.csv")[1:]] == [str(right.reference)]
    assert secret_of(desk, wrong) is SecretState.HELD


def test_words_recalled_while_they_are_unsealed_are_told_as_recalled(
    desk, tmp_path, monkeypatch
) -> None:
    stopped, kept = make_run(desk, shares=2)
    unsealed = desk.register.words

    def words(reference, identities):
        if reference == stopped.reference:
            recall(desk, reference)
        return unsealed(reference, identities)

    monkeypatch.setattr(desk.register, "words", words)
    taking = take(desk, tmp_path / "words.csv")
    assert taking.left == {Left.RECALLED: [stopped.reference]}
    assert [row[2] for row in rows(tmp_path / "words.csv")[1:]] == [str(kept.reference)]


def test_the_only_words_recalled_meanwhile_leave_no_file(desk, tmp_path, monkeypatch) -> None:
    (only,) = make_run(desk, shares=1)
    fill = Taking._fill

    def recalled_first(self, sink):
        recall(desk, only.reference)
        fill(self, sink)

    monkeypatch.setattr(Taking, "_fill", recalled_first)
    with pytest.raises(ShareState):
        take(desk, tmp_path / "words.csv")
    assert not (tmp_path / "words.csv").exists()


def test_of_two_commands_at_once_each_share_is_given_by_one(desk, tmp_path) -> None:
    people = make_run(desk, shares=3)
    identities = desk.practice.identities(lambda: "")
    first, second = Taking(desk, Form.SMS_CSV), Taking(desk, Form.SMS_CSV)
    for taking in (first, second):
        taking.choose([each.reference for each in people])
        taking.unseal(identities)
    first.write(tmp_path / "first.csv")
    with pytest.raises(ShareState):
        second.write(tmp_path / "second.csv")
    assert second.left == {Left.GIVEN: [each.reference for each in people]}
    assert second.committed == 0
    assert not (tmp_path / "second.csv").exists()


def test_a_file_that_cannot_be_written_gives_nothing(desk, tmp_path) -> None:
    people = make_run(desk)
    (tmp_path / "there.csv").write_text("mine")
    for path in (tmp_path / "there.csv", tmp_path / "none" / "words.csv"):
        with pytest.raises(OutputRefused):
            take(desk, path)
    assert {secret_of(desk, each) for each in people} == {SecretState.HELD}
    assert (tmp_path / "there.csv").read_text() == "mine"


def test_whatever_stops_after_the_register_spoke_leaves_words_that_count_as_given(
    desk, tmp_path, monkeypatch
) -> None:
    people = make_run(desk)
    seen = []

    def full(self: Taking, sink: object) -> None:
        seen.extend(secret_of(desk, each) for each in people)
        raise KeyboardInterrupt

    monkeypatch.setattr(Taking, "_fill", full)
    with pytest.raises(KeyboardInterrupt):
        take(desk, tmp_path / "words.csv")
    assert seen == [SecretState.WRITTEN] * 3  # before anything is in the file
    assert not (tmp_path / "words.csv").exists()
    monkeypatch.undo()
    assert take(desk, tmp_path / "words.csv", again=True).count == 3


# --- where ---------------------------------------------------------------------------------------


def test_words_stand_beside_no_document_and_where_a_recall_finds_them(desk, tmp_path) -> None:
    practice = desk.practice
    for refused in (
        practice.outbox / "words-a.csv",
        practice.inbox / "words-a.csv",
        practice.folder / "words-a.csv",
        practice.private / "words-a.csv",
        practice.secrets / "nuit.csv",
        practice.secrets / "words-a.b.csv",
        practice.secrets / "words-a.txt",
        practice.secrets / "deeper" / "words-nuit.csv",
        Path("-"),
    ):
        with pytest.raises(OutputRefused):
            check_place(practice, refused)
    for taken in (practice.secrets / "words-nuit.xlsx", tmp_path / "any.thing"):
        check_place(practice, taken)


@pytest.mark.parametrize(
    "run", ["nuit", "22.11", "..", "a: b?", "-nuit", "été \U0001f319" * 12, "~"]
)
@pytest.mark.parametrize("form", Form)
def test_where_words_stand_by_themselves_is_a_place_for_them(desk, run, form) -> None:
    practice, found = desk.practice, set()
    for _ in range(3):
        path = usual_place(practice, run, form)
        check_place(practice, path)
        assert path not in found
        path.touch()
        found.add(path)


@pytest.mark.parametrize(
    ("form", "suffix"), [(Form.SMS_CSV, "csv"), (Form.SMS_XLSX, "xlsx"), (Form.QR_SHEET, "pdf")]
)
def test_a_recall_removes_the_file_in_secrets_that_holds_the_words(
    desk, form: Form, suffix: str
) -> None:
    people = make_run(desk, shares=2, road=form.road)
    others = make_run(desk, "autre", shares=1, road=form.road)
    held, other = (
        desk.practice.secrets / f"words-nuit.{suffix}",
        desk.practice.secrets / "words-b.pdf",
    )
    take(desk, held, form)
    take(desk, other, form, "autre")
    stopped = recall(desk, people[0].reference)
    assert stopped.removed == (held,)
    assert other.exists()
    assert not Secret.of_words(people[0].words.split("-")).traces(desk.practice.secrets)
    assert secret_of(desk, others[0]) is SecretState.WRITTEN


def test_a_day_later_the_file_in_secrets_is_gone(tmp_path: Path) -> None:
    practice = make_practice(tmp_path / "practice")
    with Desk(practice) as desk:
        make_run(desk)
        take(desk, practice.secrets / "words-nuit.csv")
        (practice.secrets / "mots.csv").write_text("not ours")
    later = (datetime.now() + timedelta(hours=25)).timestamp()
    with Desk(practice, now=lambda: later):
        pass
    assert [path.name for path in practice.secrets.iterdir()] == ["mots.csv"]


# --- which run -----------------------------------------------------------------------------------


def refused_run(desk: Desk, written: str) -> str:
    with pytest.raises(ShareUnknown) as refused:
        find_run(desk.store, written)
    return refused.value.key


def test_a_run_that_somebody_named_is_found_by_its_whole_name_only(desk) -> None:
    for name in ("nightly-20261121", "nightly-20261122-b", "nightly-2026"):
        make_run(desk, name, shares=1)
    assert find_run(desk.store, "nightly-2026").name == "nightly-2026"
    assert find_run(desk.store, "nightly-20261121").name == "nightly-20261121"
    for none in ("nightly-2026112", "nightly-20261122", "", "n"):
        assert refused_run(desk, none) == "batch_secrets.no_run"


def test_a_run_that_made_no_share_is_not_another_one(desk) -> None:
    make_run(desk, "0123456789abcdef", shares=1)
    begin_run(desk, "0123456789")
    assert refused_run(desk, "0123456789") == "batch_secrets.run_empty"
    assert find_run(desk.store, "012345678").name == "0123456789abcdef"


def test_a_run_that_nobody_named_is_found_by_its_only_beginning_of_eight_characters(desk) -> None:
    for name in ("0123456789abcdef", "01234567ffffffff", "fedcba9876543210", "fedcba98-nuit"):
        make_run(desk, name, shares=1)
    assert find_run(desk.store, "fedcba98").name == "fedcba9876543210"
    assert find_run(desk.store, "012345678").name == "0123456789abcdef"
    assert refused_run(desk, "01234567") == "batch_secrets.several_runs"
    assert refused_run(desk, "fedcba9") == "batch_secrets.no_run"


# --- no other file -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(Form))
def test_no_other_file_is_written_than_the_one_that_was_asked_for(
    desk, tmp_path: Path, form: Form
) -> None:
    """The system says which files were opened for writing, by name or without one."""
    make_run(desk, shares=6, road=form.road)
    desk.store.close()
    script = (
        "import sys; from pathlib import Path; from secshare.practice import Practice;"
        "from secshare.batch.secrets import Taking; from secshare.batch.forms import Form;"
        "from secshare.register import Runs; from secshare.sharing import Desk\n"
        "with Desk(Practice.open(Path(sys.argv[1]))) as desk:\n"
        "    taking = Taking(desk, Form(sys.argv[3]));"
        "    taking.choose(Runs(desk.store).references('nuit'));"
        "    taking.unseal(desk.practice.identities(lambda: ''));"
        "    taking.write(Path(sys.argv[2]))\n"
    )
    out = tmp_path / "out"
    out.mkdir()
    path, trace = out / "words.file", tmp_path / "trace"
    subprocess.run(
        [
            *(need("strace"), "-f", "-o", str(trace)),
            *("-e", "trace=open,openat,openat2,creat,rename,renameat,renameat2"),
            *(sys.executable, "-B", "-c", script),
            *(str(desk.practice.folder), str(path), form.value),
        ],
        check=True,
    )
    assert path.stat().st_size > 500
    written = [
        line
        for line in trace.read_text().splitlines()
        if any(flag in line for flag in ("O_WRONLY", "O_RDWR", "O_CREAT", "creat(", "rename"))
        and " = -1 " not in line
        and "practice.db" not in line  # the register, and its log
        and "/dev/" not in line
    ]
    assert len(written) == 1, written
    assert str(out) in written[0]
    assert "O_TMPFILE" in written[0]


def test_killed_before_the_file_has_its_name_it_leaves_none_and_the_words_count_as_given(
    desk, tmp_path: Path
) -> None:
    people = make_run(desk)
    script = (
        "import os, sys; from pathlib import Path; from secshare.practice import Practice;"
        "from secshare.batch.secrets import Taking; from secshare.batch.forms import Form;"
        "from secshare.files.drafts import Draft;"
        "from secshare.register import Runs; from secshare.sharing import Desk\n"
        "Draft.publish = lambda *_, **__: os.kill(os.getpid(), 9)\n"
        "with Desk(Practice.open(Path(sys.argv[1]))) as desk:\n"
        "    taking = Taking(desk, Form.SMS_CSV);"
        "    taking.choose(Runs(desk.store).references('nuit'));"
        "    taking.unseal(desk.practice.identities(lambda: ''));"
        "    taking.write(Path(sys.argv[2]))\n"
    )
    out = tmp_path / "out"
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, str(desk.practice.folder), str(out / "words.csv")],
        check=False,
    )
    assert done.returncode == -9
    assert not list(out.iterdir())
    assert {secret_of(desk, each) for each in people} == {SecretState.WRITTEN}
    assert take(desk, out / "words.csv", again=True).count == 3


def test_the_journal_verifies_after_many_were_given_at_once(desk, tmp_path, monkeypatch) -> None:
    from secshare import profiles
    from secshare.register.verifying import verify

    monkeypatch.setattr(profiles, "BATCH_GIVEN", 2)  # several transactions
    make_run(desk, shares=5)
    take(desk, tmp_path / "words.csv")
    take(desk, tmp_path / "again.csv", again=True)
    assert not verify(desk.store, desk.journal.public).faults
