"""Protects people from a verdict without its reason, and what is in a table from being quoted."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.messages import Language, text
from secshare.model import Place
from secshare.preflight.content import Table
from secshare.preflight.exports import IDENTIFYING, PSEUDONYMOUS, UNKNOWN, analyse
from secshare.preflight.exports_told import bars, heading, reason
from secshare.preflight.facts import Export, Group

NAMED = Export(
    Place("a.csv"),
    IDENTIFYING,
    rows=120,
    people=37,
    direct=("Nom", "NIR"),
    linking=("IPP",),
    describing=("Sexe", "Né(e) le", "CP"),
    sensitive=("Diagnostic",),
    unique=80,
    groups=(Group(1, 80), Group(2, 10), Group(20, 1)),
    sharpest=("Né(e) le", "CP"),
    sharpest_unique=78,
    linked=90,
)
UNNAMED = Export(
    Place("a.csv"),
    PSEUDONYMOUS,
    rows=40,
    people=None,
    describing=("Sexe", "Âge"),
    sensitive=("Diagnostic",),
    groups=(Group(10, 4),),
    inferred=("Diagnostic",),
)
COUNTED = Export(
    Place("a.csv"),
    UNKNOWN,
    rows=8,
    people=None,
    describing=("Région",),
    unique=8,
    groups=(Group(1, 8),),
    counted="Nb patients",
)
ALL = [NAMED, UNNAMED, COUNTED]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("export", ALL, ids=lambda export: export.verdict)
def test_the_reason_is_one_paragraph_that_names_columns_and_figures(export, language):
    said = reason(export, language)
    assert "\n" not in said and "{" not in said and said.endswith(".")
    columns = (*export.direct, *export.linking, *export.inferred, export.counted or "")
    assert all(column in said for column in columns)
    assert str(export.rows) in said
    if export.counted is None:  # a row of counts is unlike others by itself
        assert all(column in said for column in export.describing)
        assert str(export.unique or export.groups[0].size) in said


def test_the_reason_says_what_the_verdict_rests_on():
    english = reason(NAMED, Language.EN)
    assert "37 people" in english
    assert 'for 78 of them, this is enough: "Né(e) le", "CP"' in english
    assert '"IPP" connects 90 of the 120 rows' in english
    assert "may learn" in english
    assert "with 10 rows of 40, and learns" in reason(UNNAMED, Language.EN)
    assert "comptent des personnes (colonne «\u00a0Nb patients\u00a0»)" in reason(
        COUNTED, Language.FR
    )


def test_a_secretary_reads_how_rows_without_names_lead_to_people():
    followed = replace(
        UNNAMED,
        people=10,
        linking=("pseudonyme",),
        linked=40,
        describing=("année", "sexe"),
        groups=(Group(4, 10),),
        inferred=("valeur",),
    )
    assert reason(followed, Language.FR).replace("\u00a0", " ") == (
        "Ce fichier ne porte pas de noms, mais on peut retrouver à qui sont les lignes : la colonne"
        " « pseudonyme » relie les 40 lignes de 10 personnes ; qui connaît « année », « sexe »"
        " d'une personne n'hésite plus, au mieux, qu'entre 4 lignes sur 40, et y apprend"
        " « valeur »."
    )
    alone = replace(followed, people=40, linked=0, linking=("IPP", "dossier"))
    assert "les colonnes « IPP », « dossier » mènent de chacune des 40 lignes" in reason(
        alone, Language.FR
    ).replace("\u00a0", " ")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("export", ALL, ids=lambda export: export.verdict)
def test_the_reason_does_not_say_the_finding_again(export, language):
    keys = {"identifying": "export", "pseudonymous": "export_pseudonymous"}
    finding = text(f"preflight.{keys.get(export.verdict, 'export_unknown')}", language)
    for sentence in re.split(r"[.:,] ?", finding):
        assert not sentence or sentence not in reason(export, language)


def test_a_table_of_which_nothing_is_known_still_has_its_reason():
    bare = Export(Place("a"), UNKNOWN, rows=9, people=None)
    grouped = replace(bare, describing=("Sexe",), groups=(Group(3, 3),))
    for language in Language:
        assert "9" in reason(bare, language)
        assert "{" not in reason(grouped, language)
        assert "Sexe" in reason(grouped, language)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("export", ALL, ids=lambda export: export.verdict)
def test_no_reason_speaks_of_anonymous_data(export, language):
    assert "anonym" not in reason(export, language).replace("pseudonym", "")


def test_many_columns_are_counted_and_not_listed():
    export = Export(
        Place("a"), IDENTIFYING, rows=9, people=9, direct=tuple(f"Nom {n}" for n in range(9))
    )
    assert '"Nom 5" … (+3)' in reason(export, Language.EN)
    assert "Nom 6" not in reason(export, Language.EN)


def test_no_cell_stands_in_the_reason():
    rows = [
        [f"TESTE{i}", f"2 55 08 14 168 {i:03} 38", f"0{i}/08/1950", f"zoug{i}"] for i in range(9)
    ]
    export = analyse(Table(Place("a.csv"), ("Nom", "NIR", "Né le", "Diagnostic"), rows))
    for language in Language:
        said = reason(export, language)
        assert not any(cell in said for row in rows for cell in row)


def test_a_header_cannot_act_on_a_terminal():
    header = ("Nom\x1b[31m", "Pré\u202enom", "NIR")
    rows = [[f"TEST{c}", "Zoé", f"{i}"] for i, c in enumerate("abcdefgh")]
    said = reason(analyse(Table(Place("a.csv"), header, rows)), Language.FR)
    assert "\x1b" not in said and "\u202e" not in said


def test_bars_show_the_rows_of_each_size_of_group():
    assert bars(NAMED, 40) == [
        "1   █████████████████████████████████ 80",
        "2   ████████▎ 20",
        "3-4  0",
        "5-9  0",
        "10+ ████████▎ 20",
    ]
    assert bars(NAMED, 23, ascii=True) == [
        "1   ################ 80",
        "2   #### 20",
        "3-4  0",
        "5-9  0",
        "10+ #### 20",
    ]


def test_a_table_without_groups_has_no_bars():
    assert bars(Export(Place("a"), IDENTIFYING, rows=9, people=9), 80) == []
    assert heading(Language.FR) and heading(Language.EN)


GROUPS = st.lists(
    st.tuples(st.integers(1, 500), st.integers(1, 100_000)), min_size=1, unique_by=lambda g: g[0]
).map(lambda groups: tuple(Group(*group) for group in sorted(groups)))


@given(GROUPS, st.integers(20, 200), st.booleans())
def test_bars_fit_and_none_that_has_rows_is_empty(groups, width, plain):
    rows = sum(group.size * group.count for group in groups)
    lines = bars(
        Export(Place("a"), UNKNOWN, rows=rows, people=None, groups=groups), width, ascii=plain
    )
    assert all(len(line) <= width for line in lines)
    assert sum(int(line.split()[-1]) for line in lines) == rows
    for line in lines:
        _, *bar, count = line.split()
        assert bool(bar) == (count != "0")
        if plain:
            assert re.fullmatch(r"[0-9+-]+ +#* ?\d+", line)


@pytest.mark.parametrize(("columns", "coding"), [(40, "utf-8"), (40, "cp1252"), (200, "utf-8")])
def test_bars_leave_room_on_the_terminal_and_are_plain_where_blocks_cannot_be_written(
    monkeypatch, columns, coding
):
    from secshare.cli import findings

    written = TextIOWrapper(BytesIO(), encoding=coding)
    monkeypatch.setattr("sys.stdout", written)
    monkeypatch.setenv("COLUMNS", str(columns))
    _, _, *drawn = findings.export_lines(NAMED)
    assert max(map(len, drawn)) == min(columns - 12, 60)
    assert any("█" in line for line in drawn) == (coding == "utf-8")
    assert "#" in drawn[0] or coding == "utf-8"
