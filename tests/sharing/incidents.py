"""An incident of a practice with invented people, and what its register holds, by plain SQL."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from secshare import profiles
from secshare.files import open_source
from secshare.messages import Language, catalogue, printable
from secshare.model import Answer, Answered, DocumentKind, FileState, Reference, Severity
from secshare.recipients import masked_email
from secshare.register import Operation
from secshare.sharing import Desk, address, incidents, prepare
from secshare.sharing.incidents.pieces import Line, Paragraph
from tests.documents import report
from tests.practices import add_patient, make_practice

if TYPE_CHECKING:
    from collections.abc import Iterator

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 11, 20, 9, 2, 17, tzinfo=UTC)
WRONG = "jeane.exmple@example.net"
FINDINGS = (
    Answered("scan", Severity.CONFIRM, Answer.CONFIRMED),
    Answered("not-named", Severity.CONFIRM, Answer.ACCEPTED),
    Answered("several-people", Severity.BLOCK, Answer.OVERRIDDEN, "vu avec le médecin"),
    Answered("mssante-kind", Severity.NOTE, Answer.SHOWN),
)


class Clock:
    """A clock that somebody winds."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now.timestamp()

    def wait(self, **hours: float) -> None:
        self.now += timedelta(**hours)


@contextmanager
def a_desk(folder: Path, clock: Clock, by: str = "Sophie Modèle") -> Iterator[Desk]:
    practice = folder / "practice"
    opened = make_practice(practice) if not practice.exists() else None
    from secshare.practice import Practice

    with Desk(opened or Practice.open(practice), by=by, now=clock) as desk:
        yield desk


def a_share(desk: Desk, clock: Clock, folder: Path) -> Reference:
    """Seal a report whose check asked several things."""
    recipient = desk.directory.by_uid(add_patient(desk).uid)
    assert recipient is not None
    path = folder / "rapport.pdf"
    path.write_bytes(report())
    with open_source(path) as source:
        addressed = address(desk, recipient.id, today=clock.now.date())
        prepared = prepare(
            desk,
            addressed,
            [source],
            kind=DocumentKind.REPORT,
            answered=FINDINGS,
            now=lambda: clock.now,
        )
    return prepared.share.reference


def whole(folder: Path) -> tuple[Reference, Clock]:
    """Make the incident of a share of which the register knows all that it can."""
    clock = Clock()
    with a_desk(folder, clock) as desk:
        reference = a_share(desk, clock, folder)
        clock.wait(minutes=11)
        desk.register.change(reference, Operation.MARK, mark=FileState.SENT)
        clock.wait(hours=4, minutes=3)
        desk.register.recall(reference)
        clock.wait(minutes=7)
        incidents.record(
            desk,
            reference,
            found="2026-11-20T14:09+01:00",
            how="La patiente n'a rien reçu",
            wrong_address=WRONG,
            people=17,
            measures=["Adresse corrigée dans l'annuaire", "Demande de suppression envoyée"],
        )
        clock.wait(hours=2)
    return reference, clock


def facts(desk: Desk, reference: Reference) -> incidents.Facts:
    incident = incidents.incidents_of(desk).of(reference)
    assert incident is not None
    return incidents.collect(desk, incident)


def told(desk: Desk, reference: Reference, language: Language, clock: Clock, **options: Any):
    """Return the document, in the hours of Paris."""
    return incidents.document(
        facts(desk, reference), language, now=clock.now, zone=PARIS, **options
    )


def texts(document: incidents.Document) -> Iterator[str]:
    """Yield every text that the document states, questions apart."""
    yield document.title
    for paragraph in document.intro:
        yield paragraph.text
    for part in document.parts:
        yield part.title
        for block in part.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, Line):
                yield block.label
                yield from (said for said in block.said if isinstance(said, str))
            else:
                yield from block.columns
                yield from (cell for row in block.rows for cell in row if cell)


def in_the_register(
    desk: Desk, reference: Reference, language: Language, now: datetime
) -> set[str]:
    """Return every value that the register holds of a share, as a document may show it.

    Read by SQL, from columns and bodies of entries, past everything that collects facts. What is
    no value of the register: when the document is written, what is left of 72 hours, and the
    fewest words that the program draws.
    """
    read = desk.store.connection.execute
    reference_text = str(reference)
    rows = [
        dict(row)
        for query in (
            "SELECT * FROM share WHERE reference = :it OR seals_again = :it",
            "SELECT * FROM incident WHERE reference = :it",
            "SELECT * FROM share_finding WHERE reference = :it",
            "SELECT * FROM received WHERE share = :it",
            "SELECT * FROM recipient",
        )
        for row in read(query, {"it": reference_text}).fetchall()
    ]
    bodies = read("SELECT body FROM entry WHERE reference = ?", (reference_text,)).fetchall()
    rows += [json.loads(row["body"]) for row in bodies]
    values: set[str] = set()
    for row in rows:
        for value in row.values():
            values |= shown(value, language)
    incident = read("SELECT * FROM incident").fetchone()
    for column in ("how", "measures", "decision"):
        for recorded, text in json.loads(incident[column] or "[]"):
            values |= shown(recorded, language) | shown(text, language)
    deadline = datetime.fromisoformat(incident["found"]) + timedelta(hours=72)
    decided = json.loads(incident["decision"] or "[]")
    at = datetime.fromisoformat(decided[0][0]) if decided else now
    left = abs(int((deadline - at).total_seconds())) // 3600
    values |= {moment(deadline, language), moment(now, language), str(left), str(left // 24)}
    settings = desk.practice.settings
    values |= {settings.name, settings.phone, *settings.emails, str(profiles.WORDS)}
    return values | {catalogue("incident")["marker"][language]}


def shown(value: object, language: Language) -> set[str]:
    """Return how a value of the register may stand in a document."""
    if not isinstance(value, str | int):
        return set()
    ways = {str(value), printable(str(value))}
    if "@" in str(value):
        ways = {masked_email(str(value))}
    if re.match(r"\d{4}-\d\d-\d\dT", str(value)):
        ways = {moment(datetime.fromisoformat(str(value)), language)}
    return ways


def moment(when: datetime, language: Language) -> str:
    local = when.astimezone(PARIS)
    form = "%d/%m/%Y à %H:%M" if language is Language.FR else "%Y-%m-%d at %H:%M"
    return f"{local.strftime(form)} (UTC{local:%z})"[:-3] + ":00)"


def templates(language: Language) -> list[re.Pattern[str]]:
    """Return the texts that a document may be made of, each with a group for every field."""
    chosen = list(catalogue("incident").values())
    for area, beginning in (("check", "kind_"), ("preflight", "rule_")):
        chosen += [entry for name, entry in catalogue(area).items() if name.startswith(beginning)]
    made = []
    for entry in chosen:
        text = entry[language]
        if isinstance(text, str):
            pieces = (
                re.escape(literal) + ("(.+?)" if field is not None else "")
                for literal, field, _, _ in Formatter().parse(text)
            )
            made.append(re.compile("".join(pieces), re.DOTALL))
    return made


def explained(text: str, known: set[str], made: list[re.Pattern[str]]) -> bool:
    """Return whether a text is a value of the register, or a text of ours filled with such."""
    if text in known:
        return True
    for template in made:
        found = template.fullmatch(text)
        if found and all(explained(field, known, made) for field in found.groups()):
            return True
    return False
