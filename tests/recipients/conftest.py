"""What the tests of the directory share."""

from __future__ import annotations

from datetime import date

import pytest

from secshare.model import Kind
from secshare.recipients import Directory
from secshare.store import Store


@pytest.fixture
def directory(tmp_path):
    (tmp_path / "keys").mkdir()
    with Store.open(tmp_path / "practice.db", create=True) as store:
        yield Directory(store, tmp_path / "keys", region="FR")


@pytest.fixture
def today():
    return date(2026, 11, 21)


@pytest.fixture
def jeanne(directory):
    return directory.add(
        name="Jeanne Morel",
        kind=Kind.PATIENT,
        email="jeanne.morel@example.org",
        phone="06 39 98 00 01",
        birth_date=date(1950, 8, 14),
    )
