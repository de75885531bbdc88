"""People, practices and laboratories that do not exist, with identifiers whose keys are right."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

TODAY = date(2026, 11, 20)

# Surnames of every shape that surnames have: short, with particle, apostrophe, hyphen, accents,
# and some that are also given names or words. None is anybody's.
SURNAMES = (
    "Exemplet", "Fictivier", "Modélou", "Spécimel", "Inventou", "Nullepart", "Essaillon",
    "Échantillon", "Prototypard", "Maquettier", "Brouillonnet", "Imaginot", "Simulacrier",
    "Épreuvard", "Figurantin", "Anonymeau", "Untellier", "Machinot", "Trucmuche", "Chimérac",
    "de Nullepart", "d'Essaivres", "Le Fictif", "du Modèle", "de la Maquette", "L'Exemple",
    "D’Inventaire", "Exemplet-Fictivier", "Modélou Nullepart", "Zô", "Yx", "N'Fictou",
    "Mac Exemple", "Façadier", "Œuvrefictive", "Müsterlin", "Testoñez", "Fabulette", "Légendou",
    "Contefée", "Utopier", "Mirageot", "Songecreux", "Pseudonymeau", "Irréelle", "Factice",
    "Apocryphe", "Virtuelle", "Illusoire", "Virtuose-Factice", "Saint-Fictif", "Abd El Fictif",
    "Ben Exemple", "O'Specimen", "van der Maquette", "Exemplairewska", "Modeloğlu", "Imaginescu",
    "Fictivopoulos", "Chimerin", "Fantomas-Nul", "Rêverand", "Allégorin", "Devinette", "Charadin",
    "Rebusson", "Énigmatic", "Parabolin", "Fablier", "Mythonnet", "Sosiaud", "Doublurier",
)  # fmt: skip
WOMEN = (
    "Jeanne", "Gaëlle", "Hélène", "Maëlys", "Inès", "Chloé", "Léa", "Océane", "Anaïs", "Agnès",
    "Marie-Louise", "Anne-Sophie", "Zoé", "Françoise", "Irène", "Noémie", "Ève", "Fatoumata",
    "Aïcha", "Linh", "Élisabeth", "Thérèse", "Solène", "Ludivine", "Félicité", "Joëlle",
)  # fmt: skip
MEN = (
    "Noël", "François", "Loïc", "Jérôme", "Benoît", "Régis", "Théo", "Gaël", "Cédric", "Joël",
    "Jean-Pierre", "Marc-André", "Raphaël", "Étienne", "Mickaël", "Anselme", "Gaëtan", "Mamadou",
    "Karim", "Bao", "Frédéric", "Rémi", "Côme", "Ambroise", "Aurélien", "Zéphirin",
)  # fmt: skip
STREETS = (
    "rue de l'Exemple", "avenue du Spécimen", "place des Modèles", "chemin du Prototype",
    "impasse Sans-Nom", "boulevard Jean-Fictif", "allée Marie-Inventée", "lotissement Les Essais",
)  # fmt: skip
TOWNS = (
    ("99100", "NULLEPART-SUR-MER"), ("99210", "EXEMPLEVILLE"), ("99330", "SAINT-FICTIF"),
    ("99450", "MODÈLE-LES-BAINS"), ("99560", "LE SPÉCIMEN"),
)  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """A person. `family` is the name in use, `birth_family` the one at birth."""

    sex: int
    given: tuple[str, ...]
    family: str
    birth_family: str
    birth: date
    nir: str
    street: str
    town: str
    mobile: str
    landline: str
    email: str
    iban: str
    file_number: str

    @property
    def first(self) -> str:
        return self.given[0]

    @property
    def title(self) -> str:
        return "Mme" if self.sex == 2 else "M."

    @property
    def long_title(self) -> str:
        return "Madame" if self.sex == 2 else "Monsieur"

    @property
    def e(self) -> str:
        """The mark of the feminine."""
        return "e" if self.sex == 2 else ""

    @property
    def letter(self) -> str:
        return "F" if self.sex == 2 else "M"

    @property
    def age(self) -> int:
        before = (TODAY.month, TODAY.day) < (self.birth.month, self.birth.day)
        return TODAY.year - self.birth.year - before

    @property
    def married(self) -> bool:
        return self.family != self.birth_family


@dataclass(frozen=True)
class Professional:
    """Somebody who treats: named in documents, never their subject."""

    name: str
    speciality: str
    rpps: str


@dataclass(frozen=True)
class House:
    """A practice, a laboratory or a hospital."""

    name: str
    people: tuple[Professional, ...]
    finess: str
    siret: str
    iban: str
    phone: str
    fax: str
    email: str
    street: str
    town: str


class Town:
    """Who lives in the corpus. Everything is drawn from one seeded source."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._count = 0
        self._names: list[str] = []

    def surname(self) -> str:
        """Return a surname; all of them come before one comes again."""
        if not self._names:
            self._names = list(SURNAMES)
            self.random.shuffle(self._names)
        return self._names.pop()

    def somebody(
        self,
        *,
        sex: int | None = None,
        age: tuple[int, int] = (19, 94),
        family: str | None = None,
        birth: date | None = None,
        given: tuple[str, ...] | None = None,
        married: bool | None = None,
    ) -> Somebody:
        """Return a person who was not there before."""
        draw = self.random
        sex = sex or draw.choice((1, 2))
        family = family or self.surname()
        birth = birth or self._birth(age)
        if given is None:
            names = WOMEN if sex == 2 else MEN
            given = tuple(draw.sample(names, draw.choice((1, 1, 1, 2, 3))))
        if married is None:
            married = sex == 2 and TODAY.year - birth.year > 24 and draw.random() < 0.45
        number, (code, town) = self._number(), draw.choice(TOWNS)
        return Somebody(
            sex=sex,
            given=given,
            family=family,
            birth_family=self.surname() if married else family,
            birth=birth,
            nir=nir(draw, sex, birth, number),
            street=f"{draw.randint(1, 148)} {draw.choice(STREETS)}",
            town=f"{code} {town}",
            mobile=f"063998{draw.randint(0, 9999):04d}",
            landline=f"019900{draw.randint(0, 9999):04d}",
            email=f"{ascii_only(given[0])}.{ascii_only(family)}{number}@example.org".lower(),
            iban=iban(70_000_000 + number * 31_337),
            file_number=f"{draw.randint(20, 26)}{draw.randint(0, 999_999):06d}",
        )

    def house(self, kind: str, specialities: tuple[str, ...], count: int = 2) -> House:
        """Return a practice, a laboratory or a hospital with the people of it."""
        draw = self.random
        number, (code, town) = self._number(), draw.choice(TOWNS)
        saint = draw.choice(("de l’Exemple", "Saint-Fictif", "du Spécimen", "des Essais"))
        return House(
            name=f"{kind} {saint}",
            people=tuple(self.professional(draw.choice(specialities)) for _ in range(count)),
            finess=luhn(f"99{draw.randint(0, 999_999):06d}"),
            siret=luhn(f"999{draw.randint(0, 9_999_999_999):010d}"),
            iban=iban(10_000_000 + number),
            phone=f"019900{draw.randint(0, 9999):04d}",
            fax=f"019900{draw.randint(0, 9999):04d}",
            email=f"secretariat{number}@cabinet.example",
            street=f"{draw.randint(1, 99)} {draw.choice(STREETS)}",
            town=f"{code} {town}",
        )

    def professional(self, speciality: str) -> Professional:
        """Return somebody who treats."""
        draw = self.random
        given = draw.choice(WOMEN + MEN)
        surname = self.surname()
        name = draw.choice((f"{given} {surname.upper()}", f"{given} {surname}", surname.upper()))
        return Professional(name, speciality, luhn(f"10{draw.randint(99_000_000, 99_999_999)}"))

    def namesake(self, person: Somebody) -> Somebody:
        """Return another of the same name: a father, a cousin, somebody else."""
        birth = self._birth((19, 94))
        while birth == person.birth:
            birth = self._birth((19, 94))
        other = self.somebody(sex=person.sex, family=person.family, birth=birth, married=False)
        return replace(other, given=person.given, birth_family=person.birth_family)

    def sibling(self, person: Somebody, *, twin: bool = False) -> Somebody:
        """Return a brother or a sister with the same surname."""
        while True:
            birth = person.birth if twin else self._near(person.birth)
            other = self.somebody(family=person.family, birth=birth, married=False)
            if other.first not in person.given and person.first not in other.given:
                return replace(other, street=person.street, town=person.town)

    def spouse(self, person: Somebody) -> Somebody:
        """Return the husband or the wife: same name in use, same address."""
        low, high = max(19, person.age - 6), max(25, person.age + 6)
        other = self.somebody(sex=3 - person.sex, age=(low, high), family=person.family)
        return replace(other, street=person.street, town=person.town, landline=person.landline)

    def child(self, parent: Somebody, age: tuple[int, int] = (1, 16)) -> Somebody:
        """Return a child of somebody: same surname, same roof."""
        child = self.somebody(family=parent.family, age=age, married=False)
        return replace(
            child, street=parent.street, town=parent.town, mobile=parent.mobile, email=parent.email
        )

    def _birth(self, age: tuple[int, int]) -> date:
        draw = self.random
        year = TODAY.year - 1 - draw.randint(*age)
        return date(year, draw.randint(1, 12), draw.randint(1, 28))

    def _near(self, birth: date) -> date:
        draw = self.random
        near = birth.replace(year=birth.year + draw.choice((-6, -4, -3, -2, 2, 3, 5)))
        near = near.replace(month=draw.randint(1, 12), day=draw.randint(1, 28))
        return near if near < TODAY else near.replace(year=birth.year - 3)

    def _number(self) -> int:
        self._count += 1
        return self._count


