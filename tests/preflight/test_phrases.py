"""A label or a phrase is found wherever its expression says, though most places are passed over.

Where a label may begin is written down twice, in full and as the beginnings of its first word: one
that the second forgets would silently never be found.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare.preflight import contexts, kinds, labels
from secshare.preflight.phrases import Phrases, Words, alternatives

_LABELS = [
    one for _, expression in (*labels.SLOTS, *labels.ROLES) for one in alternatives(expression)
]


@pytest.mark.parametrize("number", range(len(_LABELS)))
def test_every_label_begins_with_a_word_that_is_looked_for(number: int) -> None:
    expression = _LABELS[number]

    @settings(max_examples=20 if len(expression) < 300 else 400, database=None, deadline=None)
    @given(st.from_regex(expression, fullmatch=True))
    def found(label: str) -> None:
        low = f"x {label}\n"
        assert next(labels.labels(low)).start() == 2

    found()


@pytest.mark.parametrize("expressions", [kinds.TITLES, kinds.SIGNS, contexts.WORDS])
def test_phrases_stand_where_an_expression_of_all_of_them_finds_them(expressions) -> None:
    pieces = [one for words in expressions.values() for one in alternatives(words)]
    said = st.one_of(*(st.from_regex(one, fullmatch=True) for one in pieces))
    word = st.sampled_from(["de", "la", "et", "le", "s", "1", "mg", "x"])

    @settings(max_examples=150, database=None, deadline=None)
    @given(st.lists(st.one_of(said, word), max_size=8).map(" ".join))
    def found(text: str) -> None:
        text = " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())
        for expression in expressions.values():
            plain = [seen.span() for seen in re.finditer(rf"\b(?:{expression})\b", text)]
            ours = Phrases({"it": expression}).finditer(Words(text))
            assert [seen.span() for seen in ours] == plain

    found()


def test_a_phrase_that_begins_with_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="mere"):
        Phrases({"it": "(?:la )?mere"})
