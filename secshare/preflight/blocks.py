"""People in blocks of lines: an addressee above their address, a sticker, a name above an age."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Role
from secshare.preflight.fields import Seen
from secshare.preflight.naming import Name, alone, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["above", "address", "aged_below", "in_column", "letters", "posted"]

_CLIMBED: Final = 5  # lines between a name and the birth date below: an address, a number
_POSTAL: Final = re.compile(r"[ \t]*(?:F-? ?)?\d{5}[ \u00a0]+[^\W\d_]")
_STREET: Final = re.compile(
    r"[ \t]*(?:\d{1,5}\b|(?:bp|cs|b[âa]t|appt|apt|r[ée]s|lieu|lot|porte|esc|chez|hameau)\b)",
    re.IGNORECASE,
)
_BESIDE: Final = re.compile(  # `NN : MOREL`, `Nom de naissance : MOREL`, `IPP 802`
    r"[ \t]*(?:nn|nom de (?:naissance|jeune fille)|nom d['’]usage|ipp|nip|iep)\b", re.IGNORECASE
)
# Who has an address, and no birth date.
_NOBODY: Final = re.compile(
    r"\b(?:mutuelle|pharmacie|imagerie|ehpad|maternit[ée]|maison|r[ée]sidence|groupe|soci[ée]t[ée]"
    r"|radiologie|urgences?|p[ôo]le|unit[ée]|association|assurances?|caisse|cpam|mdph|chu?|biologie"
    r"|selarl|scm?)\b",
    re.IGNORECASE,
)
_AGE: Final = re.compile(r"[ \t]{0,3}\d{1,3} ?(?:ans|mois|jours)\b[^\n]{0,20}(?:\n|\Z)")
_SALUTATION: Final = re.compile(
    r"\n[ \t]*(?:(?:tr[èe]s )?ch[èe]re?s?\b|madame\b|monsieur\b|mesdames\b|messieurs\b|bonjour\b)"
    r"[^\n,:.]{0,50},[ \t]*(?=\n)",
    re.IGNORECASE,
)
_LETTER: Final = 600  # characters from an addressee to the salutation
_PARENTS: Final = re.compile(
    r"^[ \t]*aux parents d(?:e |['’])(?:l['’]enfant )?", re.IGNORECASE | re.MULTILINE
)
_POSTED: Final = re.compile(
    r"\n[ \t]*\d{5}[ \u00a0]+[^\W\d_][^\n]{0,60}\n"
    r"[ \t]*(?P<day>\d{2})[/.-](?P<month>\d{2})[/.-](?P<year>(?:19|20)\d\d)[ \t]*(?=\n)"
)
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_VISITS: Final = 2  # years back that the date of a visit or a letter reaches


def above(head: str) -> Name | None:
    """Return who is named above the lines that stand between a name and a birth date.

    An address with its postal code, or what a sticker has there: `NN : MOREL`.
    """
    end, sure = len(head), False
    for _ in range(_CLIMBED):
        start = head.rfind("\n", 0, end) + 1
        line = head[start:end]
        postal = _POSTAL.match(line) is not None
        beside = _BESIDE.match(line) is not None
        if not (postal or beside or _STREET.match(line) or (sure and not line.strip())):
            break
        sure = sure or postal or beside
        if not start:
            return None
        end = start - 1
    return _name(head, end) if sure else None


def in_column(text: str, at: int) -> Name | None:
    """Return who has the line above, of a page in columns, where something stands in the right."""
    line = text.rfind("\n", 0, at) + 1
    first = text.rfind("\n", 0, max(line - 1, 0)) + 1
    column = at - line
    if not line or column < 2 or text[first + column - 2 : first + column] != "  ":
        return None
    name = alone(text[first + column : line - 1])
    if name is None or len(name.words) < 2:
        return None
    begin = first + column
    return Name(name.words, name.also, begin + name.start, begin + name.end)


def _name(head: str, end: int) -> Name | None:
    """Return the name that the last line before `end` is, or the last two: family, given name."""
    start = head.rfind("\n", 0, end) + 1
    line = head[start:end]
    if _NOBODY.search(line) or (name := alone(line)) is None:
        return None
    words, begin = name.words, start + name.start
    if len(words) < 2:
        first = head.rfind("\n", 0, max(start - 1, 0)) + 1
        family = alone(head[first : start - 1]) if start else None
        if family is None or not all(word.isupper() for word in (*family.words, *words)):
            return None
        words, begin = family.words + words, first + family.start
    return Name(words, name.also, begin, start + name.end)


def posted(text: str) -> Iterator[Seen]:
    """Yield who is named above an address with nothing but a date below it: a laboratory's form.

    The date is a birth date where it is years older than the latest year of the text.
    """
    for seen in _POSTED.finditer(text):
        head = text[max(0, seen.start("day") - 300) : seen.start("day")].rstrip()
        name = above(head)
        latest = max((int(year) for year in _YEAR.findall(text)), default=0)
        if name is None or int(seen["year"]) >= latest - _VISITS:
            continue
        try:
            born = date(int(seen["year"]), int(seen["month"]), int(seen["day"]))
        except ValueError:
            continue
        at = max(0, seen.start("day") - 300)
        yield Seen(Role.PATIENT, name.spellings, at + name.start, at + name.end, True, born)


def aged_below(text: str, start: int, end: int) -> bool:
    """Return whether a name has the end of a line, and an age right below it: a prescription."""
    if text[end : end + 1] not in {"\n", ",", "\r", " "}:
        return False
    line = text.rfind("\n", 0, start) + 1
    next_line = text.find("\n", end) + 1
    if not next_line or text[end:next_line].strip(" ,\r\n\u00a0"):
        return False
    column = start - line  # of a page in columns, whose left one has lines of its own
    if column and text[start - 2 : start] != "  ":
        return False
    at = next_line + column
    return _AGE.match(text, at) is not None and "\n" not in text[next_line:at]


def address(text: str, here: list[Seen]) -> None:
    """Mark those to whom a letter in the text is addressed: name, address, `Madame,` below."""
    if "\n" not in text or _SALUTATION.search(text) is None:
        return
    for parents in _PARENTS.finditer(text):
        name = read(text, parents.end())
        if name is not None and len(name.words) > 1:
            here.append(Seen(Role.UNKNOWN, name.spellings, parents.start(), name.end, False))
    for one in here:
        line = text.rfind("\n", 0, one.start) + 1
        if one.role is not Role.UNKNOWN or text[line : one.start].strip():
            continue
        rest = text[one.end : one.end + _LETTER]
        lines = rest.split("\n")
        if lines[0].strip():
            continue
        for below in lines[1:5]:
            if _POSTAL.match(below):
                one.addressed = _SALUTATION.search(rest) is not None
                break
            if not _STREET.match(below):
                break


def letters(people: Iterable[Seen]) -> None:
    """Make patients of the addressees of several letters: each letter is about its own."""
    addressed = [one for one in people if one.addressed]
    words = [{word.lower() for word in one.spellings[0].split()} for one in addressed]
    if any(not (one <= words[0] or words[0] <= one) for one in words[1:]):
        for one in addressed:
            one.role, one.strong = Role.PATIENT, True
