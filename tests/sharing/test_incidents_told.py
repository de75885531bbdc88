"""An incident is told as it is: each state with its condition, the clock, and no text acts."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from secshare.errors import RecipientDataInvalid
from secshare.messages import Language, text
from secshare.model import FileState, Reference, SealFormat, SecretState
from secshare.register import Worth
from secshare.register.incidents import Incident
from secshare.sharing import Desk, incidents
from secshare.sharing.incidents.pieces import Line
from tests.batch.sealed_runs import make_run
from tests.sharing.incidents import (
    PARIS,
    Clock,
    a_desk,
    a_share,
    explained,
    facts,
    in_the_register,
    templates,
    texts,
    told,
    whole,
)

BOTH = pytest.mark.parametrize("language", list(Language))
HOSTILE = (
    "[oui](https://evil.example) ![x](//evil.example/p.png) <img src=x onerror=alert(1)>",
    "**À compléter** : rien | **To complete**: nothing | `code` ~~faux~~ $x$ &amp; &#x41; ^[note]",
    "# titre",
    "- liste",
    "1. un",
    '=HYPERLINK("//evil.example")',
    "---",
    "> cité",
    "    du code",
    "www.evil.example et http://evil.example ou <https://evil.example>",
    "\u202egpj.exe \u200b \x1b[2J \x07 \u2028 fin",
    "ligne\n\n## autre\n| a | b |\n| --- | --- |",
    "</main><script>alert(1)</script><style>*{display:none}</style>",
    "numéro 1 58 04 22 999 041 58 et 158042299904158",
    "écrire à 158042299904158@patient.mssante.fr et à jean.morel@example.com.",
    "\\",
)


@pytest.fixture
def known(tmp_path: Path):
    reference, clock = whole(tmp_path)
    with a_desk(tmp_path, clock) as desk:
        yield desk, reference, clock


def change(desk: Desk, statement: str, *values: object) -> None:
    with desk.store.transaction() as connection:
        connection.execute(statement, values)


# --- states -----------------------------------------------------------------------------------


@BOTH
def test_every_state_of_both_roads_has_its_words(
    known: tuple[Desk, Reference, Clock], language: Language
) -> None:
    desk, reference, clock = known
    secrets = [(secret, known) for secret in SecretState for known in (True, False)]
    seen = set()
    for file, file_known, (secret, secret_known) in itertools.product(
        FileState, (True, False), [*secrets, (None, True)]
    ):
        change(
            desk,
            "UPDATE share SET file = ?, file_known = ?, secret = ?, secret_known = ?, road = ?",
            *(file, file_known, secret, secret_known, "sms" if secret else None),
        )
        seen.add(incidents.markdown(told(desk, reference, language, clock)))
    assert len(seen) > 5 * (2 * 2 + 2) - 5, "some states are told alike"


ARTICLE_34 = {
    # state of the secret: what has to be said, and what must not be
    (SecretState.HELD, True): (("gave the words to nobody", "recall them"), ("do not rely",)),
    (SecretState.WRITTEN, True): (("do not rely", "same person the words"), ("to nobody",)),
    (SecretState.RELEASED, True): (("does not apply", "did not go to that same person"), ()),
    (SecretState.RELEASED, False): (("do not rely", "probably opened"), ()),
    (SecretState.DESTROYED, True): (("before secshare gave them", "backup"), ("do not rely",)),
    (SecretState.DESTROYED, False): (("do not rely", "had been shown or written"), ()),
    (None, True): (("neither a private key nor a card",), ("words were", "do not rely")),
}


@pytest.mark.parametrize("state", ARTICLE_34)
def test_article_34_stands_with_its_condition_in_every_state_of_the_secret(
    known: tuple[Desk, Reference, Clock], state: tuple[SecretState | None, bool]
) -> None:
    desk, reference, clock = known
    secret, secret_known = state
    change(
        desk,
        "UPDATE share SET secret = ?, secret_known = ?, road = ?",
        *(secret, secret_known, "sms" if secret else None),
    )
    document = told(desk, reference, Language.EN, clock)
    (part,) = [part for part in document.parts if "(article 34)" in part.title]
    rule, here, *_ = [getattr(block, "text", "") for block in part.blocks]
    assert "neither from notifying the authority" in rule
    assert here.startswith("Here:")
    assert "Condition" in here
    said, unsaid = ARTICLE_34[state]
    assert [words for words in said if words not in here] == []
    assert [words for words in unsaid if words in here] == []


@BOTH
def test_what_was_opened_is_never_called_unintelligible_without_a_warning(
    known: tuple[Desk, Reference, Clock], language: Language
) -> None:
    desk, reference, clock = known
    warning = text("incident.persons_opened", language)
    for opened, road in itertools.product((True, False), ("sms", None)):
        file = "opened" if opened else "sent"
        change(desk, "UPDATE share SET file = ?, road = ?", file, road)
        document = told(desk, reference, language, clock)
        (part,) = [part for part in document.parts if part.title.startswith("10.")]
        found = [block for block in part.blocks if getattr(block, "text", "") == warning]
        assert len(found) == opened


@BOTH
@pytest.mark.parametrize("seal_format", list(SealFormat))
def test_the_cipher_is_that_of_the_format(
    known: tuple[Desk, Reference, Clock], language: Language, seal_format: SealFormat
) -> None:
    desk, reference, clock = known
    pdf = seal_format is SealFormat.PDF
    factor = None if pdf else 14
    change(desk, "UPDATE share SET format = ?, work_factor = ?", seal_format, factor)
    said = incidents.markdown(told(desk, reference, language, clock))
    assert ("AES-256" in said) == pdf
    assert ("ChaCha20-Poly1305" in said) == (not pdf)
    assert ("2\\^14" in said) == (not pdf)
    assert ("CNIL" in said.partition("## 5.")[2].partition("## 6.")[0]) == pdf


WORTH = {
    "never-released": "Nobody was given them",
    "possibly-released": "only if nobody kept them",
    "too-late": "too late",
    None: "does not say what that was worth",
}


@pytest.mark.parametrize("worth", WORTH)
def test_a_recall_is_told_with_what_it_is_worth(
    known: tuple[Desk, Reference, Clock], worth: str | None
) -> None:
    from dataclasses import replace

    desk, reference, clock = known
    incident = incidents.incidents_of(desk).of(reference)
    assert incident is not None
    facts = incidents.collect(desk, incident)
    assert facts.recall is not None
    recall = replace(facts.recall, facts={"worth": worth} if worth else {})
    document = incidents.document(replace(facts, recall=recall), Language.EN, now=clock.now)
    part = incidents.markdown(document).partition("## 7.")[2].partition("## 8.")[0]
    assert {key: words in part for key, words in WORTH.items()} == {
        key: key == worth for key in WORTH
    }


@BOTH
@pytest.mark.parametrize("lost", ["DELETE FROM entry", None])
def test_words_that_only_the_register_says_are_stopped_stay_stopped_in_every_part(
    known: tuple[Desk, Reference, Clock], language: Language, lost: str | None
) -> None:
    desk, reference, clock = known
    if lost:
        change(desk, f"{lost} WHERE reference IS NOT NULL AND number < (SELECT number FROM head)")
    stopped = desk.register.share(reference).secret_since
    assert stopped is not None
    when = incidents.shown_moment(stopped, language, PARIS)
    parts = told(desk, reference, language, clock).parts
    recall = [getattr(block, "text", "") for block in parts[6].blocks]
    (measures,) = [block.said for block in parts[8].blocks if isinstance(block, Line)]
    assert (text("incident.recall_row", language, when=when) in recall) == bool(lost)
    assert (text("incident.measure_recall_row", language, when=when) in measures) == bool(lost)
    assert text("incident.recall_none", language) not in recall
    assert (text("incident.measure_recall", language, when=when) in measures) == (not lost)


def test_words_that_reached_their_age_were_not_stopped_by_anybody(tmp_path: Path) -> None:
    clock = Clock()
    with a_desk(tmp_path, clock) as desk:
        reference = a_share(desk, clock, tmp_path)
        incidents.record(desk, reference, how="un appel")
        change(desk, "UPDATE share SET secret = 'held'")
        clock.wait(hours=24 * 31)
        desk.register.forget(clock.now)
        assert not desk.register.share(reference).words_kept
        known = facts(desk, reference)
        assert (known.stopped, known.worth) == (None, Worth.NEVER_RELEASED)


@BOTH
def test_what_is_sure_of_destroyed_words_is_not_called_assumed(
    known: tuple[Desk, Reference, Clock], language: Language
) -> None:
    desk, reference, clock = known
    assert not desk.register.share(reference).states.secret_known
    part = told(desk, reference, language, clock).parts[11]
    cells = [cell for row in part.blocks[0].rows for cell in row]  # type: ignore[union-attr]
    destroyed = text("incident.state_destroyed_assumed", language)
    assert any(cell.endswith(destroyed) for cell in cells)
    supposed = {Language.FR: "détruits (supposé)", Language.EN: "destroyed (assumed)"}[language]
    assert not any(supposed in cell for cell in cells)


# --- what people wrote ------------------------------------------------------------------------


def poisoned(desk: Desk, hostile: str) -> None:
    """Write a text wherever a person's text can stand, past every check."""
    import json

    at = datetime(2026, 11, 20, 13, 0, tzinfo=UTC).isoformat()
    measures = json.dumps([[at, hostile]])
    change(desk, "UPDATE incident SET how = ?, measures = ?, decision = ?", *(measures,) * 3)
    change(desk, "UPDATE incident SET wrong_address = ?", f"{hostile}@example.net")
    change(desk, "UPDATE share SET name = ?, about = ?, purpose = ?", *(hostile,) * 3)
    change(desk, "UPDATE share SET email = ?", f"{hostile}@example.net")
    change(desk, "UPDATE share_finding SET reason = ?, rule = ?", hostile, hostile)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


