"""Contacts that may be taken for others, made from a seed: each kind of slip and of mask."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

Mutation = Callable[[random.Random, str], str | None]
"""Returns a contact that is like the given one; None where this one has nothing to change."""

LETTERS = string.ascii_lowercase
HOMOGRAPHS = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "y": "у", "i": "і",
              "s": "ѕ", "j": "ј", "h": "һ", "l": "ӏ"}  # fmt: skip
GREEK = {"o": "ο", "a": "α", "i": "ι", "v": "ν", "n": "η", "u": "υ", "r": "г"}
ACCENTS = {"a": "à", "e": "é", "i": "ï", "o": "ô", "u": "ü", "c": "ç", "n": "ñ"}
ENDINGS = (".fr", ".com", ".net", ".org", ".eu")


def one_edit(draw: random.Random, text: str, letters: str = LETTERS) -> str:
    """Change, add, take out or exchange one character."""
    kind = draw.randrange(4)
    place = draw.randrange(len(text))
    if kind == 0:
        return text[:place] + draw.choice(letters.replace(text[place], "")) + text[place + 1 :]
    if kind == 1:
        return text[:place] + draw.choice(letters) + text[place:]
    if kind == 2:
        return text[:place] + text[place + 1 :]
    return exchanged(draw, text) or one_edit(draw, text, letters)


def exchanged(draw: random.Random, text: str) -> str | None:
    places = [
        n for n in range(len(text) - 1) if text[n] != text[n + 1] and text[n : n + 2].isalnum()
    ]
    if not places:
        return None
    place = draw.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def substituted(
    draw: random.Random, text: str, table: dict[str, str], *, every: bool
) -> str | None:
    places = [n for n in range(len(text)) if any(text.startswith(key, n) for key in table)]
    if not places:
        return None
    chosen = set(places if every else [draw.choice(places)])
    made, n = "", 0
    while n < len(text):
        key = next((key for key in table if text.startswith(key, n)), None)
        if key is not None and n in chosen:
            made, n = made + table[key], n + len(key)
        else:
            made, n = made + text[n], n + 1
    return made


def in_local(change: Callable[[random.Random, str], str | None]) -> Mutation:
    def changed(draw: random.Random, email: str) -> str | None:
        local, _, host = email.partition("@")
        made = change(draw, local)
        return f"{made}@{host}" if made else None

    return changed


def in_name(change: Callable[[random.Random, str], str | None]) -> Mutation:
    """Change the name of the host, and not its ending."""

    def changed(draw: random.Random, email: str) -> str | None:
        local, _, host = email.partition("@")
        name, _, ending = host.rpartition(".")
        made = change(draw, name)
        return f"{local}@{made}.{ending}" if made else None

    return changed


def table(pairs: dict[str, str], *, every: bool = False) -> Callable[..., str | None]:
    return lambda draw, text: substituted(draw, text, pairs, every=every)


def moved_dot(draw: random.Random, local: str) -> str | None:
    if "." not in local:
        return None
    plain = local.replace(".", "")
    place = draw.randrange(1, len(plain))
    return plain[:place] + "." + plain[place:]


def turned(draw: random.Random, local: str) -> str | None:
    first, dot, last = local.partition(".")
    return f"{last}.{first}" if dot and len(local) > 4 and last.isalpha() else None


def other_ending(draw: random.Random, email: str) -> str | None:
    head, _, ending = email.rpartition(".")
    return head + draw.choice([each for each in ENDINGS if each != f".{ending}"])


def digits_added(draw: random.Random, local: str) -> str | None:
    return None if local[-1].isdigit() else local + str(draw.randrange(1, 2030))


def digits_gone(draw: random.Random, local: str) -> str | None:
    shorter = local.rstrip(string.digits)
    return shorter if shorter != local and len(shorter) > 3 else None


EMAILS: dict[str, Mutation] = {
    "one edit before the @": in_local(one_edit),
    "one edit in the host": in_name(one_edit),
    "two neighbours exchanged": in_local(exchanged),
    "a letter doubled": in_local(lambda d, t: t[: (n := d.randrange(len(t)))] + t[n] + t[n:]),
    "rn for m": in_local(table({"m": "rn"})),
    "m for rn": in_local(table({"rn": "m"})),
    "vv for w, everywhere": in_local(table({"w": "vv"}, every=True)),
    "cl for d, everywhere": in_local(table({"d": "cl"}, every=True)),
    "0 for o, everywhere": in_local(table({"o": "0"}, every=True)),
    "1 for l, everywhere": in_local(table({"l": "1"}, every=True)),
    "I for l, everywhere": in_local(table({"l": "I"}, every=True)),
    "1 for i, 0 for o": in_local(table({"i": "1", "o": "0"}, every=True)),
    "dots gone": in_local(lambda d, t: t.replace(".", "") if "." in t else None),
    "dash for dot": in_local(lambda d, t: t.replace(".", "-") if "." in t else None),
    "underscore for dot": in_local(lambda d, t: t.replace(".", "_") if "." in t else None),
    "dot moved": in_local(moved_dot),
    "parts turned round": in_local(turned),
    "digits added": in_local(digits_added),
    "digits gone": in_local(digits_gone),
    "a tag after a plus": in_local(lambda d, t: f"{t}+{d.choice(LETTERS)}{d.randrange(99)}"),
    "capitals and one edit": in_local(lambda d, t: one_edit(d, t).title()),
    "another ending": other_ending,
    "a dash in the host": in_name(lambda d, t: f"{t[:2]}-{t[2:]}"),
    "accents in the host": in_name(table(ACCENTS, every=True)),
    "Cyrillic in the host": in_name(table(HOMOGRAPHS)),
    "a host all in Cyrillic": in_name(table(HOMOGRAPHS, every=True)),
    "Greek in the host": in_name(table(GREEK)),
    "full-width letters in the host": in_name(
        lambda d, t: "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in t)
    ),
    "rn for m in the host": in_name(table({"m": "rn"})),
    "0 for o in the host": in_name(table({"o": "0"}, every=True)),
}


def other_digit(draw: random.Random, phone: str) -> str:
    place = draw.randrange(4, len(phone))
    return phone[:place] + draw.choice("0123456789".replace(phone[place], "")) + phone[place + 1 :]


def exchanged_digits(draw: random.Random, phone: str) -> str | None:
    places = [n for n in range(4, len(phone) - 1) if phone[n] != phone[n + 1]]
    if not places:
        return None
    place = draw.choice(places)
    return phone[:place] + phone[place + 1] + phone[place] + phone[place + 2 :]


PHONES: dict[str, Mutation] = {
    "one digit different": other_digit,
    "two digits exchanged": exchanged_digits,
}

# Before an @: where it must be found whoever else is in the directory.
PROVIDERS: dict[str, Mutation] = {
    "a common provider, one edit": in_name(one_edit),
    "a common provider, exchanged": in_name(exchanged),
    "a common provider, another ending": lambda draw, email: (
        email.rpartition(".")[0] + draw.choice((".cm", ".con", ".frr", ".nte", ".ft"))
    ),
    "a common provider, Cyrillic": in_name(table(HOMOGRAPHS)),
    "a common provider, digits": in_name(table({"o": "0", "l": "1", "i": "1"})),
    "a common provider, accents": in_name(table(ACCENTS)),
}
