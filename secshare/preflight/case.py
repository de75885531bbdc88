"""What a document is compared with: the subject, and everybody who may rightly stand in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from secshare.model import Kind, Severity

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Case", "Own", "Person"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the practice knows, as the preflight compares them.

    Attributes:
        name: as the directory writes it, given name and family name in either order.
        nir: their social-security number, 13 characters, where somebody gave it for this run. Held
            in memory only, and never shown.
    """

    name: str
    birth_date: date | None = None
    nir: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Own:
    """What is the practice's own, and says nothing about whom a document is for.

    Attributes:
        names: legal and public names, and those of the people who work there.
        identifiers: RPPS, FINESS, SIRET, IBAN: without spaces, upper case.
        phones: E.164.
        emails: lower case.
    """

    names: tuple[str, ...] = ()
    identifiers: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """Whom a document is said to be about, for whom, and who else may stand in it.

    Attributes:
        subject: None when a document is checked alone: then nothing is compared.
        recipient: who opens it, where that is not the subject.
        known: people on record beside the subject: those who represent them, those they represent,
            the recipient. Their name, birth date and number in the document are no surprise.
        homonyms: others of the directory who bear the subject's name.
        kind: of the recipient. A professional may receive what is about several patients.
        emails, phones: the subject's and the recipient's own.
        scans: the severity of what cannot be checked because it is a picture.
        region: by which national telephone numbers are read.
        to_patient: whether a person opens it, and not a professional or an organisation.
    """

    subject: Person | None = None
    recipient: Person | None = None
    known: tuple[Person, ...] = ()
    homonyms: tuple[Person, ...] = ()
    own: Own = field(default_factory=Own)
    kind: Kind = Kind.PATIENT
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    scans: Severity = Severity.CONFIRM
    region: str = "FR"

    @property
    def to_patient(self) -> bool:
        """Return whether a person opens it, and not a professional or an organisation."""
        return self.kind is Kind.PATIENT
