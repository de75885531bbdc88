"""What is known of one document once it is read: what leaves the reading process.

It is plain data that goes through a pipe as JSON: a process that read a hostile file is not
believed beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from secshare.model import DocumentKind

if TYPE_CHECKING:
    from secshare.model import Place
    from secshare.preflight.content import Role, Stated, Unread

__all__ = ["Export", "Facts", "Found", "Group", "IdentifierKind"]


class IdentifierKind(StrEnum):
    """What points at a person, an account or a practice."""

    NIR = "nir"
    IBAN = "iban"
    RIB = "rib"
    EMAIL = "email"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    RPPS = "rpps"
    FINESS = "finess"
    SIRET = "siret"
    ADELI = "adeli"


@dataclass(frozen=True, slots=True)
class Found:
    """One identifier and where it stands. The value is whole: it never leaves memory.

    Attributes:
        value: normalised: NIR 13 characters, upper case (`2A` stays); IBAN and RIB without blanks;
            e-mail in lower case; telephone in E.164; birth date `YYYY-MM-DD`; RPPS 11, FINESS 9.
        key: whether a check (NIR key, IBAN or RIB mod 97, Luhn) holds; None where there is none.
        role: whose it seems to be, by the words around it.
    """

    kind: IdentifierKind
    value: str = field(repr=False)
    place: Place
    role: Role
    key: bool | None = None

    @property
    def end(self) -> str:
        """Return the last three digits: all that is ever shown of it."""
        return self.value[-3:]


@dataclass(frozen=True, slots=True)
class Group:
    """How many rows of an export are alike: `size` rows each in `count` groups."""

    size: int
    count: int


@dataclass(frozen=True, slots=True)
class Export:
    """What a table tells about the people in it.

    Attributes:
        verdict: `identifying`, `pseudonymous` or `unknown` (cannot conclude); never anonymous.
        rows: how many.
        people: how many different people its direct identifiers or linking columns tell apart,
            None where nothing tells.
        direct, linking, describing, sensitive: columns by what they do, as their headers say.
        unique: rows alone with their combination of `describing` values.
        groups: sizes of the groups of rows alike on `describing`, smallest first.
        inferred: sensitive columns whose value is known to whoever finds a row's group.
        sharpest, sharpest_unique: the two or three describing columns that single out most rows
            by themselves, and how many.
        linked: rows that share the value of a linking column with another row.
        counted: the column that counts people, where a row is about a group and not about one.
    """

    place: Place
    verdict: str
    rows: int
    people: int | None
    direct: tuple[str, ...] = ()
    linking: tuple[str, ...] = ()
    describing: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    unique: int = 0
    groups: tuple[Group, ...] = ()
    inferred: tuple[str, ...] = ()
    sharpest: tuple[str, ...] = ()
    sharpest_unique: int = 0
    linked: int = 0
    counted: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """One document, read.

    Attributes:
        file: its name, as it was given.
        sha256: of the bytes that were read, None when they were too many to read.
        texts: places and their texts, folded (`folding.fold`), to look names up in. At most
            `profiles.PREFLIGHT_TEXT` characters; `cut` says that there were more.
        people: stated by fields, and grouped from the text (`people.py`).
        structured: whether a field says whom the document is about.
        kind, kind_sure: what it seems to be; sure when the document says so or the signs agree.
    """

    file: str
    sha256: str | None = None
    texts: tuple[tuple[Place, str], ...] = field(default=(), repr=False)
    cut: bool = False
    found: tuple[Found, ...] = field(default=(), repr=False)
    people: tuple[Stated, ...] = field(default=(), repr=False)
    structured: bool = False
    unread: tuple[Unread, ...] = ()
    exports: tuple[Export, ...] = ()
    kind: DocumentKind = DocumentKind.OTHER
    kind_sure: bool = False
