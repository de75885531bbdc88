"""A card opens what is sealed after it, its key is nowhere else, none is in use without it."""

from __future__ import annotations

import io
import os
import platform
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from secshare import files
from secshare.age import HybridIdentity, decrypt, parse_identity
from secshare.errors import (
    IdentityMismatch,
    OutputRefused,
    RecipientRefused,
    RecipientUnknown,
    RegisterUnwritable,
)
from secshare.model import Kind, Recipient
from secshare.recipients import cards_of
from secshare.sharing import (
    Desk,
    Prepared,
    address,
    check_card,
    draw_card,
    prepare,
    revoke_card,
)
from secshare.store import Store
from tests.practices import add_patient
from tests.secrets_search import Secret, process

TODAY = date(2026, 11, 22)
CLEAR = b"%PDF-1.7 temoin de texte clair\n" * 2000


def jeanne(desk: Desk) -> Recipient:
    return desk.directory.find("Jeanne Exemple")


def seal(desk: Desk, tmp_path: Path) -> Prepared:
    path = tmp_path / "rapport.pdf"
    path.write_bytes(CLEAR)
    addressed = address(desk, "Jeanne Exemple", today=TODAY)
    with files.open_source(path) as source:
        return prepare(desk, addressed, [source])


def photographed(path: Path, page: int = 0) -> str:
    """What a camera reads from the printed card."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    (code,) = zxingcpp.read_barcodes(document[page].render(scale=300 / 72).to_pil())
    document.close()
    return code.text


def sealed_file(prepared: Prepared) -> Path:
    (sealed,) = (path for path in prepared.files if path.suffix == ".age")
    return sealed


def opens(prepared: Prepared, identity: str) -> bytes:
    clear = io.BytesIO()
    with files.open_source(sealed_file(prepared)) as source:
        decrypt(source.file, clear, [parse_identity(identity)])
    return clear.getvalue()


def own_state(desk: Desk) -> tuple[object, ...]:
    """What must be as before when no card came of it."""
    kept = sorted(path.name for path in desk.practice.secrets.iterdir())
    keys = {path.name: path.read_bytes() for path in desk.practice.keys.iterdir()}
    used = desk.store.connection.execute("SELECT * FROM recipient").fetchall()
    return kept, keys, [tuple(row) for row in used]


def test_what_is_sealed_after_the_card_opens_with_the_code_on_it_and_takes_no_words(
    desk: Desk, tmp_path: Path
) -> None:
    drawn = draw_card(desk, jeanne(desk))
    prepared = seal(desk, tmp_path)
    assert prepared.share.road is None
    assert prepared.secret_files == ()
    for page in (0, 1):
        assert opens(prepared, photographed(drawn.path, page)) == CLEAR


def test_the_patients_command_opens_it_with_what_the_camera_read(
    desk: Desk, tmp_path: Path
) -> None:
    drawn = draw_card(desk, jeanne(desk))
    prepared = seal(desk, tmp_path)
    (tmp_path / "carte.txt").write_text(photographed(drawn.path) + "\n")
    command = [sys.executable, "-m", "secshare.opener", "-i", "carte.txt", "-o", "ouvert.pdf"]
    done = subprocess.run(
        [*command, str(sealed_file(prepared))], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ouvert.pdf").read_bytes() == CLEAR


def test_the_mail_speaks_of_the_card_to_who_has_one_and_of_keys_to_others(
    desk: Desk, tmp_path: Path
) -> None:
    def mail(prepared: Prepared) -> str:
        (copied,) = (path for path in prepared.files if path.name == "message.txt")
        return copied.read_text("utf-8")

    draw_card(desk, jeanne(desk))
    assert "Il s'ouvre avec votre carte. Vous n'avez pas besoin de mots." in mail(
        seal(desk, tmp_path)
    )
    revoke_card(desk, jeanne(desk))
    assert "Il s'ouvre avec des mots" in mail(seal(desk, tmp_path))
    own = str(HybridIdentity.generate().recipient())
    (desk.practice.keys / f"{jeanne(desk).id}.pub").write_text(f"{own}\n")
    assert "Il s'ouvre avec votre clé age" in mail(seal(desk, tmp_path))


def test_the_identity_is_nowhere_but_on_the_card(desk: Desk, tmp_path: Path) -> None:
    drawn = draw_card(desk, jeanne(desk))
    seal(desk, tmp_path)
    identity = photographed(drawn.path)
    for text in (identity, identity.split("PQ-1")[1], identity.lower()):
        assert not Secret.of_text(text).traces(desk.practice.folder, apart=[drawn.path])
    assert identity not in repr(drawn)


def test_the_card_says_nothing_of_the_person(desk: Desk, tmp_path: Path) -> None:
    drawn = draw_card(desk, jeanne(desk))
    prepared = seal(desk, tmp_path)
    document = pypdfium2.PdfDocument(drawn.path.read_bytes())
    shown = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    recipient = jeanne(desk)
    told = [recipient.uid, recipient.id, "Jeanne", "12/04/1958", "1958-04-12", "example.org"]
    told += ["639980001", str(prepared.share.reference), "secshare"]
    if len(platform.node()) > 4:  # shorter, it may stand in any identity by chance
        told.append(platform.node())
    for text in told:
        assert text.lower() not in shown.lower(), text
        assert not Secret.of_text(text).traces(drawn.path.read_bytes()), text
    assert "Jeanne" not in drawn.path.name
    assert drawn.path.name == f"card-{drawn.name}.pdf"


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_the_card_is_for_the_owner_alone_and_swept_after_a_day(desk: Desk, tmp_path: Path) -> None:
    drawn = draw_card(desk, jeanne(desk))
    elsewhere = draw_card(desk, add_patient(desk, "Paul Fictif"), out=tmp_path / "carte.pdf")
    mistaken = desk.practice.secrets / "card-of-jeanne.pdf"
    mistaken.write_bytes(b"put here by somebody")
    assert files.is_private(drawn.path)
    assert files.is_private(elsewhere.path)
    now = datetime.now(UTC).timestamp()
    with Desk(desk.practice, now=lambda: now + 23 * 3600):
        assert drawn.path.exists()
    with Desk(desk.practice, now=lambda: now + 25 * 3600):
        assert not drawn.path.exists()
        assert elsewhere.path.exists()
        assert mistaken.exists()


def test_a_second_card_is_refused_and_a_lost_one_replaced(desk: Desk, tmp_path: Path) -> None:
    first = draw_card(desk, jeanne(desk))
    before = seal(desk, tmp_path)
    old = photographed(first.path)
    state = own_state(desk)
    with pytest.raises(RecipientRefused) as caught:
        draw_card(desk, jeanne(desk))
    assert caught.value.key == "card.has_card"
    assert caught.value.fields["card"] == str(first.name)
    assert own_state(desk) == state
    second = draw_card(desk, jeanne(desk), lost=True)
    assert second.revoked == (str(first.name),)
    assert jeanne(desk).keys == (second.key,)
    assert cards_of(desk.directory, jeanne(desk)) == {second.key: str(second.name)}
    after = seal(desk, tmp_path)
    new = photographed(second.path)
    assert opens(before, old) == CLEAR  # whoever found it can, and this is said
    assert opens(after, new) == CLEAR
    for prepared, identity in ((before, new), (after, old)):
        with pytest.raises(IdentityMismatch):
            opens(prepared, identity)


@pytest.mark.parametrize("lost", [False, True])
def test_a_card_out_of_use_does_not_wait_for_the_sweep(
    desk: Desk, tmp_path: Path, lost: bool
) -> None:
    first = draw_card(desk, jeanne(desk))
    other = draw_card(desk, add_patient(desk, "Paul Fictif"))
    identity = photographed(first.path)
    kept = {other.path}
    if lost:
        kept.add(draw_card(desk, jeanne(desk), lost=True).path)
    else:
        revoke_card(desk, jeanne(desk))
    assert set(desk.practice.secrets.iterdir()) == kept
    assert not Secret.of_text(identity.split("PQ-1")[1]).traces(desk.practice.folder)


def test_a_card_saved_elsewhere_is_its_owners_to_remove(desk: Desk, tmp_path: Path) -> None:
    first = draw_card(desk, jeanne(desk), out=tmp_path / "carte.pdf")
    before = first.path.read_bytes()
    revoke_card(desk, jeanne(desk))
    assert first.path.read_bytes() == before


def test_a_pdf_that_cannot_be_removed_does_not_undo_the_card(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = draw_card(desk, jeanne(desk))
    remove = files.remove

    def in_use(path: Path) -> None:
        if path.suffix == ".pdf":
            raise OutputRefused("files.remove_failed", path=path, reason="in use")
        remove(path)

    monkeypatch.setattr(files, "remove", in_use)
    second = draw_card(desk, jeanne(desk), lost=True)
    assert jeanne(desk).keys == (second.key,)
    assert first.path.exists()  # the sweep takes it
    assert revoke_card(desk, jeanne(desk)) == (str(second.name),)


def test_a_name_written_by_hand_into_a_key_file_removes_nothing_elsewhere(desk: Desk) -> None:
    draw_card(desk, jeanne(desk))
    keys = desk.practice.keys / "jeanne-exemple.pub"
    (name,) = check_card(desk, jeanne(desk), revoke=True)
    keys.write_text(keys.read_text().replace(name, "x/../../kept"))
    (desk.practice.secrets / "card-x").mkdir()
    kept = desk.practice.folder / "kept.pdf"
    kept.write_bytes(b"kept")
    assert revoke_card(desk, jeanne(desk)) == ("x/../../kept",)
    assert kept.read_bytes() == b"kept"


def test_a_revoked_card_brings_the_words_back(desk: Desk, tmp_path: Path) -> None:
    drawn = draw_card(desk, jeanne(desk))
    seal(desk, tmp_path)
    assert revoke_card(desk, jeanne(desk)) == (str(drawn.name),)
    assert jeanne(desk).keys == ()
    prepared = seal(desk, tmp_path)
    assert prepared.share.road is not None
    assert prepared.secret_files
    for act in (
        lambda: revoke_card(desk, jeanne(desk)),
        lambda: draw_card(desk, jeanne(desk), lost=True),
    ):
        with pytest.raises(RecipientRefused) as caught:
            act()
        assert caught.value.key == "card.no_card"


def test_keys_of_their_own_are_not_a_card(desk: Desk) -> None:
    own = [HybridIdentity.generate().recipient() for _ in range(2)]
    person = desk.directory.add(name="Dr Modèle", kind=Kind.PROFESSIONAL, keys=[str(own[0])])
    for options in ({}, {"lost": True}, {"revoke": True}):
        with pytest.raises(RecipientRefused) as caught:
            check_card(desk, person, **options)
        assert caught.value.key == ("card.no_card" if options else "card.has_keys")
    # A key that they add later stays when their card is lost.
    drawn = draw_card(desk, jeanne(desk))
    desk.directory.set_keys(jeanne(desk), [str(own[1])], replace_all=False)
    assert cards_of(desk.directory, jeanne(desk)) == {drawn.key: str(drawn.name)}
    again = draw_card(desk, jeanne(desk), lost=True)
    assert set(jeanne(desk).keys) == {str(own[1]), again.key}
    revoke_card(desk, jeanne(desk))
    assert jeanne(desk).keys == (str(own[1]),)


def test_nobody_revoked_gets_a_card(desk: Desk) -> None:
    desk.directory.revoke(jeanne(desk), TODAY)
    with pytest.raises(RecipientRefused) as caught:
        draw_card(desk, jeanne(desk))
    assert caught.value.key == "sharing.revoked"


# --- what the next seal asks about --------------------------------------------------------------


def test_a_card_drawn_at_the_desk_is_not_asked_about_again(desk: Desk, tmp_path: Path) -> None:
    seal(desk, tmp_path)  # words, before
    for act in (
        lambda: draw_card(desk, jeanne(desk)),
        lambda: draw_card(desk, jeanne(desk), lost=True),
        lambda: revoke_card(desk, jeanne(desk)),
    ):
        act()
        assert address(desk, "Jeanne Exemple", today=TODAY).changed == ()


def test_any_other_change_of_keys_or_contact_is_still_asked_about(
    desk: Desk, tmp_path: Path
) -> None:
    seal(desk, tmp_path)
    desk.directory.edit(jeanne(desk), email="autre@example.org")
    draw_card(desk, jeanne(desk))
    assert address(desk, "Jeanne Exemple", today=TODAY).changed == ("email",)
    stranger = HybridIdentity.generate().recipient()  # somebody writes to keys/ afterwards
    (desk.practice.keys / "jeanne-exemple.pub").write_text(f"# jeanne-exemple\n{stranger}\n")
    assert "keys" in address(desk, "Jeanne Exemple", today=TODAY).changed


def test_a_change_that_was_there_before_the_card_is_not_taken_for_ours(
    desk: Desk, tmp_path: Path
) -> None:
    draw_card(desk, jeanne(desk))
    seal(desk, tmp_path)
    stranger = str(HybridIdentity.generate().recipient())
    desk.directory.set_keys(jeanne(desk), [stranger], replace_all=False)
    draw_card(desk, jeanne(desk), lost=True)
    assert stranger in jeanne(desk).keys
    assert "keys" in address(desk, "Jeanne Exemple", today=TODAY).changed


def test_somebody_never_used_stays_so(desk: Desk) -> None:
    draw_card(desk, jeanne(desk))
    used = desk.store.connection.execute("SELECT used, used_keys FROM recipient").fetchone()
    assert tuple(used) == (None, None)


# --- failing, interrupted, killed ---------------------------------------------------------------


def test_a_card_is_never_written_over_a_file_or_into_the_practice(
    desk: Desk, tmp_path: Path
) -> None:
    theirs = tmp_path / "carte.pdf"
    theirs.write_bytes(b"theirs")
    state = own_state(desk)
    places = [theirs, tmp_path / "nowhere" / "carte.pdf"]
    places += [desk.practice.folder / part / "c.pdf" for part in ("", "keys", "secrets", "outbox")]
    for place in places:
        with pytest.raises(OutputRefused):
            draw_card(desk, jeanne(desk), out=place)
    assert own_state(desk) == state
    assert theirs.read_bytes() == b"theirs"
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["carte.pdf"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RegisterUnwritable])
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("instant", ["before the keys", "after the keys", "at the commit"])
def test_a_fault_anywhere_leaves_neither_card_nor_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: type, lost: bool, instant: str
) -> None:
    from secshare.recipients import cards as module

    if lost:
        draw_card(desk, jeanne(desk))
    state = own_state(desk)
    write = module.key_files.write_keys
    calls = []

    def failing(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) == 1:
            if instant == "after the keys":
                write(*arguments)
            raise fault("store.disk_full")
        write(*arguments)

    class Failing(Store):
        def transaction(self):
            from contextlib import contextmanager

            @contextmanager
            def fails():
                with Store.transaction(self) as connection:
                    yield connection
                    raise fault("store.disk_full")

            return fails()

    with monkeypatch.context() as patched:
        if instant == "at the commit":
            patched.setattr(desk.directory, "store", Failing(desk.store.connection))
        else:
            patched.setattr(module.key_files, "write_keys", failing)
        with pytest.raises(fault):
            draw_card(desk, jeanne(desk), lost=lost)
    assert own_state(desk) == state


def test_keys_that_changed_while_the_question_was_open_stop_it(desk: Desk) -> None:
    before = jeanne(desk)
    draw_card(desk, jeanne(desk))
    state = own_state(desk)
    with pytest.raises(RecipientRefused):
        draw_card(desk, before)
    assert own_state(desk) == state
    desk.directory.remove(jeanne(desk))
    with pytest.raises(RecipientUnknown):
        draw_card(desk, before)
    assert not list(desk.practice.keys.glob("jeanne*"))
    assert own_state(desk)[0] == state[0]


KILLED = """
import os, signal, sys
from pathlib import Path
from secshare.practice import Practice
from secshare.recipients import cards
from secshare.sharing import Desk, draw_card

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def after(*arguments):
    write(*arguments)
    die()

