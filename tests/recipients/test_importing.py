"""Protects the directory from a bad list: every error is said by row and column, or all is kept."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secshare import age
from secshare.errors import InputUnreadable, OutputRefused, RecipientDataInvalid
from secshare.messages import Language
from secshare.model import Kind, Road

GOOD = (
    "Nom;Type;E-mail;Téléphone;Date de naissance\n"
    "Jeanne Morel;patient;jeanne@example.org;06 39 98 00 01;14/08/1950\n"
    "Noël Lefèvre;patient;noel@example.org;06 39 98 12 02;01/02/1960\n"
)


@pytest.fixture
def write(tmp_path):
    def written(content, encoding="utf-8"):
        path = tmp_path / "liste.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return written


def imported(directory, path, today, **options):
    directory.import_file(path, today=today, **options)
    return {person.id: person for person in directory.all()}


def problems(directory, path, today, **options):
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.import_file(path, today=today, **options)
    assert caught.value.key == "recipients.import_errors"
    assert caught.value.fields["count"] == len(caught.value.fields["problems"])
    assert list(directory.all()) == []
    for problem in caught.value.fields["problems"]:
        for language in Language:
            assert all(problem.error.explain(language))
    return [
        (problem.row, problem.column, problem.error.key.removeprefix("recipients."))
        for problem in caught.value.fields["problems"]
    ]


# --- what is read -------------------------------------------------------------------------------


def test_a_french_list_is_read(directory, write, today):
    assert imported(directory, write(GOOD), today).keys() == {"jeanne-morel", "noel-lefevre"}
    jeanne = directory.find("Jeanne Morel")
    assert (jeanne.email, jeanne.phone) == ("jeanne@example.org", "+33639980001")
    assert (jeanne.birth_date, jeanne.kind) == (date(1950, 8, 14), Kind.PATIENT)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"], ids=lambda name: name
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_spreadsheets_own_csv_is_read_alike(
    directory, write, today, encoding, separator, end
):
    content = GOOD.replace(";", separator).replace("\n", end)
    assert imported(directory, write(content, encoding), today).keys() == {
        "jeanne-morel",
        "noel-lefevre",
    }
    assert directory.find("noel-lefevre").name == "Noël Lefèvre"


def test_an_english_list_with_every_column_is_read(directory, write, today):
    key = str(age.HybridIdentity.generate().recipient())
    path = write(
        "id,first name,last name,kind,email,phone,date of birth,road,language,consent,consent date,"
        "purposes,public key\n"
        f'LAB,Ann,"Smith, PhD",professional,ann@example.org,+33639980001,1970-01-02,phone,en,no,'
        f"2026-01-02,care|research,{key}\n"
    )
    (ann,) = imported(directory, path, today).values()
    assert (ann.id, ann.name, ann.kind) == ("lab", "Ann Smith, PhD", Kind.PROFESSIONAL)
    assert (ann.road, ann.language) == (Road.PHONE, Language.EN)
    assert (ann.email_consent, ann.email_consent_date) == (False, date(2026, 1, 2))
    assert (ann.purposes, ann.keys) == (("care", "research"), (key,))


def test_first_and_family_names_may_be_apart(directory, write, today):
    path = write("NOM;PRÉNOM;TYPE\nMOREL;Jeanne;patient\n")
    assert directory.import_file(path, today=today) == 1
    assert directory.find("jeanne morel").name == "Jeanne MOREL"


def test_the_kind_may_be_said_for_the_whole_file(directory, write, today):
    path = write("nom\nJeanne Morel\n")
    assert imported(directory, path, today, kind=Kind.PATIENT)["jeanne-morel"].kind is Kind.PATIENT


def test_empty_rows_and_columns_without_a_name_are_passed_over(directory, write, today):
    path = write("nom;type;;\nJeanne Morel;patient;;\n;;;\n\n")
    assert directory.import_file(path, today=today) == 1


def test_a_number_kept_as_text_by_a_careful_person_is_read(directory, write, today):
    path = write('sep=;\nnom;type;tél\nJeanne;patient;"=""0639980001"""\n')
    assert imported(directory, path, today)["jeanne"].phone == "+33639980001"


