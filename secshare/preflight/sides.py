"""Everybody of a case, ready to be compared with what documents say."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from secshare.model.folding import fold
from secshare.preflight.case import Person
from secshare.preflight.content import Role
from secshare.preflight.matching import Bearer, Likeness
from secshare.preflight.spellings import APOSTROPHES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from secshare.preflight.case import Case
    from secshare.preflight.content import Stated

__all__ = ["Sides", "agrees"]


class Sides:
    """A case with its names made ready: once for all the documents of a share."""

    def __init__(self, case: Case, subject: Person) -> None:
        self.case = case
        self.subject = Bearer(subject)
        known = [*case.known]
        if case.recipient is not None and case.to_patient:
            known.append(case.recipient)
        self.known = [
            bearer
            for bearer in map(Bearer, known)
            if not (bearer.person.name == subject.name and bearer.birth_date == subject.birth_date)
        ]
        self.homonyms = case.homonyms
        self._staff = _staff(case.own.names)
        self._receives: list[Bearer] = []
        if case.recipient is not None and not case.to_patient:
            self._receives.append(Bearer(case.recipient))

    @property
    def name(self) -> str:
        """Return the subject's name, to be shown."""
        return self.subject.person.name

    @property
    def own(self) -> list[Bearer]:
        """Return those who work here or are written to, and the professional who receives this."""
        return [*self._staff.everybody, *self._receives]

    def is_known(self, stated: Stated) -> Bearer | None:
        """Return who on record beside the subject somebody stated is, by name and birth date."""
        for bearer in self.known:
            like = bearer.likeness(stated.names) if stated.names else Likeness.OTHER
            dates = {stated.birth_date, bearer.birth_date} - {None}
            if like is Likeness.SAME and len(dates) < 2:
                return bearer
        return None

    def is_own(self, stated: Stated) -> bool:
        """Return whether somebody stated works here, or is the professional who receives this.

        Who works here is a patient elsewhere, and here: a birth date or a number is a patient's,
        and a document whose patient bears a colleague's name is about the colleague.
        """
        if stated.birth_date is not None or stated.number is not None:
            return False
        if stated.role in {Role.PATIENT, Role.CHILD, Role.INSURED}:
            return False
        return any(
            bearer.like(name) is Likeness.SAME
            for name in stated.names
            for bearer in (*self._staff.near(name), *self._receives)
        )


class _Staff:
    """Those whose names are no surprise, hundreds of them: looked through by the words they bear.

    Of two names that are the same, one word at least stands in both.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.everybody = [Bearer(Person(name)) for name in names]
        self._by_word: dict[str, list[Bearer]] = defaultdict(list)
        for bearer in self.everybody:
            for word in _words(bearer.person.name):
                self._by_word[word].append(bearer)

    def near(self, name: str) -> Iterator[Bearer]:
        """Yield those who bear a word of the name; some of them more than once."""
        for word in _words(name):
            yield from self._by_word.get(word, ())


@lru_cache(maxsize=2)  # a batch asks of the same ones for every document
def _staff(names: tuple[str, ...]) -> _Staff:
    return _Staff(names)


def _words(name: str) -> set[str]:
    """Return the words of a name, with and without what an apostrophe cuts off."""
    return {*fold(name).split(), *fold(APOSTROPHES.sub("", name)).split()}


def agrees(number: str, person: Person | Stated) -> bool | None:
    """Return whether a number's year and month are those of a birth date; None where none is known.

    The month is 01 to 12; 20 and above, or 00, where it was not known: the year alone counts then.
    """
    born = person.birth_date
    if born is None:
        return None
    month = int(number[3:5])
    return int(number[1:3]) == born.year % 100 and (month == born.month or not 1 <= month <= 12)
