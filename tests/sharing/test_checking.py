"""Protects the order: read through the same descriptor, compared, answered, then sealed as read."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import date

import pytest

from secshare.errors import InputUnreadable, OutputRefused, RecipientRefused
from secshare.files import open_source
from secshare.messages import Language
from secshare.model import Answer, Answered, DocumentKind, Kind, Road, SealFormat, Severity
from secshare.practice import Practice
from secshare.preflight import Checker
from secshare.sharing import Desk, address, case_of, check, heaviest, prepare
from tests.documents import report
from tests.practices import add_patient, make_practice

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def checker():
    with Checker() as opened:
        yield opened


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "rapport.pdf"
    path.write_bytes(report())
    return path


def rules(checked):
    return {(each.rule, each.severity) for each in checked.findings}


def test_the_right_document_raises_no_question(desk, checker, document):
    with open_source(document) as source:
        checked = check(desk, checker, address(desk, "Jeanne Exemple", today=TODAY), [source])
    assert checked.verdict in {None, Severity.NOTE}


def test_somebody_elses_document_stops_and_names_both(desk, checker, document):
    document.write_bytes(report("Robert FICTIF", "30/09/1971"))
    with open_source(document) as source:
        checked = check(desk, checker, address(desk, "Jeanne Exemple", today=TODAY), [source])
    assert checked.verdict is Severity.BLOCK
    said = " ".join(each.sentence(Language.FR) for each in checked.findings)
    assert "FICTIF" in said
    assert "EXEMPLE" in said.upper()


def test_what_was_checked_is_sealed_whole(desk, checker, document):
    from io import BytesIO

    from secshare.age import ScryptIdentity, decrypt

    with open_source(document) as source:
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        made = prepare(desk, addressed, [source], checked=check(desk, checker, addressed, [source]))
    words = desk.register.words(made.share.reference, desk.practice.identities(lambda: ""))
    clear = BytesIO()
    (sealed,) = [path for path in made.files if path.suffix == ".age"]
    decrypt(BytesIO(sealed.read_bytes()), clear, [ScryptIdentity(words)])
    assert clear.getvalue() == document.read_bytes()


def test_a_file_swapped_after_the_check_is_not_sealed(desk, checker, document):
    before = document.stat()
    with open_source(document) as source:
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        checked = check(desk, checker, addressed, [source])
        other = report("Robert FICTIF", "30/09/1971")
        with document.open("r+b") as swapped:  # the same file, the same size, the same time
            swapped.write(other.ljust(before.st_size, b" ")[: before.st_size])
            swapped.truncate(before.st_size)
        os.utime(document, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(InputUnreadable):
            prepare(desk, addressed, [source], checked=checked)
    assert not list(desk.register.shares())
    assert not any(desk.practice.outbox.iterdir())


def test_each_of_several_documents_must_be_what_was_read(desk, checker, tmp_path):
    paths = [tmp_path / name for name in ("a.pdf", "b.pdf")]
    for path in paths:
        path.write_bytes(report())
    with ExitStack() as held:
        sources = [held.enter_context(open_source(path)) for path in paths]
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        checked = check(desk, checker, addressed, sources)
        assert prepare(desk, addressed, sources, checked=checked).share.documents == 2
        digests = (checked.report.digests[0], "0" * 64)
        wrong = replace(checked, report=replace(checked.report, digests=digests))
        with pytest.raises(InputUnreadable):
            prepare(desk, addressed, sources, checked=wrong)


@pytest.mark.parametrize("seal_format", ["age", "html", "pdf"])
def test_every_form_seals_what_was_read(desk, checker, document, seal_format):
    from secshare import page

    if seal_format == "html" and not page.available():
        pytest.skip("the page is not built")
    with open_source(document) as source:
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        checked = check(desk, checker, addressed, [source])
        form = SealFormat(seal_format)
        prepare(desk, addressed, [source], seal_format=form, checked=checked)
        wrong = replace(checked, report=replace(checked.report, digests=("0" * 64,)))
        with pytest.raises(InputUnreadable):
            prepare(desk, addressed, [source], seal_format=form, checked=wrong)
    assert len(list(desk.register.shares())) == 1


@pytest.mark.parametrize("seal_format", ["age", "html", "pdf", "several"])
def test_a_file_swapped_while_it_is_sealed_and_swapped_back_is_not_sealed(
    desk, checker, document, seal_format, monkeypatch
):
    from secshare import page
    from secshare.sharing import forms, preparing

    if seal_format == "html" and not page.available():
        pytest.skip("the page is not built")
    write, right, before = forms.write, document.read_bytes(), document.stat()
    wrong = report("Robert FICTIF", "30/09/1971").ljust(len(right), b" ")
    right = right.ljust(len(wrong), b" ")
    document.write_bytes(right)
    os.utime(document, ns=(before.st_atime_ns, before.st_mtime_ns))

    def put(content):
        with document.open("r+b") as file:
            file.write(content)
        os.utime(document, ns=(before.st_atime_ns, before.st_mtime_ns))

    def swapping(*arguments, **options):
        put(wrong)
        try:
            return write(*arguments, **options)
        finally:
            put(right)

    with ExitStack() as held:
        count = 2 if seal_format == "several" else 1
        sources = [held.enter_context(open_source(document)) for _ in range(count)]
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        checked = check(desk, checker, addressed, sources)
        assert checked.verdict in {None, Severity.NOTE}
        form = SealFormat.AGE if seal_format == "several" else SealFormat(seal_format)
        with monkeypatch.context() as patched:
            patched.setattr(preparing.forms, "write", swapping)
            with pytest.raises(InputUnreadable) as caught:
                prepare(desk, addressed, sources, seal_format=form, checked=checked)
        assert caught.value.key == "files.changed"
        assert not list(desk.register.shares())
        prepare(desk, addressed, sources, seal_format=form, checked=checked)


def test_a_share_that_came_to_nothing_has_used_nothing(desk, checker, document, monkeypatch):
    from secshare.sharing import preparing

    def breaks(*_, **__):
        raise OutputRefused("files.disk_full", path=document)

    with open_source(document) as source:
        prepare(desk, address(desk, "Jeanne Exemple", today=TODAY), [source])
        desk.directory.edit(desk.directory.find("Jeanne Exemple"), phone="+33639981305")
        desk.directory.add(
            name="Jean Semblable", kind=Kind.PATIENT, email="jeanne.exemp1e@example.org"
        )
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        checked = check(desk, checker, addressed, [source])
        asked = {"changed-contact", "look-alike"}
        assert asked <= {each.rule for each in checked.findings}
        with monkeypatch.context() as patched:
            patched.setattr(preparing.forms, "write", breaks)
            with pytest.raises(OutputRefused):
                prepare(desk, addressed, [source], checked=checked)
        again = check(desk, checker, address(desk, "Jeanne Exemple", today=TODAY), [source])
        assert asked <= {each.rule for each in again.findings if each.severity is Severity.CONFIRM}


def test_an_answer_is_not_about_what_changed_while_it_was_given(desk, checker, document):
    with open_source(document) as source:
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        checked = check(desk, checker, addressed, [source])
        desk.directory.edit(addressed.recipient, email="ailleurs@example.com")
        with pytest.raises(RecipientRefused) as caught:
            prepare(desk, addressed, [source], checked=checked)
        assert caught.value.key == "sharing.changed_meanwhile"
        assert not list(desk.register.shares())
        # Somebody else's contact: the answer about the former one is not kept for the new one.
        other = desk.directory.add(
            name="Jean Semblable", kind=Kind.PATIENT, email="ailleur@example.com"
        )
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        checked = check(desk, checker, addressed, [source])
        assert "look-alike" in {each.rule for each in checked.findings}
        desk.directory.edit(other, email="ailleurss@example.com")
        prepare(desk, addressed, [source], checked=checked)
        again = check(desk, checker, address(desk, "Jeanne Exemple", today=TODAY), [source])
    assert ("look-alike", Severity.CONFIRM) in rules(again)


def test_what_was_answered_is_kept_with_the_share(desk, checker, document):
    answered = (
        Answered("mssante-kind", Severity.NOTE, Answer.SHOWN),
        Answered("other-person", Severity.BLOCK, Answer.OVERRIDDEN, "mère et enfant"),
    )
    with open_source(document) as source:
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        made = prepare(desk, addressed, [source], kind=DocumentKind.LABORATORY, answered=answered)
    kept = desk.register.share(made.share.reference)
    assert (kept.kind, kept.purpose) == (DocumentKind.LABORATORY, "soins")
    assert desk.register.findings(kept.reference) == answered


def test_a_purpose_that_was_not_given_is_refused(desk):
    with pytest.raises(RecipientRefused) as caught:
        address(desk, "Jeanne Exemple", purpose="pétition", today=TODAY)
    assert caught.value.key == "sharing.purpose"
    jeanne = desk.directory.find("Jeanne Exemple")
    desk.directory.edit(jeanne, purposes=("soins", "Étude X"))
    # As the person gave it, not as it was typed: it stands in the register and in the journal.
    assert address(desk, "Jeanne Exemple", purpose="etude x", today=TODAY).purpose == "Étude X"


def test_a_look_alike_asks_until_it_was_answered(desk, checker, document):
    desk.directory.add(
        name="Jean Semblable",
        kind=Kind.PATIENT,
        email="jeanne.exemp1e@example.org",
        birth_date=date(1960, 1, 1),
        road=Road.QR,
    )
    with open_source(document) as source:
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        checked = check(desk, checker, addressed, [source])
        assert ("look-alike", Severity.CONFIRM) in rules(checked)
        (said,) = [each for each in checked.findings if each.rule == "look-alike"]
        for language in Language:
            sentence = said.sentence(language)
            assert "Jean Semblable" in sentence
            assert "Jeanne Exemple" in sentence
            assert "…mp[l|1]e@example.org" in sentence, "the letter that matters"
            assert "jeanne.exemp" not in sentence
        prepare(desk, addressed, [source], checked=checked)
        again = check(desk, checker, address(desk, "Jeanne Exemple", today=TODAY), [source])
    assert "look-alike" not in {each.rule for each in again.findings}, "asked once"


PAUL = {
    "name": "Paul Exemple",
    "kind": Kind.PATIENT,
    "email": "jeanne.exemple@example.org",
    "phone": "+33639980001",
    "road": Road.SMS,
}


def told_of_contacts(desk, checker, source, road=None):
    checked = check(
        desk, checker, address(desk, "Jeanne Exemple", road=road, today=TODAY), [source]
    )
    about = {"shared-contact", "both-roads", "look-alike"}
    return checked, [each for each in checked.findings if each.rule in about]


def test_a_couple_is_one_question_with_another_road_and_then_one_line(desk, checker, document):
    desk.directory.add(**PAUL, birth_date=date(1957, 3, 2))
    with open_source(document) as source:
        checked, (both,) = told_of_contacts(desk, checker, source)
        assert (both.rule, both.severity) == ("both-roads", Severity.CONFIRM)
        for language in Language:
            sentence = both.sentence(language)
            assert "Paul Exemple (paul-exemple, 1957)" in sentence
            assert "--road qr" in sentence
            assert "jeanne.exemple@" not in sentence
        assert {each.contact for each in checked.shared} == {"email", "phone"}
        _, (shared,) = told_of_contacts(desk, checker, source, Road.QR)
        assert (shared.rule, shared.severity) == ("shared-contact", Severity.CONFIRM)
        assert shared.key == "contacts.shared_both"
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        prepare(desk, addressed, [source], checked=checked)
        again, (note,) = told_of_contacts(desk, checker, source)
    assert (note.rule, note.severity) == ("both-roads", Severity.NOTE)
    assert len(note.sentence(Language.FR)) < len(both.sentence(Language.FR))
    assert heaviest(again.findings) is Severity.NOTE, "asked once, then said"


def test_one_shared_contact_says_which_and_a_whole_care_home_is_one_line(desk, checker, document):
    for number in range(5):
        home = PAUL | {"name": f"Fictif {'ABCDE'[number]}", "phone": f"+3363998111{number}"}
        desk.directory.add(**home)
    desk.directory.add(**PAUL | {"email": "paul@example.org"})
    with open_source(document) as source:
        _, (by_mail, by_phone) = told_of_contacts(desk, checker, source)
    assert {by_mail.rule, by_phone.rule} == {"shared-contact"}
    assert (by_mail.key, by_phone.key) == ("contacts.shared_email", "contacts.shared_phone")
    assert "Fictif C (fictif-c) (+2)" in by_mail.sentence(Language.FR)
    assert "Paul Exemple" in by_phone.sentence(Language.FR)


def test_who_shares_both_contacts_asks_while_one_of_them_is_not_answered_for(
    desk, checker, document
):
    paul = desk.directory.add(**PAUL | {"phone": None, "road": Road.QR})
    with open_source(document) as source:
        checked, (mail,) = told_of_contacts(desk, checker, source)
        addressed = address(desk, "Jeanne Exemple", today=TODAY)
        prepare(desk, addressed, [source], checked=checked)
        _, (note,) = told_of_contacts(desk, checker, source)
        desk.directory.edit(paul, phone="+33639980001")
        _, (both,) = told_of_contacts(desk, checker, source)
    assert (mail.rule, mail.severity) == ("shared-contact", Severity.CONFIRM)
    assert (note.rule, note.severity) == ("shared-contact", Severity.NOTE)
    assert (both.rule, both.severity) == ("both-roads", Severity.CONFIRM)


@pytest.mark.parametrize(
    ("email", "rule"),
    [
        ("dr.modele@hopital.mssante.fr", "mssante-address"),
        ("158042299904158@patient.mssante.fr", "mssante-patient"),
    ],
)
def test_an_address_that_ordinary_mail_does_not_reach_is_said_and_masked(
    desk, checker, document, email, rule
):
    jeanne = desk.directory.find("Jeanne Exemple")
    desk.directory.edit(jeanne, email=email)
    with open_source(document) as source:
        checked = check(desk, checker, address(desk, "Jeanne Exemple", today=TODAY), [source])
    found = next(each for each in checked.findings if each.rule == rule)
    assert found.severity is Severity.NOTE
    for language in Language:
        assert "15804" not in found.sentence(language)


def test_who_represents_somebody_is_no_stranger_in_their_documents(tmp_path, checker):
    with Desk(make_practice(tmp_path / "practice")) as desk:
        mother = add_patient(desk)
        child = desk.directory.add(
            name="Léo Exemple", kind=Kind.PATIENT, birth_date=date(2020, 5, 6), road=Road.QR
        )
        desk.directory.represent(mother, child, "mère")
        mother = desk.directory.find("Jeanne Exemple")
        case = case_of(desk, child, mother)
        assert case.subject is not None
        assert case.subject.name == "Léo Exemple"
        assert "Jeanne Exemple" in {each.name for each in case.known}
        alone = case_of(desk, child, None)
        assert "Jeanne Exemple" in {each.name for each in alone.known}, "on record, asked or not"


def test_what_is_the_practices_own_comes_from_its_settings(tmp_path, checker):
    made = make_practice(tmp_path / "practice")
    text = (made.folder / "secshare.toml").read_text("utf-8")
    (made.folder / "secshare.toml").write_text(
        text.replace('scans = "confirm"', 'scans = "note"')
        + 'identifiers = ["1000 3456 789"]\npeople = ["Dr Gaëlle Modèle"]\n'
        + 'emails = ["Cabinet@example.org"]\n',
        "utf-8",
    )
    with Desk(Practice.open(made.folder)) as desk:
        case = case_of(desk, add_patient(desk), None)
    assert case.scans is Severity.NOTE
    assert case.own.identifiers == {"10003456789"}
    assert "Dr Gaëlle Modèle" in case.own.names
    assert case.own.emails == {"cabinet@example.org"}
    assert case.own.phones == {"+33199000001"}
