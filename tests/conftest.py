"""What every test runs with: no time limit on a property, and nobody's own practice."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

pytest_plugins = ["tests.browser.chromium"]

# A shared machine stops for a moment now and then, which says nothing of the property. In CI the
# examples are the same at every run: what fails there fails again at the desk.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")


@pytest.fixture(autouse=True)
def nobodys_practice(monkeypatch):
    """Take away what would lead a command to the practice of whoever runs the tests."""
    monkeypatch.delenv("SECSHARE_PRACTICE", raising=False)
