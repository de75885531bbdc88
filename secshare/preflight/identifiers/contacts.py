"""E-mail addresses, and telephone numbers of France, overseas and abroad."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers.match import Match

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LOCAL_REGIONS", "emails", "phones"]

_DOMAIN: Final = re.compile(r"@(?!-)([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})")
_LOCAL: Final = re.compile(r"[\w.%+'&-]{1,64}\Z")

_NATIONAL: Final = re.compile(r"0(?<![0-9A-Za-z+].)[1-9](?:[ \t./-]{0,2}[0-9]){8}(?![0-9A-Za-z])")
_ABROAD: Final = re.compile(
    r"(?:\+|00(?<![0-9A-Za-z+]..)(?=[1-9]))[ ]?([1-9][0-9]{0,2})[ ./-]?"
    r"(\(0\))?((?:[ ./()-]{0,2}[0-9]){6,13})"
)
_LOCAL_SAYS: Final = re.compile(
    r"(?:t[ée]l|phone|mobile|portable|gsm|fax)[^0-9+\n]{0,20}((?:[0-9][ .-]?){5,7}[0-9])(?![0-9])",
    re.IGNORECASE,
)
# How people cut ten digits up; anything else is a part of a table or of another number.
_GROUPS: Final = frozenset(
    (
        *((10,), (2, 2, 2, 2, 2), (4, 2, 2, 2), (4, 3, 3), (4, 6), (2, 8), (2, 4, 4), (2, 2, 3, 3)),
        *((1, 3, 3, 3), (3, 3, 4), (2, 4, 2, 2), (2, 3, 3, 2), (3, 7), (1, 9), (2, 2, 2, 4)),
    )
)
# 06 39 98 xx xx is nobody's: ARCEP keeps it for fiction and examples. The library refuses it.
_FICTION: Final = re.compile("063998")
_OVERSEAS: Final = ("FR", "RE", "YT", "GP", "MQ", "GF", "PM")
LOCAL_REGIONS: Final = frozenset(("NC", "PF", "WF", "PM"))
"""Where a number has six digits or eight, and is told by the word before it."""

# How many digits follow the codes of France and of overseas: what comes after is another number.
_LENGTHS: Final = {
    **dict.fromkeys(("33", "262", "590", "594", "596"), 9),
    **{"687": 6, "681": 6, "689": 8, "508": 6},
}
_TIGHT: Final = re.compile(r"[0-9][./,-]\Z")
_GOES_ON: Final = re.compile(r"[.,/-]?[0-9]")


def emails(text: str) -> Iterator[Match]:
    """Yield the addresses in a text, in lower case. An `@` is looked for first: it is rare."""
    if "@" not in text:
        return
    for domain in _DOMAIN.finditer(text):
        at = domain.start()
        local = _LOCAL.search(text[max(0, at - 64) : at])
        if local is None:
            continue
        name = local[0].lstrip(".'&%+-")
        host = domain[1].rstrip("-_")
        if name and not name.endswith(".") and not host.rpartition(".")[2].isdigit():
            start, end = at - len(name), at + 1 + len(host)
            yield Match(IdentifierKind.EMAIL, f"{name}@{host}".lower(), start, end)


def phones(text: str, *, region: str, labelled: bool = False) -> Iterator[Match]:
    """Yield the telephone numbers in a text of ASCII digits (`plain`), in E.164.

    A national number is read by the practice's region first, then as one of France and overseas:
    0692 is Réunion wherever it is read.

    Args:
        region: two letters.
        labelled: whether the heading says that these are telephones: one that a spreadsheet took
            the first zero of is read too.
    """
    for seen in _NATIONAL.finditer(text):
        start, end = seen.span()
        groups = tuple(map(len, re.split(r"[ \t./-]+", seen[0])))
        if groups not in _GROUPS or _TIGHT.search(text, max(0, start - 2), start):
            continue
        if _GOES_ON.match(text, end):
            continue
        digits = "".join(re.findall("[0-9]", seen[0]))
        if number := _national(digits, region):
            yield Match(IdentifierKind.PHONE, number, start, end)
    for seen in _ABROAD.finditer(text):
        if match := _abroad(text, seen):
            yield match
    if region in LOCAL_REGIONS:
        yield from _local(text, region)
    if labelled:
        for seen in re.finditer(r"(?<![0-9A-Za-z+])[1-9][0-9]{8}(?![0-9A-Za-z])", text):
            if number := _national("0" + seen[0], region):
                yield Match(IdentifierKind.PHONE, number, *seen.span())


def _national(digits: str, region: str) -> str | None:
    if _FICTION.match(digits):
        return f"+33{digits[1:]}"
    code = _code(digits[:6], region)
    return f"+{code}{digits[1:]}" if code else None


@lru_cache(maxsize=1 << 14)
def _code(begin: str, region: str) -> int | None:
    """Return the country code of national numbers that begin so, None where there are none.

    The plans of France and overseas are told by the first six digits, so that a list of a thousand
    numbers is not a thousand questions.
    """
    import phonenumbers

    for tried in dict.fromkeys((region, *_OVERSEAS)):
        if tried in LOCAL_REGIONS:
            continue
        number = phonenumbers.parse(f"{begin}1234", tried)
        if phonenumbers.is_valid_number(number):
            return int(number.country_code or 0)
    return None


def _abroad(text: str, seen: re.Match[str]) -> Match | None:
    """Read a number with its country code, which may be three digits or one: the longest known."""
    start = seen.start()
    national, at = seen[3], seen.start(3)
    code = seen[1]
    for length in range(3, 0, -1):
        whole = (code + "".join(re.findall("[0-9]", national)))[:length]
        if wanted := _LENGTHS.get(whole):
            return _counted(text, seen, whole, wanted)
    if seen[0].startswith("00"):
        at = seen.start(3)
    digits = code + "".join(re.findall("[0-9]", national))
    if _valid(digits) and not text[seen.end() : seen.end() + 1].isalnum():
        return Match(IdentifierKind.PHONE, f"+{digits}", start, seen.end())
    # Something else follows after a blank: words of the number are given back one by one.
    for blank in reversed([place for place, c in enumerate(national) if c in " \t"]):
        digits = code + "".join(re.findall("[0-9]", national[:blank]))
        if _valid(digits):
            return Match(IdentifierKind.PHONE, f"+{digits}", start, at + blank)
    return None


def _counted(text: str, seen: re.Match[str], code: str, wanted: int) -> Match | None:
    """Read a French number: so many digits after the code, a `(0)` or a needless 0 aside."""
    kept, at = "", seen.start(1)
    total = seen[1] + seen[3]
    skip = len(code)
    for place in range(seen.start(1), seen.end()):
        c = text[place]
        if not c.isdigit():
            continue
        if seen[2] and seen.start(2) <= place < seen.end(2):
            continue
        if skip:
            skip -= 1
            continue
        if not kept and c == "0":
            continue
        kept += c
        at = place + 1
        if len(kept) == wanted:
            break
    if len(kept) != wanted or not total or text[at : at + 1].isalnum():
        return None
    if _FICTION.match("0" + kept) or _valid(code + kept):
        return Match(IdentifierKind.PHONE, f"+{code}{kept}", seen.start(), at)
    return None


def _local(text: str, region: str) -> Iterator[Match]:
    import phonenumbers

    for seen in _LOCAL_SAYS.finditer(text):
        number = phonenumbers.parse(seen[1], region)
        if phonenumbers.is_valid_number_for_region(number, region):
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            yield Match(IdentifierKind.PHONE, written, *seen.span(1))


@lru_cache(maxsize=1 << 14)
def _valid(digits: str) -> bool:
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(f"+{digits}")))
    except phonenumbers.NumberParseException:
        return False
