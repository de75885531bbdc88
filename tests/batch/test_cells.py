"""Protects what a cell says from what a spreadsheet, a slip or a stranger made of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.batch.cells import Place, read_cell
from secshare.batch.paths import beside
from secshare.errors import RecipientDataInvalid, SecshareError
from secshare.messages import Language
from secshare.model import Road, SealFormat
from secshare.preflight.identifiers.nir import key_of
from secshare.recipients import parse_email

FOLDER = Path("/manifests/night")
PLACE = Place(FOLDER, "FR", date(2026, 11, 22))
NIR = "2580475123456"
KEYED = f"{NIR}{key_of(NIR):02d}"
FIELDS = (
    *("file", "to", "about", "name", "first_name", "email", "phone", "birth_date", "nir"),
    *("road", "language", "format", "purpose", "key", "group"),
)


def read(field, cell):
    return read_cell(field, cell, PLACE)


def fault(field, cell):
    with pytest.raises(SecshareError) as caught:
        read(field, cell)
    told = " ".join(caught.value.explain(Language.FR) + caught.value.explain(Language.EN))
    if len(str(cell)) > 3:
        assert str(cell) not in told
    return caught.value.key


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("file", "a.pdf", "/manifests/night/a.pdf"),
        ("file", "./lot 1//a.pdf", "/manifests/night/lot 1/a.pdf"),
        ("file", "-rf.pdf", "/manifests/night/-rf.pdf"),
        ("file", "a..pdf", "/manifests/night/a..pdf"),
        ("file", "12:30.pdf", "/manifests/night/12:30.pdf"),
        ("to", " Jeanne Exemple ", "Jeanne Exemple"),
        ("name", "Jeanne\u00a0 Exemple", "Jeanne Exemple"),
        ("email", "Jeanne.Exemple@EXAMPLE.org", "Jeanne.Exemple@example.org"),
        ("email", "jeanne@exämple.org", "jeanne@exämple.org"),
        ("phone", "06 39 98 00 01", "+33639980001"),
        ("phone", '="0639980001"', "+33639980001"),
        ("phone", "+33 6 39 98 00 01", "+33639980001"),
        ("birth_date", "12/04/1958", date(1958, 4, 12)),
        ("birth_date", date(1958, 4, 12), date(1958, 4, 12)),
        ("birth_date", datetime(1958, 4, 12), date(1958, 4, 12)),
        ("birth_date", date(1905, 10, 1), date(1905, 10, 1)),
        ("birth_date", "11/05/1905", date(1905, 5, 11)),
        ("nir", NIR, NIR),
        ("nir", KEYED, NIR),
        ("nir", "2 58 04 75 123 456", NIR),
        ("nir", f"2 58 04 75 123 456 {key_of(NIR):02d}", NIR),
        ("nir", "2 58 04 2a 123 456", "258042A123456"),
        ("road", "SMS", Road.SMS),
        ("road", "téléphone", Road.PHONE),
        ("format", "Page web", SealFormat.HTML),
        ("format", "pdf", SealFormat.PDF),
        ("language", "français", Language.FR),
        ("purpose", "Soins", "Soins"),
        ("group", "n° 12", "n° 12"),
        ("group", 12.0, "12"),
        ("file", "", None),
        ("phone", "   ", None),
        ("phone", '=""', None),
    ],
)
def test_a_cell_is_read_as_people_write_it(field, cell, value):
    assert read(field, cell) == value


@pytest.mark.parametrize(
    ("field", "cell", "key"),
    [
        # Spoilt by a spreadsheet, in a CSV file.
        ("phone", "639980001", "recipients.phone_damaged"),
        ("phone", "6,4E+08", "recipients.phone_damaged"),
        ("phone", "639980001.0", "recipients.phone_damaged"),
        ("phone", "33639980001", "recipients.phone_damaged"),
        ("nir", "2,58E+14", "manifest.nir_number"),
        ("nir", "2.58047512345678E+14", "manifest.nir_number"),
        ("nir", f"{KEYED}.0", "manifest.nir_number"),
        ("nir", "258047512345600", "manifest.nir_key"),
        ("birth_date", "21287", "recipients.date_serial"),
        ("birth_date", "1958", "manifest.year_alone"),
        ("birth_date", "1958.0", "manifest.year_alone"),
        ("birth_date", "2100,00", "manifest.year_alone"),
        ("name", "#N/A", "recipients.cell_spreadsheet"),
        ("email", "#REF!", "recipients.cell_spreadsheet"),
        ("phone", "########", "recipients.cell_spreadsheet"),
        ("name", "RenÃ© Exemple", "recipients.cell_accents"),
        # And in a workbook, where it has a type.
        ("phone", 639980001.0, "recipients.phone_damaged"),
        ("phone", 639980001, "recipients.phone_damaged"),
        ("nir", float(KEYED), "manifest.nir_number"),
        ("birth_date", 21287.0, "recipients.date_serial"),
        ("birth_date", 1958.5, "recipients.date_serial"),
        ("birth_date", 1899, "recipients.date_serial"),
        ("birth_date", 1900, "manifest.year_alone"),
        ("birth_date", 1958.0, "manifest.year_alone"),
        ("birth_date", 2100, "manifest.year_alone"),
        ("birth_date", date(1905, 3, 14), "manifest.year_alone"),
        ("birth_date", datetime(1905, 9, 30), "manifest.year_alone"),
        ("name", 12.0, "manifest.cell_number"),
        ("file", 1.0, "manifest.cell_number"),
        ("to", 7, "manifest.cell_number"),
        ("group", 0.5, "manifest.cell_number"),
        ("group", date(2026, 2, 1), "manifest.cell_date"),
        ("phone", time(6, 39), "manifest.cell_date"),
        ("phone", timedelta(1), "manifest.cell_date"),
        ("name", True, "manifest.cell_boolean"),
        ("birth_date", datetime(1958, 4, 12, 8, 30), "recipients.date"),
        # Slips.
        ("phone", "06 39 98 00", "recipients.phone"),
        ("email", "sans-arobase", "recipients.email"),
        ("email", "Jeanne <jeanne@example.org>", "recipients.email"),
        ("birth_date", "31/02/1958", "recipients.date"),
        ("birth_date", "12/04/2058", "recipients.birth_date"),
        ("nir", "258047512345", "manifest.nir"),
        ("nir", "1234567890123", "manifest.nir"),
        ("nir", f"{NIR}{(key_of(NIR) + 1) % 97:02d}", "manifest.nir_key"),
        ("nir", f"{NIR} et {NIR}", "manifest.nir"),
        ("to", f"dossier {NIR}", "recipients.text_nir"),
        ("name", f"Exemple {NIR}", "recipients.text_nir"),
        ("road", "pigeon", "recipients.choice_road"),
        ("language", "deutsch", "recipients.choice_language"),
        ("format", "zip", "manifest.format"),
        ("key", "age1nothing", "recipients.key"),
        ("key", "AGE-SECRET-KEY-1QQQ", "recipients.key_private"),
        # What a stranger writes.
        ("file", '=HYPERLINK("https://example.org")', "manifest.cell_formula"),
        ("name", "=1+1", "manifest.cell_formula"),
        ("name", "Jeanne \u202eelpmexE", "manifest.cell_hidden"),
        ("to", "jeanne\u200bexemple", "manifest.cell_hidden"),
        ("file", "a\x1b[2J.pdf", "manifest.cell_hidden"),
        ("file", "a\nb.pdf", "manifest.cell_lines"),
        ("email", "a@example.org\nBcc: b@example.org", "manifest.cell_lines"),
        ("name", "a" * 120_000, "recipients.text_length"),
        ("name", "@SUM(1)", "recipients.text_letters"),
        ("file", "/etc/passwd", "manifest.file_absolute"),
        ("file", "\\\\server\\share\\a.pdf", "manifest.file_absolute"),
        ("file", "C:\\a.pdf", "manifest.file_absolute"),
        ("file", "c:a.pdf", "manifest.file_absolute"),
        ("file", "../a.pdf", "manifest.file_outside"),
        ("file", "a/../../b.pdf", "manifest.file_outside"),
        ("file", "a\\..\\..\\b.pdf", "manifest.file_outside"),
        ("file", ".", "manifest.file_outside"),
        ("file", "lot\\a.pdf", "manifest.file_backslash"),
    ],
)
def test_what_a_cell_cannot_be_is_said_and_not_repeated(field, cell, key):
    assert fault(field, cell) == key


def test_several_keys_may_stand_in_one_cell():
    key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    other = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
    assert read("key", f"{key}\n{other}\n") == (key, other)


def test_on_windows_folders_are_separated_as_windows_does():
    folder = Path("C:/night")
    assert Path(beside(folder, "lot\\a.pdf", windows=True)) == folder / "lot" / "a.pdf"
    assert Path(beside(folder, "lot/a.pdf", windows=True)) == folder / "lot" / "a.pdf"
    for text in ("a.pdf:hidden", "a?.pdf", "a|b.pdf"):
        with pytest.raises(SecshareError) as caught:
            beside(folder, text, windows=True)
        assert caught.value.key == "manifest.file_name"


@given(st.text(st.sampled_from("ab./\\:~ C"), max_size=20))
def test_no_path_leaves_the_manifests_folder(text):
    for windows in (False, True):
        try:
            path = beside(FOLDER, text, windows=windows)
        except SecshareError:
            continue
        assert ".." not in Path(path).parts
        assert Path(path).is_relative_to(FOLDER)
        assert Path(path) != FOLDER


@given(
    st.one_of(
        st.emails(),
        st.from_regex(r"[A-Za-z0-9._+-]{1,70}@[A-Za-z0-9.-]{1,30}\.[a-z]{1,4}", fullmatch=True),
    )
)
def test_a_quick_look_at_an_address_says_what_the_thorough_one_says(address):
    def either(call):
        try:
            return call()
        except RecipientDataInvalid as error:
            return error.key

    if address[0] in "#=" or not address.isprintable():
        return  # said before as what a spreadsheet left
    quick = either(lambda: read("email", address))
    assert quick == either(lambda: parse_email("email", address))


@given(st.sampled_from(FIELDS), st.text(max_size=60))
def test_whatever_stands_in_a_cell_is_read_or_said(field, text):
    try:
        read(field, text)
    except SecshareError as error:
        assert error.explain(Language.FR)


ZEROS = st.integers(0, 99_999_999).map(lambda rest: f"6{rest:08d}")


@given(ZEROS, st.sampled_from(["{}", "{}.0", "{},0", " {} "]))
def test_no_number_that_lost_its_zero_is_taken(digits, written):
    assert fault("phone", written.format(digits)).startswith("recipients.phone")
    assert fault("phone", int(digits)) == "recipients.phone_damaged"
