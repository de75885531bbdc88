"""What a reader does not see excuses nothing, and what a document leaves out is asked about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date

import pytest

from secshare.messages import Language
from secshare.model import Kind, Place, Severity
from secshare.model.folding import fold
from secshare.preflight.case import Case, Own, Person
from secshare.preflight.comparing import MANY, distinct
from secshare.preflight.content import Content, Part, Role, Stated
from secshare.preflight.examining import examine
from secshare.preflight.facts import Facts
from secshare.preflight.judging import judge
from secshare.preflight.matching import Bearer, Likeness
from secshare.preflight.readers import read
from secshare.preflight.unit import Unit
from tests.preflight.pdfs import form, new, saved, shown

CAMILLE = Person("Camille Exemple", date(1980, 3, 12))
RESULTS = "Laboratoire Fictif, MODELE Paul, hémoglobine 13,2 g/dL, glycémie 0,95 g/L"
HERS = "Patient : EXEMPLE Camille, née le 12/03/1980"


def facts(name: str, data: bytes) -> Facts:
    return examine(name, read(name, data), region="FR")


def stopped(name: str, data: bytes, case: Case | None = None) -> set[str]:
    """Return the rules that stop a document."""
    report = judge([facts(name, data)], case or Case(CAMILLE))
    return {one.rule for one in report.findings if one.severity is not Severity.NOTE}


def zipped(members: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    "hidden",
    [
        f'<p style="display:none">{HERS}</p>',
        f"<!-- {HERS} -->",
        f"<p hidden>{HERS}</p>",
        f'<input type="hidden" name="patient" value="{HERS}">',
    ],
)
def test_a_subject_whom_only_hidden_text_of_a_web_page_names_is_not_named(hidden: str) -> None:
    page = f"<html><body><p>{RESULTS}</p>{hidden}</body></html>"
    assert stopped("a.html", page.encode()) == {"not-named"}


@pytest.mark.parametrize(
    "drawn",
    [
        shown(HERS, y=400, before="1 1 1 rg"),
        shown(HERS, y=400, size=0.5),
        shown(HERS, y=-300),
        shown(HERS, y=400, before="3 Tr"),
    ],
    ids=["white", "tiny", "beside the page", "invisible"],
)
def test_a_subject_whom_only_hidden_text_of_a_pdf_names_is_not_named(drawn: str) -> None:
    seen = shown(RESULTS)
    assert stopped("a.pdf", saved(new([f"{seen} q {drawn} Q"]))) == {"not-named"}
    assert stopped("a.pdf", saved(new([seen + " " + shown(HERS, y=400)]))) == set()


def test_hidden_text_inside_a_drawing_of_a_pdf_is_taken_out_too() -> None:
    pdf = new([f"{shown(RESULTS)} /Fm Do"])
    font = pdf.pages[0].Resources.Font
    pdf.pages[0].Resources.XObject = {
        "/Fm": form(pdf, shown(HERS, before="3 Tr").encode(), Font=font)
    }
    read_of_it = read("a.pdf", saved(pdf))
    assert [("EXEMPLE" in part.text, part.place.hidden) for part in read_of_it.parts] == [
        (False, False),
        (True, True),
    ]


def test_hidden_text_in_more_pieces_than_are_told_is_still_told() -> None:
    dots = " ".join(shown("x", x=50 + at % 50, y=300, before="3 Tr") for at in range(210))
    drawn = f"{shown(RESULTS)} q {dots} {shown(HERS, y=200, before='3 Tr')} Q"
    content = read("a.pdf", saved(new([drawn])))
    assert any("EXEMPLE" in part.text for part in content.parts if part.place.hidden)
    assert not any("EXEMPLE" in part.text for part in content.parts if not part.place.hidden)


def test_a_subject_whom_only_the_files_name_names_is_not_in_it() -> None:
    assert stopped("EXEMPLE Camille née le 12-03-1980.txt", RESULTS.encode()) == {"not-named"}


def test_somebody_else_counts_where_nobody_sees_them() -> None:
    page = f"<html><body><p>{HERS}</p><p hidden>Patient : MODELE Paul, né le 03/04/1950</p>"
    assert stopped("a.html", page.encode()) == {"several-people"}


def test_many_people_of_other_birth_dates_are_compared_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = 0
    compared = Bearer._compared

    def counted(self: Bearer, name: str) -> Likeness:
        nonlocal asked
        asked += 1
        return compared(self, name)

    monkeypatch.setattr(Bearer, "_compared", counted)
    letters = "abcdefghijklmnopqrstuvwxyz"
    lines = [
        f"Patient : M{letters[at % 26]}{letters[at // 26]}ul Zo{letters[at // 26]} né le "
        f"{1 + at % 28:02d}/{1 + at % 12:02d}/{1940 + at % 60}\n"
        for at in range(300)
    ]
    report = judge([facts("a.txt", "".join(lines).encode())], Case(CAMILLE))
    assert [one.rule for one in report.findings if one.severity is Severity.BLOCK] == [
        "several-people"
    ]
    assert report.findings[0].fields["count"] == f"≥ {MANY}"
    assert asked < 5_000  # each with each would be 45,000


def test_people_without_birth_dates_are_compared_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = 0
    likeness = Bearer.likeness

    def counted(self: Bearer, names: tuple[str, ...]) -> Likeness:
        nonlocal asked
        asked += len(names)
        return likeness(self, names)

    monkeypatch.setattr(Bearer, "likeness", counted)
    one = Stated(Role.PATIENT, ("Paul Modele", "Modele Paul"), place=Place("a"))
    assert distinct([one] * 20_000) == [one]
    assert asked < 10_000


def test_the_sexes_of_a_document_are_looked_for_once_for_all_its_numbers() -> None:
    text = f"{HERS}, sexe F\n" + "".join(f"2800399{at:06d}\n" for at in range(50))
    unit = Unit(Place("a"), fold(text), [], [])
    assert unit.sexes == {"f"}
    assert "sexes" in vars(unit)  # kept: a table asks for each of its thousand numbers


OWN = Case(CAMILLE, own=Own(names=("Paul Modele", "Cabinet de l'Essai")))


@pytest.mark.parametrize(
    "text",
    [
        "Patient : MODELE Paul\nRésultats : hémoglobine 13,2 g/dL",
        "M. Paul MODELE, né le 03/04/1950\nRésultats : hémoglobine 13,2 g/dL",
    ],
)
def test_who_works_here_is_somebody_elses_patient_where_a_document_is_about_them(text: str) -> None:
    assert stopped("a.txt", text.encode(), OWN) == {"other-person"}


def test_who_works_here_may_sign_what_is_about_the_subject() -> None:
    text = f"{HERS}\nVoici vos résultats.\nDr Paul MODELE\nCabinet de l'Essai"
    assert stopped("a.txt", text.encode(), OWN) == set()


def test_a_document_beside_the_subjects_own_is_asked_about_by_its_name() -> None:
    text = "Résultats de Paul Modele du 03/02/2024 : VIH positif"
    data = zipped({"a.txt": HERS, "b.txt": text})
    asked = judge([facts("a.zip", data)], Case(CAMILLE)).findings
    told = next(one for one in asked if one.rule == "not-named")
    assert told.severity is Severity.CONFIRM
    assert told.sentence(Language.FR).endswith(": b.txt.")
    assert told.place == Place("a.zip", member="b.txt")


def test_several_documents_beside_the_subjects_own_are_one_question() -> None:
    others = {
        f"{at}.txt": f"Consultation numéro {at}, hémoglobine 13,2 g/dL, glycémie normale"
        for at in range(5)
    }
    findings = judge([facts("a.zip", zipped({"a.txt": HERS, **others}))], Case(CAMILLE)).findings
    assert [one.key for one in findings if one.rule == "not-named"] == [
        "preflight.not_named_members"
    ]


def test_a_few_words_around_the_subjects_documents_ask_nothing() -> None:
    assert stopped("a.zip", zipped({"a.txt": HERS, "b.txt": "Bonne journée à vous !"})) == set()


@pytest.mark.parametrize(
    ("second", "asked"),
    [
        ("Patient : MODELE Paul, né le 03/04/1950", {"several-people"}),
        ("Patient : Camille EXEMPLE\nGlycémie : 0,95 g/L", set()),
    ],
)
def test_documents_of_two_patients_for_one_professional_are_asked_about(
    second: str, asked: set[str]
) -> None:
    doctor = Person("Noël Bidule")
    both = [facts("a.txt", HERS.encode()), facts("b.txt", second.encode())]
    report = judge(both, Case(doctor, doctor, kind=Kind.PROFESSIONAL))
    assert {one.rule for one in report.findings if one.severity is Severity.CONFIRM} == asked


@pytest.mark.parametrize(
    "comment",
    [b"", b"%%EOF\n", bytes(0xFFFF)],
    ids=["", "with the end of a PDF", "as long as it may be"],
)
def test_an_archive_behind_a_pdf_is_not_passed_over(comment: bytes) -> None:
    page = saved(new([shown(HERS)]))
    assert stopped("a.pdf", page) == set()
    file = io.BytesIO(page)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("b.txt", RESULTS)
        archive.comment = comment
    assert stopped("a.pdf", file.getvalue()) == {"unchecked"}


def test_much_behind_the_end_of_a_pdf_is_said_and_a_footer_is_not() -> None:
    page = saved(new([shown(HERS)]))
    assert stopped("a.pdf", page + b"\n<!-- served in 3 ms -->\n" + bytes(500)) == set()
    assert stopped("a.pdf", page + RESULTS.encode() * 50) == {"unchecked"}


def test_the_comments_of_a_clinical_document_name_nobody() -> None:
    fields = Stated(Role.PATIENT, ("EXEMPLE Camille",), CAMILLE.birth_date, certain=True)
    comment = Place("a.xml", field="comment", hidden=True)
    content = Content(
        parts=[Part(comment, "Nom : MODELE\nPatient : du PS"), Part(Place("a.xml"), HERS)],
        people=[fields],
        structured=True,
    )
    names = {name for one in examine("a.xml", content, region="FR").people for name in one.names}
    assert names
    assert not any("PS" in name or "MODELE" in name for name in names)
    content.structured = False
    loose = examine("a.xml", content, region="FR").people
    assert any("MODELE" in name for one in loose for name in one.names)
