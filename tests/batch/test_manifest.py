"""Protects a night's run from a manifest with an error: each is said, by row and column."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.batch import reading
from secshare.batch.columns import field_of
from secshare.batch.manifest import read_manifest
from secshare.batch.wanted import Wanted
from secshare.errors import InputUnreadable, ManifestInvalid
from secshare.messages import Language
from secshare.model import Road, SealFormat
from secshare.store.spool import Spool
from tests.batch import million
from tests.batch.manifests import (
    HEADER,
    TODAY,
    as_csv,
    as_workbook,
    errors,
    ordinary,
    refused,
    taken,
)
from tests.batch.people import invented
from tests.tools import ROOT

KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
FULL = (
    *("fichier", "destinataire", "nom", "prénom", "email", "tél", "né(e) le", "NIR", "concerne"),
    *("voie", "format", "langue", "finalité", "clé", "groupe"),
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return tmp_path_factory.mktemp("manifests")


# --- files -------------------------------------------------------------------------------------

COMPOSED, TAKEN_APART = (unicodedata.normalize(form, "Hélène é.pdf") for form in ("NFC", "NFD"))
MIXED = COMPOSED.replace("é.pdf", unicodedata.normalize("NFD", "é.pdf"))


def files_of(folder, *cells):
    """Return which files these cells of a manifest name, from its folder."""
    rows = [["fichier", "destinataire"], *([cell, f"n{at}"] for at, cell in enumerate(cells))]
    return [
        Path(name).relative_to(folder).as_posix()
        for share in taken(folder, as_csv(rows))[1]
        for name in share.files
    ]


@pytest.mark.skipif(sys.platform == "darwin", reason="where both spellings are one file")
def test_a_name_finds_its_file_however_the_disk_spells_accents(tmp_path):
    assert files_of(tmp_path, COMPOSED) == [COMPOSED], (
        "it is not there, and is not the manifest's fault"
    )
    inside = tmp_path / unicodedata.normalize("NFD", "Été") / "compte rendu"
    inside.mkdir(parents=True)
    (inside / COMPOSED).touch()
    cell = unicodedata.normalize("NFC", f"Été/compte rendu/{MIXED}")
    found = (inside / COMPOSED).relative_to(tmp_path).as_posix()
    assert files_of(tmp_path, cell) == [found]
    (tmp_path / TAKEN_APART).touch()
    assert files_of(tmp_path, COMPOSED, TAKEN_APART, MIXED) == [TAKEN_APART] * 3
    (tmp_path / COMPOSED).touch()
    each = [COMPOSED, TAKEN_APART, MIXED]
    assert files_of(tmp_path, *each) == each, "which of the two is meant nobody knows"


@pytest.mark.skipif(sys.platform == "darwin", reason="where both spellings are one file")
def test_one_file_in_two_spellings_is_one_document(tmp_path):
    (tmp_path / TAKEN_APART).touch()
    rows = [["fichier", "destinataire"], [COMPOSED, "jeanne"], [TAKEN_APART, "jeanne"]]
    assert errors(tmp_path, as_csv(rows)) == [(3, "fichier", "manifest.twice")]


# --- what is taken -------------------------------------------------------------------------------


def test_each_row_is_a_share(tmp_path):
    text = as_csv([HEADER, *ordinary(7)])
    read, shares = taken(tmp_path, text)
    assert (read.shares, read.rows, read.documents) == (7, 7, 7)
    assert read.digest == hashlib.sha256(text.encode()).hexdigest()
    assert [each.number for each in shares] == list(range(2, 9))
    one = invented(0)
    assert shares[0] == Wanted(
        number=2,
        last=2,
        files=(str(tmp_path / "resultat-0.pdf"),),
        name=one.name,
        email=one.email,
        phone="+33610000000",
        birth_date=one.birth_date,
    )


def test_every_column_is_read_in_french_and_in_english(tmp_path):
    row = ["lot/a.pdf", "", "Exemple", "Jeanne", "jeanne@example.org", "06 39 98 00 01"]
    row += ["12/04/1958", "2580475123456", "lucie-exemple", "sms", "html", "en", "suivi", "", "g1"]
    english = ("File", "To", "Last name", "First name", "E-mail", "Phone", "Birth date", "nir")
    english += ("About", "Road", "Format", "Language", "Purpose", "Key", "Group")
    for header in (FULL, english):
        _, (share,) = taken(tmp_path, as_csv([header, row]))
        assert share == Wanted(
            number=2,
            last=2,
            files=(str(tmp_path / "lot" / "a.pdf"),),
            name="Jeanne Exemple",
            email="jeanne@example.org",
            phone="+33639980001",
            birth_date=date(1958, 4, 12),
            nir="2580475123456",
            about="lucie-exemple",
            road=Road.SMS,
            format=SealFormat.HTML,
            language=Language.EN,
            purpose="suivi",
        )


def test_somebody_of_the_directory_needs_no_address(tmp_path):
    _, shares = taken(tmp_path, "fichier;destinataire;clé\na.pdf;Jeanne Exemple;\n"
                                f"b.pdf;lucie-exemple;{KEY}\n")  # fmt: skip
    assert [(each.to, each.keys) for each in shares] == [
        ("Jeanne Exemple", ()),
        ("lucie-exemple", (KEY,)),
    ]


def test_adjacent_rows_of_a_group_are_one_share(tmp_path):
    rows = [[f"{n}.pdf", "jeanne", group] for n, group in enumerate(["a", "a", "", "b", "b", "b"])]
    read, shares = taken(tmp_path, as_csv([("file", "to", "group"), *rows]))
    assert (read.shares, read.documents) == (3, 6)
    assert [(each.number, each.last, len(each.files)) for each in shares] == [
        (2, 3, 2),
        (4, 4, 1),
        (5, 7, 3),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_what_spreadsheets_write_is_read(tmp_path, encoding, separator):
    text = as_csv([HEADER, ["é.pdf", "Éloïse Témoin", "e@example.org", "", ""]], separator)
    _, (share,) = taken(tmp_path, text.encode(encoding))
    assert (share.name, share.files) == ("Éloïse Témoin", (str(tmp_path / "é.pdf"),))


def test_excels_own_first_line_is_not_a_row(tmp_path):
    text = "sep=|\r\n" + as_csv([HEADER, *ordinary(2)], "|")
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        _, shares = taken(tmp_path, text.encode(encoding))
        assert [each.number for each in shares] == [2, 3]


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path):
    text = f'file;to;key\na.pdf;jeanne;"{KEY}\n"\n\n;;\nb.pdf;lucie;\n'
    _, shares = taken(tmp_path, text)
    assert [each.number for each in shares] == [2, 5]


def test_empty_cells_at_the_end_of_a_row_are_no_fault(tmp_path):
    _, shares = taken(tmp_path, "file;to;;\na.pdf;jeanne;;\nb.pdf;lucie;;;;\n")
    assert len(shares) == 2


# --- what is said --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("file;to\n", "manifest.no_rows"),
        ("file;to\n;\n\n", "manifest.no_rows"),
        ("bonjour\nle monde\na;b\n", "manifest.headers"),
        ('"file;to\na.pdf;jeanne\n', "manifest.headers"),
        (b"file;to\na.pdf;\x81\x8d", "manifest.encoding"),
        (b"file;to\na.pdf;jea\0nne\n", "manifest.encoding"),
        ("file;to\na.pdf;jea\0nne\n".encode("utf-16"), "manifest.encoding"),
        ("file;to\na.pdf;jeanne\n".encode("utf-16")[:-1], "manifest.encoding"),
        (";".join(["file", "to", *map(str, range(10_000))]), "manifest.headers"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "manifest.old_workbook"),
    ],
)
def test_a_file_that_is_no_manifest_is_said(tmp_path, text, key):
    error = refused(tmp_path, text)
    assert error.key == key
    assert error.fields["problems"] == ()


def test_a_file_that_is_not_there_or_empty_is_said(tmp_path):
    with Spool.create(tmp_path) as spool, pytest.raises(InputUnreadable):
        read_manifest(tmp_path / "nowhere.csv", spool, region="FR", today=TODAY)
    with pytest.raises(InputUnreadable):
        taken(tmp_path, b"")


def test_a_file_that_changes_while_it_is_read_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(profiles, "SPOOL_ROWS", 2)
    path = tmp_path / "manifest.csv"
    path.write_text(as_csv([HEADER, *ordinary(9)]))

    def meanwhile(done, total):
        path.write_text(as_csv([HEADER, *ordinary(10)]))

    with Spool.create(tmp_path) as spool, pytest.raises(InputUnreadable) as caught:
        read_manifest(path, spool, region="FR", today=TODAY, progress=meanwhile)
    assert caught.value.key == "files.changed"


def test_a_file_that_is_changed_and_dressed_as_unchanged_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(profiles, "SPOOL_ROWS", 2)
    monkeypatch.setattr(reading, "_CHUNK", 512)
    path = tmp_path / "manifest.csv"
    text = as_csv([HEADER, *ordinary(900)])
    path.write_text(text, newline="")
    before = path.stat()

    def meanwhile(done, total):
        path.write_text(text.replace("resultat-899.pdf", "resultat-898.pdf"), newline="")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    with Spool.create(tmp_path) as spool, pytest.raises(InputUnreadable) as caught:
        read_manifest(path, spool, region="FR", today=TODAY, progress=meanwhile)
    assert caught.value.key == "files.changed"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("fichier;to;telephonne;", [(1, "telephonne", "manifest.column_unknown")]),
        ("file;fichier;to;", [(1, "fichier", "recipients.column_twice")]),
        ("file;road;key;", [(1, "destinataire / to", "recipients.column_missing")]),
        ("to;road;key;", [(1, "fichier / file", "recipients.column_missing")]),
        ("file;nom;key;", [(1, "email", "recipients.column_missing")]),
        ("file;email;key;", [(1, "nom / name", "recipients.column_missing")]),
        ("file;prénom;email;", [(1, "nom / name", "recipients.column_missing")]),
        (
            "x;y;file;",
            [
                (1, "x", "manifest.column_unknown"),
                (1, "y", "manifest.column_unknown"),
                (1, "destinataire / to", "recipients.column_missing"),
            ],
        ),
    ],
)
def test_columns_are_known_there_once_and_all_there(tmp_path, header, told):
    assert errors(tmp_path, f"{header}\n;;;\n") == told


EVERYDAY = {
    "file": ("Fichier", "Nom du fichier", "Nom fichier", "PDF", "Fichier PDF", "Document"),
    "name": ("Nom et prénom", "Nom prénom", "NOM Prénom", "Patient", "Nom du patient"),
    "email": ("Adresse mail", "Adresse e-mail", "E-mail", "Courriel"),
    "phone": ("N° téléphone", "N° de tél.", "Nº tél", "Numéro de portable", "Tél."),
    "birth_date": ("Date naissance", "Né(e) le", "DDN", "Date de naiss."),
}


def test_columns_are_known_by_everyday_names():
    told = {field: {field_of(name) for name in names} for field, names in EVERYDAY.items()}
    assert told == {field: {field} for field in EVERYDAY}


@pytest.mark.parametrize("title", ["Résultats du 22 novembre", "Nom : résultats;;;;", "", ";;\n\n"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_title_above_the_columns_is_said_with_their_line(tmp_path, title, separator):
    table = as_csv([HEADER, *ordinary(3)], separator)
    error = refused(tmp_path, f"{title}\r\n{table}")
    line = title.count("\n") + 2
    assert (error.key, error.fields["row"]) == ("manifest.headers_below", line)
    assert str(line) in error.explain(Language.FR)[1]


def test_a_title_above_the_columns_of_a_workbook_is_said_too(tmp_path):
    table = [["Résultats du 22 novembre"], [""], HEADER, *ordinary(3)]
    error = refused(tmp_path, as_workbook(table))
    assert (error.key, error.fields["row"]) == ("manifest.headers_below", 3)
    notes = [["à faire"]]
    assert refused(tmp_path, as_workbook(notes, table)).fields["row"] == 3
    # The sheet behind it may be last month's.
    assert refused(tmp_path, as_workbook(table, [HEADER, *ordinary(3)])).fields["row"] == 3


@pytest.mark.parametrize("total", [["", "Total", "", "", "3"], ["Total : 3", "", "", "", ""]])
def test_a_total_below_the_rows_is_said_to_be_one_perhaps(tmp_path, total):
    error = refused(tmp_path, as_csv([HEADER, *ordinary(3), total]))
    assert {each.row for each in error.fields["problems"]} == {5}
    advice = [each.error.explain(Language.FR)[1] for each in error.fields["problems"]]
    assert any("si c'est un total" in each for each in advice)


def cells(**given):
    return [given.get(field, "") for field in FULL_FIELDS]


FULL_FIELDS = (
    *("file", "to", "name", "first_name", "email", "phone", "birth_date", "nir", "about"),
    *("road", "format", "language", "purpose", "key", "group"),
)
JEANNE = {"file": "a.pdf", "name": "Exemple", "first_name": "Jeanne", "email": "j@example.org"}


@pytest.mark.parametrize(
    ("given", "column", "key"),
    [
        (JEANNE | {"file": ""}, "fichier", "manifest.file_needed"),
        (JEANNE | {"name": ""}, "nom", "recipients.cell_needed"),
        (JEANNE | {"email": ""}, "email", "recipients.cell_needed"),
        (JEANNE | {"to": "jeanne"}, "destinataire", "manifest.to_and_name"),
        ({"file": "a.pdf", "to": "jeanne", "email": "j@example.org"}, "destinataire",
         "manifest.to_and_name"),
        ({"file": "a.pdf"}, "destinataire", "manifest.nobody"),
        (JEANNE | {"road": "sms"}, "voie", "manifest.road_without_phone"),
        (JEANNE | {"road": "téléphone"}, "voie", "manifest.road_without_phone"),
        (JEANNE | {"road": "sms", "phone": "01 99 00 00 01"}, "tél", "manifest.landline"),
        (JEANNE | {"road": "qr", "key": KEY}, "voie", "manifest.road_with_key"),
        (JEANNE | {"format": "pdf", "key": KEY}, "format", "manifest.pdf_with_key"),
        (JEANNE | {"name": "E" * 60, "first_name": "J" * 60}, "nom", "recipients.text_length"),
    ],
)  # fmt: skip
def test_what_a_row_lacks_or_says_twice_is_said_where_it_stands(tmp_path, given, column, key):
    good = cells(**JEANNE | {"file": "b.pdf"})
    assert errors(tmp_path, as_csv([FULL, good, cells(**given)])) == [(3, column, key)]


def test_words_by_telephone_may_go_to_a_landline(tmp_path):
    row = cells(**JEANNE | {"road": "téléphone", "phone": "01 99 00 00 01"})
    _, (share,) = taken(tmp_path, as_csv([FULL, row]))
    assert share.road is Road.PHONE


def test_all_that_is_wrong_is_said_at_once_in_order(tmp_path):
    rows = ordinary(6)
    rows[0][3] = rows[0][3][1:]
    rows[0][2] = "nobody"
    rows[2][4] = "31/02/1958"
    rows[3] = rows[3][:3]
    rows[4][0] = rows[1][0]
    rows[4][1:3] = rows[1][1:3]
    assert errors(tmp_path, as_csv([HEADER, *rows])) == [
        (2, "email", "recipients.email"),
        (2, "téléphone", "recipients.phone_damaged"),
        (4, "date de naissance", "recipients.date"),
        (5, None, "recipients.row_cells"),
        (6, "fichier", "manifest.twice"),
    ]


def test_a_quotation_mark_that_is_not_closed_ends_the_reading(tmp_path):
    text = as_csv([HEADER, *ordinary(3)]) + '"x.pdf;Jeanne\r\n' + as_csv(ordinary(3))
    assert errors(tmp_path, text) == [(5, None, "recipients.row_quotes")]


@pytest.mark.parametrize("cell", ["x" * 200_000, '"' + "x\n" * 100_000, '";"' * 600_000])
def test_a_row_that_has_no_end_is_not_taken_into_memory(tmp_path, cell):
    (told,) = errors(tmp_path, f"file;to\na.pdf;{cell}\n")
    assert told[0] == 2
    assert told[2] in {"manifest.row_long", "recipients.row_quotes"}


def test_a_line_without_an_end_is_not_taken_into_memory(tmp_path):
    text = "file;to\na.pdf;jeanne\n" + "x;" * profiles.MANIFEST_LINE
    assert errors(tmp_path, text) == [(3, None, "manifest.row_long")]


def test_what_stands_in_a_column_without_a_name_is_said(tmp_path):
    assert errors(tmp_path, "file;;to\na.pdf;x;jeanne\n") == [(2, "B", "manifest.cell_unnamed")]


def test_errors_are_counted_and_the_first_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(profiles, "SPOOL_ROWS", 7)
    rows = [
        [row[0], row[1], "nobody", *row[3:]] for row in ordinary(profiles.MANIFEST_PROBLEMS + 20)
    ]
    error = refused(tmp_path, as_csv([HEADER, *rows]))
    assert error.fields["count"] == profiles.MANIFEST_PROBLEMS + 20
    assert [each.row for each in error.fields["problems"]] == list(
        range(2, profiles.MANIFEST_PROBLEMS + 2)
    )


def test_a_manifest_with_too_many_rows_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(profiles, "MANIFEST_ROWS", 10)
    assert taken(tmp_path, as_csv([HEADER, *ordinary(10)]))[0].rows == 10
    assert refused(tmp_path, as_csv([HEADER, *ordinary(11)])).key == "manifest.rows_many"


# --- groups --------------------------------------------------------------------------------------


def grouped(*rows):
    return as_csv([("file", "to", "road", "format", "group"), *rows])


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (["b.pdf", "lucie", "sms", "age", "g"], (3, "to", "manifest.group_differs")),
        (["b.pdf", "", "sms", "age", "g"], (3, "to", "manifest.nobody")),
        (["b.pdf", "jeanne", "qr", "age", "g"], (3, "road", "manifest.group_differs")),
        (["b.pdf", "jeanne", "", "age", "g"], (3, "road", "manifest.group_differs")),
        (["b.pdf", "jeanne", "sms", "", "g"], (3, "format", "manifest.group_differs")),
        (["a.pdf", "jeanne", "sms", "age", "g"], (3, "file", "manifest.twice")),
    ],
)
def test_rows_of_a_group_are_for_one_person_in_one_way(tmp_path, second, told):
    text = grouped(["a.pdf", "jeanne", "sms", "age", "g"], second)
    assert errors(tmp_path, text) == [told]


def test_a_group_that_comes_back_is_said(tmp_path):
    text = grouped(
        ["a.pdf", "jeanne", "", "", "g"],
        ["b.pdf", "jeanne", "", "", ""],
        ["c.pdf", "jeanne", "", "", "g"],
    )
    error = refused(tmp_path, text)
    (problem,) = error.fields["problems"]
    assert (problem.row, problem.column, problem.error.key) == (4, "group", "manifest.group_again")
    assert problem.error.fields == {"other": 2}


def test_a_password_pdf_holds_one_document(tmp_path):
    text = grouped(["a.pdf", "jeanne", "", "pdf", "g"], ["b.pdf", "jeanne", "", "pdf", "g"])
    assert errors(tmp_path, text) == [(3, "group", "manifest.pdf_several")]


def test_a_group_has_an_end(tmp_path):
    rows = [[f"{n}.pdf", "jeanne", "", "", "g"] for n in range(profiles.MANIFEST_DOCUMENTS + 3)]
    row = profiles.MANIFEST_DOCUMENTS + 2
    assert errors(tmp_path, grouped(*rows)) == [(row, "group", "manifest.group_long")]


# --- what rows have in common --------------------------------------------------------------------


def test_one_document_may_go_to_two_people_and_two_documents_to_one(tmp_path):
    text = "file;to\na.pdf;jeanne\na.pdf;lucie\nb.pdf;jeanne\n"
    assert taken(tmp_path, text)[0].shares == 3


def test_the_same_document_for_the_same_person_is_said_with_the_first(tmp_path):
    rows = ordinary(5)
    again = [rows[1][0], rows[1][1].upper(), rows[1][2].upper(), "", ""]
    error = refused(tmp_path, as_csv([HEADER, *rows, again, again]))
    assert [(each.row, each.error.fields["other"]) for each in error.fields["problems"]] == [
        (7, 3),
        (8, 3),
    ]


@pytest.mark.parametrize("field", [2, 3])
def test_a_column_that_was_dragged_down_is_seen(tmp_path, field):
    rows = ordinary(40)
    for row in rows[10:20]:
        row[field] = rows[10][field]
    told = errors(tmp_path, as_csv([HEADER, *rows]))
    key = "manifest.shared_email" if field == 2 else "manifest.shared_phone"
    assert told == [(row, HEADER[field], key) for row in range(12, 22)]


def named(*names):
    rows = [[f"{at}.pdf", name, "both@example.org", "", ""] for at, name in enumerate(names)]
    return as_csv([HEADER, *rows])


@pytest.mark.parametrize(
    "names",
    [
        ["Jeanne Exemple"] * 30,
        ["Jeanne Exemple", "EXEMPLE Paul", "Lucie Exemple", "Omar Exemple", "Zoé Exemple"],
        ["Jeanne Exemple", "Paul Essai", "Lucie Exemple-Essai", "Omar Exemple Essai"],
        ["Jeanne Exemple", "Paul Essai", "Lucie Fictif", "Zoé Fictif", "Yves Essai"],
    ],
)
def test_a_family_may_share_an_address(tmp_path, names):
    assert taken(tmp_path, named(*names))[0].shares == len(names)


def test_four_families_may_not(tmp_path):
    names = ["Jeanne Exemple", "Paul Essai", "Lucie Fictif", "Omar Modèle"]
    assert len(errors(tmp_path, named(*names))) == 4


def test_addresses_that_differ_by_a_number_are_not_compared(tmp_path):
    assert taken(tmp_path, as_csv([HEADER, *ordinary(200)]))[0].shares == 200


# --- whatever was done to it ---------------------------------------------------------------------

MANGLED = {
    "téléphone": lambda cell: cell[1:],
    "email": lambda cell: cell.replace("@", " "),
    "date de naissance": lambda cell: "21287",
    "fichier": lambda cell: f"../{cell}",
    "nom": lambda cell: "#N/A",
}


@given(
    st.sets(st.tuples(st.integers(0, 29), st.sampled_from(sorted(MANGLED))), min_size=1),
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
)
@settings(max_examples=40)
def test_each_mangled_cell_is_found_where_it_is_and_no_other(shelf, places, separator, encoding):
    rows = ordinary(30)
    for row, column in places:
        at = HEADER.index(column)
        rows[row][at] = MANGLED[column](rows[row][at])
    told = errors(shelf, as_csv([HEADER, *rows], separator).encode(encoding))
    order = sorted((row + 2, HEADER.index(column)) for row, column in places)
    assert [(row, HEADER.index(column)) for row, column, _ in told] == order


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_said(shelf, data):
    for content in (data, b"file;to\n" + data):
        try:
            taken(shelf, content)
        except (ManifestInvalid, InputUnreadable) as error:
            assert error.explain(Language.FR)


SHARES = st.builds(
    Wanted,
    number=st.integers(2, 10**6),
    last=st.integers(2, 10**6),
    files=st.lists(st.text(min_size=1), min_size=1, max_size=3).map(tuple),
    to=st.none() | st.text(min_size=1),
    name=st.none() | st.text(min_size=1),
    email=st.none() | st.emails(),
    birth_date=st.none() | st.dates(),
    nir=st.none() | st.just("2580475123456"),
    road=st.none() | st.sampled_from(Road),
    format=st.sampled_from(SealFormat),
    language=st.none() | st.sampled_from(Language),
    keys=st.lists(st.text(min_size=1), max_size=2).map(tuple),
)


@given(SHARES)
def test_what_is_noted_of_a_share_comes_back_as_it_was(share):
    assert Wanted.loads(share.dumps()) == share
    assert replace(share) == share


# --- its memory and its documentation -----------------------------------------------------------


def test_memory_does_not_grow_with_the_rows(tmp_path):
    path = tmp_path / "manifest.csv"
    peaks = []
    for count in (2_000, 20_000):
        million.write(path, count, wrong=False)
        child = [sys.executable, "-m", "tests.batch.million", path, str(count)]
        done = subprocess.run(child, check=True, capture_output=True, text=True, cwd=ROOT)
        read = json.loads(done.stdout)
        assert (read["rows"], read["errors"]) == (count, 0)
        peaks.append(read["peak_mib"])
    assert peaks[1] < peaks[0] * 1.1 + profiles.SPOOL_CACHE / (1 << 20)


PAGE = (ROOT / "docs" / "manifest.md").read_text("utf-8")


def test_the_example_of_the_documentation_is_taken(tmp_path):
    (example,) = re.findall(r"```csv\n(.+?)```", PAGE, re.DOTALL)
    read, shares = taken(tmp_path, example)
    assert (read.shares, read.documents) == (3, 4)
    assert [each.to for each in shares] == [None, None, "lucie-exemple"]


def test_every_column_of_the_documentation_is_one_and_the_other_way_round():
    table = re.findall(r"^\| (`[^|]+) \| (`[^|]+) \|", PAGE, re.MULTILINE)
    said = {}
    for column, others in table:
        field = column.strip("`").replace(" ", "_")
        said[field] = {field_of(name) for name in re.findall("`([^`]+)`", column + others)}
    assert said == {field: {field} for field in FULL_FIELDS}
