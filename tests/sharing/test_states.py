"""Protects what a practice answers later: a share's two states and its entries never disagree.

Words that count as stopped are given to nobody; words that are given count as given before.
"""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secshare import files
from secshare.errors import OutputRefused, RecipientUnknown, ShareState, ShareUnknown
from secshare.messages import Language
from secshare.model import FileState, Reference, Road, SecretState, Share, States
from secshare.register import Operation, Worth
from secshare.register.entries import states_of
from secshare.register.states import after, makes_sense
from secshare.roads import Handover
from secshare.sharing import (
    MARKS,
    Desk,
    Handing,
    Prepared,
    address,
    check_words,
    forms,
    mark,
    prepare,
    recall,
    same_documents,
    sealed_copy,
    unsealed,
)
from secshare.sharing.resealing import address_again
from tests.practices import add_patient, make_practice
from tests.registers import MOMENT
from tests.secrets_search import Secret

KEYED = States()
FRESH = {
    "keys": KEYED,
    "held": States(secret=SecretState.HELD),
    "written": States(secret=SecretState.WRITTEN),
}
CHANGES = [
    *((Operation.MARK, state) for state in MARKS.values()),
    *((each, None) for each in (Operation.RELEASE, Operation.SECRET, Operation.RECALL)),
    *((each, None) for each in (Operation.FORGET, Operation.RECEIVED)),
]


def reachable() -> dict[States, set[States]]:
    """Every pair of states that a share can come to, and where each leads."""
    leads: dict[States, set[States]] = {}
    waiting = list(FRESH.values())
    while waiting:
        now = waiting.pop()
        if now in leads:
            continue
        leads[now] = set()
        for operation, state in CHANGES:
            with suppress(ValueError):
                leads[now].add(after(operation, now, state))
        waiting.extend(leads[now])
    return leads


LEADS = reachable()


# --- what may follow what ------------------------------------------------------------------------


def _never_given(states: States) -> bool:
    return states.secret is SecretState.DESTROYED and states.secret_known


def _given(states: States) -> bool:
    return states.secret in {SecretState.WRITTEN, SecretState.RELEASED}


def _out(states: States) -> bool:
    """Whether somebody may have the words."""
    return _given(states) or (states.secret is SecretState.DESTROYED and not states.secret_known)


def _known_open(states: States) -> bool:
    return states.file is FileState.OPENED and states.file_known


def _opens_without(a: States, b: States) -> bool:
    opens = a.file is not FileState.OPENED and b.file is FileState.OPENED
    return opens and a.secret is not None and not _out(a)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("keys stay keys", lambda a, b: (a.secret is None) != (b.secret is None)),
        ("what nobody ever had is never given", lambda a, b: _never_given(a) and _given(b)),
        ("what may be in hands is never said not to be", lambda a, b: _out(a) and not _out(b)),
        (
            "an open document is never less than open",
            lambda a, b: _known_open(a) and a.file != b.file,
        ),
        ("nothing is prepared twice", lambda a, b: a.file is not b.file is FileState.PREPARED),
        ("nobody opens what nobody has the words of", _opens_without),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_no_change_ever_breaks_a_rule(rule, broken) -> None:
    assert len(LEADS) >= 30
    found = [(a, b) for a, following in LEADS.items() for b in following if broken(a, b)]
    assert not found, rule


def test_whatever_is_told_as_allowed_passes_for_a_true_entry_and_nothing_else_does() -> None:
    for before, (operation, state) in product(LEADS, CHANGES):
        try:
            now = after(operation, before, state)
        except ValueError:
            continue
        assert makes_sense(operation, before, now)
        elsewhere = dataclasses.replace(now, file=FileState.PREPARED, file_known=False)
        assert not makes_sense(operation, before, elsewhere)


# --- any sequence --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory):
    """A desk whose shares are rows without files: as quick as a property needs it."""
    with Desk(make_practice(tmp_path_factory.mktemp("busy") / "practice")) as desk:
        yield desk


