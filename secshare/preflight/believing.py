"""What is believed of an answer: data of known types within known bounds, or nothing at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final, TypeVar

from secshare import profiles
from secshare.model import DocumentKind, Place
from secshare.preflight.content import Role, Stated, Unread, Why
from secshare.preflight.facts import Export, Facts, Found, Group, IdentifierKind

__all__ = ["WORDS", "Garbled", "believed"]

WORDS: Final = 4096
"""Characters of a path in an archive, of a name, of a column's header; and how many of these."""

_BRACKETS: Final = 1_000_000  # three times those of the longest answer: each takes 60 bytes or more
# JSON may say it, no text may hold it, and printing it would raise.
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_VALUES: Final = {
    IdentifierKind.NIR: re.compile(r"[0-9]{5}[0-9AB]{2}[0-9]{6}", re.ASCII),
    IdentifierKind.IBAN: re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{6,40}", re.ASCII),
    IdentifierKind.RIB: re.compile(r"[A-Z0-9]{23}", re.ASCII),
    IdentifierKind.EMAIL: re.compile(r"[^\s@\0-\x1f\x7f]{1,254}@[^\s@\0-\x1f\x7f]{1,254}"),
    IdentifierKind.PHONE: re.compile(r"\+?[0-9]{3,20}", re.ASCII),
    IdentifierKind.BIRTH_DATE: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII),
    IdentifierKind.RPPS: re.compile(r"[0-9]{9,11}", re.ASCII),
    IdentifierKind.ADELI: re.compile(r"[0-9AB]{9}", re.ASCII),
    IdentifierKind.FINESS: re.compile(r"[0-9AB]{9}", re.ASCII),
    IdentifierKind.SIRET: re.compile(r"[0-9]{9,14}", re.ASCII),
}
_T = TypeVar("_T")
_At = Callable[[object], Place]
_VERDICTS: Final = frozenset(("identifying", "pseudonymous", "unknown"))


class Garbled(Exception):
    """What came through the pipe is not what the other side should say."""


def believed(header: str, texts: str, file: str) -> tuple[Facts, bool]:
    """Return the facts that an answer says of a document, and whether it is the process's last.

    Raises:
        Garbled: a value is not of its type, not within its bounds, or is no identifier of its kind.
        ValueError, TypeError, LookupError, RecursionError, MemoryError: it is nothing at all.
    """
    if _SURROGATE.search(header) or header.count("[") + header.count("{") > _BRACKETS:
        raise Garbled
    said = _of(dict, json.loads(header, parse_constant=_no_constant, parse_float=_no_constant))
    most = profiles.PREFLIGHT_TEXTS + profiles.PREFLIGHT_FOUND + profiles.PREFLIGHT_PEOPLE
    most += profiles.PREFLIGHT_UNREAD + 1 + profiles.PREFLIGHT_MEMBERS
    places = [_place(file, one) for one in _most(said["places"], most)]

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
        people=tuple(_stated(one, at) for one in _most(said["people"], profiles.PREFLIGHT_PEOPLE)),
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
    if len(found) > WORDS:
        raise Garbled
    return found


def _name(value: object) -> str:
    found = _of(str, value)
    if len(found) > profiles.PREFLIGHT_NAME:
        raise Garbled
    return found


def _or_none(check: Callable[[object], _T], value: object) -> _T | None:
    return None if value is None else check(value)


def _all_words(value: object) -> tuple[str, ...]:
    return tuple(_words(one) for one in _most(value, WORDS))


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
    for place, length in _most(lengths, profiles.PREFLIGHT_TEXTS):
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
        tuple(_name(one) for one in _most(names, profiles.PREFLIGHT_SPELLINGS)),
        _or_none(_day, born),
        number,
        _or_none(at, place),
        _of(bool, certain),
    )


def _export(value: object, at: _At) -> Export:
    place, verdict, rows, people, direct, linking, *more = _of(list, value)
    describing, sensitive, unique, groups, known, sharpest, alone, linked, counted = more
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
        tuple(Group(_count(size), _count(count)) for size, count in _most(groups, WORDS)),
        _all_words(known),
        _all_words(sharpest),
        _count(alone),
        _count(linked),
        _or_none(_words, counted),
    )
