"""People in the fields of a form: `Nom : ...`, `Patient : ...`, values below their labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Role
from secshare.preflight.grouping import REACH, Field, joined, spellings
from secshare.preflight.identifiers.plain import lower
from secshare.preflight.labels import LABEL, TITLED, Slot, labels, role_in, role_of_word, slot_of
from secshare.preflight.naming import Name, alone, is_upper, read

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Seen", "labelled"]

_LINE: Final = 400  # characters of a line that are looked at: a longer one is no form
_OF: Final = re.compile(r"[ \u00a0](?:de |d['’])", re.IGNORECASE)
_TWICE: Final = re.compile(r"[^:;|\t\n]{1,40} ?/ ?")  # before a label's second language
_NAMES: Final = {Slot.FAMILY, Slot.BIRTH_FAMILY, Slot.USED_FAMILY, Slot.GIVEN}
_OTHER_NAMES: Final = {Slot.BIRTH_FAMILY, Slot.USED_FAMILY}
_DOCTOR: Final = re.compile(r"[ \t]*(?:Dr|Docteur|Pr|Professeur)s?\b", re.IGNORECASE)
_CELLS: Final = re.compile(r"\t|\||;| {2,}|\u00a0{2,}")


@dataclass
class Seen:
    """Somebody in a part, before the date and the number beside them are known to be theirs."""

    role: Role
    spellings: tuple[str, ...]
    start: int
    end: int
    strong: bool
    """A form's field or a birth date says so; otherwise the words of a sentence do."""
    born: date | None = None
    number: str | None = field(default=None, repr=False)
    partial: bool = False
    """Only a family name of theirs, at birth or in use: of whoever is named beside it."""
    addressed: bool = False
    """A letter is addressed to them: their address and a salutation follow."""


def labelled(text: str) -> list[Seen]:
    """Return whom the fields of a text name. One word is somebody only beside another field."""
    groups: list[list[Field]] = []
    for one in _fields(text):
        last = groups[-1] if groups else None
        if last is None or not _same(last, one, text):
            groups.append([one])
        else:
            last.append(one)
    out = []
    for group in joined(groups, text):
        names = spellings(group)
        role = next((one.role for one in group if one.role), None)
        role = role or _section(text, group[0].start) or Role.PATIENT
        bare = len(group) == 1 and group[0].slot is Slot.WHO and len(group[0].name.words) == 1
        if names and not (bare and role is Role.CHILD):
            seen = Seen(role, names, group[0].start, group[-1].end, True)
            seen.partial = {one.slot for one in group} <= _OTHER_NAMES
            out.append(seen)
    return out


def _fields(text: str) -> list[Field]:
    out: list[Field] = []
    pending: list[tuple[Slot, Role | None]] = []  # a row of labels, whose values are below
    pending_end = -1
    found = list(labels(lower(text)))
    for at, label in enumerate(found):
        if out and label.start() < out[-1].end:
            continue
        slot, role = slot_of(label["label"]), role_in(label["label"])
        if slot in {Slot.USED_FAMILY, Slot.BIRTH_FAMILY}:
            role = None  # `nom d'époux`, `nom de jeune fille` are the patient's, and nobody else's
        if role is Role.CHILD and _OF.match(text, label.end("label")):
            role = Role.PARENT  # `fils de Paul EXEMPLE`
        if pending and text[pending_end : label.start()].strip(" \t|;\u00a0"):
            pending = []
        chained = bool(out) and not text[out[-1].end : label.start()].strip(" \t\u00a0")
        named = _value(text, label, slot, cell=chained or _opens(text, label.start()))
        if named is not None:
            if slot is Slot.WHOLE and len(named[0].words) == 1:
                slot = Slot.FAMILY  # `Nom du patient : EXEMPLE`, and `Prénom :` below
            out.append(Field(slot, role, named[0], named[1], named[0].end))
            pending = []
            continue
        if slot in {Slot.WHO, Slot.SUBJECT}:
            continue
        if not pending and not _opens(text, label.start()):
            continue
        pending.append((slot, role))
        pending_end = label.end()
        if (len(pending) > 1 or slot is Slot.WHOLE) and not _goes_on(text, label, found[at + 1 :]):
            out += _below(text, label.end(), pending)
    return out