def row_only(desk: Desk, start: str) -> Share:
    from tests.register.test_register import sealed
    from tests.registers import a_share

    road = None if start == "keys" else Road.SMS
    share = a_share(road=road)
    words = sealed(share, expires=MOMENT + timedelta(days=36500)) if road else None
    desk.register.begin(share, words, ".gone")
    return desk.register.complete(share.reference, 1, "ab" * 32, hold=start != "written")


steps = st.lists(
    st.sampled_from([*MARKS, "undo", "release", "secret", "recall", "received"]), max_size=9
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from(sorted(FRESH)), taken=steps)
def test_the_row_is_what_the_entries_say_after_any_sequence(busy, start, taken) -> None:
    share = row_only(busy, start)
    for step in taken:
        before, head = busy.register.share(share.reference), busy.journal.head()
        refused = not took(busy, before, step)
        now = busy.register.share(share.reference)
        if refused:
            assert (now, busy.journal.head()) == (before, head), f"{step} was refused"
        entries = [each for each in busy.journal.entries(share.reference) if "states" in each.facts]
        told = [states_of(each.facts["states"]) for each in entries]
        assert told[0] == now.states
        for each, states, earlier in zip(entries, told, [*told[1:], None], strict=True):
            assert makes_sense(each.operation, earlier, states), each
        assert now.words_kept == (share.road is not None and "recall" not in taken_so_far(entries))


def taken_so_far(entries) -> set[str]:
    return {each.operation.value for each in entries}


def took(desk: Desk, share: Share, step: str) -> bool:
    """Do one thing as the verbs do it; return whether it was allowed."""
    reference = share.reference
    if step in MARKS or step == "undo":
        (marked,) = mark(desk, [reference], MARKS.get(step))
        return marked.refused is None and not marked.unchanged
    try:
        if step == "recall":
            recall(desk, reference)
        elif step == "received":
            desk.register.change(reference, Operation.RECEIVED)
        else:
            Handing(desk, share, Operation(step), "sms").commit()
    except ShareState:
        return False
    return True


# --- marking -------------------------------------------------------------------------------------


def test_one_that_is_refused_does_not_stop_the_others(busy) -> None:
    first, second = row_only(busy, "written"), row_only(busy, "written")
    unknown = Reference.draw()
    list(mark(busy, [second.reference], FileState.OPENED))
    done = list(mark(busy, [second.reference, unknown, first.reference], FileState.SENT))
    assert [type(each.refused) for each in done] == [ShareState, ShareUnknown, type(None)]
    assert busy.register.share(first.reference).states.file is FileState.SENT


def test_a_refusal_names_the_day_of_what_it_is_about(tmp_path: Path) -> None:
    clock = [1_790_000_000.0]
    with Desk(make_practice(tmp_path / "practice"), now=lambda: clock[0]) as desk:
        share = row_only(desk, "written")
        days = {}
        for state in (FileState.SENT, SecretState.RELEASED):
            clock[0] += 86_400
            list(mark(desk, [share.reference], state))
            days[state] = f"{desk.journal.now().astimezone():%d/%m/%Y}"
        for state, day in days.items():
            (again,) = mark(desk, [share.reference], state)
            assert again.unchanged
            with pytest.raises(ShareState) as refused:
                desk.register.change(share.reference, Operation.MARK, mark=state)
            assert refused.value.key == "register.already"
            assert str(refused.value.fields["date"]).startswith(day)


def test_who_acts_stands_in_the_entry(tmp_path: Path) -> None:
    practice = make_practice(tmp_path / "practice")
    with Desk(practice, by="Mme Secrétaire") as desk:
        share = row_only(desk, "written")
        list(mark(desk, [share.reference], FileState.SENT))
        assert next(iter(desk.journal.entries(share.reference))).actor.by == "Mme Secrétaire"


# --- handing over and stopping -------------------------------------------------------------------


def share_of(desk: Desk, path: Path, *, hold: bool = False, **options: object) -> Prepared:
    path.write_bytes(b"compte rendu")
    addressed = address(desk, "Jeanne Exemple", today=MOMENT.date())
    with files.open_source(path) as document:
        return prepare(desk, addressed, [document], hold=hold, **options)  # type: ignore[arg-type]


