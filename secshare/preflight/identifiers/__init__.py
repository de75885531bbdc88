"""Identifiers in a text: of people, of accounts, of those who care for them."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from secshare.model.folding import fold
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.identifiers import accounts, contacts, dates, nir, professionals
from secshare.preflight.identifiers.figures import Figures
from secshare.preflight.identifiers.match import Match
from secshare.preflight.identifiers.plain import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["Match", "find", "titled"]

_NIR: Final = re.compile(r"\b(?:nir|ins|nia|nss|ss|secu|matricule)\b|securite soc|assure|social")
_ACCOUNT: Final = re.compile(r"\b(?:iban|rib|compte|bank|banque)\b")
_PHONE: Final = re.compile(r"\b(?:tel|phone|portable|mobile|gsm|fax)|telephone")

# Where two readings share characters, the more exact one stands. An address may hold a number.
_WEIGHT: Final = {
    kind: weight
    for weight, kind in enumerate(
        (
            IdentifierKind.IBAN,
            IdentifierKind.NIR,
            IdentifierKind.RIB,
            IdentifierKind.SIRET,
            IdentifierKind.RPPS,
            IdentifierKind.FINESS,
            IdentifierKind.ADELI,
            IdentifierKind.BIRTH_DATE,
            IdentifierKind.PHONE,
            IdentifierKind.EMAIL,
        )
    )
}


def find(
    text: str, *, region: str, heading: str = "", but: Collection[IdentifierKind] = ()
) -> list[Match]:
    """Return the identifiers in a text, in the order they stand there.

    No two share characters, but for a social-security number inside an e-mail address. The time is
    linear in the length of the text, whatever stands in it.

    Args:
        region: by which national telephone numbers are read, two letters.
        heading: what stands above the text, where that is a column of a table.
        but: kinds that are not looked for.
    """
    text, title = plain(text), fold(heading)
    figures = Figures(text)
    searches: list[tuple[IdentifierKind, Iterable[Match]]] = [
        (IdentifierKind.BIRTH_DATE, dates.search(text, labelled=dates.is_birth(title))),
        (IdentifierKind.EMAIL, contacts.emails(text)),
    ]
    if figures.account:
        found = accounts.search(text, labelled=_says(_ACCOUNT, title))
        searches.append((IdentifierKind.IBAN, found))
    if figures.person:
        searches.append((IdentifierKind.NIR, nir.search(text, labelled=_says(_NIR, title))))
    if figures.professional:
        searches.append((IdentifierKind.RPPS, professionals.search(text, heading=title)))
    if figures.phone(local=region in contacts.LOCAL_REGIONS):
        found = contacts.phones(text, region=region, labelled=_says(_PHONE, title))
        searches.append((IdentifierKind.PHONE, found))
    return _apart(chain.from_iterable(search for kind, search in searches if kind not in but))


def titled(heading: str) -> bool:
    """Return whether the title of a column says which identifiers stand below it."""
    title = fold(heading)
    return dates.is_birth(title) or any(_says(words, title) for words in (_ACCOUNT, _NIR, _PHONE))


def _says(words: re.Pattern[str], title: str) -> bool:
    return bool(title) and words.search(title) is not None


def _apart(found: Iterable[Match]) -> list[Match]:
    """Return them in order, without those that share characters with one more exact."""
    ordered = sorted(found, key=lambda match: (match.start, _WEIGHT[match.kind], -match.end))
    kept: list[Match] = []
    for match in ordered:
        while kept and _clash(kept[-1], match) and _WEIGHT[match.kind] < _WEIGHT[kept[-1].kind]:
            kept.pop()
        if not any(_clash(before, match) for before in kept[-2:]):
            kept.append(match)
    return kept


def _clash(one: Match, other: Match) -> bool:
    if IdentifierKind.EMAIL in {one.kind, other.kind} and one.kind is not other.kind:
        return IdentifierKind.NIR not in {one.kind, other.kind} and (
            one.start < other.end and other.start < one.end
        )
    return one.start < other.end and other.start < one.end