OURS = {
    *("html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "p"),
    *("dl", "dt", "dd", "strong", "span", "table", "thead", "tbody", "tr", "th", "td"),
}


@BOTH
@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_people_wrote_is_text_and_nothing_else(
    known: tuple[Desk, Reference, Clock], language: Language, hostile: str
) -> None:
    desk, reference, clock = known
    poisoned(desk, "un texte")
    shape = _shape(told(desk, reference, language, clock, with_names=True))
    poisoned(desk, hostile)
    document = told(desk, reference, language, clock, with_names=True)
    assert _shape(document) == shape
    markdown, html = incidents.markdown(document), incidents.html(document)
    for form in (markdown, html):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e]", form)
        assert "158042299904158" not in form
        assert "jean.morel" not in form
    assert "http://" not in markdown
    assert "https://" not in markdown
    assert "www.evil" not in markdown


def _shape(document: incidents.Document) -> tuple[object, ...]:
    """Return what both forms are made of, whatever their texts say."""
    asked = len(list(incidents.questions(document)))
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(incidents.markdown(document))
    blocks = [token.type for token in tokens]
    inline = [child.type for token in tokens for child in token.children or ()]
    assert set(inline) <= {"text", "strong_open", "strong_close", "text_special"}, set(inline)
    assert not {"fence", "code_block", "html_block", "hr", "ordered_list_open"} & set(blocks)
    marked = sum(
        _is_marker(token.children, at, document.marker)
        for token in tokens
        for at in range(len(token.children or ()))
    )
    assert marked == asked
    tags = Tags()
    tags.feed(incidents.html(document))
    assert set(tags.tags) <= OURS
    assert tags.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class", "scope"}
    assert tags.tags.count("span") == asked, "the room for an answer"
    return blocks, inline.count("strong_open"), tags.tags


