"""Protects the practice's keys: they unseal with their words, now and after a rotation."""

from __future__ import annotations

import copy
import io
import itertools
import pickle
import sys
from contextlib import contextmanager
from datetime import date

import keyring
import pexpect
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
    load_pem_private_key,
)

from secshare import age, passphrase
from secshare.errors import InputUnreadable, OutputRefused, PassphraseWrong, PracticeInvalid
from secshare.messages import Language
from secshare.practice import Practice, create
from tests.fakes.keyring import ForgetfulKeyring, LockedKeyring, MemoryKeyring
from tests.tools import need


def no_question():
    pytest.fail("nothing is to be asked")


def seal_to(practice, clear=b"des mots"):
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(clear), sealed, [practice.recipient])
    return sealed.getvalue()


def unsealed(sealed, identities):
    clear = io.BytesIO()
    age.decrypt(io.BytesIO(sealed), clear, identities)
    return clear.getvalue()


# Always the same, so that a wrong letter leads to the same readings.
_NUMBERS = itertools.count(100, 50)
PHRASE = passphrase.draw(randbelow=lambda _: next(_NUMBERS))


@pytest.fixture(scope="module")
def words():
    return PHRASE


@pytest.fixture
def plain(tmp_path, settings):
    return create(tmp_path / "plain", settings, protection=None)


@pytest.fixture
def protected(tmp_path, settings, words):
    return create(tmp_path / "protected", settings, protection=words)


def test_what_is_sealed_to_the_practice_opens_with_its_key(plain):
    assert unsealed(seal_to(plain), plain.identities(no_question)) == b"des mots"
    assert not plain.protected()


def test_the_practice_seals_with_a_hybrid_recipient(plain):
    assert isinstance(plain.recipient, age.HybridRecipient)
    assert str(plain.recipient).startswith("age1pq1")


def test_sealing_asks_for_nothing(protected):
    assert seal_to(Practice.open(protected.folder))


def test_the_protected_key_opens_with_its_words_as_people_type_them(protected, words):
    assert protected.protected()
    for typed in (words.reveal(), words.reveal().upper().replace("-", "  "), words.reveal() + "\n"):
        identities = protected.identities(lambda typed=typed: typed)
        assert unsealed(seal_to(protected), identities) == b"des mots"


def test_the_protected_key_says_nothing_without_its_words(protected):
    data = protected.practice_key.read_bytes()
    assert data.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")
    assert b"SECRET" not in data


def test_wrong_words_are_asked_again_three_times_and_no_more(protected):
    asked = []

    def ask():
        asked.append(1)
        return passphrase.draw().reveal()

    with pytest.raises(PassphraseWrong):
        protected.identities(ask)
    assert len(asked) == 3


def test_the_second_try_may_be_the_right_one(protected, words):
    answers = iter(["pas du tout", words.reveal()])
    assert protected.identities(lambda: next(answers))


def test_an_interruption_while_asking_is_not_taken_for_wrong_words(protected):
    def ask():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        protected.identities(ask)


@pytest.mark.parametrize("damage", [b"", b"-----BEGIN AGE", b"AGE-SECRET-KEY-1NO\n", b"\xff\xfe"])
def test_a_damaged_key_is_not_taken_for_wrong_words(plain, damage):
    plain.practice_key.write_bytes(damage)
    with pytest.raises(PracticeInvalid):
        plain.identities(lambda: "peu importe")


def test_one_wrong_byte_in_the_protected_key_is_said(protected, words):
    data = bytearray(protected.practice_key.read_bytes())
    data[-60] ^= 1
    protected.practice_key.write_bytes(bytes(data))
    with pytest.raises(PracticeInvalid) as caught:
        protected.identities(words.reveal)
    assert caught.value.key == "practice.key_damaged"


def misspelt(words, *positions):
    """The phrase with one wrong letter in each of these words, counted from 1."""
    typed = list(words.words)
    for position in positions:
        word = typed[position - 1]
        typed[position - 1] = word[:-1] + ("q" if word[-1] != "q" else "z")
    return " ".join(typed)


def test_words_that_were_read_as_others_are_said(protected):
    said = []
    assert protected.identities(lambda: misspelt(PHRASE, 2, 7), corrected=said.append)
    assert said == [2, 7]
    said.clear()
    assert protected.identities(PHRASE.reveal, corrected=said.append)
    assert protected.identities(lambda: " ".join(PHRASE.words).upper(), corrected=said.append)
    assert said == []


def test_a_rotation_says_what_it_corrected_and_keeps_the_right_words(protected):
    said = []
    protected.rotate(lambda: misspelt(PHRASE, 3), corrected=said.append)
    assert said == [3]
    assert protected.identities(PHRASE.reveal)


