"""The page about the format states what the code does, with the code's own numbers."""

from __future__ import annotations

import re

import pytest

from secshare import age, profiles
from secshare.errors import WorkRefused
from tests.age.words import drawn
from tests.tools import ROOT

PAGE = " ".join((ROOT / "docs" / "format.md").read_text(encoding="utf-8").split())


def test_the_heaviest_factor_that_is_written_is_read_unasked_and_is_the_one_of_the_page() -> None:
    most = profiles.WORK_FACTOR_READ
    assert f"| scrypt work factor | at most 2^{most} | up to 2^{most}; " in PAGE
    assert f"another factor up to 2^{most} |" in PAGE
    assert age.ScryptRecipient(drawn(), work_factor=most).work_factor == most
    with pytest.raises(WorkRefused):
        age.ScryptRecipient(drawn(), work_factor=most + 1)


def test_the_usual_factors_are_those_of_the_page() -> None:
    drawn_, chosen = profiles.WORK_FACTOR_DRAWN, profiles.WORK_FACTOR_CHOSEN
    assert f"| a passphrase, 2^{drawn_} or 2^{chosen} |" in PAGE
    assert f"drawn words | 2^{drawn_}," in PAGE
    assert f"any other text | 2^{chosen}," in PAGE


def test_the_page_promises_no_reader_what_it_cannot_read() -> None:
    rows = {
        row[0]: row[1:]
        for row in re.findall(r"\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|", PAGE)
    }
    assert rows["an SSH key"] == ("1.1", "yes", "no")
    assert rows["`age1pq1...` (hybrid)"] == ("1.3", "no", "0.3")
    assert "number and the kinds of recipients" not in PAGE
    assert "an SSH key's stanza holds" in PAGE and "a plugin's holds" in PAGE