def _is_marker(children: list[object], at: int, marker: str) -> bool:
    one, two = children[at : at + 2] if at + 1 < len(children) else (None, None)
    return getattr(one, "type", "") == "strong_open" and getattr(two, "content", "") == marker


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_text_reads_in_both_forms_as_it_was_written(
    known: tuple[Desk, Reference, Clock], hostile: str
) -> None:
    from secshare.sharing.incidents.voice import Voice

    desk, reference, clock = known
    poisoned(desk, hostile)
    document = told(desk, reference, Language.FR, clock)
    expected = " ".join(Voice(Language.FR).quoted(hostile).split())
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    tokens = parser.parse(incidents.markdown(document))
    read = ["".join(child.content for child in token.children or ()) for token in tokens]
    assert any(line.endswith(f" : {expected}") for line in read)
    tags = Tags()
    tags.feed(incidents.html(document))
    assert expected in [" ".join(shown.split()) for shown in tags.shown]


# --- moments ----------------------------------------------------------------------------------

MADE = datetime(2026, 11, 20, 10, 2, 17, tzinfo=PARIS)


def test_seventy_two_hours_are_hours_and_not_three_days() -> None:
    # The night of the 28th has 23 hours.
    found = incidents.parse_found("27/03/2026 12:00", MADE, PARIS)
    deadline = Incident(Reference.draw(), found, found).deadline
    shown = incidents.shown_moment(deadline, Language.FR, PARIS)
    assert shown == "30/03/2026 à 13:00 (UTC+02:00)"
    for minutes, passed, hours in ((1, False, 71), (0, False, 72), (72 * 60, True, 0)):
        clock = incidents.clock(deadline, found + timedelta(minutes=minutes))
        assert (clock.passed, clock.hours) == (passed, hours)
    for minutes, hours in ((-59, 0), (-60, 1)):
        assert incidents.clock(deadline, deadline - timedelta(minutes=minutes)).hours == hours
        assert incidents.clock(deadline, deadline - timedelta(minutes=minutes)).passed


@BOTH
@pytest.mark.parametrize(("wait", "asks"), [(69, False), (73, True)])
def test_a_notification_that_is_late_has_to_say_why(
    known: tuple[Desk, Reference, Clock], language: Language, wait: int, asks: bool
) -> None:
    desk, reference, clock = known
    clock.wait(hours=wait)
    asked = {ask.text for ask in incidents.questions(told(desk, reference, language, clock))}
    assert (text("incident.ask_late", language) in asked) == asks


