"""Protects who types the name of a run: a slip of the hand would seal everything again."""

from __future__ import annotations

import pytest

from secshare.cli.batch_naming import checked_name, nearly
from secshare.errors import RecipientDataInvalid


@pytest.mark.parametrize("name", ["20261122", "lundi (bis)", "a" * 60, "1234567890123456"])
def test_a_run_is_called_as_people_like(name: str) -> None:
    assert checked_name(f" {name} ") == name


def test_an_accent_is_the_same_from_a_mac() -> None:
    assert checked_name("releve\u0301s") == "relev\u00e9s"


@pytest.mark.parametrize(
    "name", ["", " ", "a" * 61, "a/b", "a\\b", "a\nb", "a\u202eb", "2 55 08 14 168 025"]
)
def test_a_run_is_not_called_what_leads_elsewhere_or_is_never_stored(name: str) -> None:
    with pytest.raises(RecipientDataInvalid) as caught:
        checked_name(name)
    assert caught.value.key == "batch.run_name"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("novembr", "novembre"),
        ("novembe", "novembre"),
        ("novmebre", "novembre"),
        ("novembrre", "novembre"),
        ("Novembre", "novembre"),
        ("novembrs", "novembre"),
        ("b3ef99708f01c7a", "b3ef99708f01c7aa"),
        ("b3ef99708f01c7ab", "b3ef99708f01c7aa"),
        ("b3ef99708f01c8aa", "b3ef99708f01c7aa"),
        ("novembre", None),
        ("décembre", None),
        ("rappels", None),
    ],
)
def test_a_name_that_slipped_is_near(name: str, near: str | None) -> None:
    known = ["b3ef99708f01c7aa", "nuit-2026-11-21", "novembre"]
    assert nearly(name, known) == near


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("nuit-2026-11-23", "nuit-2026-11-22", False),
        ("nuit-2027-01-01", "nuit-2026-12-31", False),
        ("20261123", "20261122", False),
        ("nuit-2026-11-22-10", "nuit-2026-11-22-1", False),
        ("lot-10", "lot-9", False),
        ("lot-1", "lot-10", False),
        ("nuit-2026-11-2", "nuit-2026-11-22", True),
        ("nuit-2026-1-22", "nuit-2026-11-22", True),
        ("nuit-2026-11-222", "nuit-2026-11-22", True),
        ("nuit-20261-1-22", "nuit-2026-11-22", True),
        ("nuit-2026-11-52", "nuit-2026-11-22", True),
        ("nuit-2", "nuit-2026-11-22", True),
        ("2026112", "20261122", True),
        ("lettres 22-11-202", "lettres 22-11-2026", True),
        ("lettres 23-11-2026", "lettres 22-11-2026", False),
        ("w", "a", False),
        ("ab", "abc", False),
        ("abc", "abcd", True),
        # The night is named by the calendar, and asks nobody.
        ("nuit-2026-11-22", "nuit-2026-11-2", False),
    ],
)
def test_another_number_or_date_is_another_run_and_a_lost_digit_is_a_slip(
    name: str, known: str, *, near: bool
) -> None:
    assert nearly(name, [known]) == (known if near else None)
