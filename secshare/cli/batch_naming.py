"""What a run of a batch may be called, and whether an unknown name is a slip of the hand."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.batch.identity import is_drawn
from secshare.cli.pasting import pasted
from secshare.errors import AnswerNeeded, RecipientDataInvalid
from secshare.recipients.names import reads_as_nir
from secshare.register import Runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from secshare.cli.session import Session
    from secshare.sharing import Desk

__all__ = ["checked_name", "nearly", "settle_name"]

_TELLING: Final = 3  # characters
_DIGITS: Final = re.compile(r"\d+")

_DATE: Final = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-_.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0[1-9]|[12]\d|3[01])([-_.]?)(?:0[1-9]|1[0-2])\2(?:19|20)\d\d)(?!\d)"
)
"""A date that sorts, as the night's runs have, or as people write it in France: in eight digits."""


def checked_name(text: str) -> str:
    """Return the name of a run, without blanks around it. It may be of digits only: a date, a lot.

    Raises:
        RecipientDataInvalid: empty, too long, with what cannot be seen or leads elsewhere, or a
            social-security number: that number is never stored.
    """
    name = unicodedata.normalize("NFC", text.strip())  # as a Mac has it, it is another string
    seen = name.isprintable() and not set("/\\") & set(name)
    if not seen or not 1 <= len(name) <= profiles.RUN_CHARACTERS:
        raise RecipientDataInvalid("batch.run_name", most=profiles.RUN_CHARACTERS)
    # One that was made from a manifest may hold such digits by chance, and is typed to go on.
    if not is_drawn(name) and reads_as_nir(name):
        raise RecipientDataInvalid("batch.run_name", most=profiles.RUN_CHARACTERS)
    return name


def settle_name(session: Session, desk: Desk, name: str) -> None:
    """Ask where a run of nearly this name exists: a slip of the hand would seal everything again.

    `--yes` says that the manifest is the right one, which is another question.

    Raises:
        AnswerNeeded: there is no terminal.
        Declined: it is no new run.
    """
    near = nearly(name, (each.name for each in Runs(desk.store).all()))
    if near is None:
        return
    if session.terminal is None:
        raise AnswerNeeded("batch.run_near", run=name, near=near, pasted=pasted(near))
    session.confirm("batch.confirm_near", option="--run", run=name, near=near, pasted=pasted(near))


def nearly(name: str, known: Iterable[str]) -> str | None:
    """Return the run whose name was probably meant; None where this one exists, or none is near.

    Runs that are numbered or dated, as `lot-9` and `lot-10`, are called so on purpose.
    """
    near = None
    for each in known:
        if each == name:
            return None
        if near is not None or _is_another(name, each):
            continue
        if _is_near(name.casefold(), each.casefold()):
            near = each
    return near


def _is_another(name: str, known: str) -> bool:
    """Return whether a name has another number or another date than a known one, and no slip.

    A dated run has a date for its neighbour: a digit too few, too many or in another place is a
    slip. Not the other way round: a run that was once named with a slip stops no night after it.
    """
    if is_drawn(known):
        return False
    if _DATE.search(known):
        name, known = _DATE.sub("\n", name), _DATE.sub("\n", known)  # in no name
    return _DIGITS.sub("0", name) == _DIGITS.sub("0", known)


def _is_near(name: str, other: str) -> bool:
    """Return whether a name is the beginning of another, or one edit away from it.

    Names of a letter or two are all near each other, and are short on purpose.
    """
    if min(len(name), len(other)) < _TELLING:
        return False
    if other.startswith(name):
        return True
    same = 0
    while same < min(len(name), len(other)) and name[same] == other[same]:
        same += 1
    rest, others = name[same:], other[same:]
    swapped = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others[1:] or rest[1:] == others or rest == others[1:]