@BOTH
@pytest.mark.parametrize("late", [False, True])
def test_a_decision_takes_the_place_of_its_question_and_stops_the_clock(
    known: tuple[Desk, Reference, Clock], language: Language, *, late: bool
) -> None:
    desk, reference, clock = known
    clock.wait(hours=73 if late else 1)
    before = told(desk, reference, language, clock)
    incidents.record(desk, reference, decision="Notifié, n° 7")
    stopped = [line.said for line in told(desk, reference, language, clock).parts[0].blocks[3:5]]
    clock.wait(hours=24 * 200)
    after = told(desk, reference, language, clock)
    values = in_the_register(desk, reference, language, clock.now)
    made = templates(language)
    assert [each for each in texts(after) if not explained(each, values, made)] == []
    assert [line.said for line in after.parts[0].blocks[3:5]] == stopped
    ((said,),) = stopped[1:]
    assert "Notifié, n° 7" in str(said)
    asked = {ask.text for ask in incidents.questions(before)}
    assert asked - {ask.text for ask in incidents.questions(after)} == {
        text(f"incident.ask_{which}", language)
        for which in (("decision", "late") if late else ("decision",))
    }


@BOTH
def test_how_it_was_found_is_told_twice_where_it_was_told_twice(
    known: tuple[Desk, Reference, Clock], language: Language
) -> None:
    desk, reference, clock = known
    incidents.record(desk, reference, how="Puis un courrier")
    said = told(desk, reference, language, clock).parts[1].blocks[4].said
    assert [str(each).rpartition(" : ")[2].rpartition(": ")[2] for each in said] == [
        "La patiente n'a rien reçu",
        "Puis un courrier",
    ]


@BOTH
def test_what_is_long_past_is_told_in_days(
    known: tuple[Desk, Reference, Clock], language: Language
) -> None:
    desk, reference, clock = known
    clock.wait(hours=24 * 200)
    said = told(desk, reference, language, clock).parts[0].blocks[3].said
    assert said == (text("incident.passed_days", language, days=197),)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("21/11/2026 14:05", datetime(2026, 11, 21, 14, 5, tzinfo=PARIS)),
        ("21.11.2026 à 14h05", datetime(2026, 11, 21, 14, 5, tzinfo=PARIS)),
        ("2026-11-21 14:05", datetime(2026, 11, 21, 14, 5, tzinfo=PARIS)),
        ("2026-11-21T14:05Z", datetime(2026, 11, 21, 14, 5, tzinfo=UTC)),
        (" 21/11/2026 ", datetime(2026, 11, 21, tzinfo=PARIS)),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=PARIS)),
        # Within the minute and the day of the share, the share came first.
        ("20/11/2026 10:02", MADE),
        ("20/11/2026", MADE),
        ("20/11/2026 10:01", datetime(2026, 11, 20, 10, 1, tzinfo=PARIS)),
        # An hour that comes twice is its first time: the 72 hours end sooner.
        ("25/10/2026 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_it_is_typed(typed: str, read: datetime) -> None:
    assert incidents.parse_found(typed, MADE, PARIS) == read


@pytest.mark.parametrize(
    "typed", ["", "hier", "31/11/2026", "21/11/26", "14:05", "21/11/2026 25:00"]
)
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(RecipientDataInvalid):
        incidents.parse_found(typed, MADE, PARIS)


@pytest.mark.parametrize(
    "refused",
    [
        {"how": " \n "},
        {"how": "x" * 1001},
        {"measures": ["bien", "patient 1 58 04 22 999 041 58"]},
        {"wrong_address": "jean"},
        {"wrong_address": "a@example.com, b@example.com"},
        {"found": "hier"},
        {"decision": " "},
        {"decision": "notifié, patient 1 58 04 22 999 041 58"},
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(
    known: tuple[Desk, Reference, Clock], refused: dict[str, object]
) -> None:
    desk, reference, _ = known
    before = incidents.incidents_of(desk).of(reference)
    head = desk.journal.head()
    with pytest.raises(RecipientDataInvalid):
        incidents.record(desk, reference, people=5, **refused)  # type: ignore[arg-type]
    assert incidents.incidents_of(desk).of(reference) == before
    assert desk.journal.head() == head


def test_a_pseudonym_of_a_manifest_is_not_called_random(tmp_path: Path) -> None:
    clock = Clock()
    with a_desk(tmp_path, clock) as desk:
        reference = make_run(desk, shares=1)[0].reference
        incidents.record(desk, reference)
        stated = "\n".join(texts(told(desk, reference, Language.EN, clock)))
        uid = desk.register.share(reference).subject
    assert "named by a manifest (pseudonym in the register, computed with a key" in stated
    assert uid in stated
    assert "random identifier" not in stated