def test_two_keys_may_stand_in_one_cell(directory, write, today):
    keys = [str(age.X25519Identity.generate().recipient()) for _ in range(2)]
    path = write(f"nom;type;clés\nLabo;organisme;{' '.join(keys)}\n")
    assert imported(directory, path, today)["labo"].keys == tuple(keys)


# --- what is refused ----------------------------------------------------------------------------


def test_every_error_of_a_file_is_said_at_once_and_nothing_is_written(directory, write, today):
    path = write(
        "Nom;Type;E-mail;Téléphone;Date de naissance;Couleur\n"
        "Jeanne Morel;patient;jeanne@example;639980001;14/08/50;bleu\n"
        ";docteur;a@example.org;06 39 98 00 01;18489;\n"
        "Noël;patient;b@example.org;06 39 98 12 02\n"
        "Paul;patient;c@example.org;#REF!;01/01/2100;\n"
        "2 55 08 14 168 025 38 Anne;patient;;;;\n"
        "RenÃ© Roux;patient;;;;\n"
    )
    assert problems(directory, path, today) == [
        (1, "Couleur", "column_unknown"),
        (2, "E-mail", "email"),
        (2, "Téléphone", "phone_damaged"),
        (2, "Date de naissance", "date"),
        (3, "Type", "choice_kind"),
        (3, "Date de naissance", "date_serial"),
        (3, "Nom", "cell_needed"),
        (4, None, "row_cells"),
        (5, "Téléphone", "cell_spreadsheet"),
        (5, "Date de naissance", "birth_date"),
        (6, "Nom", "text_nir"),
        (7, "Nom", "cell_accents"),
    ]


def test_people_of_one_name_inside_the_file_are_said(directory, write, today):
    path = write(
        "nom;type;naissance\n"
        "Jeanne Morel;patient;14/08/1950\n"
        "JEANNE MOREL;patient;\n"
        "jeanne morel;patient;14/08/1950\n"
        "Jeanne Morel;patient;15/08/1950\n"
    )
    assert problems(directory, path, today) == [
        (3, "nom", "row_homonym"),
        (4, "nom", "row_same_person"),
        (4, "nom", "row_homonym"),
        (5, "nom", "row_homonym"),
    ]


def test_a_row_with_a_bad_cell_is_still_compared_with_the_others(directory, write, today):
    path = write(
        "id;nom;type;tel;naissance\n"
        "a;Jeanne Morel;patient;639980001;14/08/1950\n"
        "a;JEANNE MOREL;docteur;;14/08/1950\n"
        ";Jeanne Morel;patient;;31/02/1950\n"
        ";Jeanne Morel;;;\n"
    )
    assert problems(directory, path, today) == [
        (2, "tel", "phone_damaged"),
        (3, "type", "choice_kind"),
        (3, "id", "id_twice"),
        (3, "nom", "row_same_person"),
        (4, "naissance", "date"),
        (5, "type", "cell_needed"),
        (5, "nom", "row_homonym"),
        (5, "nom", "row_homonym"),
        (5, "nom", "row_homonym"),
    ]


def test_a_row_with_a_bad_cell_is_still_compared_with_the_directory(
    directory, jeanne, write, today
):
    directory.add(name="Paul Roux", kind=Kind.PATIENT)
    path = write(
        "nom;type;tel;naissance\n"
        "Jeanne Morel;patient;639980001;14/08/1950\n"
        "Jeanne Morel;patient;;31/02/1950\n"
        "Paul Roux;patient;;31/02/1950\n"
    )
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.import_file(path, today=today)
    assert [
        (problem.row, problem.error.key.removeprefix("recipients."))
        for problem in caught.value.fields["problems"]
    ] == [
        (2, "phone_damaged"),
        (2, "same_person"),
        (3, "date"),
        (4, "date"),
        (4, "homonym_without_date"),
    ]


