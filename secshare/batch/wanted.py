"""What one share of a manifest asks for: plain values as its rows say them, nothing looked up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Self

from secshare import profiles
from secshare.messages import Language
from secshare.model import Road, SealFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One share: a row of the manifest, or adjacent rows of one group.

    Either `to` is there, or `name` and `email` are.

    Attributes:
        number, last: its first and its last row, as a spreadsheet numbers them: the line of column
            names is 1.
        files: absolute paths.
        to: an id or a whole name of the directory.
        phone: E.164.
        nir: 13 characters, upper case. Never kept beyond the run, and never shown.
        about: an id or a whole name of the directory: whom the documents are about.
        purpose: what it is for; as it was written.
        keys: public keys in age's form; then no words are drawn.
    """

    number: int
    last: int
    files: tuple[str, ...]
    to: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    birth_date: date | None = None
    nir: str | None = field(default=None, repr=False)
    about: str | None = None
    road: Road | None = None
    format: SealFormat = SealFormat.AGE
    language: Language | None = None
    purpose: str = profiles.PURPOSE
    keys: tuple[str, ...] = ()

    def dumps(self) -> str:
        """Return it as JSON, without what is not there."""
        document = {each.name: getattr(self, each.name) for each in fields(self)}
        document["birth_date"] = self.birth_date.isoformat() if self.birth_date else None
        return json.dumps(
            {name: value for name, value in document.items() if value not in (None, ())},
            ensure_ascii=False,
        )

    @classmethod
    def loads(cls, text: str) -> Self:
        """Read what `dumps` wrote."""
        document: Mapping[str, Any] = json.loads(text)
        return cls(
            **{
                name: _READ[name](value) if name in _READ else value
                for name, value in document.items()
            }
        )


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "files": tuple,
    "keys": tuple,
    "birth_date": date.fromisoformat,
    "road": Road,
    "format": SealFormat,
    "language": Language,
}
