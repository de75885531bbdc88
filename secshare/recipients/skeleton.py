"""What two addresses have in common for somebody who only glances at them.

Where one letter looks like two others (m and rn), the skeleton keeps the two: replacing one by the
other, anywhere and any number of times, then always gives the same skeleton. Replacing the two by
the one would not: `vvv` is `vw` as well as `wv`.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from typing import Final

__all__ = ["core_and_ending", "latin", "lowered", "pretends", "rotations", "skeleton", "undigited"]

# What NFKD leaves, each letter before the Latin one it looks like. Source: Unicode Technical
# Standard 39 (confusables.txt), the pairs that lower-case letters of French and English take part
# in, and the small letters of other scripts that are drawn as Latin capitals.
_CYRILLIC: Final = "аaвbеeзeкkмmнhоoрpсcтtуyхxіiјjѕsһhӏlԁdԛqԝwѵvьbпnүyғfгrєeѳoԍgґrѡw"
_GREEK: Final = "αaβbγyεeηnιiκkμuνvοoρpτtυuχxωwϲcϳjςcσoϱp"
_ARMENIAN: Final = "օoսuհhոnցgզq"
_LATIN: Final = "ıiɑaɡgɩiʋvøođdħhłlŋnƅbɗdƒfǀlꞁlɪiʟlɴnʀrʏyĸkðd"

_PAIRS: Final = _CYRILLIC + _GREEK + _ARMENIAN + _LATIN
_LOOK: Final = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))
_LIGATURES: Final = str.maketrans({"æ": "ae", "œ": "oe", "þ": "p", "ß": "ss"})

# i too: the capital I of `cIaire` is one by the time case is folded.
_STROKES: Final = str.maketrans("01i|_-", "olll..")

# Endings of two labels under which names are given out.
_DOUBLE: Final = re.compile(r"\.(?:co|com|org|net|ac|gov|asso|gouv|nom|tm)\.[^.]{2}$")
_TRAILING: Final = re.compile(r"[0-9]+$")

_PARTS_LEAST: Final = 4
"""Letters of a name at least for its last digits, or the order of its parts, not to count."""


def lowered(email: str) -> str:
    """Return an address as mail systems compare it: no case, an IDNA host in its own letters."""
    local, _, host = unicodedata.normalize("NFC", email).casefold().rpartition("@")
    if "xn--" in host:
        host = ".".join(_decoded(label) for label in host.split("."))
    return f"{local}@{host.rstrip('.')}"


def skeleton(text: str) -> str:
    """Return what a glance keeps of letters in lower case; of dots, dashes and underscores, dots.

    Letters that stand beside each other stay so: a text of several lines may be given.
    """
    text = latin(text).translate(_STROKES)
    return text.replace("m", "rn").replace("w", "vv").replace("d", "cl")


def latin(text: str) -> str:
    """Return lower-case letters as the Latin ones they look like, without accents."""
    if text.isascii():
        return text
    for _ in range(2):  # some letters decompose only once their case is folded
        text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(c for c in text if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return text.translate(_LIGATURES).translate(_LOOK)


def pretends(host: str) -> bool:
    """Return whether a host has a label of two scripts, or one in letters that pass for Latin.

    A label wholly in another script is nobody's mask, unless a Latin reader can read all of it and
    the ending is Latin.
    """
    if host.isascii():
        return False
    labels = host.split(".")
    for label in labels:
        scripts = {_script(letter) for letter in label if letter.isalpha()}
        if len(scripts) > 1 and "LATIN" in scripts:
            return True
        if scripts and "LATIN" not in scripts and latin(label).isascii() and labels[-1].isascii():
            return True
    return False


def core_and_ending(host: str) -> tuple[str, str]:
    """Return a host's name and its ending: `orange` and `.fr`, `yahoo` and `.co.uk`."""
    double = _DOUBLE.search(host)
    start = double.start() if double and double.start() else host.rfind(".")
    return (host[:start], host[start:]) if start > 0 else (host, "")


def undigited(local: str) -> str | None:
    """Return a name without the digits that a provider had added; None where there are none."""
    shorter = _TRAILING.sub("", local).rstrip("._-")
    return shorter if shorter != local and len(shorter) >= _PARTS_LEAST else None


def rotations(text: str) -> set[str]:
    """Return a name with its end put first, at every place: `morelluc` for `lucmorel`."""
    if len(text) < _PARTS_LEAST:
        return set()
    return {text[cut:] + text[:cut] for cut in range(1, len(text))} - {text}


def _decoded(label: str) -> str:
    with suppress(UnicodeError):
        return label.encode("ascii").decode("idna")
    return label


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0].removesuffix("-")
