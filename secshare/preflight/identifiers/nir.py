"""French social-security numbers (NIR) and health identities (INS), however they are cut up.

Thirteen characters: sex, year, month, department, commune, order; then a key of two digits,
`97 - n % 97` with 2A read as 19 and 2B as 18. The month is 01 to 12, or 20, 30 to 42 and 50 to
99 where it is not known; the sex 1 or 2, or 3, 4, 7, 8 in a number that was given for a time.
Source: INSEE, "Numéro de sécurité sociale"; CNIL, developer guide (doctrine row 20).
"""

from __future__ import annotations

import re
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers.match import Match

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["key_of", "search"]

# Between two characters: three separators at most, or the end of a line (a column break).
_SEPARATOR: Final = r"(?:[ \t./|-]{0,3}(?:\r?\n[ \t]{0,60})?)"
_SHAPE: Final = _SEPARATOR.join(
    (
        r"[1-478](?<![0-9].)(?=[0-9ABab \t\r\n./|-]{12})",
        *(r"[0-9]",) * 2,
        rf"(?:0{_SEPARATOR}[1-9]|1{_SEPARATOR}[0-2]|[2356789]{_SEPARATOR}[0-9]|4{_SEPARATOR}[0-2])",
        rf"(?:[013-9]{_SEPARATOR}[0-9]|2{_SEPARATOR}[0-9ABab])",
        *(r"[0-9]",) * 6,
    )
)
_NUMBER: Final = re.compile(rf"({_SHAPE})(?![A-Za-z])")
_KEY: Final = re.compile(
    rf"({_SEPARATOR}(?:\(?[ \t]*(?:cl[eé]|key)[ \t]*:?[ \t]*|\()?)([0-9]){_SEPARATOR}([0-9])"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_CELL_BEFORE: Final = re.compile(r"(?:^|[\t|;,\"]|[ ]{2})[ ]*$")
_ENDS: Final = re.compile(r"[ ]*(?:\.[A-Za-z]{2,4})?[ ]*")
_CELL_AFTER: Final = re.compile(r"[ ]*(?:$|[\t|;,\"]|[ ]{2})")
_MONTH_OF: Final = re.compile(
    r"(?<![0-9])[0-3]?[0-9][/. -]([01]?[0-9])[/. -]((?:19|20)[0-9]{2})(?![0-9])"
)
_LINE_END: Final = re.compile(r"[ \t]*\r?\n[ \t]*")
_BETWEEN: Final = re.compile(r"[ \t\r\n./|-]+")
_MONTHS: Final = frozenset((*range(1, 13), 20, *range(30, 43), *range(50, 100)))
_CLASSICAL: Final = frozenset((1, 3, 5, 7, 10))

# Words before a number that tell what it is, folded, their points taken away.
_OURS: Final = frozenset(
    ("nir", "nia", "ins", "insc", "insi", "ss", "nss", "secu", "oid", "vitale")
)
_OURS_BEGIN: Final = (
    *("securite", "social", "matricule", "assure", "immatric", "ouvrant", "beneficiaire"),
    *("mssante", "12250121314"),  # the object identifiers of INS: 1.2.250.1.213.1.4.x
)
_OTHERS: Final = frozenset(("ref", "lot", "cip", "cip13", "udi", "ipp", "rib", "tel", "ticket"))
_OTHERS_BEGIN: Final = (
    *("factur", "invoice", "dossier", "refer", "commande", "ean", "gtin", "code", "echantillon"),
    *("prelev", "demande", "sejour", "accession", "serie", "siret", "siren", "iban", "compte"),
    *("devis", "bordereau", "teleph", "portable", "fax"),
)
_SAYS_AFTER: Final = re.compile(
    r"[ \t]*[(^&|;,\"' \t/-]*(?:\w{0,20}[-^&])*(?:INS|NIR|1\.2\.250\.1\.213\.1\.4)\b|@patient\.",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(r"(?:\b|_)(?:NIR|INS|SS|N)$", re.IGNORECASE)
_BEFORE: Final = 100
_GOES_ON: Final = re.compile(r"[ ./-]?[0-9]")
_FLOAT: Final = re.compile(r"\.0(?![0-9])")  # what a spreadsheet made of fifteen digits
_MEDICINES: Final = "3400"  # CIP 13, the French codes of medicines, stand beside patients' numbers


class _Shape(Enum):
    SOLID = 1
    """No separators at all."""
    CLASSICAL = 2
    """1 23 45 67 890 123: most of its separators, and none elsewhere."""
    PARTLY = 3
    """Separators where the classical writing has them, but few."""
    COMB = 4
    """A separator after every character."""
    ODD = 5


_ROW: Final = " |\t"
_LOOSE: Final = frozenset((_Shape.COMB, _Shape.ODD))


def key_of(number: str) -> int:
    """Return the key that thirteen characters should have."""
    plain = number.replace("2A", "19").replace("2B", "18") if number[6] in "AB" else number
    return 97 - int(plain) % 97


def search(text: str, *, labelled: bool = False) -> Iterator[Match]:
    """Yield the numbers in a text of ASCII digits and separators (`plain`).

    A number whose key is wrong is one where a word says so or where it is cut up as people write
    it; one without a key must not look like another number (EAN, invoice) either.

    Args:
        labelled: whether the heading says that these are such numbers.
    """
    at = 0
    while seen := _NUMBER.search(text, at):
        match = _judged(text, seen, labelled)
        if match is None:
            at = seen.start() + 1
        else:
            yield match
            at = match.end


def _judged(text: str, seen: re.Match[str], labelled: bool) -> Match | None:
    written = seen[1]
    start, end = seen.span()
    lines = written.count("\n")
    shape = _shape(written, lines)
    follows = start > 1 and text[start - 1] in _ROW and text[start - 2].isdigit()
    number = "".join(_BETWEEN.split(written)).upper()
    # Before anything else: tables of numbers come here often.
    if lines > 1 or (follows and shape in _LOOSE) or not _plausible(number):
        return None
    key, end = _key(text, number, end, lines)
    if text[end : end + 1].isdigit():
        return None  # fourteen digits, or sixteen and more
    joined = _joined(text, start, end, key, shape)
    glued = text[start - 1 : start].isalpha()
    if ((shape is _Shape.ODD or joined) and (not key or lines)) or (
        glued and not _GLUED.search(text, max(0, start - 4), start)
    ):
        return None
    said = "ours" if labelled else _said(text, start, end)
    row = follows or (text[end : end + 1] in _ROW and text[end + 1 : end + 2].isdigit())
    stands = key is not None or shape is not _Shape.SOLID or _stands(text, number, start, end)
    if _accepted(
        number, shape, key, said=said, joined=joined or row, broken=lines > 0, stands=stands
    ):
        return Match(IdentifierKind.NIR, number, start, end, key)
    return None


def _plausible(number: str) -> bool:
    place, commune, order = number[5:7], number[7:10], number[10:]
    return (
        int(number[3:5]) in _MONTHS
        and place != "00"
        and "000" not in {commune, order}
        and (place != "97" or commune[0] in "12345678")
    )


def _shape(written: str, lines: int) -> _Shape:
    """Return how the thirteen characters are cut up, the end of a line aside."""
    if len(written) == 13:
        return _Shape.SOLID
    pieces = _BETWEEN.split(_LINE_END.sub("", written) if lines else written)
    if len(pieces) == 13:
        return _Shape.COMB
    if lines and len(pieces) == 5 and _shape(_LINE_END.sub(" ", written), 0) is _Shape.CLASSICAL:
        return _Shape.CLASSICAL
    cuts = set(accumulate(map(len, pieces[:-1])))
    if not cuts <= _CLASSICAL:
        return _Shape.ODD
    if len(cuts) >= 4:
        return _Shape.CLASSICAL
    return _Shape.PARTLY if cuts else _Shape.SOLID


def _key(text: str, number: str, end: int, lines: int) -> tuple[bool | None, int]:
    """Return whether the key that follows is right, None if none does, and where it ends."""
    seen = _KEY.match(text, end)
    if seen is None or lines + seen[1].count("\n") > 1:
        return None, end
    right = key_of(number) == int(seen[2] + seen[3])
    # What follows on the next line, or goes on, is another number: a date of birth, a telephone.
    if not right and ("\n" in seen[1] or _GOES_ON.match(text, seen.end())):
        return None, end
    return right, seen.end()


def _joined(text: str, start: int, end: int, key: bool | None, shape: _Shape) -> bool:
    """Return whether this is a part of a longer number: a decimal, an OID, a row of boxes."""
    tight = "./-" if key else ".,/-"
    if shape in _LOOSE:
        tight += _ROW
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (len(before) == 2 and before[0].isdigit() and before[1] in tight) or (
        len(after) == 2 and after[1].isdigit() and after[0] in tight and not _FLOAT.match(text, end)
    )


def _said(text: str, start: int, end: int) -> str:
    """Return `ours` where a word says that it is such a number, `others` where it is another."""
    if _SAYS_AFTER.match(text, end):
        return "ours"
    before = "\n".join(text[max(0, start - _BEFORE) : start].split("\n")[-2:])
    for word in reversed(fold(before.replace(".", "")).split()):
        if word in _OURS or word.startswith(_OURS_BEGIN):
            return "ours"
        if word in _OTHERS or word.startswith(_OTHERS_BEGIN):
            return "others"
    return ""


def _accepted(
    number: str,
    shape: _Shape,
    key: bool | None,
    *,
    said: str,
    joined: bool,
    broken: bool,
    stands: bool,
) -> bool:
    usual = number[0] in "12" and int(number[3:5]) <= 12
    classical = shape is _Shape.CLASSICAL
    if said == "ours":
        if key is None and number.startswith(_MEDICINES):
            return False
        return classical or bool(key) or not broken
    if shape is _Shape.ODD or (broken and not classical):
        return False
    if key:
        return usual or classical
    if joined or said == "others" or broken or not usual:
        return False
    return classical or (key is None and shape is _Shape.SOLID and stands and not _is_ean(number))


def _stands(text: str, number: str, start: int, end: int) -> bool:
    """Return whether digits in a row fill a line or a cell, or stand beside their own birth month.

    Two in a hundred runs of thirteen digits could be a number: in a sentence, without a key and
    without a word that says so, they are not taken for one.
    """
    field = len(text) <= _BEFORE and "\n" not in text  # or the name of a file
    if field and (not text[:start].strip() or _ENDS.fullmatch(text, end)):
        return True
    low, high = max(0, start - _BEFORE), end + _BEFORE
    before = text[low:start].rpartition("\n")[2]
    after = text[end:high].partition("\n")[0]
    if _CELL_BEFORE.search(before) and _CELL_AFTER.match(after):
        return True
    return any(
        int(day[1]) == int(number[3:5]) and day[2][-2:] == number[1:3]
        for day in _MONTH_OF.finditer(before + " " + after)
    )


def _is_ean(number: str) -> bool:
    """Return whether thirteen digits have the check digit of an article (EAN-13, GTIN)."""
    if not number.isdigit():
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(number)) % 10 == 0
