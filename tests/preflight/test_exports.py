"""Protects people in a table from being thought anonymous, and one patient's own from a stop."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare import profiles
from secshare.model import Place
from secshare.preflight.columns import Sort, named, use_of
from secshare.preflight.content import Content, Table
from secshare.preflight.exports import IDENTIFYING, PSEUDONYMOUS, UNKNOWN, analyse
from secshare.preflight.readers import tables
from secshare.preflight.readers.budget import Budget

MILDER_FIRST = [None, UNKNOWN, PSEUDONYMOUS, IDENTIFYING]


def of(text):
    content = Content()
    tables.read(text.encode(), Place("a.csv"), Budget(), content)
    return analyse(content.tables[0])


def lines(header, count, row):
    return header + "\n" + "\n".join(row(i) for i in range(count)) + "\n"


def made(header, rows):
    return Table(Place("a.csv"), tuple(header), [list(row) for row in rows])


# --- tables of several people -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row", "direct"),
    [
        ("Nom;Prénom;Sexe", lambda i: f"TEST{'ABCDEFGH'[i]};Zoé;F", ("Nom",)),
        ("last name,diagnosis", lambda i: f"TEST{'ABCDEFGH'[i]},E11", ("last name",)),
        ("NIR;Acte;Montant", lambda i: f"2 55 08 14 168 {i:03} 38;C;26,50", ("NIR",)),
        ("Colonne A;Acte", lambda i: f"255081416800{i};ABCD001", ("Colonne A",)),
        ("Référence;Acte", lambda i: f"25508141680{i:02}38;ABCD001", ("Référence",)),
        ("id;contact", lambda i: f"{i};a{i}@example.org", ("contact",)),
        ("sexe;portable", lambda i: f"F;06 39 98 00 0{i}", ("portable",)),
        ("X;Y", lambda i: f"F;+33 6 39 98 00 0{i}", ("Y",)),
        ("Âge;Domicile", lambda i: f"4{i};{i} rue du Test 75001 Paris", ("Domicile",)),
        ("Sexe;Compte", lambda i: f"F;FR76300060000112345678{i:05}", ("Compte",)),
        ("Patient;Acte", lambda i: f"TEST{'ABCDEFGH'[i]} Zoé;C", ("Patient",)),
        ("Z;Acte", lambda i: f"Mme Zoé Test{'abcdefgh'[i]};C", ("Z",)),
    ],
)
def test_what_names_or_reaches_people_makes_a_table_identifying(header, row, direct):
    export = of(lines(header, 8, row))
    assert export.verdict == IDENTIFYING
    assert export.direct == direct
    assert export.people == 8


def test_columns_without_headers_bear_letters_and_never_a_value():
    export = of("".join(f"TESTE Zoé;06 39 98 00 0{i};F\n" for i in range(8)))
    assert export.direct == ("B",)
    table = made(
        ["06 39 98 00 01", "teste@example.org", "x" * 60, "Nom"], [[str(i)] * 4 for i in "abcdef"]
    )
    shown = analyse(table)
    assert {*shown.direct, *shown.describing, *shown.linking, *shown.sensitive} <= {*"ABC", "Nom"}


@pytest.mark.parametrize(
    "header",
    ["IPP", "id_patient", "patientId", "N° dossier", "Numéro anonyme", "hash_nir", "N° adhérent"],
)
def test_what_links_the_rows_of_one_person_makes_a_table_pseudonymous(header):
    export = of(lines(f"{header};Acte;Date", 9, lambda i: f"{7000 + i // 3};C;0{i + 1}/02/2026"))
    assert export.verdict == PSEUDONYMOUS
    assert export.linking == (header,)
    assert (export.people, export.linked) == (3, 9)


def test_tokens_under_any_header_link():
    export = of(
        lines("z;acte;sexe", 8, lambda i: f"{i:08x}-0000-4000-8000-00000000000{i};C;{'MF'[i % 2]}")
    )
    assert (export.verdict, export.linking) == (PSEUDONYMOUS, ("z",))


def test_numbers_of_rows_link_nothing():
    export = of(
        lines("id;sexe;tranche d'âge", 40, lambda i: f"{i + 1};{'MF'[i % 2]};{20 + i % 4 // 2}-29")
    )
    assert export.linking == ()
    assert export.verdict == UNKNOWN


def test_rows_alone_with_what_describes_them_are_pseudonymous():
    export = of(lines("Année de naissance;Sexe;Code postal", 8, lambda i: f"195{i};F;75011"))
    assert (export.verdict, export.unique) == (PSEUDONYMOUS, 8)


def test_a_value_that_a_group_has_in_common_is_inferred():
    export = of(
        lines(
            "sexe;tranche d'âge;diagnostic;motif",
            40,
            lambda i: f"{'MF'[i % 2]};{20 + i % 4 // 2}-29;{'E11' if i % 2 else f'I{i}'};m{i % 5}",
        )
    )
    assert export.unique == 0
    assert (export.verdict, export.inferred) == (PSEUDONYMOUS, ("diagnostic",))


def test_a_blank_in_a_group_leaves_it_open():
    text = lines(
        "sexe;tranche d'âge;diagnostic",
        40,
        lambda i: f"{'MF'[i % 2]};{20 + i % 4 // 2}-29;{'E11' if i > 3 else ''}",
    )
    assert of(text).inferred == ()


def test_counts_of_people_are_never_concluded_on():
    export = of(
        lines("département;sexe;tranche d'âge;nb patients", 8, lambda i: f"0{i};F;20-29;{i}")
    )
    assert (export.verdict, export.counted) == (UNKNOWN, "nb patients")
    assert export.unique == 8


def test_nothing_found_is_not_anonymous():
    export = of(lines("sexe;tranche d'âge", 40, lambda i: f"{'MF'[i % 2]};{20 + i % 4 // 2}-29"))
    assert export.verdict == UNKNOWN


def test_the_columns_that_single_out_most_are_found():
    export = of(
        lines(
            "IPP;Sexe;Date de naissance;Code postal;Médecin",
            60,
            lambda i: (
                f"{i % 50};{'MF'[i % 2]};0{i % 6 + 1}/0{i // 6 % 9 + 1}/1950;7500{i % 7};Dr X"
            ),
        )
    )
    assert set(export.sharpest) == {"Date de naissance", "Code postal"}
    assert 0 < export.sharpest_unique <= export.unique


# --- tables that are not ------------------------------------------------------------------------

INNOCENT = {
    "glucose": lines(
        "Date;Heure;Glycémie", 30, lambda i: f"{i % 28 + 1:02}/03/2026;08:{i:02};1,{i:02}"
    ),
    "glucose under a name": "Patient : TESTE Zoé;;\n"
    + lines("Date;Heure;Glycémie", 30, lambda i: f"{i % 28 + 1:02}/03/2026;08:{i:02};1,{i:02}"),
    "name in every row": lines(
        "Nom;Prénom;Date;Tension", 9, lambda i: f"TESTE;Zoé;0{i + 1}/03/2026;12/{i}"
    ),
    "a child growing": lines("Âge (mois);Poids;Taille", 20, lambda i: f"{i};{3 + i};{50 + i}"),
    "results": lines("Analyse;Résultat;Unité;Norme", 20, lambda i: f"Dosage {i};{i},1;g/L;1-9"),
    "results by name": lines(
        "Nom;Valeur;Unité", 8, lambda i: f"{['SODIUM', 'FER', 'ZINC', 'OR'][i % 4]}{'X' * i};2;g"
    ),
    "numbered results": lines("id;analyse;résultat", 20, lambda i: f"{900 + i};Dosage {i};{i}"),
    "a watch": lines(
        "uuid;start;end;heart rate",
        9,
        lambda i: f"{i:08x}-0000-4000-8000-00000000000{i};08:0{i};09:0{i};7{i}",
    ),
    "prices": lines("Référence;Libellé;Prix", 20, lambda i: f"R{i}99;Compresse {i};{i},20"),
    "products": lines("id;nom;prix", 20, lambda i: f"{i};Compresse stérile {i};{i},20"),
    "drugs": lines(
        "Médicament;CIP;Posologie", 9, lambda i: f"Testamol {i};340093000000{i};1 par jour"
    ),
    "reimbursements": lines(
        "Date;Bénéficiaire;Acte;Montant",
        9,
        lambda i: f"0{i + 1}/03/2026;{'ZOÉ' if i % 2 else 'LUC'};C;26,50",
    ),
    "doctors": lines(
        "Nom;Spécialité;Adresse;Téléphone",
        9,
        lambda i: f"Dr Test{'abcdefghi'[i]};Cardiologie;{i} rue X;06 39 98 00 0{i}",
    ),
    "appointments": lines(
        "Date;Praticien;Adresse;Téléphone",
        9,
        lambda i: f"0{i + 1}/03/2026;Dr Test{i};{i} rue X;06 39 98 00 0{i}",
    ),
    "one persons fields": "Nom;TESTE\nPrénom;Zoé\nDate de naissance;14/08/1950\n"
    "Téléphone;06 39 98 00 01\nAdresse;1 rue X\nSexe;F\n",
    "few rows": lines("Nom;Prénom;Téléphone", 4, lambda i: f"TEST{'ABCD'[i]};Zoé;06 39 98 00 0{i}"),
}


@pytest.mark.parametrize("name", INNOCENT)
def test_a_table_of_one_person_or_of_things_is_no_export(name):
    assert of(INNOCENT[name]) is None


# --- headers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "sort"),
    [
        ("Nom de naissance", Sort.NAME),
        ("nomPatient", Sort.NAME),
        ("DATE_NAISSANCE", Sort.BIRTH),
        ("Né(e) le", Sort.BIRTH),
        ("Date of birth", Sort.BIRTH),
        ("Lieu de naissance", Sort.PLACE),
        ("Code INSEE", Sort.PLACE),
        ("N° de sécurité sociale", Sort.NUMBER),
        ("Matricule INS", Sort.NUMBER),
        ("Nom du médecin traitant", Sort.PROFESSIONAL),
        ("Nom commercial", Sort.DRUG),
        ("Nom de l'examen", Sort.RESULT),
        ("Date de l'acte", Sort.TIME),
        ("Voie d'administration", None),
        ("Adresse e-mail", Sort.EMAIL),
        ("N° patient", Sort.PERSON_ID),
        ("Nb patients", Sort.HEADCOUNT),
        ("Nombre d'actes", Sort.ACT),
        ("Montant remboursé", Sort.AMOUNT),
        ("Code CIM-10", Sort.DIAGNOSIS),
        ("zoug", None),
    ],
)
def test_headers_are_understood(header, sort):
    assert named(header) is sort


def test_timestamps_and_bar_codes_are_no_social_security_numbers():
    assert use_of("", [str(1732500000000 + i) for i in range(50)]) is not Sort.NUMBER
    assert use_of("", [f"340093{i:07}" for i in range(50)]) is Sort.DRUG


def test_a_hostile_header_or_cell_costs_no_time():
    long = "A" * 100_000 + "1"
    assert named(long) is None
    table = made([long, "Nom"], [[long + str(i), "a " * 50_000] for i in range(20)])
    analyse(table)


# --- properties ---------------------------------------------------------------------------------

CELLS = st.sampled_from(["", "a", "b", "c"])
HEADERS = ["Sexe", "Code postal", "Date de naissance", "Diagnostic", "IPP"]
ROWS = st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=5, max_size=30)


@given(ROWS)
def test_group_sizes_add_up_to_the_rows_and_unique_is_what_counting_finds(rows):
    export = analyse(made(HEADERS, rows))
    if export is None:
        return
    kept = [row for row in rows if any(row)]
    assert export.rows == len(kept)
    at = [HEADERS.index(name) for name in export.describing]
    keys = [tuple(row[i] for i in at) for row in kept]
    assert export.unique == sum(keys.count(key) == 1 for key in keys) * bool(at)
    if at:
        assert sum(group.size * group.count for group in export.groups) == len(kept)
        assert export.groups == tuple(sorted(export.groups, key=lambda group: group.size))
    for name in export.inferred:
        column = HEADERS.index(name)
        values = [
            {row[column] for row, k in zip(kept, keys, strict=True) if k == key}
            for key, size in Counter(keys).items()
            if size > 1
        ]
        assert any(len(group) == 1 and group != {""} for group in values)


@given(ROWS)
def test_the_sharpest_columns_single_out_as_many_rows_as_counting_finds(rows):
    export = analyse(made(HEADERS, rows))
    if export is None or not export.sharpest:
        return
    kept = [row for row in rows if any(row)]

    def alone(names):
        at = [HEADERS.index(name) for name in names]
        return sum(
            count == 1 for count in Counter(tuple(row[i] for i in at) for row in kept).values()
        )

    assert export.sharpest_unique == alone(export.sharpest)
    best = max(alone(pair) for pair in combinations(export.describing, 2))
    assert export.sharpest_unique >= best or export.sharpest_unique * 10 >= export.unique * 9


@given(
    ROWS,
    st.sampled_from(["Nom", "Prénom", "NIR", "Téléphone", "E-mail", "Adresse", "IBAN", "Patient"]),
    st.integers(1, 30),
    st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True),
)
def test_a_column_that_identifies_never_makes_a_verdict_milder(rows, header, different, columns):
    names = [HEADERS[i] for i in columns]
    cells = [[row[i] for i in columns] for row in rows]
    before = analyse(made(names, cells))
    more = [[*row, f"Test{'abcdefghij'[i % different % 10]}"] for i, row in enumerate(cells)]
    after = analyse(made([*names, header], more))
    verdicts = [export.verdict if export else None for export in (before, after)]
    assert MILDER_FIRST.index(verdicts[1]) >= MILDER_FIRST.index(verdicts[0])


@given(
    st.lists(st.lists(st.text(max_size=6), max_size=7), max_size=12),
    st.lists(st.text(max_size=9), max_size=7),
)
def test_no_table_is_an_error(rows, header):
    export = analyse(made(header, rows))
    assert export is None or export.verdict in MILDER_FIRST[1:]


def test_one_row_as_wide_as_a_file_does_not_fill_the_memory():
    rows = [["TESTE", "Zoé"]] * 5_000 + [["x"] * 500_000]
    export = analyse(made(["Nom", "Prénom"], rows))
    assert export is None
    assert profiles.EXPORT_COLUMNS * len(rows) < 10_000_000