def test_a_first_name_that_is_no_text_is_said_once(directory, write, today):
    path = write("nom;prénom;type\nMorel;#REF!;patient\nMorel;;patient\n")
    assert problems(directory, path, today) == [(2, "prénom", "cell_spreadsheet")]


@pytest.mark.parametrize(
    "column",
    ["NIR", "N° de sécurité sociale", "Numéro sécu", "N° SS", "NSS", "INS", "Matricule INS",
     "Social security number", "n°ss", "No S.S."],
)  # fmt: skip
def test_a_column_of_social_security_numbers_is_to_be_taken_out_never_renamed(
    directory, write, today, column
):
    path = write(f"nom;type;{column}\nAnne;patient;255081416802538\n")
    assert problems(directory, path, today) == [(1, column, "column_nir")]


@pytest.mark.parametrize("column", ["Assurance", "Inscription", "Sens", "Classe"])
def test_another_unknown_column_may_be_renamed(directory, write, today, column):
    path = write(f"nom;type;{column}\nAnne;patient;x\n")
    assert problems(directory, path, today) == [(1, column, "column_unknown")]


def test_people_already_in_the_directory_are_said(directory, jeanne, write, today):
    path = write(GOOD)
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.import_file(path, today=today)
    (problem,) = caught.value.fields["problems"]
    assert (problem.row, problem.error.key) == (2, "recipients.same_person")
    assert len(list(directory.all())) == 1


def test_homonyms_with_their_birth_dates_are_imported_with_ids_of_their_own(
    directory, jeanne, write, today
):
    path = write(
        "nom;type;naissance\nJeanne Morel;patient;15/08/1950\nJeanne Morel;patient;16/08/1950\n"
    )
    assert imported(directory, path, today).keys() == {
        "jeanne-morel",
        "jeanne-morel-2",
        "jeanne-morel-3",
    }


def test_an_id_is_used_once(directory, write, today):
    path = write("id;nom;type\na;Anne;patient\nA;Paul;patient\nnul;Zoé;patient\n")
    assert problems(directory, path, today) == [(3, "id", "id_twice"), (4, "id", "id")]


def test_a_made_id_does_not_take_one_that_a_later_row_asks_for(directory, write, today):
    path = write("id;nom;type\n;Anne;patient\nanne;Paul;patient\n")
    people = imported(directory, path, today)
    assert people["anne"].name == "Paul"
    assert people["anne-2"].name == "Anne"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("nom;email\nAnne;a@example.org\n", [(1, "type / kind", "column_missing")]),
        ("type;email\npatient;a@example.org\n", [(1, "nom / name", "column_missing")]),
        ("nom;type;nom\nAnne;patient;X\n", [(1, "nom", "column_twice")]),
        ("nom;type\nAnne;\n", [(2, "type", "cell_needed")]),
        ('nom;type\n"Anne;patient\nPaul;patient\n', [(2, None, "row_quotes")]),
        ('nom;type\n"Anne"x;patient\n', [(2, None, "row_quotes")]),
        ("nom;type\nAnne;patient;x\n", [(2, None, "row_cells")]),
        ("nom;type;date accord\nAnne;patient;01/01/2026\n", [(2, "date accord", "consent_date")]),
        ("nom;type;clé\nAnne;patient;age1no\n", [(2, "clé", "key")]),
        ("nom;type\n=cmd|calc;patient\n", [(2, "nom", "text_letters")]),
        ("nom;type;tel;voie\nA;patient;0199001234;sms\n", [(2, "voie", "road_landline")]),
        ('nom;type\n"Anne\nBcc: x";patient\n', [(2, "nom", "text_hidden")]),
        ("nom;type\n########;patient\n", [(2, "nom", "cell_spreadsheet")]),
    ],
)
def test_each_error_has_its_row_and_column(directory, write, today, content, expected):
    assert problems(directory, write(content), today) == expected