def beside(desk: Desk) -> Desk:
    """Another command on the same practice."""
    return Desk(desk.practice)


def test_held_words_are_written_nowhere_and_are_given_to_nobody(desk, tmp_path) -> None:
    prepared = share_of(desk, tmp_path / "a.pdf", hold=True)
    assert prepared.secret_files == ()
    assert list(desk.practice.secrets.iterdir()) == []
    with pytest.raises(ShareState) as refused:
        check_words(desk, prepared.share, Operation.SECRET)
    assert refused.value.key == "register.held"


def test_the_register_says_so_before_a_byte_is_written(desk, tmp_path, monkeypatch) -> None:
    share = share_of(desk, tmp_path / "a.pdf", hold=True).share
    seen = []

    def look(sink, content: bytes) -> None:
        del sink, content
        with beside(desk) as other:
            seen.append(other.register.share(share.reference).states.secret)
        raise KeyboardInterrupt

    monkeypatch.setattr("secshare.sharing.releasing.write_whole", look)
    handing = Handing(desk, share, Operation.RELEASE, "sms")
    with pytest.raises(KeyboardInterrupt):
        handing.write(tmp_path / "words.txt", b"words")
    assert (seen, handing.committed) == ([SecretState.WRITTEN], True)
    assert not (tmp_path / "words.txt").exists()


def test_what_cannot_be_written_is_not_said_to_be_given(desk, tmp_path) -> None:
    share = share_of(desk, tmp_path / "a.pdf", hold=True).share
    (tmp_path / "there").write_text("mine")
    handing = Handing(desk, share, Operation.RELEASE, "sms")
    for path in (tmp_path / "there", tmp_path / "no folder" / "words.txt"):
        with pytest.raises(OutputRefused):
            handing.write(path, b"words")
    assert desk.register.share(share.reference).states.secret is SecretState.HELD
    assert (tmp_path / "there").read_text() == "mine"


def test_of_two_commands_that_release_at_once_one_gives_the_words(desk, tmp_path) -> None:
    share = share_of(desk, tmp_path / "a.pdf", hold=True).share
    with beside(desk) as other:
        for each in (desk, other):  # both were told that the words are held
            check_words(each, each.register.share(share.reference), Operation.RELEASE)
        Handing(desk, share, Operation.RELEASE, "sms").write(tmp_path / "first", b"words")
        with pytest.raises(ShareState) as refused:
            Handing(other, share, Operation.RELEASE, "sms").write(tmp_path / "second", b"words")
    assert refused.value.key == "release.not_held"
    assert (tmp_path / "first").exists()
    assert not (tmp_path / "second").exists()


@pytest.mark.parametrize("operation", [Operation.RELEASE, Operation.SECRET])
def test_words_recalled_before_they_are_given_are_given_to_nobody(
    desk, tmp_path, operation
) -> None:
    share = share_of(desk, tmp_path / "a.pdf", hold=operation is Operation.RELEASE).share
    handing = Handing(desk, share, operation, "sms")  # its words are read by now
    with beside(desk) as other:
        recall(other, share.reference)
    with pytest.raises(ShareState) as refused:
        handing.write(tmp_path / "words.txt", b"words")
    assert refused.value.key == "secret.recalled"
    assert not (tmp_path / "words.txt").exists()


def test_words_recalled_while_they_are_written_are_not_left_behind(
    desk, tmp_path, monkeypatch
) -> None:
    share = share_of(desk, tmp_path / "a.pdf", hold=True).share
    path = desk.practice.secrets / f"{share.reference}.sms.txt"

    def recalled_meanwhile(sink, content: bytes) -> None:
        sink.write(content)
        with beside(desk) as other:
            stopped = recall(other, share.reference)
        assert stopped.worth is Worth.POSSIBLY_RELEASED

    monkeypatch.setattr("secshare.sharing.releasing.write_whole", recalled_meanwhile)
    with pytest.raises(ShareState) as refused:
        Handing(desk, share, Operation.RELEASE, "sms").write(path, b"words")
    assert refused.value.key == "secret.recalled"
    assert not path.exists()