def ascii_only(text: str) -> str:
    """Return the letters without accents, and nothing else."""
    text = text.replace("Œ", "Oe").replace("œ", "oe").replace("ğ", "g")
    plain = unicodedata.normalize("NFD", text)
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def unaccented(text: str) -> str:
    """Return the text as programs of the eighties write it: no accents, straight apostrophes."""
    text = text.replace("’", "'").replace("Œ", "OE").replace("œ", "oe").replace("ğ", "g")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def nir(draw: Random, sex: int, birth: date, order: int) -> str:
    """Return 13 characters of a number of a commune 999 (or 99), which no commune has."""
    place = draw.choice(
        ("75999", "13999", "69999", "59999", "2A999", "2B999", "97199", "97499", "99999", "06999")
    )
    return f"{sex}{birth.year % 100:02d}{birth.month:02d}{place}{order % 1000:03d}"


def nir_key(number: str) -> str:
    """Return the key: 97 - n mod 97, with 19 for 2A and 18 for 2B."""
    return f"{97 - int(number.replace('2A', '19').replace('2B', '18')) % 97:02d}"


def iban(account: int) -> str:
    """Return an account of a bank 99999, without spaces, with its right keys."""
    bank, branch, number = "99999", "00001", f"{account:011d}"
    rib = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(number)) % 97
    digits = f"{bank}{branch}{number}{rib:02d}"
    return f"FR{98 - int(digits + '152700') % 97:02d}{digits}"


def luhn(body: str) -> str:
    """Return the digits with their Luhn key."""
    total = 0
    for at, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)
