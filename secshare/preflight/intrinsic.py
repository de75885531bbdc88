"""What a document says by itself, whoever it is for: unread parts, wrong keys, accounts, tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from secshare.model import DocumentKind, Finding, Place, Severity
from secshare.preflight.content import Role, Why
from secshare.preflight.facts import IdentifierKind
from secshare.preflight.matching import Likeness
from secshare.preflight.unit import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.preflight.case import Case
    from secshare.preflight.facts import Facts, Found
    from secshare.preflight.sides import Sides

__all__ = ["by_itself", "exports", "mssante"]

_BY_MSSANTE: Final = frozenset(
    (
        DocumentKind.LABORATORY,
        DocumentKind.IMAGING,
        DocumentKind.PRESCRIPTION,
        DocumentKind.REPORT,
        DocumentKind.CERTIFICATE,
        DocumentKind.LETTER,
    )
)
_EACH: Final = 3  # accounts that are told one by one
_ACCOUNTS: Final = frozenset((IdentifierKind.IBAN, IdentifierKind.RIB))


def by_itself(
    facts: Facts, case: Case, sides: Sides | None, *, several: bool = False
) -> Iterator[Finding]:
    """Yield what needs no subject; accounts are compared with who is known.

    Args:
        several: a list of people is said already: one finding counts all its accounts.
    """
    yield from _unread(facts, case)
    yield from _keys(facts)
    accounts = list(_accounts(facts, case, sides))
    yield from _counted(accounts) if several else accounts[:_EACH]
    yield from _file_name(facts, sides)
    yield from _hidden(facts, case)


def _unread(facts: Facts, case: Case) -> Iterator[Finding]:
    """Yield one finding for each document and reason: a scan of 300 pages is told once."""
    places: dict[tuple[Why, str | None], list[Place]] = {}
    for unread in facts.unread:
        places.setdefault((unread.why, unread.place.member), []).append(unread.place)
    for (why, _), some in places.items():
        if why is Why.SCAN:
            fields = {"count": len(some)}
            key = "preflight.scan_pages" if len(some) > 1 else "preflight.scan"
            yield Finding("scan", case.scans, key, fields, some[0])
        elif why is Why.ENCRYPTED:
            yield Finding("encrypted", Severity.CONFIRM, "preflight.encrypted", {}, some[0])
        else:
            key = f"preflight.unchecked_{why.value}"
            yield Finding("unchecked", Severity.CONFIRM, key, {}, some[0])
    if facts.cut:  # names were not looked for beyond what was kept of its text
        place, key = Place(facts.file), "preflight.unchecked_too_large"
        yield Finding("unchecked", Severity.CONFIRM, key, {}, place)


def _keys(facts: Facts) -> Iterator[Finding]:
    told = set()
    for found in facts.found:
        if found.kind is IdentifierKind.NIR and found.key is False and found.value not in told:
            told.add(found.value)
            key = "preflight.number_key"
            yield Finding("number-key", Severity.NOTE, key, {"end": found.end}, found.place)
            if len(told) >= 3:  # a column of test numbers is said by its first three
                return


def _accounts(facts: Facts, case: Case, sides: Sides | None) -> Iterator[Finding]:
    told = set()
    for found in facts.found:
        if found.kind not in _ACCOUNTS or _ours(found, case):
            continue
        end = found.end
        if end in told or (sides is not None and _held_by_them(facts, found, sides)):
            continue
        told.add(end)
        if sides is None:
            key, severity, fields = "preflight.bank_details_alone", Severity.NOTE, {"end": end}
        else:
            key, severity = "preflight.bank_details", Severity.CONFIRM
            fields = {"end": end, "subject": sides.name}
        yield Finding("bank-details", severity, key, fields, found.place)


def _counted(accounts: list[Finding]) -> list[Finding]:
    if len(accounts) < 2:
        return accounts
    fields = {"count": len(accounts)}
    first = accounts[0]
    return [replace(first, key="preflight.bank_details_several", fields=fields)]


def _ours(found: Found, case: Case) -> bool:
    """Return whether an account is the practice's, as an IBAN or as the account inside one."""
    return any(
        found.value == own or (own.startswith("FR") and found.value in {own, own[4:]})
        for own in case.own.identifiers
    ) or (found.kind is IdentifierKind.IBAN and found.value[4:] in case.own.identifiers)


def _held_by_them(facts: Facts, found: Found, sides: Sides) -> bool:
    holders = [
        one
        for one in facts.people
        if one.role is Role.HOLDER and (one.place is None or one.place.member == found.place.member)
    ]
    bearers = [sides.subject, *sides.known, *sides.own]
    text = " ".join(text for place, text in facts.texts if place.member == found.place.member)
    if any(
        "titulaire" in text[max(0, start - 50) : start]
        for bearer in bearers
        for start, _ in bearer.positions(text)
    ):
        return True
    return any(
        bearer.likeness(holder.names) is not Likeness.OTHER
        for holder in holders
        for bearer in bearers
        if holder.names
    )


def _file_name(facts: Facts, sides: Sides | None) -> Iterator[Finding]:
    number = next(
        (
            one
            for one in facts.found
            if one.place.field == FILE_NAME and one.kind is IdentifierKind.NIR
        ),
        None,
    )
    place = Place(facts.file, field=FILE_NAME)
    if number is not None:
        key, fields = "preflight.identifier_in_name_number", {"end": number.end}
        yield Finding("identifier-in-name", Severity.NOTE, key, fields, place)
        return
    text = " ".join(text for where, text in facts.texts if where.field == FILE_NAME)
    if (
        any(one.place.field == FILE_NAME for one in facts.found)
        or any(one.place is not None and one.place.field == FILE_NAME for one in facts.people)
        or (sides is not None and any(True for _ in sides.subject.positions(text)))
    ):
        yield Finding(
            "identifier-in-name", Severity.NOTE, "preflight.identifier_in_name", {}, place
        )


def _hidden(facts: Facts, case: Case) -> Iterator[Finding]:
    seen: dict[str, Place] = {}
    for found in facts.found:
        what = "account" if found.kind in _ACCOUNTS else found.kind.value
        if (
            found.place.hidden
            and what in {"nir", "account", "birth_date"}
            and not _ours(found, case)
        ):
            seen.setdefault(what, found.place)
    for one in facts.people:
        if one.place is not None and one.place.hidden and one.role is not Role.PROFESSIONAL:
            seen.setdefault("name", one.place)
    for what, place in seen.items():
        yield Finding("hidden", Severity.NOTE, f"preflight.hidden_{what}", {}, place)


def exports(facts: Facts, *, several: bool) -> Iterator[Finding]:
    """Yield what the tables are; a note where it is asked about the people in them already."""
    for export in facts.exports:
        if export.verdict == "unknown":
            key, severity = "preflight.export_unknown", Severity.NOTE
        else:
            known = "" if export.verdict == "identifying" else "_pseudonymous"
            key, severity = f"preflight.export{known}", Severity.CONFIRM
        if several:
            severity = Severity.NOTE
        yield Finding("export", severity, key, {}, export.place)


def mssante(facts: Facts, case: Case) -> Iterator[Finding]:
    """Yield what the arrêté of 26 April 2022 says of such a document, where a patient gets it."""
    if case.to_patient and facts.kind in _BY_MSSANTE:
        place = Place(facts.file)
        yield Finding("mssante-kind", Severity.NOTE, "preflight.mssante_kind", {}, place)
