"""What the tests of the practice share."""

from __future__ import annotations

import keyring
import pytest

from secshare.practice import Settings
from tests.fakes.keyring import NoKeyring


@pytest.fixture
def settings():
    return Settings(
        name="Cabinet médical Morel", public_name="Cabinet Morel", phone="01 99 00 12 34"
    )


@pytest.fixture(autouse=True)
def _at_home(tmp_path, monkeypatch):
    """Nobody's own default and nobody's own keyring is touched."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)