def counted_tries(monkeypatch):
    tries, identity = [], age.ScryptIdentity

    def counting(given):
        tries.append(given)
        return identity(given)

    monkeypatch.setattr(age, "ScryptIdentity", counting)
    return tries


def test_the_same_wrong_words_are_not_tried_again(protected, monkeypatch):
    wrong = passphrase.draw().reveal()
    tries = counted_tries(monkeypatch)
    with pytest.raises(PassphraseWrong):
        protected.identities(lambda: wrong)
    assert len(tries) == len(set(tries)) < 5


@pytest.mark.parametrize(("factor", "most"), [(14, 32), (18, 4)])
def test_the_heavier_the_key_the_fewer_readings_are_tried(protected, monkeypatch, factor, most):
    from secshare import passphrase as package
    from secshare.practice import keys

    opened, sealed = protected._open_key(protected._key_data(), PHRASE.reveal), io.BytesIO()
    heavy = age.ScryptRecipient(PHRASE, work_factor=factor)
    age.encrypt(io.BytesIO(opened.text.encode()), sealed, [heavy])
    understood = package.Understood(tuple(f"lecture {number}" for number in range(40)))
    monkeypatch.setattr(package, "understand", lambda _: understood)
    monkeypatch.setattr(age, "decrypt", lambda *_: (_ for _ in ()).throw(PassphraseWrong("x.y")))
    tries = counted_tries(monkeypatch)
    with pytest.raises(PassphraseWrong):
        keys.open_key(sealed.getvalue(), (), lambda: "peu importe")
    assert len(tries) == most


def chain(error):
    """An error and all that led to it, as a bug report would show them."""
    while error is not None:
        yield repr(error) + repr(vars(error)) + repr(getattr(error, "object", ""))
        yield from chain(error.__cause__)
        error = error.__context__


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"# caf\xe9\n",
        lambda data: data.replace(b"AGE-SECRET-KEY-1", b"AGE-SECRET-KEY-1\xc3"),
        lambda data: data.replace(b"AGE-SECRET-KEY-PQ-1", b"AGE-SECRET-KEY-PQ-2"),
        lambda data: data[:-3] + b"\n",
    ],
    ids=["latin-1", "not-utf-8", "another-mark", "cut"],
)
@pytest.mark.parametrize("kind", ["plain", "protected"])
def test_no_error_about_the_key_holds_the_key(kind, request, words, change):
    practice = request.getfixturevalue(kind)
    text = practice._open_key(practice._key_data(), words.reveal).text
    keys = [line[20:40] for line in text.splitlines() if line.startswith("AGE-SECRET")]
    changed, clear = change(text.encode()), io.BytesIO(change(text.encode()))
    if kind == "protected":
        sealed = io.BytesIO()
        age.encrypt(clear, sealed, [age.ScryptRecipient(words)])
        changed = sealed.getvalue()
    practice.practice_key.write_bytes(changed)
    for act in (practice.identities, practice.rotate):
        with pytest.raises(PracticeInvalid) as caught:
            act(words.reveal)
        assert caught.value.key == "practice.key_damaged"
        shown = "".join(chain(caught.value))
        assert len(keys) == 2
        assert not any(key in shown for key in keys)
        assert "AGE-SECRET" not in shown


@pytest.mark.parametrize("kind", ["plain", "protected"])
def test_a_key_that_notepad_saved_again_still_opens_and_rotates(kind, request, words):
    practice = request.getfixturevalue(kind)
    sealed = seal_to(practice)
    text = practice.practice_key.read_text()
    if kind == "plain":
        text = "# clé du cabinet\n" + text
    practice.practice_key.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    again = Practice.open(practice.folder)
    assert again.protected() is (kind == "protected")
    assert unsealed(sealed, again.identities(words.reveal)) == b"des mots"
    again.rotate(words.reveal)
    assert unsealed(sealed, again.identities(words.reveal)) == b"des mots"


@pytest.mark.parametrize("error", [InputUnreadable("unlock.unreadable", path="x"), ValueError("x")])
def test_a_fault_of_whoever_gives_the_words_is_not_taken_for_a_damaged_key(protected, error):
    def ask():
        raise error

    with pytest.raises(type(error)):
        protected.identities(ask)


def test_age_opens_the_protected_key_with_the_words(protected, words):
    run = pexpect.spawn(need("age"), ["-d", str(protected.practice_key)], timeout=60)
    run.expect("passphrase")
    run.sendline(words.reveal())
    run.expect("AGE-SECRET-KEY-PQ-1")
    run.expect("AGE-SECRET-KEY-1")
    run.expect(pexpect.EOF)
    run.close()
    assert run.exitstatus == 0


