"""The table of rules is what `--accept`, `--override` and the documentation are made of."""

from __future__ import annotations

import re

import pytest

from secshare.messages import Language, catalogue, text
from secshare.model import Severity
from secshare.preflight.rules import RULES


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_is_explained_in_one_sentence_of_each_language(rule) -> None:
    for language in Language:
        sentence = text(rule.key, language)
        assert sentence.endswith(".")
        assert "\n" not in sentence


def test_names_are_words_in_lower_case_with_dashes() -> None:
    assert all(name == rule.name for name, rule in RULES.items())
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in RULES)


def test_what_asks_is_accepted_and_what_stops_is_overridden_unless_it_is_about_the_recipient() -> (
    None
):
    for rule in RULES.values():
        assert rule.acceptable == (rule.severity is Severity.CONFIRM)
        assert not (rule.acceptable and rule.overridable)
    assert RULES["other-number"].overridable
    assert not RULES["revoked"].overridable


def test_every_sentence_says_the_same_fields_in_both_languages() -> None:
    for name, entry in catalogue("preflight").items():
        fields = [set(re.findall(r"{(\w+)}", str(entry[language]))) for language in ("en", "fr")]
        assert fields[0] == fields[1], name
