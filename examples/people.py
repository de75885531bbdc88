"""Twenty people who do not exist, with numbers whose check digits are right."""

from __future__ import annotations

_SURNAMES = (
    "EXEMPLE", "FICTIF", "MODÈLE", "SPÉCIMEN", "INVENTÉ", "PERSONNE", "NULLEPART", "ESSAI",
    "ÉCHANTILLON", "PROTOTYPE", "MAQUETTE", "BROUILLON", "IMAGINAIRE", "SIMULACRE", "ÉPREUVE",
    "FIGURANT", "ANONYME", "UNTEL", "MACHIN", "TRUCMUCHE",
)  # fmt: skip
_FIRST_NAMES = (
    "Jeanne", "Noël", "Gaëlle", "François", "Hélène", "Loïc", "Maëlys", "Jérôme", "Inès", "Benoît",
    "Chloé", "Régis", "Léa", "Théo", "Océane", "Gaël", "Anaïs", "Cédric", "Agnès", "Joël",
)  # fmt: skip
_ACTS = (("C", "26,50"), ("CS", "31,50"), ("AMI 4", "12,60"), ("DEQP003", "14,26"))

HEADER = [
    "Nom", "Prénom", "Né(e) le", "N° de sécurité sociale", "Téléphone", "Courriel", "IBAN",
    "Date", "Acte", "Montant",
]  # fmt: skip


def claims() -> list[list[str]]:
    """The claims sheet: a header and twenty rows."""
    return [HEADER, *(_row(number) for number in range(len(_SURNAMES)))]


def social_security_number(sex: int, year: int, month: int, order: int) -> str:
    """A number of somebody born in a country 999, with its right key."""
    body = f"{sex}{year % 100:02d}{month:02d}99999{order:03d}"
    key = 97 - int(body) % 97
    return f"{body[0]} {body[1:3]} {body[3:5]} {body[5:7]} {body[7:10]} {body[10:]} {key:02d}"


def iban(account: int) -> str:
    """An account of a bank 99999, with its right keys."""
    bank, branch, number = "99999", "00001", f"{account:011d}"
    rib = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(number)) % 97
    digits = f"{bank}{branch}{number}{rib:02d}"
    check = 98 - int(digits + "152700") % 97  # F is 15, R is 27 (ISO 13616)
    written = f"FR{check:02d}{digits}"
    return " ".join(written[at : at + 4] for at in range(0, len(written), 4))


def _row(number: int) -> list[str]:
    year, month, day = 1938 + number * 13 % 70, 1 + number % 12, 1 + number * 5 % 28
    if number == 0:
        year, month, day = 1958, 4, 12  # the patient of the report and of the letter
    sex = 2 - number % 2  # first names go woman, man, woman ...
    act, amount = _ACTS[number % len(_ACTS)]
    return [
        _SURNAMES[number],
        _FIRST_NAMES[number],
        f"{day:02d}/{month:02d}/{year}",
        social_security_number(sex, year, month, number + 1),
        f"06 39 98 {number:02d} {number * 7 % 100:02d}",
        f"personne{number + 1:02d}@example.org",
        iban(70_000_000 + number * 31_337),
        f"{1 + number % 28:02d}/10/2026",
        act,
        amount,
    ]