# --- rotation -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plain", "protected"])
def test_after_a_rotation_old_and_new_words_both_open(kind, request, words):
    practice = request.getfixturevalue(kind)
    ask = words.reveal if kind == "protected" else no_question
    old, before = seal_to(practice), practice.recipient
    practice.rotate(ask, today=date(2026, 11, 21))
    practice.rotate(ask)
    again = Practice.open(practice.folder)
    assert again.recipient == practice.recipient != before
    identities = again.identities(ask)
    assert len(identities) == 6
    assert unsealed(old, identities) == unsealed(seal_to(again), identities) == b"des mots"
    assert again.public_keys.journal == practice.public_keys.journal
    assert again.protected() is (kind == "protected")


def test_a_rotation_interrupted_between_its_two_files_loses_nothing(plain, monkeypatch):
    from secshare.practice import access

    old, before = seal_to(plain), plain.practice_pub.read_bytes()
    written = []

    def write_once(path, data, *, overwrite=False):
        if written:
            raise OutputRefused("files.disk_full", path=path)
        written.append(path)
        path.write_bytes(data)

    monkeypatch.setattr(access, "write", write_once)
    with pytest.raises(OutputRefused):
        plain.rotate(no_question)
    again = Practice.open(plain.folder)
    assert again.practice_pub.read_bytes() == before
    assert unsealed(old, again.identities(no_question)) == b"des mots"
    assert unsealed(seal_to(again), again.identities(no_question)) == b"des mots"


@pytest.mark.parametrize("kind", ["plain", "protected"])
def test_two_rotations_at_once_lose_no_identity_and_ask_once(kind, request, words):
    practice = request.getfixturevalue(kind)
    asked, sealed = [], [seal_to(practice)]

    def ask():
        asked.append(1)
        return words.reveal()

    @contextmanager
    def after_another():
        if len(sealed) == 1:
            other = Practice.open(practice.folder)
            other.rotate(words.reveal)
            sealed.append(seal_to(other))
        yield

    practice.rotate(ask, writing=after_another)
    assert len(asked) == (kind == "protected")
    sealed.append(seal_to(practice))
    identities = practice.identities(words.reveal)
    assert len(identities) == 6
    assert [unsealed(one, identities) for one in sealed] == [b"des mots"] * 3


def test_while_it_asks_and_derives_a_rotation_keeps_nobody_away(protected, monkeypatch):
    held = []

    @contextmanager
    def writing():
        held.append("yes")
        yield
        held.clear()

    def free(act):
        def watched(*args, **options):
            assert not held
            return act(*args, **options)

        return watched

    for name in ("encrypt", "decrypt"):
        monkeypatch.setattr(age, name, free(getattr(age, name)))
    before = protected.practice_key.read_bytes()
    protected.rotate(free(PHRASE.reveal), writing=writing)
    assert protected.practice_key.read_bytes() != before


def test_a_rotation_with_wrong_words_changes_nothing(protected):
    before = protected.practice_key.read_bytes(), protected.practice_pub.read_bytes()
    with pytest.raises(PassphraseWrong):
        protected.rotate(lambda: "faux")
    assert (protected.practice_key.read_bytes(), protected.practice_pub.read_bytes()) == before


# --- the public keys ----------------------------------------------------------------------------


def replaced(practice, mark, line):
    """Write another line in the place of the one that begins with `mark`."""
    lines = practice.practice_pub.read_text("utf-8").splitlines()
    found = [number for number, text in enumerate(lines) if text.startswith(mark)]
    lines[found[0]] = line
    practice.practice_pub.write_text("\n".join(lines) + "\n", "utf-8")


def somebody_elses(mark):
    if mark == "age1":
        return str(age.X25519Identity.generate().recipient())
    return f"{mark}{age.HybridIdentity.generate().recipient()}"


def refused_to_seal(practice):
    again = Practice.open(practice.folder)
    with pytest.raises(PracticeInvalid) as caught:
        seal_to(again)
    assert all(caught.value.explain(language) for language in Language)
    return caught.value.key


@pytest.mark.parametrize("mark", ["# hybrid: ", "age1"])
def test_nothing_is_sealed_to_keys_that_somebody_put_in_the_place_of_ours(plain, mark):
    replaced(plain, mark, somebody_elses(mark))
    assert refused_to_seal(plain) == "practice.pub_changed"


def test_a_whole_practice_pub_of_another_practice_is_refused(plain, protected):
    plain.practice_pub.write_bytes(protected.practice_pub.read_bytes())
    assert refused_to_seal(plain) == "practice.pub_changed"


def test_a_practice_pub_without_its_signature_is_refused(plain):
    replaced(plain, "# signature: ", "#")
    assert refused_to_seal(plain) == "practice.pub_changed"