write = cards.key_files.write_keys
cards.key_files.write_keys = {"before": die, "after": after}[sys.argv[2]]
with Desk(Practice.open(Path(sys.argv[1]))) as desk:
    draw_card(desk, desk.directory.find("Jeanne Exemple"))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize("instant", ["before", "after"])
def test_killed_there_is_never_a_key_without_its_card(desk: Desk, instant: str) -> None:
    command = [sys.executable, "-c", KILLED, str(desk.practice.folder), instant]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with Desk(desk.practice) as following:
        keys = jeanne(following).keys
        (path,) = following.practice.secrets.iterdir()
        card = str(parse_identity(photographed(path)).recipient())
        assert keys in {(), (card,)}
        assert bool(keys) is (instant == "after")
    later = datetime.now(UTC).timestamp() + 25 * 3600
    with Desk(desk.practice, now=lambda: later):  # a card that opens nothing goes too
        assert not path.exists()


def test_the_identity_is_in_no_argument_no_variable_and_on_no_stream(
    desk: Desk, tmp_path: Path
) -> None:
    code = (
        "import os, sys; from secshare.cli.app import run; status = run(sys.argv[1:]);"
        "print(open('/proc/self/cmdline').read(), open('/proc/self/environ').read());"
        "sys.exit(status)"
    )
    where = ["--practice", str(desk.practice.folder)]
    command = [sys.executable, "-c", code, "recipients", "card", "jeanne-exemple", "--yes", *where]
    done = subprocess.run(
        command, capture_output=True, stdin=subprocess.DEVNULL, cwd=tmp_path, check=True
    )
    (path,) = desk.practice.secrets.iterdir()
    secret = Secret.of_text(photographed(path).split("PQ-1")[1])
    places = (done.stdout, done.stderr, desk.practice.folder, tmp_path, *process())
    assert not secret.traces(*places)
