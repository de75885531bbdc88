"""The register never forgets a share, never half-knows one, and never gives another's words."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from secshare import files
from secshare.age import HybridIdentity, encrypt
from secshare.errors import (
    FileDamaged,
    IdentityMismatch,
    JournalBroken,
    OutputRefused,
    RegisterUnwritable,
    ShareState,
    ShareUnknown,
)
from secshare.model import FileState, Reference, Road, SecretState, Share, ShareStatus, States
from secshare.register import Bound, Operation, Register, SealedWords, Worth, forgetting, seal_words
from secshare.register.entries import states_of
from secshare.register.states import makes_sense
from secshare.register.verifying import verify
from secshare.store import Store
from tests.registers import MOMENT, SIGNER, a_journal, a_register, a_share

IDENTITY = HybridIdentity.generate()
EXPIRES = MOMENT + timedelta(days=30)
WORDS = "abeille-cabane-dauphin"


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    folder = tmp_path / "outbox"
    folder.mkdir()
    return folder


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "practice.db", create=True) as opened:
        yield opened


@pytest.fixture
def register(store: Store, outbox: Path) -> Register:
    return a_register(store, outbox)


def sealed(share: Share, *, words: str = WORDS, expires: datetime = EXPIRES) -> SealedWords:
    bound = Bound(share.reference, share.recipient, share.road or Road.SMS, expires)
    return seal_words(words, bound, IDENTITY.recipient())


def begin(register: Register, share: Share, draft: str = ".gone") -> None:
    register.begin(share, sealed(share), draft)


def fill(folder: Path) -> None:
    (folder / "document-K7Q2-M9PX-8.pdf.age").write_bytes(b"sealed")


def test_a_share_comes_back_as_it_was_recorded(register: Register) -> None:
    share = a_share()
    begin(register, share)
    register.complete(share.reference, 6, "ab" * 32)
    expected = replace(
        share,
        status=ShareStatus.PREPARED,
        size=6,
        sha256="ab" * 32,
        words_kept=True,
        file_since=MOMENT,
        secret_since=MOMENT,
    )
    assert register.share(share.reference) == expected
    assert list(register.shares("uid-jeanne")) == [expected]
    assert list(register.shares("uid-somebody-else")) == []


def test_an_unknown_reference_is_said_so(register: Register) -> None:
    with pytest.raises(ShareUnknown):
        register.share(Reference.draw())


def test_a_reference_is_never_used_twice(register: Register, outbox: Path) -> None:
    taken, on_disk, free = Reference.draw(), Reference.draw(), Reference.draw()
    begin(register, a_share(reference=taken))
    (outbox / str(on_disk)).mkdir()
    drawn = iter([taken, on_disk, free])
    assert register.new_reference(lambda: next(drawn)) == free
    with pytest.raises(ShareState):
        begin(register, a_share(reference=taken))


def test_the_words_come_back_only_to_the_practice(register: Register) -> None:
    share = a_share()
    begin(register, share)
    assert register.words(share.reference, [IDENTITY]) == WORDS
    with pytest.raises(IdentityMismatch):
        register.words(share.reference, [HybridIdentity.generate()])


def test_words_of_two_shares_exchanged_in_the_database_are_found(
    register: Register, store: Store
) -> None:
    first, second = a_share(), a_share(recipient="uid-paul")
    begin(register, first)
    begin(register, second)
    with store.transaction() as connection:
        one, other = (
            connection.execute(
                "SELECT blob FROM sealed_words WHERE reference = ?", (str(share.reference),)
            ).fetchone()[0]
            for share in (first, second)
        )
        for blob, share in ((other, first), (one, second)):
            connection.execute(
                "UPDATE sealed_words SET blob = ? WHERE reference = ?",
                (blob, str(share.reference)),
            )
    for share in (first, second):
        with pytest.raises(FileDamaged):
            register.words(share.reference, [IDENTITY])


@pytest.mark.parametrize(
    "clear",
    [
        b"not JSON: abeille-cabane",
        b"[]",
        b"{}",
        json.dumps(
            {"reference": "REF", "recipient": "uid-jeanne", "road": "qr", "words": WORDS}
        ).encode(),
        json.dumps(
            {"reference": "REF", "recipient": "uid-jeanne", "road": "sms", "words": 1}
        ).encode(),
        json.dumps(
            {"reference": "REF", "recipient": "uid-paul", "road": "sms", "words": WORDS}
        ).encode(),
    ],
)
def test_sealed_words_that_are_not_of_our_making_are_refused_and_not_quoted(
    register: Register, store: Store, clear: bytes
) -> None:
    share = a_share()
    begin(register, share)
    forged = io.BytesIO()
    named = clear.replace(b"REF", str(share.reference).encode())
    encrypt(io.BytesIO(named), forged, [IDENTITY.recipient()])
    with store.transaction() as connection:
        connection.execute("UPDATE sealed_words SET blob = ?", (forged.getvalue(),))
    with pytest.raises(FileDamaged) as caught:
        register.words(share.reference, [IDENTITY])
    chain, error = "", caught.value
    while error is not None:
        chain += repr(error) + repr(getattr(error, "doc", ""))
        error = error.__cause__ or error.__context__
    assert "abeille" not in chain


def test_the_database_tells_neither_the_words_nor_their_length(
    register: Register, store: Store
) -> None:
    lengths = set()
    for words in ("a", WORDS, WORDS * 4):
        share = a_share()
        words_sealed = sealed(share, words=words)
        register.begin(share, words_sealed, ".gone")
        lengths.add(len(words_sealed.blob))
    assert len(lengths) == 1
    assert WORDS not in "".join(store.connection.iterdump())


def test_a_share_sealed_to_a_key_has_no_words(register: Register) -> None:
    share = a_share(road=None, work_factor=None)
    register.begin(share, None, ".gone")
    with pytest.raises(ShareState):
        register.words(share.reference, [IDENTITY])


def test_what_stands_or_falls_with_the_intent_does(register: Register, store: Store) -> None:
    share = a_share()

    def fails(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        register.begin(share, sealed(share), ".gone", fails)
    assert list(register.shares()) == []
    assert store.connection.execute("SELECT count(*) FROM sealed_words").fetchone()[0] == 0


def test_an_intent_whose_process_died_is_removed(register: Register, store: Store) -> None:
    begin(register, a_share())
    register.settle()
    assert list(register.shares()) == []
    assert store.connection.execute("SELECT count(*) FROM sealed_words").fetchone()[0] == 0


def test_a_share_whose_process_died_after_the_rename_is_completed(
    register: Register, outbox: Path
) -> None:
    share = a_share()
    begin(register, share)
    (outbox / str(share.reference)).mkdir()
    fill(outbox / str(share.reference))
    register.settle()
    found = register.share(share.reference)
    assert (found.status, found.size) == (ShareStatus.PREPARED, 6)
    assert register.words(share.reference, [IDENTITY]) == WORDS


@pytest.mark.parametrize("names", [[], ["a.age", "b.age"], ["notes.txt"]])
def test_a_folder_that_somebody_tidied_up_stops_no_later_command(
    register: Register, outbox: Path, names: list[str]
) -> None:
    share = a_share()
    begin(register, share)
    (outbox / str(share.reference)).mkdir()
    for name in names:
        (outbox / str(share.reference) / name).write_bytes(b"sealed")
    register.settle()
    found = register.share(share.reference)
    assert (found.status, found.size, found.sha256) == (ShareStatus.PREPARED, None, None)


def test_a_share_that_another_process_is_preparing_is_left_alone(
    register: Register, outbox: Path
) -> None:
    share = a_share()
    with files.publish_folder(outbox / str(share.reference)) as hidden:
        begin(register, share, hidden.name)
        fill(hidden)
        register.settle()
        assert register.share(share.reference).status is ShareStatus.PREPARING
    register.settle()
    assert register.share(share.reference).status is ShareStatus.PREPARED


def test_a_prepared_share_is_never_abandoned(register: Register) -> None:
    share = a_share()
    begin(register, share)
    register.complete(share.reference, 6, "ab" * 32)
    register.abandon(share.reference)
    assert register.share(share.reference).status is ShareStatus.PREPARED


# --- expiry, retention, recall ---------------------------------------------------------------


def prepared(register: Register, outbox: Path, *, hold: bool = True, **changes: object) -> Share:
    share = a_share(**changes)
    register.begin(share, sealed(share) if share.road else None, ".gone")
    (outbox / str(share.reference)).mkdir()
    fill(outbox / str(share.reference))
    return register.complete(share.reference, 6, "ab" * 32, hold=hold)


def test_a_row_whose_expiry_was_put_off_gives_no_words(register, store, outbox):
    share = prepared(register, outbox)
    with store.transaction() as connection:
        connection.execute("UPDATE sealed_words SET expires = '2036-01-01T00:00:00.000000+00:00'")
    with pytest.raises(FileDamaged):
        register.words(share.reference, [IDENTITY])


def test_words_that_reached_their_age_are_forgotten_and_can_be_given_to_nobody(
    register, store, outbox
):
    held, written = prepared(register, outbox), prepared(register, outbox, hold=False)
    assert register.forget(EXPIRES - timedelta(seconds=1)) == 0
    assert register.forget(EXPIRES) == 2
    assert register.share(held.reference).states.secret is SecretState.DESTROYED
    assert register.share(written.reference).states.secret is SecretState.WRITTEN
    assert store.connection.execute("SELECT count(*) FROM sealed_words").fetchone()[0] == 0
    with pytest.raises(ShareState):
        register.words(held.reference, [IDENTITY])
    late = a_register(store, outbox, EXPIRES + timedelta(days=1))
    assert late.recall(held.reference).worth is Worth.NEVER_RELEASED


def test_words_past_their_age_are_not_given_even_before_they_are_swept(register, store, outbox):
    share = prepared(register, outbox)
    with pytest.raises(ShareState):
        a_register(store, outbox, EXPIRES).words(share.reference, [IDENTITY])


def test_the_outbox_is_cleared_seven_days_after_a_share_was_sent(register, outbox):
    shares = [prepared(register, outbox) for _ in range(3)]
    sent, bounced, kept = [share.reference for share in shares]
    for reference in (sent, bounced):
        register.change(reference, Operation.MARK, mark=FileState.SENT)
    register.change(bounced, Operation.MARK, mark=FileState.BOUNCED)
    assert register.clear(MOMENT + timedelta(days=6, hours=23), 7) == 0
    assert register.clear(MOMENT + timedelta(days=7), 7) == 1
    assert {path.name for path in outbox.iterdir()} == {str(bounced), str(kept)}
    assert register.share(sent).cleared == MOMENT + timedelta(days=7)
    assert register.clear(MOMENT + timedelta(days=8), 7) == 0


@pytest.mark.parametrize(
    ("hold", "marks", "worth", "states"),
    [
        (True, [], Worth.NEVER_RELEASED, (SecretState.DESTROYED, True)),
        (False, [], Worth.POSSIBLY_RELEASED, (SecretState.DESTROYED, False)),
        (False, [SecretState.RELEASED], Worth.TOO_LATE, (SecretState.RELEASED, True)),
        (False, [FileState.OPENED], Worth.TOO_LATE, (SecretState.RELEASED, False)),
    ],
)
def test_a_recall_says_what_it_is_worth_and_again_the_same(
    register, store, outbox, hold, marks, worth, states
):
    share = prepared(register, outbox, hold=hold)
    for mark in marks:
        register.change(share.reference, Operation.MARK, mark=mark)
    for _ in range(2):
        recalled = register.recall(share.reference)
        assert recalled.worth is worth
        assert (recalled.share.states.secret, recalled.share.states.secret_known) == states
        assert not recalled.share.words_kept
    told = [entry.operation for entry in a_journal(store).entries(share.reference)]
    assert told.count(Operation.RECALL) == 1


def test_words_are_stopped_although_the_journal_is_broken(register, store, outbox, tmp_path):
    share = prepared(register, outbox)
    blob = blob_of(store, share)
    with store.transaction() as connection:
        connection.execute("UPDATE head SET hash = zeroblob(32)")
    with pytest.raises(JournalBroken) as told:
        register.recall(share.reference)
    assert told.value.key == "register.recalled_unrecorded"
    assert register.share(share.reference).states.secret is SecretState.DESTROYED
    assert traces(tmp_path, blob) == []


def test_what_cannot_be_removed_from_the_outbox_stays_due(register, outbox, monkeypatch):
    share = prepared(register, outbox)
    register.change(share.reference, Operation.MARK, mark=FileState.SENT)
    later = MOMENT + timedelta(days=8)

    def held(path: Path) -> None:
        raise OutputRefused("files.exists", path=path)

    with monkeypatch.context() as patched:
        patched.setattr(files, "remove", held)
        register.clear(later, 7)
    assert register.share(share.reference).cleared is None
    register.clear(later, 7)
    assert register.share(share.reference).cleared == later


def test_a_share_sealed_to_keys_cannot_be_recalled(register, outbox):
    share = prepared(register, outbox, road=None, work_factor=None)
    with pytest.raises(ShareState) as refused:
        register.recall(share.reference)
    assert refused.value.key == "register.no_words_keys"


def traces(folder: Path, blob: bytes) -> list[str]:
    """Return the files that hold any 32 bytes of a blob, at each 16th, past what all have alike."""
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        if any(blob[at : at + 32] in content for at in range(64, len(blob) - 32, 16)):
            found.append(path.name)
    return found


def blob_of(store: Store, share: Share) -> bytes:
    query = "SELECT blob FROM sealed_words WHERE reference = ?"
    return bytes(store.connection.execute(query, (str(share.reference),)).fetchone()[0])


def test_nothing_of_recalled_words_stays_in_any_file(register, store, outbox, tmp_path):
    shares = [prepared(register, outbox) for _ in range(20)]
    blobs = [blob_of(store, share) for share in shares]
    assert traces(tmp_path, blobs[7])  # the search finds what is there
    register.recall(shares[7].reference)
    assert traces(tmp_path, blobs[7]) == []
    assert traces(tmp_path, blobs[8])


def test_a_reader_that_ends_is_waited_for(register, store, outbox, tmp_path):
    share = prepared(register, outbox)
    blob = blob_of(store, share)
    with Store.open(tmp_path / "practice.db") as other:
        other.connection.execute("BEGIN")
        other.connection.execute("SELECT * FROM share").fetchall()

        def end(_: float) -> None:
            if other.connection.in_transaction:
                assert traces(tmp_path, blob)  # the reader still sees them
                other.connection.execute("COMMIT")

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(forgetting.time, "sleep", end)
            register.recall(share.reference)
        assert traces(tmp_path, blob) == []


def test_a_reader_that_stays_is_said_and_the_next_command_clears_the_rest(
    register, store, outbox, tmp_path, monkeypatch
):
    share = prepared(register, outbox)
    blob = blob_of(store, share)
    monkeypatch.setattr(forgetting.time, "sleep", lambda _: None)
    with Store.open(tmp_path / "practice.db") as other:
        other.connection.execute("BEGIN")
        other.connection.execute("SELECT * FROM share").fetchall()
        with pytest.raises(RegisterUnwritable) as refused:
            register.recall(share.reference)
        assert refused.value.key == "register.busy_copies"
        assert not register.share(share.reference).words_kept
        register.forget(MOMENT)  # as the next command does, while the reader still reads
        assert traces(tmp_path, blob)
    register.forget(MOMENT)
    assert traces(tmp_path, blob) == []


# --- one transaction a change ----------------------------------------------------------------


def test_a_change_that_makes_no_sense_changes_nothing(register, store, outbox):
    share = prepared(register, outbox)
    before = "".join(store.connection.iterdump())
    with pytest.raises(ShareState):
        register.change(share.reference, Operation.MARK, mark=FileState.OPENED)
    assert "".join(store.connection.iterdump()) == before


def test_what_something_else_followed_cannot_be_taken_back(register, outbox):
    share = prepared(register, outbox, hold=False)
    register.change(share.reference, Operation.MARK, mark=FileState.SENT)
    opened = register.change(share.reference, Operation.MARK, mark=FileState.OPENED)
    assert opened.states == States(FileState.OPENED, True, SecretState.RELEASED, False)
    undone = register.unmark(share.reference)
    assert undone.states == States(FileState.SENT, True, SecretState.WRITTEN, True)
    register.recall(share.reference)
    with pytest.raises(ShareState):
        register.unmark(share.reference)


def test_what_changed_nothing_since_is_no_reason_not_to_take_a_mark_back(register, outbox):
    share = prepared(register, outbox, hold=False)
    register.change(share.reference, Operation.MARK, mark=FileState.SENT)
    register.change(share.reference, Operation.SECRET)
    assert register.unmark(share.reference).states.file is FileState.PREPARED


def test_marks_are_taken_back_one_after_the_other_to_the_dates_that_were(store, outbox):
    hours = [a_register(store, outbox, MOMENT + timedelta(hours=hour)) for hour in range(6)]
    share = prepared(hours[0], outbox, hold=False)
    seen = [hours[0].share(share.reference)]
    for register, mark in zip(
        hours[1:], [FileState.SENT, FileState.BOUNCED, FileState.OPENED], strict=False
    ):
        seen.append(register.change(share.reference, Operation.MARK, mark=mark))
    for former in reversed(seen[:-1]):
        assert hours[5].unmark(share.reference) == former
    with pytest.raises(ShareState):
        hours[5].unmark(share.reference)


def test_words_of_which_a_file_was_found_are_never_said_to_be_given_to_nobody(
    register, store, outbox
):
    for share in (prepared(register, outbox), prepared(register, outbox)):
        recalled = register.recall(share.reference, found=True)
        assert recalled.worth is Worth.POSSIBLY_RELEASED
        assert recalled.share.states == States(secret=SecretState.DESTROYED, secret_known=False)
        assert register.recall(share.reference).worth is Worth.POSSIBLY_RELEASED
    held = prepared(register, outbox)
    assert register.recall(held.reference).worth is Worth.NEVER_RELEASED
    assert register.recall(held.reference, found=True).worth is Worth.POSSIBLY_RELEASED
    verify(store, SIGNER.public).check()


def test_a_row_that_was_set_back_does_not_make_a_sent_share_an_intent(register, store, outbox):
    share = prepared(register, outbox)
    files.remove(outbox / str(share.reference))
    with store.transaction() as connection:
        connection.execute("UPDATE share SET status = 'preparing', draft = NULL")
    register.settle()
    assert register.share(share.reference).words_kept
    assert Operation.ABANDONED not in {
        entry.operation for entry in a_journal(store).entries(share.reference)
    }


@pytest.mark.parametrize("name", ["../keys", "..", "a/b", "K7Q2-M9PX-0", "k7q2-m9px-8", ""])
def test_a_row_named_by_a_path_removes_nothing(register, store, outbox, name):
    share = prepared(register, outbox)
    keys = outbox.parent / "keys"
    keys.mkdir()
    with store.transaction() as connection:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        for table in ("share", "sealed_words"):
            connection.execute(f"UPDATE {table} SET reference = ?", (name,))
        connection.execute("UPDATE share SET sent = '2020-01-01T00:00:00+00:00'")
    with pytest.raises(RegisterUnwritable):
        register.clear(MOMENT, 7)
    assert keys.is_dir()
    assert (outbox / str(share.reference)).is_dir()


def test_words_put_back_after_a_recall_are_not_given(register, store, outbox):
    share = prepared(register, outbox)
    row = store.connection.execute("SELECT * FROM sealed_words").fetchone()
    register.recall(share.reference)
    with store.transaction() as connection:
        connection.execute("INSERT INTO sealed_words VALUES (?, ?, ?)", tuple(row))
    with pytest.raises(ShareState):
        register.change(share.reference, Operation.SECRET)


def test_what_one_command_scrubs_does_not_take_the_note_of_another(store, register, outbox):
    first, second = prepared(register, outbox), prepared(register, outbox)
    noted = forgetting.notes(store)
    with store.transaction() as connection:
        forgetting.destroy_words(connection, first.reference)

    def meanwhile(_: str) -> list[tuple[str]]:
        with store.transaction() as connection:
            forgetting.destroy_words(connection, second.reference)
        return []

    with pytest.MonkeyPatch.context() as patched:
        before = forgetting.notes
        patched.setattr(forgetting, "notes", lambda store: [*before(store), *meanwhile("between")])
        assert forgetting._truncated(store)
    assert noted == []
    assert forgetting.notes(store) == [(f"scrub:{second.reference}",)]


def test_only_prepared_shares_forget_and_words_are_bound_to_their_road(register, store, outbox):
    intent = a_share()
    begin(register, intent, "draft")
    assert register.forget(EXPIRES) == 0
    other = replace(intent, road=Road.QR, reference=Reference.draw())
    register.begin(other, sealed(replace(other, road=Road.SMS)), ".gone")
    with pytest.raises(FileDamaged):
        register.words(other.reference, [IDENTITY])


def test_what_the_journal_may_not_say_of_a_share_makes_no_sense():
    held, keys = States(secret=SecretState.HELD), States()
    assert makes_sense(Operation.PREPARE, None, held)
    assert not makes_sense(Operation.PREPARE, held, held)
    assert not makes_sense(Operation.PREPARED, held, keys)
    assert not makes_sense(Operation.PREPARED, keys, States(secret=SecretState.WRITTEN))
    assert not makes_sense(Operation.SECRET, held, States(secret=SecretState.WRITTEN))


def test_the_register_and_the_journal_agree_after_any_sequence(register, store, outbox):
    random = Random(5)
    acts = [
        *((Operation.MARK, mark) for mark in (*FileState, SecretState.RELEASED)),
        *((each, None) for each in (Operation.RELEASE, Operation.SECRET, Operation.RECEIVED)),
    ]
    for _ in range(60):
        share = prepared(register, outbox, hold=random.random() < 0.5)
        for _ in range(random.randrange(8)):
            operation, mark = random.choice(acts)
            with suppress(ShareState):
                register.change(share.reference, operation, mark=mark)
            if random.random() < 0.2:
                with suppress(ShareState):
                    register.unmark(share.reference)
            if random.random() < 0.1:
                register.recall(share.reference)
        told = [
            (entry.operation, states_of(entry.facts["states"]))
            for entry in a_journal(store).entries(share.reference)
        ]
        assert told[0][1] == register.share(share.reference).states
        before = None
        for operation, now in reversed(told):
            assert makes_sense(operation, before, now), (operation, before, now)
            before = now
