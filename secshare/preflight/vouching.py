"""Clinical documents, whose own fields say whom they and the pages inside them are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold
from secshare.preflight.content import Role

if TYPE_CHECKING:
    from collections.abc import Callable

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


def voucher(facts: Facts, compared: list[Compared]) -> Callable[[Finding], bool]:
    """Return what says whether a finding, inside a document that names the subject, is a note only.

    A clinical document carries pages for the eye. A scanned one is said, and does not ask: the
    fields around it say whose it is. Somebody else in a page is a note where the page's patient is
    the subject too, where they bear the patient's own number, or the family name of a relative
    whom the fields name, or where the page calls itself a specimen. Otherwise another person's
    page was put into the document.
    """
    outer = [it for it in compared if facts.structured and vouches(it)]
    inner = {it.unit.place.member: it for it in compared}

    def excused(finding: Finding) -> bool:
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
            return False
        if finding.rule == "scan":
            return True
        page = inner.get(member)
        return (
            finding.rule in _PEOPLE
            and page is not None
            and (
                _is_specimen(facts, member)
                or bool(page.matched)
                or (bool(page.different) and all(_belongs(one, around) for one in page.different))
            )
        )

    return excused


def _belongs(one: Stated, around: Compared) -> bool:
    """Return whether somebody in a page is the patient by other names, or of their family."""
    patient = next(patient for patient in around.matched if patient.certain)
    if one.number is not None and one.number == patient.number:
        return True
    relatives = [
        set(fold(name).split()[-1:])
        for other in around.unit.people
        if other.certain and other.role in _RELATIVES
        for name in other.names
    ]
    words = {word for name in one.names for word in fold(name).split()}
    return any(family & words for family in relatives)


def _is_specimen(facts: Facts, member: str | None) -> bool:
    """Return whether a page's own title says that it is an example, and nobody's."""
    return any(
        "specimen" in text.split()
        for place, text in facts.texts
        if place.member == member and place.field in {"title", "subject"}
    )
