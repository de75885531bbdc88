"""How programs and people write a number, a date, a telephone, a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.corpus.people import nir_key, unaccented

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from random import Random

    from tests.corpus.people import Somebody

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _groups(number: str, separator: str) -> str:
    sizes = (1, 2, 2, 2, 3, 3)
    out, at = [], 0
    for size in sizes:
        out.append(number[at : at + size])
        at += size
    return separator.join(out)


NUMBERS: dict[str, Callable[[str], str]] = {
    "spaces": lambda n: f"{_groups(n, ' ')} {nir_key(n)}",
    "together": lambda n: n + nir_key(n),
    "key apart": lambda n: f"{n} {nir_key(n)}",
    "slash": lambda n: f"{_groups(n, ' ')} / {nir_key(n)}",
    "tight slash": lambda n: f"{n}/{nir_key(n)}",
    "dots": lambda n: f"{_groups(n, '.')}.{nir_key(n)}",
    "dashes": lambda n: f"{_groups(n, '-')}-{nir_key(n)}",
    "nbsp": lambda n: f"{_groups(n, chr(0xA0))}{chr(0xA0)}{nir_key(n)}",
    "narrow nbsp": lambda n: f"{_groups(n, chr(0x202F))}{chr(0x202F)}{nir_key(n)}",
    "clé": lambda n: f"{_groups(n, ' ')} clé {nir_key(n)}",
    "brackets": lambda n: f"{_groups(n, ' ')} ({nir_key(n)})",
    "no key": lambda n: n,
    "no key, spaces": lambda n: _groups(n, " "),
    "wrong key": lambda n: f"{_groups(n, ' ')} {(int(nir_key(n)) + 5) % 97:02d}",
    "lower case": lambda n: f"{_groups(n, ' ')} {nir_key(n)}".lower(),
}
COMMON_NUMBERS = ("spaces", "spaces", "spaces", "together", "together", "key apart", "slash")


def number(draw: Random, person: Somebody, how: str | None = None) -> str:
    """Return somebody's number as some program prints it."""
    return NUMBERS[how or draw.choice(COMMON_NUMBERS)](person.nir)


DATES: dict[str, Callable[[date], str]] = {
    "slashes": lambda d: f"{d:%d/%m/%Y}",
    "dots": lambda d: f"{d:%d.%m.%Y}",
    "dashes": lambda d: f"{d:%d-%m-%Y}",
    "words": lambda d: f"{'1er' if d.day == 1 else d.day} {MONTHS[d.month - 1]} {d.year}",
    "capitals": lambda d: f"{d.day:02d} {unaccented(MONTHS[d.month - 1]).upper()} {d.year}",
    "iso": lambda d: f"{d:%Y-%m-%d}",
    "loose": lambda d: f"{d.day}/{d.month}/{d.year}",
    "spaces": lambda d: f"{d:%d %m %Y}",
}
COMMON_DATES = ("slashes", "slashes", "slashes", "slashes", "words", "dots", "dashes")


def day(draw: Random, when: date, how: str | None = None) -> str:
    """Return a date as some program prints it."""
    return DATES[how or draw.choice(COMMON_DATES)](when)


def english_day(draw: Random, when: date) -> str:
    """Return a date as a letter in English has it."""
    month = ENGLISH_MONTHS[when.month - 1]
    return draw.choice(
        (f"{when.day} {month} {when.year}", f"{when.day} {month[:3]} {when.year}",
         f"{when:%d/%m/%Y}", f"{month} {when.day}, {when.year}")
    )  # fmt: skip


def phone(draw: Random, digits: str) -> str:
    """Return a French telephone of ten digits as people write it."""
    pairs = [digits[at : at + 2] for at in range(0, 10, 2)]
    return draw.choice(
        (" ".join(pairs), ".".join(pairs), digits, "-".join(pairs),
         "+33 " + " ".join((pairs[0][1], *pairs[1:])),
         f"+33 (0){pairs[0][1]} {' '.join(pairs[1:])}",
         chr(0xA0).join(pairs))
    )  # fmt: skip


def e164(digits: str) -> str:
    """Return a French telephone of ten digits as it is kept."""
    return "+33" + digits[1:]


def account(draw: Random, iban: str) -> str:
    """Return an IBAN as it is printed."""
    grouped = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    return draw.choice((grouped, grouped, iban))


def rib(draw: Random, iban: str) -> str:
    """Return the account as a bank writes it at the foot of a page: bank, branch, account, key."""
    bank, branch, number, key = iban[4:9], iban[9:14], iban[14:25], iban[25:27]
    return draw.choice(
        (f"{bank} {branch} {number} {key}", f"{bank}{branch}{number}{key}",
         f"{bank} - {branch} - {number} - {key}")
    )  # fmt: skip


# --- names in a document --------------------------------------------------------------------------


def upper_first(p: Somebody) -> str:
    return f"{p.family.upper()} {p.first}"


NAMES: dict[str, Callable[[Somebody], str]] = {
    "FAMILY Given": upper_first,
    "FAMILY GIVEN": lambda p: f"{p.family.upper()} {p.first.upper()}",
    "FAMILY GIVEN, no accents": lambda p: unaccented(f"{p.family} {p.first}").upper(),
    "Given FAMILY": lambda p: f"{p.first} {p.family.upper()}",
    "Given Family": lambda p: f"{p.first} {p.family}",
    "FAMILY, Given": lambda p: f"{p.family.upper()}, {p.first}",
    "all given": lambda p: f"{p.family.upper()} {' '.join(p.given)}",
    "all given, commas": lambda p: f"{p.family.upper()} {', '.join(p.given)}",
}
COMMON_NAMES = tuple(NAMES)


def name(draw: Random, person: Somebody, how: str | None = None) -> str:
    """Return somebody's name as some program prints it."""
    return NAMES[how or draw.choice(COMMON_NAMES)](person)


# --- names in the directory -----------------------------------------------------------------------

RECORDED: dict[str, Callable[[Somebody], str]] = {
    "Given Family": lambda p: f"{p.first} {p.family}",
    "Given FAMILY": lambda p: f"{p.first} {p.family.upper()}",
    "FAMILY Given": upper_first,
    "Family Given": lambda p: f"{p.family} {p.first}",
    "no accents": lambda p: unaccented(f"{p.first} {p.family}"),
    "capitals": lambda p: unaccented(f"{p.family} {p.first}").upper(),
    "two given names": lambda p: f"{' '.join(p.given[:2])} {p.family}",
    "lower case": lambda p: f"{p.first} {p.family}".lower(),
    "hyphen lost": lambda p: f"{p.first.replace('-', ' ')} {p.family.replace('-', ' ')}",
}


def recorded(draw: Random, person: Somebody, how: str | None = None) -> str:
    """Return somebody's name as the practice's directory has it."""
    return RECORDED[how or draw.choice(tuple(RECORDED))](person)
