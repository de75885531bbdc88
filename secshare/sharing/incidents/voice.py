"""Facts in words: texts of the catalogues, moments, and what people wrote made harmless."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.messages import printable, text
from secshare.recipients import masked_email
from secshare.sharing.incidents.clock import shown_moment
from secshare.sharing.incidents.pieces import Ask

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from secshare.messages import Language
    from secshare.register.incidents import Note

__all__ = ["Voice", "masked"]

_ADDRESS: Final = re.compile(r"[^\s@<>()\[\],;:\"«»]+@[^\s@<>()\[\],;:\"«»]+\.[^\W\d_]{2,}")


def masked(written: str) -> str:
    """Return what a person wrote as it is shown: addresses masked, and nothing that acts."""
    return printable(_ADDRESS.sub(lambda found: masked_email(found[0]), written))


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in a document.

    Attributes:
        zone: whose hours are told; this computer's if None.
    """

    language: Language
    zone: tzinfo | None = None

    def say(self, key: str, /, **fields: object) -> str:
        """Return a text of the catalogues."""
        return text(key, self.language, **fields)

    def ask(self, key: str, /, **fields: object) -> Ask:
        """Return a text of the catalogues as a question."""
        return Ask(text(key, self.language, **fields))

    def moment(self, moment: datetime) -> str:
        """Return a moment with its zone."""
        return shown_moment(moment, self.language, self.zone)

    def quoted(self, written: str) -> str:
        """Return what a person wrote: one line, addresses masked, and nothing that acts."""
        return masked(written)

    def notes(self, notes: tuple[Note, ...]) -> tuple[str, ...]:
        """Return what a person wrote, each time with when."""
        return tuple(
            self.say("incident.note", when=self.moment(note.recorded), text=self.quoted(note.text))
            for note in notes
        )

    @staticmethod
    def shown(value: str) -> str:
        """Return a value of the settings: one line, and nothing that acts."""
        return printable(value)
