"""Importing a list: every error by row and column first, then all of it, or nothing."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from secshare.errors import RecipientDataInvalid, SecshareError
from secshare.model import Recipient
from secshare.recipients.contacts import check_road
from secshare.recipients.fields import FIELDS, parse_field
from secshare.recipients.homonyms import check_homonyms
from secshare.recipients.keys import parse_keys
from secshare.recipients.names import fold, make_id
from secshare.recipients.table import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from secshare.model import Kind
    from secshare.recipients.directory import Directory
    from secshare.recipients.table import Row, Table

__all__ = ["import_file"]

_KEYS: Final = re.compile(r"[\n,;|]+|\s+(?=age1|ssh-)")


@dataclass(frozen=True, slots=True)
class _Draft:
    row: int
    recipient: Recipient


def import_file(directory: Directory, path: Path, *, today: date, kind: Kind | None = None) -> int:
    """Add everybody in the file, or nobody; return how many.

    Args:
        kind: of every row, where the file has no such column.

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
        if problems := sorted(table.problems, key=lambda problem: problem.row):
            raise RecipientDataInvalid(
                "recipients.import_errors",
                path=path.name,
                count=len(problems),
                problems=tuple(problems),
            )
        return recipients

    return directory.add_all(settled)


_LABELS: Final = {"name": "nom / name", "kind": "type / kind"}


def _drafts(table: Table, kind: Kind | None, *, region: str, today: date) -> list[_Draft]:
    """Return what the rows say, without ids that are still to be made; add to the problems."""
    drafts = []
    broken = {(problem.row, problem.column) for problem in table.problems}
    for row in table.rows:
        values: dict[str, Any] = {"kind": kind} if kind else {}
        whole = True
        for field, cell in _cells(row).items():
            label = table.headers.get(field, table.headers.get("first_name", field))
            if (row.number, label) in broken:
                whole = False
                continue
            try:
                values[field] = _read(field, cell, label, region, today)
            except SecshareError as error:
                table.wrong(row.number, label, error)
                whole = False
        whole = _complete(row, values, table) and whole
        if whole:
            drafts.append(_Draft(row.number, Recipient(**({"uid": "", "id": ""} | values))))
    return drafts


def _cells(row: Row) -> dict[str, str]:
    cells = dict(row.cells)
    if first_name := cells.pop("first_name", None):
        cells["name"] = f"{first_name} {cells.get('name', '')}".strip()
    return cells


def _read(field: str, cell: str, label: str, region: str, today: date) -> Any:  # noqa: ANN401
    if field in FIELDS:
        return parse_field(field, cell, region=region, today=today, label=label)
    return cell


def _complete(row: Row, values: dict[str, Any], table: Table) -> bool:
    """Check what no single cell tells; turn the key column into keys."""
    whole = True
    if "key" in values:
        try:
            values["keys"] = parse_keys(part for part in _KEYS.split(values.pop("key")) if part)
        except SecshareError as error:
            table.wrong(row.number, table.headers["key"], error)
            whole = False
    for field in ("name", "kind"):
        empty = field in table.headers and not _cells(row).get(field)
        if empty and values.get(field) is None:
            table.wrong(
                row.number, table.headers[field], RecipientDataInvalid("recipients.cell_needed")
            )
        whole = whole and values.get(field) is not None
    if values.get("phone") and values.get("road"):
        try:
            check_road(values["phone"], values["road"])
        except SecshareError as error:
            table.wrong(row.number, table.headers["road"], error)
            whole = False
    if "email_consent_date" in row.cells and "email_consent" not in row.cells:
        label = table.headers["email_consent_date"]
        table.wrong(row.number, label, RecipientDataInvalid("recipients.consent_date", field=label))
        whole = False
    return whole


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
        if born is not None and other.recipient.birth_date not in {None, born}:
            continue
        same = born is not None and born == other.recipient.birth_date
        key = "recipients.row_same_person" if same else "recipients.row_homonym"
        table.wrong(draft.row, label, RecipientDataInvalid(key, other=other.row))
    named[folded].append(draft)
    try:
        check_homonyms(directory.namesakes(folded), born)
    except RecipientDataInvalid as error:
        table.wrong(draft.row, label, error)
