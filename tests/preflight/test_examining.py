"""Protects what is known of a document: everything in it, with its place, each thing once."""

from __future__ import annotations

from secshare import profiles
from secshare.model import Place
from secshare.preflight.content import Content, Part, Role, Table, Unread, Why
from secshare.preflight.examining import examine
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers.nir import key_of

NUMBER = "2790351115123"
WHOLE = f"{NUMBER}{key_of(NUMBER):02}"


def facts(content: Content, file: str = "x.txt"):
    return examine(file, content, region="FR")


def text(words: str, **place) -> Content:
    return Content(parts=[Part(Place("x.txt", **place), words)])


def test_an_identifier_has_its_line_and_whose_it_is():
    known = facts(text(f"Compte rendu\n\nPatient : EXEMPLE\nNIR {WHOLE}\n"))
    (found,) = known.found
    assert (found.kind, found.value, found.key) == (IdentifierKind.NIR, NUMBER, True)
    assert found.place == Place("x.txt", line=4)
    assert found.role is Role.PATIENT


def test_a_page_needs_no_line():
    assert facts(text(f"NIR {WHOLE}", page=3)).found[0].place == Place("x.txt", page=3)


def test_a_number_repeated_on_every_line_is_told_once():
    assert len(facts(text(f"NIR {WHOLE}\n" * 50)).found) == 1


def test_a_letterhead_cannot_take_a_number():
    known = facts(text(f"Dr MODÈLE, secrétariat {WHOLE} né le 12/03/1979"))
    assert {found.role for found in known.found} == {Role.UNKNOWN}


def test_the_name_of_the_file_and_of_a_member_are_read():
    content = Content(unread=[Unread(Why.SCAN, Place("a.zip", member=f"{WHOLE}_scan.png"))])
    known = facts(content, f"EXEMPLE_{WHOLE}.zip")
    assert [found.place for found in known.found] == [
        Place(f"EXEMPLE_{WHOLE}.zip", field="file name"),
        Place(f"EXEMPLE_{WHOLE}.zip", member=f"{WHOLE}_scan.png", field="file name"),
    ]
    assert known.unread == tuple(content.unread)


def table(rows: list[list[str]], header: tuple[str, ...] = ()) -> Content:
    return Content(tables=[Table(Place("x.csv"), header, rows)])


def test_a_cell_has_its_name():
    rows = [["EXEMPLE", "", "12/03/1979"], ["MODÈLE", WHOLE, "01/02/1980"]]
    known = facts(table(rows, ("nom", "NIR assuré", "Né(e) le")))
    assert {(found.value, found.place.cell, found.role) for found in known.found} == {
        (NUMBER, "B3", Role.INSURED),
        ("1979-03-12", "C2", Role.UNKNOWN),
        ("1980-02-01", "C3", Role.UNKNOWN),
    }


def test_a_form_in_a_sheet_has_its_titles_at_the_left():
    rows = [["Patient", "EXEMPLE"], ["Date de naissance", "12/03/1979"], ["NIR", WHOLE]]
    known = facts(table(rows))
    assert {(found.value, found.place.cell) for found in known.found} == {
        ("1979-03-12", "B3"),
        (NUMBER, "B4"),
    }


def test_rows_of_different_lengths_are_read():
    known = facts(table([["a"], ["a", "b", f"vu {WHOLE}"], []]))
    assert [found.place.cell for found in known.found] == ["C3"]


def test_one_number_far_down_a_column_of_something_else_is_found():
    rows = [[f"06 39 98 {at // 100:02} {at % 100:02}"] for at in range(6_000)]
    rows[5_900] = [WHOLE]
    known = facts(table(rows, ("téléphone",)))
    kinds = [found.kind for found in known.found]
    assert kinds.count(IdentifierKind.PHONE) == profiles.PREFLIGHT_FOUND_EACH
    (number,) = [found for found in known.found if found.kind is IdentifierKind.NIR]
    assert (number.value, number.place.cell) == (NUMBER, "A5902")


def test_texts_are_folded_and_cut_at_the_limit(monkeypatch):
    known = facts(text("Éléonore  L’Hôpital"))
    assert known.texts[0] == (Place("x.txt"), "eleonore l hopital")
    assert not known.cut
    monkeypatch.setattr(profiles, "PREFLIGHT_TEXT", 8)
    cut = facts(text("Éléonore  L’Hôpital"))
    assert cut.texts == ((Place("x.txt"), "eleonore"),)
    assert cut.cut


def test_names_in_a_table_are_in_its_text():
    known = facts(table([["EXEMPLE", "Jeanne"]], ("nom", "prénom")))
    assert (Place("x.csv"), "nom prenom exemple jeanne") in known.texts