def _goes_on(text: str, label: re.Match[str], after: list[re.Match[str]]) -> bool:
    """Return whether one more label of a name stands beside it, in a row of labels."""
    return bool(after) and (
        slot_of(after[0]["label"]) in _NAMES
        and not text[label.end("label") : after[0].start()].strip(" \t|;\u00a0")
    )


def _value(  # noqa: PLR0911 - a return for each layout
    text: str, label: re.Match[str], slot: Slot, *, cell: bool
) -> tuple[Name, int] | None:
    """Return the name that a label is followed by, and where the field begins."""
    sign, end = label["sign"], label.end()
    if slot is Slot.SUBJECT:
        return _in_sentence(text, label) if sign == ":" else None
    if sign in {":", "="} or _is_leader(sign) or (sign in {"\t", "|", ";"} and cell):
        after = re.compile(r"[ \t\u00a0|]*").match(text, end)
        at = after.end() if after else end
        if at < len(text) and text[at] != "\n":
            name = read(text, at, loose=slot is not Slot.WHO or text[at].isupper())
            return None if name is None or not _fits(name, slot) else (name, label.start())
        return _next_line(text, at, slot, label.start())
    if not cell:
        return None
    if sign == "" and label.end() < len(text) and text[end : end + 1] not in {" ", "\u00a0"}:
        return _next_line(text, end, slot, label.start())
    if sign is None or sign == "":
        at = (
            end + len(text[end : end + _LINE]) - len(text[end : end + _LINE].lstrip(" \u00a0"))
            if end < len(text)
            else end
        )
        if at >= len(text) or text[at] == "\n":
            return _next_line(text, at, slot, label.start())
        name = read(text, at)
        if name is None or not _fits(name, slot) or (slot is Slot.WHO and len(name.words) < 2):
            return None
        return name, label.start()
    return None


def _is_leader(sign: str | None) -> bool:
    """Return whether dots lead from a label to its value: `Prénom ...... Camille`."""
    return sign is not None and (sign.startswith("...") or sign == "\u2026")


def _next_line(text: str, at: int, slot: Slot, start: int) -> tuple[Name, int] | None:
    """Return a name that is all of the line below, or of the two lines below.

    `Radiologues` below their names says what they are, and not who stands below it.
    """
    above = text[max(0, start - 2 * _LINE) : start].rstrip().rpartition("\n")[2]
    if (
        slot is Slot.WHO
        and _DOCTOR.match(above)
        and role_of_word(text[start:at]) is (Role.PROFESSIONAL)
    ):
        return None
    newline = text.find("\n", at, at + _LINE)
    if newline < 0 or text[at:newline].strip():
        return None
    begin = newline + 1
    line = text[begin : _line_end(text, begin)]
    name = alone(line)
    if name is None or not _fits(name, slot):
        return None
    words, end = name.words, begin + name.end
    if slot in {Slot.WHO, Slot.WHOLE} and len(words) == 1:
        below = begin + len(line) + 1
        second = alone(text[below : _line_end(text, below)]) if below < len(text) else None
        if second is None:
            return None
        words, end = words + second.words, below + second.end
    return Name(words, name.also, begin, end), start


def _in_sentence(text: str, label: re.Match[str]) -> tuple[Name, int] | None:
    line_end = _line_end(text, label.end())
    title = TITLED.search(text, label.end(), line_end)
    if title is not None:
        if title["title"].rstrip(".").lower() in {"dr", "docteur", "pr", "professeur", "prof"}:
            return None
        name = read(text, title.end())
        return None if name is None else (name, title.start())
    at = (
        label.end() + len(text[label.end() : line_end]) - len(text[label.end() : line_end].lstrip())
    )
    name = read(text, at)
    if (
        name is None
        or len(name.words) < 2
        or label["label"].lower() not in {"concerne", "re", "concernant"}
    ):
        return None
    return name, at


