"""Which row is which: of what was sealed before nothing goes twice, and nothing is left out."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from secshare.age import HybridIdentity
from secshare.batch.identity import row_contents, row_identity, row_slot
from secshare.batch.results import State
from secshare.batch.wanted import Wanted
from secshare.messages import Language
from secshare.model import Road, SealFormat
from tests.batch.test_running import OPTIONS, Ran
from tests.batches import Patient, write_batch
from tests.fakes.executors import Inline
from tests.practices import make_practice

KEY = bytes(range(32))
DIGESTS = ("0a" * 32, "1b" * 32, "2c" * 32)

ROW = Wanted(
    number=5,
    last=7,
    files=("/lot/a.pdf", "/lot/b.pdf", "/lot/c.pdf"),
    to="jeanne-exemple",
    name="Jeanne Marie Exemple",
    email="jeanne.exemple@example.org",
    phone="+33639980001",
    birth_date=date(1958, 4, 12),
    nir="2580412345678",
    about="paul-exemple",
    road=Road.SMS,
    format=SealFormat.AGE,
    language=Language.FR,
    purpose="soins",
    keys=("age1exemple",),
)
"""What no one row says all at once."""

PLACE = {"number": 8, "last": 9, "nir": "1580412345678"}
"""Where it stands, which moves when a row is added above; and what only the preflight compares."""

WHO: dict[str, Any] = {
    "to": "jeanne-exemple-2",
    "name": "Jeanne Fictive",
    "email": "j.exemple@example.org",
    "phone": "+33639980002",
    "birth_date": date(1958, 12, 4),
    "about": "paule-exemple",
}
HOW: dict[str, Any] = {
    "road": Road.QR,
    "format": SealFormat.HTML,
    "language": Language.EN,
    "purpose": "expertise",
    "keys": ("age1fictif",),
}
FILES = {"files": ("/lot/a.pdf", "/lot/b.pdf", "/lot/d.pdf")}


def told(row: Wanted = ROW, digests: tuple[str, ...] = DIGESTS, key: bytes = KEY) -> list[bytes]:
    """Return a row's identity, its slot and its contents, one digest behind the other."""
    contents = b"".join(row_contents(key, row.to or row.name or "", digests))
    return [row_identity(key, row, digests), row_slot(key, row), contents]


def changed(row: Wanted = ROW, digests: tuple[str, ...] = DIGESTS) -> set[str]:
    """Return which of the three are others than those of `ROW`."""
    names = ("identity", "slot", "content")
    pairs = zip(names, told(row, digests), told(), strict=True)
    return {name for name, now, before in pairs if now != before}


@pytest.mark.parametrize("field", [field.name for field in fields(Wanted)])
def test_each_field_of_a_row_counts_where_it_should(field: str) -> None:
    """A field that is new has to stand in one of the tables."""
    another = (PLACE | WHO | HOW | FILES)[field]
    expected: set[str] = set()
    if field == "to":
        expected = {"identity", "slot", "content"}
    elif field in WHO:  # a contact or a date may have been corrected: the content is by name
        expected = {"identity", "slot"}
    elif field in HOW:
        expected = {"identity"}
    elif field in FILES:
        expected = {"slot"}
    assert changed(replace(ROW, **{field: another})) == expected


@pytest.mark.parametrize("field", [*WHO, "road", "language", "keys"])
def test_what_a_row_leaves_out_is_not_what_it_says(field: str) -> None:
    """The practice's own language or road may be another one tomorrow."""
    assert "identity" in changed(replace(ROW, **{field: () if field == "keys" else None}))


@pytest.mark.parametrize(
    ("field", "as_well"),
    [
        ("to", "Jeanne-EXEMPLE"),
        ("about", "PAUL-Exemple"),
        ("email", "Jeanne.Exemple@EXAMPLE.org"),
        ("name", "EXEMPLE Jeanne Marie"),
        ("name", "exemple marie jeanne"),
    ],
)
def test_what_is_no_difference_to_anybody_is_none(field: str, as_well: str) -> None:
    assert changed(replace(ROW, **{field: as_well})) == set()


