"""People who share a name: told apart by their birth dates, or not taken."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from secshare.errors import RecipientDataInvalid
from secshare.recipients.rows import described

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

__all__ = ["check_homonyms"]


def check_homonyms(namesakes: Sequence[sqlite3.Row], birth_date: date | None) -> None:
    """Check that somebody born on `birth_date` can be told from everybody of the same name.

    Args:
        namesakes: rows of the others whose folded name is the same.

    Raises:
        RecipientDataInvalid: a birth date is missing, this one's or another's, or is the same.
    """
    if not namesakes:
        return
    if birth_date is None:
        raise RecipientDataInvalid("recipients.homonym", candidates=described(namesakes))
    for row in namesakes:
        if row["birth_date"] is None:
            raise RecipientDataInvalid(
                "recipients.homonym_without_date", candidates=described([row]), id=row["id"]
            )
        if date.fromisoformat(row["birth_date"]) == birth_date:
            raise RecipientDataInvalid(
                "recipients.same_person", candidates=described([row]), id=row["id"]
            )
