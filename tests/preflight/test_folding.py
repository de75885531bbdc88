"""Protects the comparison of names: a document folds as each of its names does, and as before."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from secshare.model.folding import fold
from secshare.recipients import names

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th"}
)


def slowly(text: str) -> str:
    """Fold character by character, as the definition says it."""
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    kept = "".join(c for c in text if unicodedata.category(c) not in {"Mn", "Me", "Cf"})
    return re.sub("[\\W_\\u02bc]+", " ", kept).strip()


french = st.text("abcÉéèÇœŒæß'’–- \n\u00a0\u202f½²µμª™ﬁłıŻЖ\u0301\u00ad_0١", max_size=60)


@given(st.one_of(st.text(max_size=60), french))
def test_the_fast_way_gives_what_the_definition_gives(text):
    assert fold(text) == slowly(text)


def test_every_character_folds_as_the_definition_says():
    for number in range(0x3000):
        text = f"a{chr(number)}B"
        assert fold(text) == slowly(text), hex(number)


def test_a_long_text_folds_as_its_lines_do():
    lines = ["Hôpital de l’Œuf – 12 µg/L", "Наталья ŁUKASZ", "plain ASCII"] * 5_000
    assert fold("\n".join(lines)) == " ".join(map(fold, lines))


def test_a_long_line_folds_too():
    assert fold("Éa " * 100_000) == "ea " * 99_999 + "ea"


def test_recipients_fold_by_the_same_rule():
    assert names.fold is fold
