"""Recording an incident as a person tells it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.errors import RecipientDataInvalid
from secshare.recipients import parse_email
from secshare.recipients.names import reads_as_nir
from secshare.sharing.incidents.clock import parse_found
from secshare.sharing.incidents.facts import incidents_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.model import Reference
    from secshare.register.incidents import Incident
    from secshare.sharing.desk import Desk

__all__ = ["record"]


def record(
    desk: Desk,
    reference: Reference,
    *,
    found: str | None = None,
    how: str | None = None,
    wrong_address: str | None = None,
    people: int | None = None,
    measures: Sequence[str] = (),
    decision: str | None = None,
) -> Incident:
    """Record an incident, or correct and complete the one that is there; return it.

    Args:
        found: as somebody typed it, see `parse_found`; now, for a new incident, if None.

    Raises:
        ShareUnknown: no share has this reference.
        RecipientDataInvalid: no moment, one in the future or before the share, no address, or a
            text that is empty, too long, or holds a social-security number.
        JournalBroken, RegisterUnwritable: nothing was written.
    """
    share = desk.register.share(reference)
    return incidents_of(desk).record(
        reference,
        found=None if found is None else parse_found(found, share.created),
        how=None if how is None else _text("--how", how),
        wrong_address=(
            None if wrong_address is None else parse_email("--wrong-address", wrong_address)
        ),
        people=people,
        measures=[_text("--measure", measure) for measure in measures],
        decision=None if decision is None else _text("--decision", decision),
    )


def _text(field: str, text: str) -> str:
    """Return what somebody wrote, on one line."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if not line or len(line) > profiles.INCIDENT_CHARACTERS:
        most = profiles.INCIDENT_CHARACTERS
        raise RecipientDataInvalid("recipients.text_length", field=field, most=most)
    if reads_as_nir(line):
        raise RecipientDataInvalid("recipients.text_nir", field=field)
    return line
