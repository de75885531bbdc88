"""Protects a check from a CSV file that hides something: no cell of it may stay unread."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare import profiles
from secshare.model import Place
from secshare.preflight.content import Content, Why
from secshare.preflight.readers import tables
from secshare.preflight.readers.budget import Budget, OverBudget

GOOD = "Nom;Ville;Téléphone\nTESTE Élise;Paris;06 39 98 00 01\nTESTA Luc;Lyon;06 39 98 00 02\n"


def read(data, encoding="utf-8"):
    content = Content()
    given_bytes = data if isinstance(data, bytes) else data.encode(encoding)
    tables.read(given_bytes, Place("a.csv"), Budget(), content)
    return content


def table(data, encoding="utf-8"):
    content = read(data, encoding)
    (only,) = content.tables
    assert not content.unread
    return only


def everything(content):
    (only,) = content.tables
    return "\n".join(
        [*(part.text for part in content.parts), *only.header, *("\n".join(r) for r in only.rows)]
    )


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_programs_csv_is_read_alike(encoding, separator, end):
    found = table(GOOD.replace(";", separator).replace("\n", end), encoding)
    assert found.header == ("Nom", "Ville", "Téléphone")
    assert found.rows == [
        ["TESTE Élise", "Paris", "06 39 98 00 01"],
        ["TESTA Luc", "Lyon", "06 39 98 00 02"],
    ]
    assert found.first_row == 2


def test_decimal_commas_do_not_separate():
    assert table("code;prix\nA;1,20\nB;3,40\nC;5,60\n").rows[0] == ["A", "1,20"]


def test_a_list_inside_cells_does_not_separate():
    assert table("nom,codes\nA,x;y;z\nB,x;y;z\n").rows == [["A", "x;y;z"], ["B", "x;y;z"]]


def test_excels_own_line_and_numbers_kept_as_text_are_understood():
    found = table('sep=,\nNom,Tél\nA,"=""0639980001"""\n')
    assert (found.header, found.rows, found.first_row) == (("Nom", "Tél"), [["A", "0639980001"]], 3)


def test_what_stands_above_the_header_is_a_text_with_its_line():
    content = read(
        "Export du cabinet Test;;;\n;;;\nPatient : TESTE Élise;;;\nNIR;Acte;Date;Montant\n"
        "1;C;01/02/2026;26,50\n2;C;02/02/2026;26,50\n"
    )
    (only,) = content.tables
    assert only.header == ("NIR", "Acte", "Date", "Montant")
    assert only.first_row == 5
    assert [(part.place.line, part.text, part.title) for part in content.parts] == [
        (1, "Export du cabinet Test", True),
        (3, "Patient : TESTE Élise", False),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "TESTE;Élise;Paris\nTESTA;Luc;Lyon\nTESTI;Zoé;Nice\n",
        "TESTE Élise;06 39 98 00 01;a@example.org\nTESTA Luc;06 39 98 00 02;b@example.org\n",
        "a@example.org\nb@example.org\n",
    ],
    ids=["names alone", "contacts", "one column"],
)
def test_a_first_row_of_values_is_no_header(rows):
    found = table(rows)
    assert found.header == ()
    assert len(found.rows) == len(rows.splitlines())
    assert found.first_row == 1


def test_one_persons_fields_are_no_header():
    found = table("Nom;Teste\nPrénom;Élise\nDate de naissance;14/08/1950\nSexe;F\n")
    assert found.header == ()
    assert found.rows[0] == ["Nom", "Teste"]


def test_unknown_words_above_figures_are_a_header():
    assert table("Zoug;Blip;Trac\na;1;2\nb;3;4\n").header == ("Zoug", "Blip", "Trac")


def test_ragged_rows_stay_as_they_are():
    found = table("Nom;Ville;CP\nA;Paris;75001\nB\nC;Nice;06000;de trop;encore\n\nD;Brest;29200\n")
    assert found.rows[1:4] == [["B"], ["C", "Nice", "06000", "de trop", "encore"], []]


@pytest.mark.parametrize(
    "stray",
    [
        'Nom;Ville;Note\nA;Paris;"oups\nB;Lyon;ok\nC;Nice;bien\nD;Brest;fin\n',
        'Nom;Ville;Note\nA;Paris;"oups\nB;Lyon;ok\nC;Nice;bien"\nD;Brest;fin\n',
        'Nom;Ville;Note\nA;Paris;"oups" non\nB;Lyon;ok\nC;Nice;bien\nD;Brest;fin\n',
    ],
    ids=["never closed", "closed rows later", "closed too early"],
)
def test_a_stray_quote_swallows_no_row(stray):
    found = table(stray)
    assert [row[0] for row in found.rows] == ["A", "B", "C", "D"]
    assert [row[1] for row in found.rows] == ["Paris", "Lyon", "Nice", "Brest"]


def test_a_cell_of_two_lines_is_one_cell():
    found = table('Nom;Ville;Note\nA;Paris;"une\nnote; ""vraie"""\nB;Lyon;ok\n')
    assert found.rows == [["A", "Paris", 'une\nnote; "vraie"'], ["B", "Lyon", "ok"]]


def test_a_cell_longer_than_the_library_takes_is_read():
    long = "x" * 200_000
    found = table(f'Nom;Ville;Note\nA;Paris;"{long}"\nB;Lyon;ok\n')
    assert found.rows[0][2] == long


@pytest.mark.parametrize(
    "head", ["Nom;Tél", "patient;phone", "Nom;Téléphone portable"], ids=["tel", "phone", "portable"]
)
def test_telephones_get_back_what_a_spreadsheet_took(head):
    found = table(f"{head}\nA;639980001\nB;33639980002\nC;0639980003\nD;15\n")
    assert [row[1] for row in found.rows] == ["0639980001", "+33639980002", "0639980003", "15"]


def test_a_number_that_is_no_telephone_is_left_alone():
    assert table("Nom;Montant\nA;639980001\nB;3\n").rows[0][1] == "639980001"


def test_bytes_that_are_no_text_are_read_and_said_to_be_broken():
    content = read(b"\x00\x01\x02a\x00b;c\x81\x07\n" * 20)
    assert [unread.why for unread in content.unread] == [Why.BROKEN]
    assert "ab" in everything(content)


def test_more_cells_than_the_profile_allows_are_refused_before_they_are_made():
    with pytest.raises(OverBudget):
        read(b";" * (profiles.PREFLIGHT_CELLS + 1))
    with pytest.raises(OverBudget):
        read(b"\n" * (profiles.PREFLIGHT_CELLS + 1))


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=8
)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=5), min_size=1, max_size=8))
def test_what_the_csv_library_wrote_is_read_back_whole(rows):
    written = io.StringIO()
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL).writerows(rows)
    found = everything(read("sep=;\n" + written.getvalue()))
    for row in rows:
        for cell in row:
            # Quotes may be taken for stray ones, and are then all that is lost.
            assert cell in found or cell.replace('"', "") in found.replace('"', "")


@given(st.text(st.sampled_from('ab1;,|\t"\n\r =@'), max_size=60))
def test_no_text_loses_a_letter_or_a_digit(text):
    found = everything(read("sep=;\n" + text))
    for character in "ab1@":
        assert found.count(character) == text.count(character)


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error(data):
    assert len(read(data).tables) == 1
