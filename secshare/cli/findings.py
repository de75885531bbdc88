"""Findings as people read them: lines for a terminal, and JSON."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from secshare.cli.base import LANGUAGE, tr
from secshare.messages import Language, without_numbers
from secshare.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from secshare.cli.session import Session
    from secshare.model import Finding, Place
    from secshare.preflight import Export
    from secshare.sharing import Addressed, Checked

    Beside = Mapping[str, Sequence[str]]

_FIELDS: Final = {
    "title": "check.field_title",
    "author": "check.field_author",
    "form": "check.field_form",
    "note": "check.field_note",
    "attachment": "check.field_attachment",
    "comment": "check.field_comment",
    "header": "check.field_header",
    "footer": "check.field_footer",
    "file name": "check.field_file_name",
    "patient": "check.field_patient",
    "relative": "check.field_relative",
    "professional": "check.field_professional",
    "text box": "check.field_text_box",
    "defined name": "check.field_defined_name",
    "formula": "check.field_formula",
    "link": "check.field_link",
    "table": "check.field_table",
    "pivot cache": "check.field_pivot_cache",
    "linked workbook": "check.field_linked_workbook",
    "properties": "check.field_properties",
    "hidden rows": "check.field_hidden_rows",
    "text": "check.field_text",
    "entry": "check.field_entry",
}

_BARS: Final = 60
"""How wide the bars of an export are, in columns, where the terminal has room for them."""
_BESIDE: Final = 12
"""Columns of the terminal that bars leave free."""

_EACH: Final = 3
"""Notes of one kind about one document that are told each."""

_NAMED: Final = 5
"""Documents that are named where several stop."""


def tell(session: Session, findings: Sequence[Finding], beside: Beside) -> None:
    """Write findings on stderr, the heaviest first, and then what stands beside their rules."""
    rules = {finding.rule for finding in findings}
    session.write(*lines(findings))
    session.write(*(each for rule, more in beside.items() if rule in rules for each in more))


def beside(checked: Checked, addressed: Addressed) -> Beside:
    """Return, by rule, what somebody needs to answer: why a table identifies; fingerprints."""
    from secshare.recipients import spoken_fingerprint

    keys = addressed.recipient.keys if "keys" in addressed.changed else ()
    prints = (spoken_fingerprint(key) for key in keys)
    return {
        "export": [export_reason(each) for each in checked.report.exports],
        "changed-key": [tr("seal.fingerprint", fingerprint=each) for each in prints],
    }


def lines(findings: Sequence[Finding]) -> list[str]:
    """Return findings, a line each; a note that many documents have is one line with a count."""
    notes = [each for each in findings if each.severity is Severity.NOTE]
    counts = Counter((each.rule, each.key) for each in notes)
    files = Counter(
        (rule, key) for rule, key, _ in {(*_alike(each), _file(each)) for each in notes}
    )
    told: list[str] = []
    said: set[tuple[str, str]] = set()
    for finding in findings:
        alike = _alike(finding)
        few = files[alike] == 1 and counts[alike] <= _EACH
        if few or finding.severity is not Severity.NOTE or finding.place is None:
            told.append(line(finding))
        elif alike not in said:
            said.add(alike)
            told.append(line(finding, more=counts[alike] - 1))
    return told


def _alike(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.key


def _file(finding: Finding) -> str | None:
    return finding.place.file if finding.place else None


def line(finding: Finding, *, more: int = 0) -> str:
    """Return a finding on one line: what it does, its rule, its place, its sentence.

    Args:
        more: in how many other places the same is found.
    """
    sentence = tr(finding.key, **finding.fields)
    if finding.place is not None:
        place = told_place(finding.place)
        if more:
            place = tr("check.and_more", place=place, count=more)
        sentence = tr("check.placed", place=place, sentence=sentence)
    return tr(f"check.line_{finding.severity}", rule=finding.rule, sentence=sentence)


def stops(findings: Sequence[Finding]) -> dict[str, list[str]]:
    """Return the documents that stop, each with the rules they stop by, in the order found."""
    found: dict[str, list[str]] = {}
    for finding in findings:
        if finding.severity is Severity.BLOCK and finding.place is not None:
            rules = found.setdefault(finding.place.file, [])
            if finding.rule not in rules:
                rules.append(finding.rule)
    return found


def told_stops(findings: Sequence[Finding], documents: int) -> str | None:
    """Return which of several documents stop, in a sentence; None where none does."""
    stopped = stops(findings)
    if documents < 2 or not stopped:
        return None
    named = [f"{name} ({', '.join(rules)})" for name, rules in stopped.items()]
    if len(named) > _NAMED:
        more = tr("seal.and_more", count=len(named) - _NAMED)
        named = [*named[:_NAMED], more]
    key = "check.stopped_one" if len(stopped) == 1 else "check.stopped_many"
    return tr(key, count=len(stopped), documents=documents, named=", ".join(named))


def told_place(place: Place) -> str:
    """Return where something stands, as a person looks for it."""
    said = [place.file]
    if place.member:
        said.append(place.member)
    if place.field:
        key = _FIELDS.get(place.field)
        said.append(tr(key) if key else place.field)
    said += [
        tr(f"check.place_{name}", value=value)
        for name in ("page", "sheet", "cell", "line")
        if (value := getattr(place, name)) is not None
    ]
    if place.hidden:
        said.append(tr("check.place_hidden"))
    return ", ".join(said)


def as_json(findings: Sequence[Finding], verdict: Severity | None) -> dict[str, Any]:
    """Return `findings` and `verdict`, as every `--json` carries them."""
    return {
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "place": finding.place.as_json() if finding.place else None,
                "message": {each.value: finding.sentence(each) for each in Language},
            }
            for finding in findings
        ],
        "verdict": verdict or "ok",
    }


def export_lines(export: Export) -> tuple[str, ...]:
    """Return what a table tells of the people in it: why, in a paragraph, and groups as bars."""
    from secshare.preflight import bars, heading, reason

    width = min(shutil.get_terminal_size().columns - _BESIDE, _BARS)
    drawn = bars(export, width, ascii=not _draws_blocks())
    return (reason(export, LANGUAGE), heading(LANGUAGE), *drawn)


def _draws_blocks() -> bool:
    """Return whether stdout can write the blocks that bars are drawn with."""
    try:
        "█▏▎▍▌▋▊▉".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def export_reason(export: Export) -> str:
    """Return why a table is said to be what it is, in a paragraph."""
    from secshare.preflight import reason

    return reason(export, LANGUAGE)


def export_as_json(export: Export) -> dict[str, Any]:
    """Return an export's verdict and figures, for `--json`."""
    from secshare.preflight import reason

    return {
        "place": export.place.as_json(),
        "verdict": export.verdict,
        "reason": {each.value: reason(export, each) for each in Language},
        "rows": export.rows,
        "people": export.people,
        **{
            columns: [without_numbers(name) for name in getattr(export, columns)]
            for columns in ("direct", "linking", "describing", "sensitive", "inferred")
        },
        "unique": export.unique,
        "groups": [{"size": each.size, "count": each.count} for each in export.groups],
    }
