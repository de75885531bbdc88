"""Whose a document or an address is, among the people of a manifest: its row's, or another's."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, islice, zip_longest
from typing import TYPE_CHECKING, Final, TypeAlias

from secshare import profiles
from secshare.batch import rows
from secshare.batch.guard import Seen
from secshare.batch.people import neighbours, people_named, people_numbered
from secshare.batch.spelt import named_in, spells, touches
from secshare.model import Kind, Severity
from secshare.model.folding import fold
from secshare.preflight import Person, judge
from secshare.preflight.content import Role
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.matching import Bearer, Likeness
from secshare.preflight.sides import agrees
from secshare.preflight.unit import seen as visible
from secshare.preflight.unit import units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set
    from datetime import date

    from secshare.batch.people import Somebody
    from secshare.batch.wanted import Wanted
    from secshare.preflight import Case, Facts, Report
    from secshare.store.spool import Spool

__all__ = ["addressed", "seen"]

_Whose: TypeAlias = tuple[bool | None, tuple[int, ...]]
_NAMES: Final = 12  # that a document states, which are looked up; whoever names more is a list
_BEGINNING: Final = 3_000  # characters of a text: more than its first page, looked up in 30 ms
_WORDS: Final = 5  # of a name, of which all parts are looked up: 26 of them
_ANOTHERS: Final = frozenset(("other-person", "other-birth-date", "other-number", "name-absent"))
_PATIENTS: Final = frozenset((Role.PATIENT, Role.CHILD, Role.UNKNOWN))
_INSURED: Final = 16  # years from which on somebody is insured by themselves
_NOT_SURE: Final = frozenset(("not-named", "homonym", "several-people"))


def seen(spool: Spool, wanted: Wanted, case: Case, facts: Sequence[Facts], report: Report) -> Seen:
    """Return what one share says about whose it is, for the guard.

    A document says that it is its subject's where it names them, and nobody else; only one that
    does not is compared with others: by the names and numbers in it, and with the rows around,
    which may spell a name in a way that no index has. A share is another's where one of its
    documents is, and its own where all are.

    Args:
        case: what the documents were compared with.
        report: what `judge` answered for these facts and this case.
    """
    told: list[_Whose] = [(None, ())]
    if _is_compared(case):
        told = [
            _document(
                spool, wanted, case, each, report if len(facts) == 1 else judge((each,), case)
            )
            for each in facts
        ]
    owns = {own for own, _ in told}
    own = False if False in owns else (owns == {True} or None)
    fits = tuple(sorted({row for _, some in told for row in some}))
    return Seen(wanted.number, own, fits, *addressed(spool, wanted))


def addressed(spool: Spool, wanted: Wanted) -> tuple[bool | None, tuple[int, ...], bool]:
    """Return what `Seen` says of an address: whether it spells the name beside it, or whose.

    None where it tells nothing: a nickname, a family's. Nobody is taken for the other who has an
    address of their own: a patient may give a daughter's, who is a patient too.
    """
    if wanted.email is None or wanted.name is None:
        return None, (), False
    if spells(wanted.email, wanted.name):
        return True, (), False
    others = neighbours(spool, wanted.number, profiles.GUARD_ADDRESSES)
    if (name := named_in(wanted.email)) is not None:
        others += people_named(spool, name, profiles.GUARD_CANDIDATES)
    family = touches(wanted.email, wanted.name)
    fits, sure = [], False
    for row in sorted({one.number for one in others if spells(wanted.email, one.name)}):
        other = rows.wanted(spool, row)
        if other.email is None or other.name is None or spells(other.email, other.name):
            continue
        # A family's address bears several names: then theirs must bear somebody else's besides.
        thirds = [one.name for one in others if spells(other.email, one.name)]
        if thirds or not (family or touches(other.email, other.name)):
            fits.append(row)
        # An initial alone may be anybody's: one of the two addresses has a given name.
        sure |= bool(thirds) and (
            spells(wanted.email, other.name, whole=True)
            or any(spells(other.email, name, whole=True) for name in thirds)
        )
    return (False if fits else None), tuple(fits), sure


def _is_compared(case: Case) -> bool:
    """Return whether the case says whom documents are about: not of a colleague who gets them."""
    subject, recipient = case.subject, case.recipient
    if subject is None or case.to_patient:
        return subject is not None
    return recipient is not None and (subject.name, subject.birth_date) != (
        recipient.name,
        recipient.birth_date,
    )


def _document(spool: Spool, wanted: Wanted, case: Case, facts: Facts, report: Report) -> _Whose:
    """Return whether one document is its subject's, and the rows whose people it fits instead."""
    if not any(unit.readable for unit in units(facts)):
        return None, ()
    rules = _rules(report)
    if not rules & (_ANOTHERS | _NOT_SURE):
        return True, ()
    if "several-people" in rules:
        return None, ()  # a list of the manifest's own people is in everybody's row
    people = _candidates(facts, case, _looked_up(spool, wanted, facts))
    if fits := _fitting(facts, case, wanted, people):
        return False, fits
    blocked = any(finding.severity is Severity.BLOCK for finding in report.findings)
    return (False if blocked and rules & _ANOTHERS else None), ()


def _rules(report: Report) -> set[str]:
    return {each.rule for each in report.findings if each.severity is not Severity.NOTE}


def _fitting(
    facts: Facts, case: Case, wanted: Wanted, people: Sequence[Somebody]
) -> tuple[int, ...]:
    """Return the rows of those whose a document is, also where its own row has half of them."""
    said = wanted.birth_date
    born = {one: _born(facts, one, said) for one in people}
    fits = [
        one
        for one in people
        if _fits(facts, case, one) or _fits_apart(facts, case, wanted, one, born[one] & {said})
    ]
    if not fits and said is None:  # of a row without a date: nothing there speaks against any
        fits = [one for one in people if _fits_apart(facts, case, wanted, one, born[one])]
    return tuple(one.number for one in fits)


