"""Protects the search for contacts that are alike: sorted or not, the same lines are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare import profiles
from secshare.recipients.lines import Lines

TEXT = st.text(st.sampled_from("ab@\U0010ffff é"), max_size=6)


@given(st.lists(TEXT, min_size=1, max_size=10), TEXT)
def test_sorted_lines_are_searched_as_unsorted_ones(lines, wanted):
    for sorted_after in (0, 10):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(profiles, "LINES_SORTED", sorted_after)
            held = Lines("\n".join(lines))
            assert sorted(held.equal(wanted)) == [
                number for number, line in enumerate(lines) if line == wanted
            ]
            if wanted:
                assert sorted(held.beginning(wanted)) == [
                    number for number, line in enumerate(lines) if line.startswith(wanted)
                ]
                assert sorted(held.ending(wanted)) == [
                    number for number, line in enumerate(lines) if line.endswith(wanted)
                ]
            assert [held[number] for number in range(len(lines))] == lines
