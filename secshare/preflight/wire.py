"""How the reading process and its parent speak: what goes out, and what is believed of an answer.

A question is a length, a header of JSON and the document's bytes. An answer is two lengths, a
header of JSON and the texts. Never pickle: a process that has read a hostile document is not
believed. What it sends is data of known types within known bounds, or it is refused whole.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from datetime import date
from typing import Any, BinaryIO, Final, TypeVar

from secshare import profiles
from secshare.model import DocumentKind, Place
from secshare.preflight.content import Role, Stated, Unread, Why
from secshare.preflight.facts import Export, Facts, Found, Group, IdentifierKind

__all__ = ["Garbled", "answer", "ask", "asked", "told"]

_QUESTION: Final = struct.Struct(">LQ")  # bytes of the header, of the document
_ANSWER: Final = struct.Struct(">LL")  # bytes of the header, of the texts
# JSON may say it, no text may hold it, and printing it would raise.
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_PLACE: Final = ("member", "page", "line", "sheet", "cell", "field", "hidden")
_WORDS: Final = 4096  # characters of a path inside an archive, of a name, of a column's header
_VALUES: Final = {
    IdentifierKind.NIR: re.compile(r"[0-9]{5}[0-9AB]{2}[0-9]{6}", re.ASCII),
    IdentifierKind.IBAN: re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{6,40}", re.ASCII),
    IdentifierKind.RIB: re.compile(r"[A-Z0-9]{23}", re.ASCII),
    IdentifierKind.EMAIL: re.compile(r"[^\s@\0-\x1f\x7f]{1,254}@[^\s@\0-\x1f\x7f]{1,254}"),
    IdentifierKind.PHONE: re.compile(r"\+?[0-9]{3,20}", re.ASCII),
    IdentifierKind.BIRTH_DATE: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII),
    IdentifierKind.RPPS: re.compile(r"[0-9]{9,11}", re.ASCII),
    IdentifierKind.FINESS: re.compile(r"[0-9AB]{9}", re.ASCII),
    IdentifierKind.SIRET: re.compile(r"[0-9]{9,14}", re.ASCII),
}
_T = TypeVar("_T")
_At = Callable[[object], Place]
_VERDICTS: Final = frozenset(("identifying", "pseudonymous", "unknown"))


class Garbled(Exception):
    """What came through the pipe is not what the other side should say."""


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
        return _decoded(header.decode(), texts.decode(), name)
    except (ValueError, TypeError, LookupError, RecursionError, MemoryError) as error:
        raise Garbled from error


def _encoded(facts: Facts, *, last: bool) -> tuple[bytes, bytes]:
    places: dict[Place, int] = {}

    def at(place: Place | None) -> int | None:
        return None if place is None else places.setdefault(place, len(places))

    found = facts.found[: profiles.PREFLIGHT_FOUND]
    people = facts.people[: profiles.PREFLIGHT_FOUND]
    exports = facts.exports[: profiles.PREFLIGHT_MEMBERS]
    unread = list(facts.unread[: profiles.PREFLIGHT_UNREAD])
    if len(found) < len(facts.found) or len(people) < len(facts.people):
        unread.append(Unread(Why.TOO_LARGE, Place(facts.file)))
    header = {
        "last": last,
        "texts": [[at(place), len(text)] for place, text in facts.texts],
        "cut": facts.cut,
        "found": [[one.kind, one.value, at(one.place), one.role, one.key] for one in found],
        "people": [
            [one.role, _clipped(one.names), one.birth_date and one.birth_date.isoformat(), one.number,
             at(one.place), one.certain]
            for one in people
        ],
        "structured": facts.structured,
        "unread": [[one.why, at(one.place)] for one in unread],
        "exports": [
            [at(one.place), one.verdict, one.rows, one.people, _clipped(one.direct), _clipped(one.linking),
             _clipped(one.describing), _clipped(one.sensitive), one.unique,
             [[group.size, group.count] for group in one.groups], _clipped(one.inferred)]
            for one in exports
        ],
        "kind": [facts.kind, facts.kind_sure],
        "places": [_flat(place) for place in places],
    }  # fmt: skip
    texts = "".join(text for _, text in facts.texts).encode("utf-8", "replace")
    # A surrogate that a reader let through becomes "?", as in the texts: one character either way.
    written = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    return written.encode("utf-8", "replace"), texts


def _flat(place: Place) -> list[object]:
    values = (getattr(place, name) for name in _PLACE)
    return [value[:_WORDS] if isinstance(value, str) else value for value in values]


def _clipped(words: tuple[str, ...]) -> list[str]:
    return [one[:_WORDS] for one in words[:_WORDS]]


def _decoded(header: str, texts: str, file: str) -> tuple[Facts, bool]:
    if _SURROGATE.search(header):
        raise Garbled
    said = _of(dict, json.loads(header, parse_constant=_no_constant, parse_float=_no_constant))
    places = [_place(file, one) for one in _of(list, said["places"])]

    def at(number: object) -> Place:
        index = _of(int, number)
        if index < 0:
            raise Garbled
        return places[index]

    kind, kind_sure = _of(list, said["kind"])
    facts = Facts(
        file,
        texts=_texts(said["texts"], texts, at),
        cut=_of(bool, said["cut"]),
        found=tuple(_found(one, at) for one in _most(said["found"], profiles.PREFLIGHT_FOUND)),
        people=tuple(_stated(one, at) for one in _most(said["people"], profiles.PREFLIGHT_FOUND)),
        structured=_of(bool, said["structured"]),
        unread=tuple(
            Unread(Why(why), at(place))
            for why, place in _most(said["unread"], profiles.PREFLIGHT_UNREAD + 1)
        ),
        exports=tuple(
            _export(one, at) for one in _most(said["exports"], profiles.PREFLIGHT_MEMBERS)
        ),
        kind=DocumentKind(kind),
        kind_sure=_of(bool, kind_sure),
    )
    return facts, _of(bool, said["last"])


def _no_constant(_: str) -> None:
    raise Garbled


def _of(kind: type[_T], value: object) -> _T:
    """Return the value if it is of exactly this type: True is no number here."""
    if type(value) is not kind:
        raise Garbled
    return value


def _most(value: object, most: int) -> list[Any]:
    found = _of(list, value)
    if len(found) > most:
        raise Garbled
    return found


def _count(value: object) -> int:
    found = _of(int, value)
    if not 0 <= found <= profiles.PREFLIGHT_BYTES:
        raise Garbled
    return found


def _words(value: object) -> str:
    found = _of(str, value)
    if len(found) > _WORDS:
        raise Garbled
    return found


def _or_none(check: Callable[[object], _T], value: object) -> _T | None:
    return None if value is None else check(value)


def _all_words(value: object) -> tuple[str, ...]:
    return tuple(_words(one) for one in _most(value, _WORDS))


def _place(file: str, value: object) -> Place:
    member, page, line, sheet, cell, field, hidden = _of(list, value)
    return Place(
        file,
        _or_none(_words, member),
        _or_none(_count, page),
        _or_none(_count, line),
        _or_none(_words, sheet),
        _or_none(_words, cell),
        _or_none(_words, field),
        _of(bool, hidden),
    )


def _texts(lengths: object, texts: str, at: _At) -> tuple[tuple[Place, str], ...]:
    if len(texts) > profiles.PREFLIGHT_TEXT:
        raise Garbled
    cut: list[tuple[Place, str]] = []
    start = 0
    for place, length in _of(list, lengths):
        end = start + _count(length)
        cut.append((at(place), texts[start:end]))
        start = end
    if start != len(texts):
        raise Garbled
    return tuple(cut)


def _found(value: object, at: _At) -> Found:
    kind_said, said, place, role, key = _of(list, value)
    kind = IdentifierKind(kind_said)
    if not _VALUES[kind].fullmatch(_of(str, said)):
        raise Garbled
    if kind is IdentifierKind.BIRTH_DATE:
        date.fromisoformat(said)
    return Found(kind, said, at(place), Role(role), _or_none(lambda one: _of(bool, one), key))


def _day(value: object) -> date:
    return date.fromisoformat(_of(str, value))


def _stated(value: object, at: _At) -> Stated:
    role, names, born, number, place, certain = _of(list, value)
    if number is not None and not _VALUES[IdentifierKind.NIR].fullmatch(_of(str, number)):
        raise Garbled
    return Stated(
        Role(role),
        _all_words(names),
        _or_none(_day, born),
        number,
        _or_none(at, place),
        _of(bool, certain),
    )


def _export(value: object, at: _At) -> Export:
    place, verdict, rows, people, direct, linking, describing, sensitive, unique, groups, known = (
        _of(list, value)
    )
    if verdict not in _VERDICTS:
        raise Garbled
    return Export(
        at(place),
        verdict,
        _count(rows),
        _or_none(_count, people),
        _all_words(direct),
        _all_words(linking),
        _all_words(describing),
        _all_words(sensitive),
        _count(unique),
        tuple(Group(_count(size), _count(count)) for size, count in _of(list, groups)),
        _all_words(known),
    )
