"""Names as people type them, and the short ids made from them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import RecipientDataInvalid
from secshare.model.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["check_id", "fold", "make_id", "one_line", "reads_as_nir"]

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# `practice` is the practice's own file in keys/; the others are devices of Windows.
_RESERVED: Final = frozenset(
    (
        *("practice", "con", "prn", "aux", "nul"),
        *(f"{device}{number}" for device in ("com", "lpt") for number in range(10)),
    )
)

# Sex (1, 2, and the temporary 3, 4, 7, 8), year, month (01-12, and 20-99 where it is not known),
# department (2A and 2B too), commune and order, and the key where it is there. A wrong key
# changes nothing: the thirteen characters are the number.
_NIR: Final = re.compile(r"[1-478]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[ab])\d{6}", re.ASCII)


def make_id(name: str, kind: str, taken: Callable[[str], bool]) -> str:
    """Return a new id: the name in ASCII letters, digits and `-`, then `-2`, `-3` if taken.

    A name without a single ASCII letter gives the kind instead (`patient-2`). The name is one
    that `one_line` accepted, so that the id cannot read as a social-security number either.
    """
    ascii_words = re.findall(r"[a-z0-9]+", fold(name).encode("ascii", "ignore").decode())
    stem = "-".join(ascii_words)[: profiles.ID_CHARACTERS - 6].strip("-") or kind
    number, made = 1, stem
    while made in _RESERVED or taken(made):
        number += 1
        made = f"{stem}-{number}"
    return made


def check_id(text: str, field: str = "id") -> str:
    """Return an id that a person chose, in lower case.

    Raises:
        RecipientDataInvalid: other characters than letters without accents, digits and `-`, too
            long, reserved, or a social-security number, however it is cut up.
    """
    chosen = text.strip().lower()
    if reads_as_nir(chosen):
        raise RecipientDataInvalid("recipients.id_nir", field=field)
    if not _ID.fullmatch(chosen) or len(chosen) > profiles.ID_CHARACTERS or chosen in _RESERVED:
        raise RecipientDataInvalid("recipients.id", field=field, most=profiles.ID_CHARACTERS)
    return chosen


def one_line(field: str, text: str, most: int = profiles.NAME_CHARACTERS) -> str:
    """Return free text without spaces around it, in composed letters (NFC).

    Raises:
        RecipientDataInvalid: empty, too long, on several lines, with hidden characters, no letter
            in it, or with a social-security number in it: that number is never stored.
    """
    value = unicodedata.normalize("NFC", re.sub(r"[ \u00a0\u202f\t]+", " ", text.strip()))
    if not value or len(value) > most:
        raise RecipientDataInvalid("recipients.text_length", field=field, most=most)
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for c in value):
        raise RecipientDataInvalid("recipients.text_hidden", field=field)
    if not value[0].isalnum() or not any(c.isalpha() for c in value) or not fold(value):
        raise RecipientDataInvalid("recipients.text_letters", field=field)
    if reads_as_nir(value):
        raise RecipientDataInvalid("recipients.text_nir", field=field)
    return value


def reads_as_nir(text: str) -> bool:
    """Return whether a French social-security number stands in `text`, whatever separates it."""
    compact = unicodedata.normalize("NFKC", text).lower()
    # Any script's digits, as the plain ones.
    digits = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c for c in compact if c.isalnum()
    )
    return _NIR.search(digits) is not None
