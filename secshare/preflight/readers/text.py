"""Reading plain text, in the encodings that French computers write."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Part, Unread, Why

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["decoded", "lines", "read"]

_SAMPLE: Final = 4096
# Of the bytes of a text in UTF-16 and in Latin letters, half are zero, on one side.
_WIDE_SHARE: Final = 0.3
# No text has these; a form feed, an escape and the end mark of old programs stand in many.
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f]")
_CONTROL_SHARE: Final = 0.01
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PGP: Final = "-----BEGIN PGP MESSAGE-----"


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add a text as one part, whose lines are those of the file.

    The place says no line: whoever finds something in it counts the line ends before it.
    """
    text = decoded(data)
    if text is None:
        content.unread.append(Unread(Why.UNKNOWN, place))
        return
    budget.spend_characters(len(text))
    if _PGP in text:
        content.unread.append(Unread(Why.ENCRYPTED, place))
    content.parts.append(Part(place, lines(text)))


def lines(text: str) -> str:
    r"""Return the text with every line end as `\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(data: bytes) -> str | None:
    """Return the text that some bytes are, or None where they are none.

    By its mark; else UTF-16 where every other byte is zero; else UTF-8; else Windows-1252, which
    any bytes are. One damaged character does not make UTF-8 another encoding: `Hélène` would read
    `HÃ©lÃ¨ne`, and nobody would find her. Nothing is raised.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(encoding, "replace"))
    if wide := _wide(data[:_SAMPLE]):
        return _checked(data.decode(wide, "replace"))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    repaired = data.decode("utf-8", "replace")
    damaged = repaired.count("\N{REPLACEMENT CHARACTER}")
    wider = len(data) - len(data.decode("ascii", "ignore")) - damaged
    if damaged * 10 < wider:
        return _checked(repaired)
    return _checked(data.decode("cp1252", "replace"))


def _wide(sample: bytes) -> str | None:
    """Return the form of UTF-16 that zero bytes give away."""
    pairs = len(sample) // 2
    if pairs < 2:
        return None
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    if low > pairs * _WIDE_SHARE and high < low // 8:
        return "utf-16-le"
    if high > pairs * _WIDE_SHARE and low < high // 8:
        return "utf-16-be"
    return None


def _checked(text: str) -> str | None:
    """Return the text, or None where it is full of what no text has."""
    sample = text[:_SAMPLE]
    controls = len(_CONTROLS.findall(sample))
    if controls > max(1, len(sample) * _CONTROL_SHARE):
        return None
    return text