def _fits(facts: Facts, case: Case, somebody: Somebody) -> bool:
    """Return whether a document would pass as somebody's, and name them."""
    recipient = () if case.to_patient or case.recipient is None else (case.recipient.name,)
    theirs = replace(
        case,
        subject=_person(somebody),
        recipient=None,
        known=(),
        homonyms=(),
        own=replace(case.own, names=(*case.own.names, *recipient)),
        kind=Kind.PATIENT,
    )
    return not _rules(judge((facts,), theirs)) & (_ANOTHERS | _NOT_SURE)


def _fits_apart(facts: Facts, case: Case, wanted: Wanted, one: Somebody, born: Set[date]) -> bool:
    """Return whether a document would pass as that of somebody whose name alone stands elsewhere.

    Names that slip with their contacts leave birth dates and numbers beside the files: a document
    has its name in another row then, and the rest in its own.

    Args:
        born: birth dates that the document has of them, and their own row has not.
    """
    # What the directory knows of somebody moves with their id.
    days = {one.birth_date} if wanted.to else {one.birth_date, *born}
    others = {
        replace(one, birth_date=day, nir=nir)
        for day in days
        for nir in (one.nir, wanted.nir)
        if day or nir  # by the name alone it may be a namesake's
    }
    return any(_fits(facts, case, each) for each in others - {one})


def _born(facts: Facts, one: Somebody, said: date | None) -> set[date]:
    """Return when somebody was born, as a document says it of them and not of their child.

    Args:
        said: what their row would say; a social-security number tells its year and month.
    """
    bearer, some = Bearer(_person(one)), units(facts)
    year = max((unit.year or 0 for unit in some), default=0)
    days = {day for unit in some if (day := unit.date_beside(bearer)) is not None}
    for each in facts.people:
        day = each.birth_date
        if day is None or not each.names:
            continue
        # `Assurée : Marie. Bénéficiaire : Léa, née le`: the date is the child's, whoever reads it.
        itself = each.role in _PATIENTS or (
            each.role is Role.INSURED and year - day.year >= _INSURED
        )
        if itself and bearer.likeness(each.names) is Likeness.SAME:
            days.add(day)
    if said is not None and any(
        agrees(number, _person(replace(one, birth_date=said)))
        for unit in some
        for number in unit.numbers()
    ):
        days.add(said)
    return days


def _candidates(facts: Facts, case: Case, looked_up: Iterable[Somebody]) -> list[Somebody]:
    """Return whom of the people looked up a document may be about, each row once.

    Not who is a colleague, whom letters name: a birth date is a patient's.
    """
    subject = None if case.subject is None else Bearer(case.subject)
    colleagues = {_turned(name) for name in case.own.names}
    found: dict[int, Somebody] = {}
    for one in looked_up:
        if len(found) == profiles.GUARD_CANDIDATES:
            break
        if subject is not None and _same(facts, subject, one):
            continue
        if one.birth_date is not None or _turned(one.name) not in colleagues:
            found.setdefault(one.number, one)
    return [*found.values()]


def _turned(name: str) -> str:
    """Return a name as it is compared, its words in whatever order."""
    return " ".join(sorted(fold(name).split()))


def _same(facts: Facts, subject: Bearer, one: Somebody) -> bool:
    """Return whether somebody may be the subject: two rows of one name prove nothing.

    A father and a son of one name are told apart by a birth date, where the document has it.
    """
    if subject.like(one.name) is not Likeness.SAME:
        return False
    apart = len({subject.birth_date, one.birth_date} - {None}) == 2
    return not (apart and any(unit.dated(one.birth_date) for unit in units(facts)))


def _looked_up(spool: Spool, wanted: Wanted, facts: Facts) -> Iterator[Somebody]:
    most = profiles.GUARD_CANDIDATES
    numbers = {found.value for found in facts.found if found.kind is IdentifierKind.NIR}
    for nir in sorted(numbers)[:_NAMES]:
        yield from people_numbered(spool, nir, most)
    yield from neighbours(spool, wanted.number, profiles.GUARD_NEIGHBOURS)
    names = dict.fromkeys(name for one in facts.people if visible(one.place) for name in one.names)
    for name in islice(names, _NAMES):
        for part in _parts(name):
            yield from people_named(spool, part, most)
    for window in _windows(facts, profiles.GUARD_WINDOWS // len(wanted.files)):
        yield from people_named(spool, window, most)


def _parts(name: str) -> Iterable[str]:
    """Yield a name and what is left of it without given names, or without one of two families."""
    words = fold(name).split()
    if len(words) > _WORDS:
        words = [*words[:2], *words[2 - _WORDS :]]
    for size in range(len(words), 1, -1):
        yield from map(" ".join, combinations(words, size))


def _windows(facts: Facts, most: int) -> Iterable[str]:
    """Return what may be a name at the beginning of a text: in a letter, nothing says that it is.

    Of a document that holds others, the beginnings of all come first: an archive of a thousand long
    texts would ask a million times.
    """
    beginnings = [_beginning(unit.text[:_BEGINNING].split()) for unit in units(facts)]
    taken = (window for turn in zip_longest(*beginnings) for window in turn if window is not None)
    return dict.fromkeys(islice(taken, most))


def _beginning(words: Sequence[str]) -> Iterator[str]:
    for at, word in enumerate(words):
        name = word
        for other in words[at + 1 : at + 4]:
            if not (word.isalpha() and other.isalpha()):
                break
            name = f"{name} {other}"
            yield name


def _person(somebody: Somebody) -> Person:
    return Person(somebody.name, somebody.birth_date, somebody.nir)