def test_no_cell_is_repeated_in_an_error(directory, write, today):
    path = write("nom;type;email;tel;naissance\nZébulon;zzsecret;zz@secret;zz06;zz14\n")
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.import_file(path, today=today)
    shown = [
        line
        for problem in caught.value.fields["problems"]
        for line in problem.error.explain(Language.FR)
    ]
    assert len(shown) == 8
    assert not any("zz" in line or "Zébulon" in line for line in shown)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"\x81\x8d\x8f\x90", "recipients.import_encoding"),
        (b"nom;type\0\n", "recipients.import_encoding"),
        (b"\xff\xfea", "recipients.import_encoding"),
        (b"a;b;c\n1;2;3\n", "recipients.import_headers"),
        (b"\n\n\n", "recipients.import_headers"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "recipients.import_headers"),
        (b"PK\x03\x04", "recipients.import_headers"),
    ],
)
def test_a_file_that_is_no_list_is_refused(directory, write, today, content, key):
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.import_file(write(content), today=today)
    assert caught.value.key == key


def test_a_file_that_cannot_be_read_is_refused(directory, tmp_path, write, today):
    for path in (tmp_path / "nowhere.csv", tmp_path, write(b"")):
        with pytest.raises(InputUnreadable):
            directory.import_file(path, today=today)


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_a_disk_that_fills_up_leaves_neither_rows_nor_keys(
    directory, write, today, monkeypatch, lines
):
    from secshare.recipients import keys as key_files

    rows = "".join(
        f"Labo {letter};organisme;{age.X25519Identity.generate().recipient()}\n" for letter in "ABC"
    )
    path, write_keys, written = write("nom;type;clé\n" + rows), key_files.write_keys, []

    def fails_late(*arguments):
        if len(written) == lines:
            raise OutputRefused("files.disk_full", path=path)
        written.append(1)
        write_keys(*arguments)

    monkeypatch.setattr(key_files, "write_keys", fails_late)
    with pytest.raises(OutputRefused):
        directory.import_file(path, today=today)
    assert list(directory.all()) == []
    assert list(directory.keys_folder.iterdir()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(content=st.binary(max_size=200))
def test_any_file_is_imported_or_refused(directory, write, content):
    for data in (content, b"nom;type;email\n" + content, GOOD.encode() + content):
        for person in list(directory.all()):
            directory.remove(person)
        try:
            count = directory.import_file(write(data), today=date(2026, 11, 21))
        except (RecipientDataInvalid, InputUnreadable):
            count = 0
        assert len(list(directory.all())) == count


# --- contacts that resemble others' ---------------------------------------------------------------

ALIKE = (
    "Nom;E-mail;Téléphone\n"
    "Zoé Modèle;zoe.modele@example.org;06 39 98 00 11\n"
    "Léo Modèle;zoe.modelle@example.org;06 39 98 00 11\n"
)


def test_where_only_contacts_are_to_be_confirmed_the_options_are_named_and_not_errors(
    directory, write, today
):
    path = write(ALIKE)
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.import_file(path, today=today, kind=Kind.PATIENT)
    assert caught.value.key == "lookalikes.import_unanswered"
    assert caught.value.fields["options"] == "--accept look-alike --accept shared-contact"
    told = [each.error.explain(Language.FR)[0] for each in caught.value.fields["problems"]]
    assert any("…de[ll|l]e@example.org" in each for each in told)
    assert not any("zoe.modele@" in each or "06 39 98" in each for each in told)
    with pytest.raises(RecipientDataInvalid) as caught:
        directory.import_file(write(ALIKE + "Luc;;12\n"), today=today, kind=Kind.PATIENT)
    assert caught.value.key == "recipients.import_errors", "a number to be corrected is an error"


def test_what_a_list_accepts_at_once_still_asks_one_by_one(directory, write, today):
    from secshare.recipients import Relation

    path = write(ALIKE)
    assert directory.import_file(path, today=today, kind=Kind.PATIENT, accept=set(Relation)) == 2
    assert [pair.answered for pair in directory.survey()] == [False, False]
    leo = directory.find("Léo Modèle")
    assert len(directory.look_alikes(leo)) == 1
    assert [answered for _, answered in directory.shared_contacts(leo)] == [False]