@pytest.mark.parametrize("other", ["Jeanne Exemple", "Jeanne Marie Marie Exemple", "Exemple"])
def test_a_part_of_a_name_more_or_less_is_another_name(other: str) -> None:
    assert changed(replace(ROW, name=other)) == {"identity", "slot"}
    assert row_contents(KEY, other, DIGESTS) != row_contents(KEY, str(ROW.name), DIGESTS)


def test_documents_are_what_they_hold_in_whatever_order_the_group_has_them() -> None:
    for order in permutations(range(3)):
        files = tuple(ROW.files[at] for at in order)
        assert changed(replace(ROW, files=files), tuple(DIGESTS[at] for at in order)) == set()
    for other in (DIGESTS[:2], (*DIGESTS[:2], "3d" * 32)):
        assert changed(digests=other) == {"identity", "content"}
    assert changed(digests=(*DIGESTS, DIGESTS[0])) == {"identity"}, "one of them twice"


@pytest.mark.parametrize("name", ["Mme Jeanne Exemple", "Jeanne Exemple (EHPAD)", "JEANNE EXEMPLE"])
def test_a_title_or_a_note_is_no_difference_to_who_has_a_document(name: str) -> None:
    assert row_contents(KEY, name, DIGESTS) == row_contents(KEY, "Jeanne Exemple", DIGESTS)


def test_who_gets_it_and_whom_it_is_about_are_not_exchanged() -> None:
    exchanged = replace(ROW, to=ROW.about, about=ROW.to)
    assert changed(exchanged) == {"identity", "slot", "content"}


def test_nobody_tells_them_without_the_key_nor_takes_one_for_another() -> None:
    assert len({*told(), *told(key=bytes(32))}) == 6
    nobody = Wanted(number=2, last=2, files=DIGESTS, to="jeanne-exemple")
    assert len(set(told(nobody))) == 3


def test_a_row_whose_options_changed_is_sealed_anew_and_said(tmp_path: Path) -> None:
    """It is the row of before, whichever of its options was corrected."""
    practice, docs = make_practice(tmp_path / "practice"), tmp_path / "docs"
    write_batch(docs, 5)
    keys = [str(HybridIdentity.generate().recipient()) for _ in range(2)]
    columns = ("voie", "langue", "format", "cle")
    before = [
        ["qr", "fr", "age", ""],
        ["qr", "fr", "age", ""],
        ["qr", "fr", "age", ""],
        ["", "fr", "age", keys[0]],
        ["", "fr", "age", keys[0]],
    ]
    after = [
        ["sms", "fr", "age", ""],
        ["qr", "en", "age", ""],
        ["qr", "fr", "html", ""],
        ["", "fr", "age", keys[1]],
        ["", "fr", "age", keys[0]],
    ]
    manifest, options = docs / "options.csv", replace(OPTIONS, preflight=False)

    def ran(rows: list[list[str]]) -> Ran:
        with manifest.open("w", encoding="utf-8", newline="") as sink:
            written = csv.writer(sink, delimiter=";")
            written.writerow(["fichier", "nom", "email", "tel", *columns])
            for number, said in enumerate(rows):
                who = Patient(number)
                written.writerow([f"{number}.pdf", who.name, who.email, who.phone, *said])
        with Inline() as engine:
            return Ran(practice, manifest, options, executor=engine)

    first = ran(before)
    assert first.states() == [State.PREPARED] * 5
    again = ran(after)
    assert again.states() == [*[State.PREPARED] * 4, State.ALREADY]
    for row in range(2, 6):
        assert again.results[row].changed == first.results[row].reference
    assert ran(after).outcome.states == {State.ALREADY: 5}