def test_words_recalled_as_soon_as_the_share_stands_are_not_left_by_the_sealing(
    desk, tmp_path, monkeypatch
) -> None:
    write, seen = Handover.write, []

    def recalled_meanwhile(carried: Handover, folder: Path, road: Road) -> Path:
        with beside(desk) as other:
            seen.append(recall(other, carried.reference).worth)
        return write(carried, folder, road)

    monkeypatch.setattr(Handover, "write", recalled_meanwhile)
    with pytest.raises(ShareState) as refused:
        share_of(desk, tmp_path / "a.pdf")
    assert refused.value.key == "secret.recalled"
    assert seen == [Worth.POSSIBLY_RELEASED]
    assert list(desk.practice.secrets.iterdir()) == []


def test_a_share_that_is_still_being_prepared_is_not_changed_under_it(
    desk, tmp_path, monkeypatch
) -> None:
    """Its words would be written after they were destroyed, and nobody would know."""
    whole, refused = forms.write, []

    def meanwhile(share: Share, *given: object, **named: object) -> str:
        changes = [
            lambda other: recall(other, share.reference),
            lambda other: Handing(other, share, Operation.RELEASE, "sms").commit(),
            lambda other: other.register.change(
                share.reference, Operation.MARK, mark=FileState.SENT
            ),
        ]
        for change in changes:
            with beside(desk) as other, pytest.raises(ShareState) as said:
                change(other)
            refused.append(said.value.key)
        return whole(share, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(forms, "write", meanwhile)
    prepared = share_of(desk, tmp_path / "a.pdf")
    assert refused == ["register.preparing"] * 3
    assert prepared.share.words_kept
    assert prepared.secret_files[0].exists()


def test_a_recall_removes_what_another_command_wrote_meanwhile(desk, tmp_path, monkeypatch) -> None:
    share = share_of(desk, tmp_path / "a.pdf").share
    path = desk.practice.secrets / f"{share.reference}.png"
    whole = desk.register.recall

    def written_meanwhile(reference, **given):
        path.write_bytes(b"a code")
        return whole(reference, **given)

    monkeypatch.setattr(desk.register, "recall", written_meanwhile)
    stopped = recall(desk, share.reference)
    assert {each.name for each in stopped.removed} == {
        f"{share.reference}.sms.txt",
        f"{share.reference}.png",
    }
    assert list(desk.practice.secrets.iterdir()) == []


def test_a_recall_touches_no_other_file(desk, tmp_path) -> None:
    share = share_of(desk, tmp_path / "a.pdf").share
    other = share_of(desk, tmp_path / "b.pdf").share
    secrets = desk.practice.secrets
    (tmp_path / "elsewhere").write_text("mine")
    (secrets / f"{share.reference}.link").symlink_to(tmp_path / "elsewhere")
    (secrets / "note.txt").write_text("somebody's")
    recall(desk, share.reference)
    assert {each.name for each in secrets.iterdir()} == {
        f"{other.reference}.sms.txt",
        "note.txt",
    }
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_a_file_that_cannot_be_removed_is_said_once_the_words_are_destroyed(
    desk, tmp_path, monkeypatch
) -> None:
    share = share_of(desk, tmp_path / "a.pdf").share

    def in_use(path: Path) -> None:
        raise OutputRefused("files.remove_failed", path=path, reason="in use")

    with monkeypatch.context() as patched:
        patched.setattr(files, "remove", in_use)
        with pytest.raises(OutputRefused) as refused:
            recall(desk, share.reference)
    assert refused.value.key == "recall.files_left"
    assert not desk.register.share(share.reference).words_kept
    assert recall(desk, share.reference).worth is Worth.POSSIBLY_RELEASED
    assert list(desk.practice.secrets.iterdir()) == []


def test_a_second_recall_tells_when_the_words_were_written_and_not_when_they_were_stopped(
    tmp_path,
) -> None:
    practice, clock = make_practice(tmp_path / "practice"), [1_790_000_000.0]
    with Desk(practice, now=lambda: clock[0]) as desk:
        share = row_only(desk, "held")
        clock[0] += 3600
        Handing(desk, share, Operation.RELEASE, "sms").commit()
        given = desk.journal.now()
        clock[0] += 3600
        first = recall(desk, share.reference)
        clock[0] += 3600
        second = recall(desk, share.reference)
    assert abs(first.given - given) < timedelta(seconds=1)
    assert second.given == first.given
    assert first.worth is second.worth is Worth.POSSIBLY_RELEASED


def test_why_words_are_gone_is_told_with_the_day(tmp_path) -> None:
    practice, clock = make_practice(tmp_path / "practice"), [1_790_000_000.0]
    with Desk(practice, now=lambda: clock[0]) as desk:
        recalled, forgotten = row_only(desk, "written"), row_only(desk, "written")
        recall(desk, recalled.reference)
        desk.register.forget(MOMENT + timedelta(days=40_000))
        for share, end in ((recalled, "recalled"), (forgotten, "forgotten")):
            found = desk.register.share(share.reference)
            person = add_patient(desk, f"Personne {end}")
            listed = dataclasses.replace(found, recipient=person.uid, subject=person.uid)
            child = dataclasses.replace(listed, subject=found.subject)
            for told, key in (
                (listed, f"secret.{end}"),
                (found, f"secret.{end}_unlisted"),
                (child, f"secret.{end}_unlisted"),
            ):
                with pytest.raises(ShareState) as refused:
                    check_words(desk, told, Operation.SECRET)
                assert refused.value.key == key
                assert "2026" in str(refused.value.fields["date"])
                # `reseal` knows people of the directory only.
                says = "secshare reseal" in refused.value.explain(Language.EN)[1]
                assert says == (told is listed)


# --- sealing again -------------------------------------------------------------------------------


def test_a_share_is_sealed_again_from_its_copy_and_nothing_stands_in_clear(desk, tmp_path) -> None:
    witness = b"temoin " * 20_000
    path = tmp_path / "compte-rendu.pdf"
    path.write_bytes(witness)
    addressed = address(desk, "Jeanne Exemple", today=MOMENT.date())
    with files.open_source(path) as document:
        share = prepare(desk, addressed, [document]).share
    path.unlink()
    words = desk.register.words(share.reference, desk.practice.identities(lambda: ""))
    with unsealed(share, sealed_copy(desk, share), words) as documents:
        assert same_documents(desk, share, documents) is True
        again = prepare(desk, addressed, documents, seals_again=share.reference).share
        assert not Secret.of_text("temoin temoin").traces(tmp_path)
    assert again.seals_again == share.reference
    other = desk.register.words(again.reference, desk.practice.identities(lambda: ""))
    assert other != words
    with unsealed(again, sealed_copy(desk, again), other) as (document,):
        assert b"".join(iter(lambda: document.file.read(1 << 16), b"")) == witness


def test_another_document_is_told_from_the_same_one(desk, tmp_path) -> None:
    share = share_of(desk, tmp_path / "a.pdf").share
    (tmp_path / "copy.pdf").write_bytes((tmp_path / "a.pdf").read_bytes())
    (tmp_path / "other.pdf").write_bytes(b"compte rendu.")
    with files.open_source(tmp_path / "copy.pdf") as same:
        assert same_documents(desk, share, [same]) is True
    with files.open_source(tmp_path / "other.pdf") as other:
        assert same_documents(desk, share, [other]) is False
        assert same_documents(desk, share, [other, other]) is False


def test_the_same_person_is_asked_for_and_somebody_removed_is_said(desk, tmp_path) -> None:
    share = share_of(desk, tmp_path / "a.pdf").share
    again = address_again(desk, share, road=None, by_hand=False, today=MOMENT.date())
    assert (again.recipient.uid, again.road) == (share.recipient, share.road)
    asked = address_again(desk, share, road=Road.QR, by_hand=False, today=MOMENT.date())
    assert asked.road is Road.QR
    desk.directory.remove(again.recipient)
    with pytest.raises(RecipientUnknown):
        address_again(desk, share, road=None, by_hand=False, today=MOMENT.date())
