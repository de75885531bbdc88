"""Importing a list: every error by row and column first, then all of it, or nothing."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from secshare.errors import RecipientDataInvalid, SecshareError
from secshare.model import Kind, Recipient
from secshare.recipients.contacts import check_road
from secshare.recipients.fields import FIELDS, parse_field
from secshare.recipients.homonyms import check_homonyms
from secshare.recipients.keys import parse_keys, split_keys
from secshare.recipients.names import fold, make_id
from secshare.recipients.newcomers import check_contacts, options
from secshare.recipients.table import read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from secshare.recipients.directory import Directory
    from secshare.recipients.table import Row, Table
    from secshare.recipients.ties import Relation

__all__ = ["import_file"]


@dataclass(frozen=True, slots=True)
class _Draft:
    """What could be read of a row that has a name; what could not is among the problems.

    Attributes:
        born_unread: the row has a birth date that could not be read.
    """

    row: int
    recipient: Recipient
    born_unread: bool


def import_file(
    directory: Directory,
    path: Path,
    *,
    today: date,
    kind: Kind | None = None,
    accept: Collection[Relation] = (),
) -> int:
    """Add everybody in the file, or nobody; return how many.

    Args:
        kind: of every row, where the file has no such column.
        accept: what contacts may have to do with others', of the file or of the directory; not
            kept as answered. What is not accepted is a problem of its row.

    Raises:
        RecipientDataInvalid: `fields["problems"]` holds every `Problem`, in the file's order.
        InputUnreadable, OutputRefused, RegisterUnwritable: nothing was written.
    """
    table = read_table(path)
    needed = ["name"] if kind else ["name", "kind"]
    for field in needed:
        if field not in table.headers:
            table.wrong(1, _LABELS[field], RecipientDataInvalid("recipients.column_missing"))
    drafts = _drafts(table, kind, region=directory.region, today=today)

    def settled() -> Sequence[Recipient]:
        # Even when some rows are refused already, so that every error is said in one go.
        recipients = _settled(directory, drafts, table)
        check_contacts(directory, recipients, [draft.row for draft in drafts], table, accept)
        if problems := sorted(table.problems, key=lambda problem: problem.row):
            to_accept = options(problems)
            raise RecipientDataInvalid(
                "lookalikes.import_unanswered" if to_accept else "recipients.import_errors",
                path=path.name,
                count=len(problems),
                options=to_accept,
                problems=tuple(problems),
            )
        return recipients

    return directory.add_all(settled)


_LABELS: Final = {"name": "nom / name", "kind": "type / kind"}


def _drafts(table: Table, kind: Kind | None, *, region: str, today: date) -> list[_Draft]:
    """Return what the rows say, without ids that are still to be made; add to the problems.

    A row with a bad cell is there too where its name could be read, so that what it has in common
    with others is said in the same round: nobody is added while there is a problem.
    """
    drafts = []
    broken = {(problem.row, problem.column) for problem in table.problems}
    for row in table.rows:
        values: dict[str, Any] = {"kind": kind} if kind else {}
        for field, cell in _cells(row).items():
            label = table.headers.get(field, table.headers.get("first_name", field))
            sources = {label, table.headers.get("first_name")} if field == "name" else {label}
            if any((row.number, source) in broken for source in sources if source):
                continue
            try:
                values[field] = _read(field, cell, region, today)
            except SecshareError as error:
                table.wrong(row.number, label, error)
        _complete(row, values, table)
        if "name" in values:
            read = {"uid": "", "id": "", "kind": Kind.PATIENT} | values
            born_unread = "birth_date" in row.cells and "birth_date" not in values
            drafts.append(_Draft(row.number, Recipient(**read), born_unread))
    return drafts


def _cells(row: Row) -> dict[str, str]:
    cells = dict(row.cells)
    if first_name := cells.pop("first_name", None):
        cells["name"] = f"{first_name} {cells.get('name', '')}".strip()
    return cells


def _read(field: str, cell: str, region: str, today: date) -> Any:  # noqa: ANN401
    if field in FIELDS:
        return parse_field(field, cell, region=region, today=today)
    return cell


def _complete(row: Row, values: dict[str, Any], table: Table) -> None:
    """Check what no single cell tells; turn the key column into keys."""
    if "key" in values:
        try:
            values["keys"] = parse_keys(split_keys(values.pop("key")))
        except SecshareError as error:
            table.wrong(row.number, table.headers["key"], error)
    for field in ("name", "kind"):
        empty = field in table.headers and not _cells(row).get(field)
        if empty and values.get(field) is None:
            table.wrong(
                row.number, table.headers[field], RecipientDataInvalid("recipients.cell_needed")
            )
    if values.get("phone") and values.get("road"):
        try:
            check_road(values["phone"], values["road"])
        except SecshareError as error:
            table.wrong(row.number, table.headers["road"], error)
    if "email_consent_date" in row.cells and "email_consent" not in row.cells:
        missing = RecipientDataInvalid("recipients.consent_date", field="email_consent_date")
        table.wrong(row.number, table.headers["email_consent_date"], missing)


def _settled(directory: Directory, drafts: list[_Draft], table: Table) -> list[Recipient]:
    """Return the recipients with their ids; add to the problems what rows have in common."""
    ids: dict[str, int] = {}
    for draft in drafts:
        identifier = draft.recipient.id
        if identifier and identifier in ids:
            table.wrong(
                draft.row,
                table.headers["id"],
                RecipientDataInvalid("recipients.id_twice", other=ids[identifier]),
            )
        elif identifier and directory.id_taken(identifier):
            table.wrong(
                draft.row,
                table.headers["id"],
                RecipientDataInvalid("recipients.id_taken", id=identifier),
            )
        ids.setdefault(identifier, draft.row)
    named: dict[str, list[_Draft]] = defaultdict(list)
    recipients = []
    for draft in drafts:
        _check_name(directory, draft, named, table)
        person = draft.recipient
        identifier = person.id or make_id(
            person.name, person.kind, lambda made: made in ids or directory.id_taken(made)
        )
        ids.setdefault(identifier, draft.row)
        recipients.append(replace(person, uid=secrets.token_hex(16), id=identifier))
    return recipients


def _check_name(
    directory: Directory, draft: _Draft, named: dict[str, list[_Draft]], table: Table
) -> None:
    folded, born = fold(draft.recipient.name), draft.recipient.birth_date
    label = table.headers.get("name", table.headers.get("first_name", "name"))
    for other in named[folded]:
        if key := _in_common(draft, other):
            table.wrong(draft.row, label, RecipientDataInvalid(key, other=other.row))
    named[folded].append(draft)
    namesakes = directory.namesakes(folded)
    if draft.born_unread:  # whatever it is, it tells nobody from somebody without a birth date
        namesakes, born = [row for row in namesakes if row["birth_date"] is None], date.max
    try:
        check_homonyms(namesakes, born)
    except RecipientDataInvalid as error:
        table.wrong(draft.row, label, error)


def _in_common(draft: _Draft, other: _Draft) -> str | None:
    """Return what keeps two rows of one name from being told apart, None where nothing does."""
    one, two = draft.recipient.birth_date, other.recipient.birth_date
    without = (one is None and not draft.born_unread) or (two is None and not other.born_unread)
    if without:
        return "recipients.row_homonym"
    return "recipients.row_same_person" if one is not None and one == two else None
