"""The beginning of every reading: what kind of file it is, and its header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.age import header
from secshare.age.armor import BEGIN, ArmorReader
from secshare.age.intake import Intake
from secshare.errors import ArmorDamaged, HeaderDamaged, NotAgeFile

if TYPE_CHECKING:
    from secshare.age.header import Header
    from secshare.age.intake import Readable

_LOOK: Final = 2048
_WHITE: Final = b" \t\r\n\v\f"
_UTF16: Final = tuple(
    mark + text.encode(code)
    for mark, code in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
    for text in ("age-e", "-----")
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A file whose header was read.

    Attributes:
        intake: stands at the payload, armor removed.
        outer: the file as it is, whose `taken` counts its own bytes.
    """

    intake: Intake
    outer: Intake
    header: Header
    armored: bool


def begin(source: Readable) -> Beginning:
    """Read a header, armored or not.

    Raises:
        NotAgeFile: empty, turned into UTF-16 by PowerShell, or something else altogether.
        ArmorDamaged, HeaderDamaged: the text form or the header does not follow the format.
        WorkRefused: the header is larger than the profile allows.
    """
    outer = Intake(source)
    armored = _is_armored(outer.peek(_LOOK))
    intake = Intake(ArmorReader(outer)) if armored else outer
    return Beginning(intake, outer, header.parse(intake), armored)


def _is_armored(start: bytes) -> bool:
    known = header.VERSION_LINE
    if start.startswith(known):
        return False
    if not start.strip(_WHITE) and len(start) < _LOOK:
        raise NotAgeFile("age.empty")
    if start.startswith(_UTF16):
        raise NotAgeFile("age.utf16")
    if known.startswith(start):
        raise HeaderDamaged("age.header_cut", line=1)
    first = start.lstrip(_WHITE).split(b"\n", 1)[0]
    if first.startswith(b"-----") and (b"AGE" in first.upper() or BEGIN.startswith(first)):
        return True
    if BEGIN in start:  # as when a whole e-mail was saved
        raise ArmorDamaged("age.armor_before")
    raise NotAgeFile("age.not_age")