def _below(text: str, end: int, labels: list[tuple[Slot, Role | None]]) -> list[Field]:
    """Return the fields of the row of values below a row of labels."""
    newline = text.find("\n", end, end + _LINE)
    if newline < 0:
        return []
    begin = newline + 1
    line = text[begin : _line_end(text, begin)]
    out: list[Field] = []
    cells = [cell for cell in _CELLS.split(line) if cell.strip()]
    names = next((at for at, cell in enumerate(cells) if alone(cell) is None), len(cells))
    if 1 < names == len(labels) - 1:  # nobody has a name in use who is called as at birth
        labels = [one for one in labels if one[0] is not Slot.USED_FAMILY]
    if len(cells) >= len(labels) > 1:
        position = 0
        for (slot, role), cell in zip(labels, cells, strict=False):
            position = line.find(cell, position)
            name = alone(cell)
            if name is None:
                return []
            at = begin + position
            out.append(Field(slot, role, name, at + name.start, at + name.end))
        return out
    name = read(text, begin + len(line) - len(line.lstrip()))
    if name is None or len(name.words) < 2:
        return []
    return [Field(Slot.WHOLE, labels[0][1], name, name.start, name.end)]


def _line_end(text: str, at: int) -> int:
    """Return where the line ends, or as much of it as is looked at."""
    end = text.find("\n", at, at + _LINE)
    return min(len(text), at + _LINE) if end < 0 else end


def _opens(text: str, at: int) -> bool:
    """Return whether a label begins its line or its cell."""
    begin = max(0, at - _LINE)
    before = (
        text[text.rfind("\n", begin, at) + 1 : at] if "\n" in text[begin:at] else text[begin:at]
    )
    if not before.strip() or _TWICE.fullmatch(before.strip() + " "):
        return True
    return re.search(r"(?:\t|\||;| {2}|\u00a0{2})[ \u00a0]*$", before[-20:]) is not None


def _fits(name: Name, slot: Slot) -> bool:
    if slot is Slot.WHO:
        return any(word[0].isupper() for word in name.words) and (
            len(name.words) > 1 or name.words[0].isupper()
        )
    return True


def _same(group: list[Field], new: Field, text: str) -> bool:
    """Return whether a field is one more of the same person's."""
    slots = {one.slot for one in group}
    if new.slot is group[-1].slot is Slot.GIVEN and "\n" not in text[new.start : new.end]:
        between = text[group[-1].end : new.name.start].strip()
        if LABEL.fullmatch(lower(between)):
            return True  # one given name a line
    if new.start - group[-1].end > REACH or new.slot in {Slot.WHO, Slot.WHOLE, Slot.SUBJECT}:
        return False
    if new.slot in slots or (new.role and any(one.role not in {None, new.role} for one in group)):
        return False
    if slots & {Slot.WHOLE, Slot.WHO, Slot.SUBJECT}:
        whole = next(one for one in group if one.slot in {Slot.WHOLE, Slot.WHO, Slot.SUBJECT})
        if new.slot is Slot.GIVEN:  # `Nom du patient : MOREL`, and the given name below
            return all(map(is_upper, whole.name.words))
        return new.slot in _OTHER_NAMES and whole.role is not Role.PROFESSIONAL
    section = _section(text, new.start)
    return section is None or section is _section(text, group[0].start)


def _section(text: str, start: int) -> Role | None:
    """Return the role that a heading above gives: a line that begins with one, and has no value."""
    lines = text[max(0, start - REACH) : start].split("\n")[:-1]
    for line in reversed(lines[-5:]):
        heading = re.sub(r"^\s*(?:l['’]|le |la )", "", line.strip(), flags=re.IGNORECASE)
        role = role_of_word(heading)
        if role is None:
            continue
        label = LABEL.match(lower(heading))
        rest = "" if label is None else heading[label.end() :].strip(" :.-")
        return role if not rest or rest.startswith(("(", ")")) else None
    return None
