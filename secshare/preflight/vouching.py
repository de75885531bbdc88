"""Clinical documents, whose own fields say whom they and the pages inside them are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.model import Severity
from secshare.model.folding import fold
from secshare.preflight.content import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from secshare.model import Finding
    from secshare.preflight.comparing import Compared
    from secshare.preflight.content import Stated
    from secshare.preflight.facts import Facts

__all__ = ["voucher", "vouches"]

_PEOPLE: Final = frozenset(
    ("other-number", "several-people", "other-person", "other-birth-date", "name-absent")
)
_RELATIVES: Final = frozenset((Role.PARENT, Role.CONTACT, Role.CHILD, Role.INSURED))


def vouches(it: Compared) -> bool:
    """Return whether a document's own fields name the subject as its patient, and nobody else."""
    return any(one.certain for one in it.matched) and not any(one.certain for one in it.different)


def voucher(facts: Facts, compared: list[Compared]) -> Callable[[Finding], Severity | None]:
    """Return what says how much lighter a finding is inside a document that names the subject.

    A clinical document carries pages for the eye. A scanned one is said, and does not ask: the
    fields around it say whose it is. Somebody else in a page is a note where the page's patient is
    the subject too, where they bear the patient's own number, or the family name of a relative
    whom the fields name, or where the page calls itself a specimen. Where they bear the family name
    of the patient, it asks: the page of a spouse or of a child is the likeliest to be in the wrong
    file. Otherwise another person's page was put into the document.
    """
    outer = [it for it in compared if facts.structured and vouches(it)]
    inner = {it.unit.place.member: it for it in compared}

    def excused(finding: Finding) -> Severity | None:
        member = None if finding.place is None else finding.place.member
        around = next(
            (
                it
                for it in outer
                if member is not None
                and (it.unit.place.member is None or member.startswith(f"{it.unit.place.member}/"))
            ),
            None,
        )
        if around is None:
            return None
        if finding.rule == "scan":
            return Severity.NOTE
        page = inner.get(member)
        if finding.rule not in _PEOPLE or page is None:
            return None
        if _is_specimen(facts, member) or page.matched:
            return Severity.NOTE
        if page.different and all(_belongs(one, around) for one in page.different):
            own = any(_is_namesake(one, around) for one in page.different)
            return Severity.CONFIRM if own else Severity.NOTE
        return None

    return excused


def _belongs(one: Stated, around: Compared) -> bool:
    """Return whether somebody in a page is the patient by other names, or of their family."""
    if _has_number(one, around):
        return True
    return _bears(one, (other for other in around.unit.people if other.role in _RELATIVES))


def _is_namesake(one: Stated, around: Compared) -> bool:
    """Return whether somebody in a page bears the patient's family name, and another number."""
    return not _has_number(one, around) and _bears(one, around.matched)


def _has_number(one: Stated, around: Compared) -> bool:
    patient = next(patient for patient in around.matched if patient.certain)
    return one.number is not None and one.number == patient.number


def _bears(one: Stated, others: Iterable[Stated]) -> bool:
    """Return whether somebody's name has the family name of one of those whom fields name."""
    words = {word for name in one.names for word in fold(name).split()}
    return any(
        set(fold(name).split()[-1:]) & words
        for other in others
        if other.certain
        for name in other.names
    )


def _is_specimen(facts: Facts, member: str | None) -> bool:
    """Return whether a page's own title says that it is an example, and nobody's."""
    return any(
        "specimen" in text.split()
        for place, text in facts.texts
        if place.member == member and place.field in {"title", "subject"}
    )
