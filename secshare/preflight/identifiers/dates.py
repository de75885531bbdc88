"""Birth dates: dates beside words that say so, as people and forms write them.

A date alone is nobody's birth date: a document is full of others. The day comes before the month.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.model.folding import fold
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers.match import Match
from secshare.preflight.identifiers.plain import lower

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["is_birth", "search"]

# In lower case. "ne" without its accent is a word of every sentence, unless "le" follows. The first
# letter comes first: most of a text is then passed over at once.
_SAYS: Final = re.compile(
    "[ndb](?:(?<=\\bn)(?:(?:é|e\u0301)(?:e|é|\\(e\\)|[.·-]e\\b|[ \\t]\\(e\\))?s?[ \\t\\n:]"
    "|e(?:e|\\(e\\)|[ \\t]\\(e\\))?[ \\t]+le\\b|aiss(?:\\.|\\b|ance))"
    "|(?<=d)atenaiss|(?<=\\bd)n[ \\t]*(?::|(?=[0-9]{1,2}(?:[/.-][0-9]|[ \\t]+(?:"
    "janv|f[ée]v|mars|avr|mai|juin|juil|ao[uû]|sept|oct|nov|d[ée]c))))"
    "|(?<=\\bd)(?:\\.?d\\.?n|\\.?o\\.?b|t_?naiss)\\b|(?<=\\bb)orn\\b|(?<=b)irth)"
)
_SIGNS: Final = (
    "naiss",
    "né",
    "ne\u0301",
    "ne le",
    "nee",
    "ne(",
    "ne (",
    "ddn",
    "dn",
    "d.n",
    "dob",
    "d.o.b",
    "born",
    "birth",
)
_MONTHS: Final = {
    **dict.fromkeys(("janvier", "janv", "jan", "january"), 1),
    **dict.fromkeys(("fevrier", "fevr", "fev", "feb", "february"), 2),
    **dict.fromkeys(("mars", "mar", "march"), 3),
    **dict.fromkeys(("avril", "avr", "april", "apr"), 4),
    **dict.fromkeys(("mai", "may"), 5),
    **dict.fromkeys(("juin", "june", "jun"), 6),
    **dict.fromkeys(("juillet", "juil", "july", "jul"), 7),
    **dict.fromkeys(("aout", "aou", "august", "aug"), 8),
    **dict.fromkeys(("septembre", "sept", "sep", "september"), 9),
    **dict.fromkeys(("octobre", "oct", "october"), 10),
    **dict.fromkeys(("novembre", "nov", "november"), 11),
    **dict.fromkeys(("decembre", "dec", "december"), 12),
}
_BOX: Final = r"[ \t]*[|_]?[ \t]*"
_DATE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"(?P<d1>[0-3]?[0-9])(?P<s>[ \t]?[/.-][ \t]?|[ \t])(?P<m1>[01]?[0-9])(?P=s)"
    r"(?P<y1>[12][0-9]{3}|[0-9]{2})"
    r"|(?P<y2>[12][0-9]{3})[-/.](?P<m2>[01][0-9])[-/.](?P<d2>[0-3][0-9])(?:T[0-9:.+Z-]*)?"
    r"|(?P<d3>[0-3]?[0-9])(?:[ \t]?er|st|nd|rd|th)?[ \t-]+(?P<m3>[^\W\d_]{3,10})\.?[ \t,-]+"
    r"(?P<y3>[12][0-9]{3}|'?[0-9]{2})"
    r"|(?P<m4>[^\W\d_]{3,10})\.?[ \t]+(?P<d4>[0-3]?[0-9])(?:st|nd|rd|th)?,?[ \t]+"
    r"(?P<y4>[12][0-9]{3})"
    r"|(?P<solid>[0-9]{8})"
    rf"|(?P<comb>(?:[0-9]{_BOX}[/|]?{_BOX}){{7}}[0-9])"
    r")(?![0-9A-Za-z])"
)
_DIGIT: Final = re.compile("[0-9]")
_REACH: Final = 60
"""How far from the word a date may stand on its line: `née MARTIN DE LA TOUR le 12/03/1979`."""
_TITLES: Final = 300
"""Characters before and after the word, of a row of titles: a longer line is a text."""
_ROWS: Final = 500
_COLUMNS: Final = re.compile(r"\t|[ ]{2,}|[|;]")
_DATED: Final = re.compile(r"date|\bn[ée]+\b|ddn|dob|\ble\b", re.IGNORECASE)
_ANOTHER: Final = re.compile(
    # in lower case: `née LE GOFF, le 12/03/1979` has one `le`
    r"\bdate\b|(?-i:\ble\b)|pr[ée]l|sorti|entr|consult|[ée]dit|re[çc]u|d[ée]c[èe]"
    r"|hospitalis|admis|vue?\b|\ben [12]\d{3}\b",
    re.IGNORECASE,
)
_AGED: Final = re.compile(r"[0-9] (?:ans|mois)\b")  # a sentence, and no row of titles
_AT_ONCE: Final = re.compile(r"[ \t]*(?:le\b)?[ \t]*\n?[ \t]*(?:le\b)?[ \t]*", re.IGNORECASE)
_OWN: Final = re.compile(r"(?:\ble|date|[:|]|\s)+\Z", re.IGNORECASE)
_HEADINGS: Final = frozenset(("ddn", "dob", "dtnaiss", "datenais", "birthday", "birthdate", "nee"))


def is_birth(heading: str) -> bool:
    """Return whether the folded title of a column says that birth dates stand below it."""
    words = heading.split()
    return any(
        word in _HEADINGS or "naiss" in word or word.startswith("birth") for word in words
    ) or heading in {"ne le", "nee le", "ne e le", "ne", "nais"}


def search(text: str, *, labelled: bool = False, today: date | None = None) -> Iterator[Match]:
    """Yield the birth dates in a text of ASCII digits (`plain`), as `YYYY-MM-DD`.

    They follow the word that says so, on its line or below it; below a row of titles, each row
    gives one. What is no day, in the future or before 1900 is none.

    Args:
        labelled: whether the heading says that these are birth dates.
        today: two digits of a year are of this century up to it. The clock's, if not given.
    """
    today = today or datetime.now(UTC).date()
    if labelled:
        for seen in _DATE.finditer(text):
            if match := _match(seen, today):
                yield match
        return
    last, low = -1, lower(text)
    if not any(sign in low for sign in _SIGNS):
        return
    for word in _SAYS.finditer(low):
        if word.start() < last:
            continue
        for match in _after(text, word, today):
            last = match.end
            yield match


def _after(text: str, word: re.Match[str], today: date) -> Iterator[Match]:
    if match := _wrapped(text, word.end(), today):
        yield match
        return
    reach = word.end() + _TITLES
    line_end = text.find("\n", word.end(), reach)
    line_end = min(len(text), reach) if line_end < 0 else line_end
    near = min(line_end, word.end() + _REACH + 20)
    digit = _DIGIT.search(text, word.end(), near)  # a long text of such words may have none
    seen = _DATE.search(text, word.end(), near) if digit else None
    if seen and seen.start() - word.end() <= _REACH:
        if not _ANOTHER.search(text, word.end(), _before(text, word.end(), seen.start())) and (
            match := _match(seen, today)
        ):
            yield match
        return
    if text[line_end : line_end + 1] != "\n":
        return  # the last line, or one too long to be titles
    floor = max(0, word.start() - _TITLES)
    line_start = max(floor, text.rfind("\n", floor, word.start()) + 1)
    titles = text[line_start:line_end]
    if _DATE.search(titles) or _AGED.search(titles):
        return
    place = len(_DATED.findall(text[line_start : max(line_start, word.start() - 8)]))
    table = len(_COLUMNS.findall(titles.strip())) > 0
    yield from _below(text, line_end + 1, place, today, rows=_ROWS if table else 1)


def _wrapped(text: str, at: int, today: date) -> Match | None:
    """Return the date that follows at once, where the line ended before it or inside it."""
    from_ = at - 1  # the end of the line may be what ended the word
    said = _AT_ONCE.match(text, at)
    start = (said.end() if said else at) - from_
    window = text[from_ : from_ + start + 30]
    if "\n" not in window or _DIGIT.search(window) is None:
        return None
    seen = _DATE.match(window.replace("\n", " "), start)  # as many characters as there were
    if seen is None or "\n" not in window[: seen.end()]:
        return None
    match = _match(seen, today)
    return match and replace(match, start=from_ + match.start, end=from_ + match.end)


def _before(text: str, start: int, end: int) -> int:
    """Return where the words before a date end, its own `le` aside."""
    return start + len(_OWN.sub("", text[start:end]))


def _below(text: str, at: int, place: int, today: date, *, rows: int) -> Iterator[Match]:
    """Yield the date at its place in each of the lines below titles, until a line has none."""
    missed = 0
    while rows and at < len(text) and missed < 2:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        dates = list(_DATE.finditer(text, at, min(end, at + 400)))
        if len(dates) > place and (match := _match(dates[place], today)):
            if _ANOTHER.search(text, at, dates[0].start()) and place == 0:
                return
            yield match
            rows -= 1
        else:
            missed += 1
        at = end + 1


def _match(seen: re.Match[str], today: date) -> Match | None:
    day = _day(seen, today)
    if day is None or not day.year >= profiles.BIRTH_YEAR_FIRST or day > today:
        return None
    return Match(IdentifierKind.BIRTH_DATE, day.isoformat(), *seen.span())


def _day(seen: re.Match[str], today: date) -> date | None:
    parts = seen.groupdict()
    if digits := parts["solid"] or parts["comb"]:
        digits = re.sub("[^0-9]", "", digits)
        return _calendar(digits[4:], digits[2:4], digits[:2], today) or _calendar(
            digits[:4], digits[4:6], digits[6:], today
        )
    for form in "1234":
        if parts[f"d{form}"]:
            year, month, day = (parts[f"{part}{form}"] for part in "ymd")
            return _calendar(year.lstrip("'"), month, day, today)
    return None


def _calendar(year: str, month: str, day: str, today: date) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.get(fold(month), 0)
    if len(year) == 2:
        this = today.year - today.year % 100 + int(year)
        year = str(this if (this, number, int(day)) <= (today.year, 12, 31) else this - 100)
    try:
        made = date(int(year), number, int(day))
    except ValueError:
        return None
    return made if made.year >= profiles.BIRTH_YEAR_FIRST and made <= today else None
