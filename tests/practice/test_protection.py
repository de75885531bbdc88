"""Protects the practice's key while its words change: at every moment some words open it."""

from __future__ import annotations

import io
from contextlib import contextmanager

import keyring
import pytest

from secshare import age, passphrase
from secshare.errors import Declined, OutputRefused, PassphraseWrong, PracticeInvalid
from secshare.practice import Practice, create
from tests.fakes.keyring import ForgetfulKeyring, MemoryKeyring

FORMER, NEW = passphrase.draw(), passphrase.draw()


def nobody():
    pytest.fail("nothing is to be asked or drawn")


def seal_to(practice):
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(b"des mots"), sealed, [practice.recipient])
    return sealed.getvalue()


def opens(practice, sealed, ask):
    clear = io.BytesIO()
    age.decrypt(io.BytesIO(sealed), clear, Practice.open(practice.folder).identities(ask))
    return clear.getvalue() == b"des mots"


@pytest.fixture
def plain(tmp_path, settings):
    return create(tmp_path / "plain", settings, protection=None)


@pytest.fixture
def protected(tmp_path, settings):
    return create(tmp_path / "protected", settings, protection=FORMER)


@pytest.fixture
def ring():
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    return ring


@pytest.fixture
def in_ring(tmp_path, settings, ring):
    return create(tmp_path / "in-ring", settings, protection=FORMER, in_keyring=True)


def test_words_are_added_changed_and_taken_away_and_what_was_sealed_still_opens(plain):
    sealed, public = seal_to(plain), plain.practice_pub.read_bytes()
    plain.protect(nobody, lambda: FORMER)
    assert plain.protected()
    assert b"SECRET" not in plain.practice_key.read_bytes()
    assert opens(plain, sealed, FORMER.reveal)
    plain.protect(FORMER.reveal, lambda: NEW)
    assert opens(plain, sealed, NEW.reveal)
    with pytest.raises(PassphraseWrong):
        opens(plain, sealed, FORMER.reveal)
    plain.protect(NEW.reveal, lambda: None)
    assert not plain.protected()
    assert opens(plain, sealed, nobody)
    assert plain.practice_pub.read_bytes() == public


def test_drawn_words_get_their_light_factor_again(plain):
    plain.protect(nobody, lambda: NEW)
    assert age.inspect(io.BytesIO(plain.practice_key.read_bytes())).work_factor == 14


def test_without_the_former_words_nothing_is_drawn_or_changed(protected):
    before = protected.practice_key.read_bytes()
    with pytest.raises(PassphraseWrong):
        protected.protect(lambda: "pas du tout", nobody)
    assert protected.practice_key.read_bytes() == before


@pytest.mark.parametrize("fault", [Declined("init.not_written"), KeyboardInterrupt()])
def test_words_that_were_not_written_down_change_nothing(protected, fault):
    def draw():
        raise fault

    before = protected.practice_key.read_bytes()
    with pytest.raises(type(fault)):
        protected.protect(FORMER.reveal, draw)
    assert protected.practice_key.read_bytes() == before


def test_a_rotation_in_the_meantime_keeps_its_identities_and_words_are_drawn_once(protected):
    sealed, drawn = [seal_to(protected)], []

    def draw():
        drawn.append(1)
        return NEW

    @contextmanager
    def after_a_rotation():
        if len(sealed) == 1:
            other = Practice.open(protected.folder)
            other.rotate(FORMER.reveal)
            sealed.append(seal_to(other))
        yield

    protected.protect(FORMER.reveal, draw, writing=after_a_rotation)
    assert drawn == [1]
    assert all(opens(protected, one, NEW.reveal) for one in sealed)


# --- the keyring --------------------------------------------------------------------------------


def test_the_keyring_takes_the_new_words_in_the_place_of_the_former(in_ring, ring):
    sealed = seal_to(in_ring)
    in_ring.protect(nobody, lambda: NEW, in_keyring=True)
    assert list(ring.kept.values()) == [NEW.reveal()]
    assert opens(in_ring, sealed, nobody)


@pytest.mark.parametrize("words", [NEW, None])
def test_the_keyring_forgets_words_that_protect_nothing_any_more(in_ring, ring, words):
    in_ring.protect(nobody, lambda: words)
    assert ring.kept == {}
    assert opens(in_ring, seal_to(in_ring), NEW.reveal if words else nobody)


@pytest.mark.parametrize("killed", ["before", "after"])
def test_killed_on_either_side_of_the_write_the_keyring_still_opens(
    in_ring, ring, monkeypatch, killed
):
    from secshare.practice import access

    write, sealed, left = access.write, seal_to(in_ring), {}

    def watched(path, data, *, overwrite=False):
        left["before"] = dict(ring.kept), path.read_bytes()
        write(path, data, overwrite=overwrite)
        left["after"] = dict(ring.kept), path.read_bytes()

    monkeypatch.setattr(access, "write", watched)
    in_ring.protect(nobody, lambda: NEW, in_keyring=True)
    ring.kept, data = left[killed]  # the machine as a kill at that moment leaves it
    in_ring.practice_key.write_bytes(data)
    assert opens(in_ring, sealed, nobody)
    in_ring.protect(nobody, lambda: NEW, in_keyring=True)
    assert list(ring.kept.values()) == [NEW.reveal()]


def test_a_full_disk_leaves_the_key_and_the_keyring_as_they_were(in_ring, ring, monkeypatch):
    from secshare.practice import access

    def full(path, *_, **__):
        raise OutputRefused("files.disk_full", path=path)

    before = dict(ring.kept)
    monkeypatch.setattr(access, "write", full)
    with pytest.raises(OutputRefused):
        in_ring.protect(nobody, lambda: NEW, in_keyring=True)
    assert ring.kept == before
    assert opens(in_ring, seal_to(in_ring), nobody)


def test_a_keyring_that_keeps_nothing_changes_nothing(protected):
    keyring.set_keyring(ForgetfulKeyring())
    before = protected.practice_key.read_bytes()
    with pytest.raises(PracticeInvalid) as caught:
        protected.protect(FORMER.reveal, lambda: NEW, in_keyring=True)
    assert caught.value.key == "practice.keyring_failed"
    assert protected.practice_key.read_bytes() == before
