"""Messages as a table that an SMS gateway takes: CSV, or a workbook whose cells are all text.

What a spreadsheet would take for a formula, or for a number, and what is done about it:
docs/decisions/105-words-of-a-run.md.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare.errors import ExtraMissing, PracticeInvalid
from secshare.messages import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.model import Reference

__all__ = ["COLUMNS", "Message", "check", "is_number", "separator", "to_csv", "to_xlsx"]

COLUMNS: Final = ("phone", "message", "reference")
"""The first row, in both languages: what a script or a gateway was set up for once stays."""

_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, "CSV Injection"
_WIDTHS: Final = (18, 110, 14)  # characters


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS to be sent."""

    phone: str
    text: str = field(repr=False)
    reference: Reference


def is_number(phone: str) -> bool:
    """Return whether a telephone number is in E.164, and so nothing else."""
    return _E164.fullmatch(phone) is not None


def check(messages: Sequence[Message]) -> None:
    """Refuse what CSV cannot carry unchanged without being a formula to a spreadsheet.

    Nothing is put before a message to make it harmless: people would get it on their telephones.

    Raises:
        PracticeInvalid: a message begins as a formula does, with the practice's public name.
        ValueError: a telephone number is not in E.164, and may be anything.
    """
    for message in messages:
        if not is_number(message.phone):
            raise ValueError("no number in E.164")
        if message.text.startswith(_FORMULA):
            raise PracticeInvalid("batch_secrets.formula")


def separator(language: Language) -> str:
    """Return what stands between two cells: what a spreadsheet in this language expects."""
    return ";" if language is Language.FR else ","


def to_csv(messages: Sequence[Message], language: Language) -> bytes:
    """Return messages as CSV in UTF-8, every cell in quotes (RFC 4180). It holds the secrets.

    Args:
        language: the practice's, see `separator`.

    Raises:
        PracticeInvalid, ValueError: as `check`.
    """
    check(messages)
    written = io.StringIO()
    table = csv.writer(written, delimiter=separator(language), quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    table.writerows((each.phone, each.text, str(each.reference)) for each in messages)
    return written.getvalue().encode()


def to_xlsx(messages: Sequence[Message]) -> bytes:
    """Return messages as a workbook in which every cell is text. It holds the secrets.

    It is made in memory: the library would else write its parts to temporary files.

    Raises:
        ExtraMissing: XlsxWriter is not installed.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise ExtraMissing("batch_secrets.missing") from error
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(written, options) as book:
        as_text = book.add_format({"num_format": 49})  # text (ECMA-376 18.8.30), also when edited
        table = book.add_worksheet("SMS")
        for column, width in enumerate(_WIDTHS):
            table.set_column(column, column, width, as_text)
        rows = ((each.phone, each.text, str(each.reference)) for each in messages)
        for number, row in enumerate((COLUMNS, *rows)):
            for column, cell in enumerate(row):
                table.write_string(number, column, cell, as_text)
        table.ignore_errors({"number_stored_as_text": f"A1:C{len(messages) + 1}"})
    return written.getvalue()