def test_a_second_key_beside_ours_is_refused_since_age_would_seal_to_both(plain):
    with plain.practice_pub.open("a") as file:
        file.write(f"{somebody_elses('age1')}\n")
    assert refused_to_seal(plain) == "practice.key_damaged"


def test_a_changed_practice_pub_is_mended_by_a_rotation(plain):
    old = seal_to(plain)
    replaced(plain, "# hybrid: ", somebody_elses("# hybrid: "))
    Practice.open(plain.folder).rotate(no_question)
    again = Practice.open(plain.folder)
    identities = again.identities(no_question)
    assert unsealed(old, identities) == unsealed(seal_to(again), identities) == b"des mots"


def test_words_are_given_again_whatever_became_of_practice_pub(protected, words):
    old = seal_to(protected)
    replaced(protected, "# hybrid: ", somebody_elses("# hybrid: "))
    identities = Practice.open(protected.folder).identities(words.reveal)
    assert unsealed(old, identities) == b"des mots"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_practice_pub_that_an_editor_saved_again_is_still_ours(plain, newline):
    text = "\ufeff" + plain.practice_pub.read_text("utf-8") + "# une note\n"
    plain.practice_pub.write_bytes(text.replace("\n", newline).encode())
    assert seal_to(Practice.open(plain.folder))


def test_an_older_practice_pub_from_a_backup_still_seals_what_opens(plain):
    older = plain.practice_pub.read_bytes()
    plain.rotate(no_question)
    plain.practice_pub.write_bytes(older)
    again = Practice.open(plain.folder)
    assert unsealed(seal_to(again), again.identities(no_question)) == b"des mots"


@pytest.mark.parametrize("content", [b"\n", b"-----BEGIN PRIVATE KEY-----\n", "ed25519"])
def test_a_damaged_journal_key_is_said(plain, content):
    if content == "ed25519":
        content = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    plain.journal_key.write_bytes(content)
    with pytest.raises(PracticeInvalid) as caught:
        seal_to(Practice.open(plain.folder))
    assert caught.value.key == "practice.key_damaged"
    assert caught.value.fields["path"] == plain.journal_key


# --- the journal --------------------------------------------------------------------------------


def test_the_journals_key_signs_and_its_public_half_is_published(plain):
    key = load_pem_private_key(plain.journal_key.read_bytes(), None)
    assert isinstance(key.curve, ec.SECP256R1)
    public = load_der_public_key(plain.public_keys.journal)
    public.verify(key.sign(b"entry", ec.ECDSA(SHA256())), b"entry", ec.ECDSA(SHA256()))


# --- the keyring --------------------------------------------------------------------------------


def test_a_keyring_gives_the_words_so_that_nobody_is_asked(tmp_path, settings, words):
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    made = create(tmp_path / "cabinet", settings, protection=words, in_keyring=True)
    assert list(ring.kept.values()) == [words.reveal()]
    assert made.protected()
    assert unsealed(seal_to(made), made.identities(no_question)) == b"des mots"
    made.rotate(no_question)
    assert made.identities(no_question)


@pytest.mark.parametrize("ring", [ForgetfulKeyring, LockedKeyring, None])
def test_where_the_keyring_keeps_nothing_no_practice_is_made(tmp_path, settings, words, ring):
    if ring is not None:
        keyring.set_keyring(ring())
    with pytest.raises(PracticeInvalid) as caught:
        create(tmp_path / "cabinet", settings, protection=words, in_keyring=True)
    assert caught.value.key == "practice.keyring_failed"
    assert not list(tmp_path.iterdir())


def test_without_the_extra_there_is_no_keyring(tmp_path, settings, words, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(PracticeInvalid):
        create(tmp_path / "cabinet", settings, protection=words, in_keyring=True)


def test_a_practice_that_could_not_be_made_leaves_no_words_in_the_keyring(
    tmp_path, settings, words, monkeypatch
):
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    monkeypatch.setattr(
        "secshare.files.drafts.FolderDraft.publish",
        lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    with pytest.raises(OutputRefused):
        create(tmp_path / "cabinet", settings, protection=words, in_keyring=True)
    assert ring.kept == {}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ring", [LockedKeyring, MemoryKeyring])
def test_a_keyring_that_lost_the_words_lets_a_person_type_them(protected, words, ring):
    keyring.set_keyring(ring())
    assert protected.identities(words.reveal)


def test_no_secret_shows_itself(protected, words):
    assert words.words[0] not in repr(protected)
    opened = protected._open_key(protected._key_data(), words.reveal)
    assert "SECRET" not in f"{opened!r} {opened}"
    assert words.words[0] not in f"{opened!r} {opened}"
    for write in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            write(opened)
    assert "SECRET" not in repr(protected.identities(words.reveal))
