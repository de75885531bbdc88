"""How the reading process and its parent speak: what goes out, and what is believed of an answer.

A question is a length, a header of JSON and the document's bytes. An answer is two lengths, a
header of JSON and the texts. Never pickle: a process that has read a hostile document is not
believed. What it sends is data of known types within known bounds, or it is refused whole.
"""

from __future__ import annotations

import json
import struct
from typing import BinaryIO, Final

from secshare import profiles
from secshare.model import Place
from secshare.preflight.believing import WORDS, Garbled, believed
from secshare.preflight.content import Unread, Why
from secshare.preflight.facts import Facts

__all__ = ["Garbled", "answer", "ask", "asked", "told"]

_QUESTION: Final = struct.Struct(">LQ")  # bytes of the header, of the document
_ANSWER: Final = struct.Struct(">LL")  # bytes of the header, of the texts
_PLACE: Final = ("member", "page", "line", "sheet", "cell", "field", "hidden")


def ask(pipe: BinaryIO, name: str, region: str, seconds: float, size: int) -> None:
    """Write the head of a question; `size` bytes of the document are to follow.

    Args:
        seconds: when the process should end itself, if nobody did.

    Raises:
        OSError: nobody reads it any more.
    """
    header = json.dumps(
        [name, region, seconds]
    ).encode()  # a name may hold what is no text: escaped
    pipe.write(_QUESTION.pack(len(header), size) + header)


def asked(pipe: BinaryIO) -> tuple[str, str, float, bytes] | None:
    """Read a question: the document's name, region, seconds, bytes; None once there are no more."""
    head = pipe.read(_QUESTION.size)
    if len(head) < _QUESTION.size:
        return None
    length, size = _QUESTION.unpack(head)
    name, region, seconds = json.loads(pipe.read(length))
    data = pipe.read(size)
    return (name, region, seconds, data) if len(data) == size else None


def answer(pipe: BinaryIO, facts: Facts, *, last: bool = False) -> None:
    """Write what is known of a document. What goes beyond a limit is left out, and said to be.

    Args:
        last: whether this process should not be asked again.
    """
    header, texts = _encoded(facts, last=last)
    pipe.write(_ANSWER.pack(len(header), len(texts)) + header)
    pipe.write(texts)
    pipe.flush()


def told(pipe: BinaryIO, name: str) -> tuple[Facts, bool]:
    """Read an answer: the facts, without digest, and whether it was the process's last.

    Every place is in the document called `name`, whatever the answer says.

    Raises:
        Garbled: anything but an answer.
        OSError: the pipe failed.
    """
    head = pipe.read(_ANSWER.size)
    if len(head) < _ANSWER.size:
        raise Garbled
    header_size, texts_size = _ANSWER.unpack(head)
    if header_size > profiles.PREFLIGHT_ANSWER or texts_size > 4 * profiles.PREFLIGHT_TEXT:
        raise Garbled
    try:
        header, texts = pipe.read(header_size), pipe.read(texts_size)
        if len(header) < header_size or len(texts) < texts_size:
            raise Garbled
        return believed(header.decode(), texts.decode(), name)
    except (ValueError, TypeError, LookupError, RecursionError, MemoryError) as error:
        raise Garbled from error


def _encoded(facts: Facts, *, last: bool) -> tuple[bytes, bytes]:
    places: dict[Place, int] = {}

    def at(place: Place | None) -> int | None:
        return None if place is None else places.setdefault(place, len(places))

    found = facts.found[: profiles.PREFLIGHT_FOUND]
    people = facts.people[: profiles.PREFLIGHT_PEOPLE]
    said = facts.texts[: profiles.PREFLIGHT_TEXTS]
    exports = facts.exports[: profiles.PREFLIGHT_MEMBERS]
    unread = list(facts.unread[: profiles.PREFLIGHT_UNREAD])
    if len(found) + len(people) + len(said) < sum(
        map(len, (facts.found, facts.people, facts.texts))
    ):
        unread.append(Unread(Why.TOO_LARGE, Place(facts.file)))
    header = {
        "last": last,
        "texts": [[at(place), len(text)] for place, text in said],
        "cut": facts.cut,
        "found": [[one.kind, one.value, at(one.place), one.role, one.key] for one in found],
        "people": [
            [one.role, _spellings(one.names), one.birth_date and one.birth_date.isoformat(),
             one.number, at(one.place), one.certain]
            for one in people
        ],
        "structured": facts.structured,
        "unread": [[one.why, at(one.place)] for one in unread],
        "exports": [
            [at(one.place), one.verdict, one.rows, one.people, _clipped(one.direct),
             _clipped(one.linking), _clipped(one.describing), _clipped(one.sensitive), one.unique,
             [[group.size, group.count] for group in one.groups[:WORDS]], _clipped(one.inferred),
             _clipped(one.sharpest), one.sharpest_unique, one.linked,
             None if one.counted is None else one.counted[:WORDS]]
            for one in exports
        ],
        "kind": [facts.kind, facts.kind_sure],
        "places": [_flat(place) for place in places],
    }  # fmt: skip
    texts = "".join(text for _, text in said).encode("utf-8", "replace")
    # A surrogate that a reader let through becomes "?", as in the texts: one character either way.
    written = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    return written.encode("utf-8", "replace"), texts


def _flat(place: Place) -> list[object]:
    values = (getattr(place, name) for name in _PLACE)
    return [value[:WORDS] if isinstance(value, str) else value for value in values]


def _spellings(names: tuple[str, ...]) -> list[str]:
    return [name[: profiles.PREFLIGHT_NAME] for name in names[: profiles.PREFLIGHT_SPELLINGS]]


def _clipped(words: tuple[str, ...]) -> list[str]:
    return [one[:WORDS] for one in words[:WORDS]]
