"""Nothing stands in an incident's document that the register does not know: it asks instead."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from secshare.messages import Language
from secshare.model import Reference
from secshare.sharing import Desk, incidents
from tests.sharing.incidents import (
    WRONG,
    Clock,
    a_desk,
    explained,
    in_the_register,
    moment,
    templates,
    texts,
    told,
    whole,
)

BOTH = pytest.mark.parametrize("language", list(Language))


@pytest.fixture
def known(tmp_path: Path):
    """Everything known: a share that was checked, sent, recalled, and its incident."""
    reference, clock = whole(tmp_path)
    with a_desk(tmp_path, clock) as desk:
        yield desk, reference, clock


@BOTH
@pytest.mark.parametrize("with_names", [False, True])
def test_every_text_is_ours_and_every_value_is_in_the_register(
    known: tuple[Desk, Reference, Clock], language: Language, with_names: bool
) -> None:
    desk, reference, clock = known
    document = told(desk, reference, language, clock, with_names=with_names)
    values = in_the_register(desk, reference, language, clock.now)
    made = templates(language)
    stated = list(texts(document))
    assert len(stated) > 80
    assert [text for text in stated if not explained(text, values, made)] == []
    assert [
        ask.text for ask in incidents.questions(document) if not explained(ask.text, set(), made)
    ] == []


@BOTH
def test_the_reading_finds_what_is_invented(
    known: tuple[Desk, Reference, Clock], language: Language
) -> None:
    desk, reference, clock = known
    values = in_the_register(desk, reference, language, clock.now)
    made = templates(language)
    invented = {
        Language.FR: (
            "Elle a confirmé la suppression.",
            "19, comme une personne du cabinet l'a noté",
        ),
        Language.EN: ("They confirmed the deletion.", "19, as somebody of the practice wrote"),
    }
    for text in invented[language]:
        assert not explained(text, values, made)
    for text in (moment(datetime(2026, 1, 2, tzinfo=clock.now.tzinfo), language), WRONG):
        assert not explained(text, values, made)


REMOVED = {
    "how": ("UPDATE incident SET how = NULL", ("n'a rien reçu",), 1),
    "wrong_address": ("UPDATE incident SET wrong_address = NULL", ("example.net",), 2),
    "measures": ("UPDATE incident SET measures = NULL", ("Demande de suppression",), 1),
    "people": ("UPDATE incident SET people = NULL", ("17, ",), 1),
    "kind": ("UPDATE share SET kind = NULL", ("compte rendu,", "report,"), 1),
    "purpose": ("UPDATE share SET purpose = NULL", ("soins",), 1),
    "size": ("UPDATE share SET size = NULL, sha256 = NULL", (" octets", " bytes", "SHA-256"), 1),
    "sent": (
        "UPDATE share SET sent = NULL, file = 'prepared', file_since = created",
        ("20/11/2026 à 10:13 (UTC+01:00).", "2026-11-20 at 10:13 (UTC+01:00)."),
        0,  # one question takes the place of another
    ),
    "subject": ("DELETE FROM recipient", ("un patient (", "a patient ("), 1),
    "findings": ("DELETE FROM share_finding", ("Une image", "A picture"), 0),
    "journal": (
        "DELETE FROM entry WHERE reference IS NOT NULL AND number < (SELECT number FROM head)",
        ("Rappelés le", "Recalled on", "Les mots ont été rappelés", "The words were recalled"),
        0,
    ),
}


@BOTH
@pytest.mark.parametrize("fact", REMOVED)
def test_a_fact_that_leaves_the_register_leaves_the_document(
    known: tuple[Desk, Reference, Clock], language: Language, fact: str
) -> None:
    desk, reference, clock = known
    statement, traces, more = REMOVED[fact]
    before = told(desk, reference, language, clock)
    assert any(trace in text for text in texts(before) for trace in traces), "nothing to remove"
    with desk.store.transaction() as connection:
        connection.execute(statement)
    after = told(desk, reference, language, clock)
    assert [text for text in texts(after) for trace in traces if trace in text] == []
    asked = [{ask.text for ask in incidents.questions(each)} for each in (before, after)]
    assert len(asked[1]) == len(asked[0]) + more
    values = in_the_register(desk, reference, language, clock.now)
    made = templates(language)
    assert [text for text in texts(after) if not explained(text, values, made)] == []


@BOTH
def test_what_only_people_know_is_asked_whatever_the_register_knows(
    known: tuple[Desk, Reference, Clock], language: Language
) -> None:
    desk, reference, clock = known
    asked = " ".join(
        ask.text for ask in incidents.questions(told(desk, reference, language, clock))
    )
    words = {
        Language.FR: (
            *("notifiée", "pièce jointe", "messagerie", "confirmé", "entraîner", "informées"),
            *("délégué", "enregistrements", "quelles données", "mots ont-ils été transmis"),
        ),
        Language.EN: (
            *("notified", "attached", "mailbox", "confirm", "mean for them", "told"),
            *("officer", "records", "which data", "words handed to anybody"),
        ),
    }
    assert [word for word in words[language] if word not in asked] == []


@BOTH
def test_nobody_is_named_unless_it_is_asked_for(
    known: tuple[Desk, Reference, Clock], language: Language
) -> None:
    desk, reference, clock = known
    user = desk.actor.user
    names = ("Jeanne", "jeanne", "Sophie", f"compte {user}", f"account {user}", "vu avec", "exmple")
    without = told(desk, reference, language, clock)
    for form in (incidents.markdown(without), incidents.html(without)):
        assert [name for name in names if name in form] == []
    named = incidents.markdown(told(desk, reference, language, clock, with_names=True))
    assert "Jeanne Exemple" in named
    assert "Sophie Modèle" in named
    assert "vu avec le médecin" in named
    assert "exmple" not in named
