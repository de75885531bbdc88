"""Invented people of a manifest, each with an address and a number of their own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

GIVEN = ("Jeanne", "Paul", "Nadia", "Éloïse", "Karim", "Anne-Marie", "Yves", "Zoé", "Lucie", "Omar")
FAMILY = ("Exemple", "Essai", "Modèle", "Fictif", "Témoin", "Factice", "Specimen", "Maquette")


class Invented(NamedTuple):
    """Somebody who does not exist."""

    name: str
    email: str
    phone: str
    birth_date: date


def invented(number: int) -> Invented:
    """Return the same person for the same number; no two have a contact in common."""
    given, family = GIVEN[number % len(GIVEN)], FAMILY[number // len(GIVEN) % len(FAMILY)]
    return Invented(
        f"{given} {family}{_letters(number)}",
        f"patient{number}@example{number % 50}.org",
        f"06{number % 90_000_000 + 10_000_000:08d}",
        date(1930, 1, 1) + timedelta(days=number % 30_000),
    )


def _letters(number: int) -> str:
    """Return a number in letters: a name has no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))
