"""Protects readers from a missing, stray or half-translated text, in French as in English."""

from __future__ import annotations

import ast
import re
from string import Formatter

from secshare import errors
from secshare.messages import Language, areas, catalogue
from tests.contracts.code import called, literals, modules
from tests.page.catalogue import may_be_spoken

TEXTS = {f"{area}.{name}": entry for area in areas() for name, entry in catalogue(area).items()}
ERRORS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.SecshareError)
}
# Who takes a key as its first argument and the text's fields as keywords.
SPEAKERS = {"tr", "text", "explain", "say", "ask", "confirm", *ERRORS}


def lines(entry):
    """One language of a text as a dictionary, `text` alone or `what` and `do`."""
    return {"text": entry} if isinstance(entry, str) else entry


def placeholders(entry):
    return {
        field
        for line in lines(entry).values()
        for _, field, _, _ in Formatter().parse(line)
        if field is not None
    }


def keyed_calls():
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in SPEAKERS and node.args:
                first = node.args[0]
                # A name without its area is given to a helper that adds the area.
                if isinstance(first, ast.Constant) and "." in str(first.value):
                    yield module, node, first.value


def test_every_text_stands_in_both_languages_in_the_same_form():
    assert len(TEXTS) > 100
    for key, entry in TEXTS.items():
        assert set(entry) == {language.value for language in Language}, key
        assert lines(entry["fr"]).keys() == lines(entry["en"]).keys(), key
        assert lines(entry["fr"]).keys() in ({"text"}, {"what", "do"}), key


def test_every_text_has_the_same_fields_in_both_languages():
    for key, entry in TEXTS.items():
        french, english = placeholders(entry["fr"]), placeholders(entry["en"])
        assert french == english, key
        assert all(field.isidentifier() for field in french), f"{key}: a field has a name"


def test_every_error_is_two_lines_that_read_as_sentences():
    for key, entry in TEXTS.items():
        if isinstance(entry["en"], str):
            continue
        for line in (line for language in entry.values() for line in language.values()):
            assert line.strip() == line != "", key
            assert len(line.splitlines()) == 1, key
            a_name = any(sign in line.split()[0] for sign in "./{-") or line.startswith("secshare ")
            assert line[0].isupper() or line[0] in "{«" or a_name, key


def test_a_run_that_is_to_be_pasted_has_nothing_behind_it_that_is_selected_with_it():
    """A full stop behind a run's name makes another run, which seals everything again."""
    for key, entry in TEXTS.items():
        for line in (*lines(entry["fr"]).values(), *lines(entry["en"]).values()):
            assert not re.search(r"--run \w+\{ends\}[^ ]|--run \{\w+\}[^ ]", line), key


def test_no_text_speaks_to_the_reader_as_tu():
    familiar = {"tu", "ton", "ta", "tes", "toi", "t'as", "t'es"}
    for key, entry in TEXTS.items():
        for line in lines(entry["fr"]).values():
            assert not familiar & set(line.lower().replace(",", " ").split()), key


def test_every_key_that_the_code_speaks_exists():
    assert any(keyed_calls())
    unknown = {
        f"{module}:{node.lineno} {key}" for module, node, key in keyed_calls() if key not in TEXTS
    }
    assert not unknown


def test_every_error_is_raised_with_a_text_of_two_lines():
    wrong = {
        f"{module}:{node.lineno} {key}"
        for module, node, key in keyed_calls()
        if called(node) in ERRORS and "do" not in lines(TEXTS[key]["en"])
    }
    assert not wrong


def test_every_field_of_a_text_is_given_where_it_is_spoken():
    missing = set()
    for module, node, key in keyed_calls():
        given = {keyword.arg for keyword in node.keywords}
        if None not in given and not placeholders(TEXTS[key]["en"]) <= given:
            missing.add(f"{module}:{node.lineno} {key}")
    assert not missing


def test_every_text_is_spoken_somewhere():
    written = {text for tree in modules().values() for text in literals(tree)}
    # In a list of capitals, as in "FILE|DIR", each is the end of a key.
    ends = written | {word.lower() for text in written for word in re.findall("[A-Z]{2,}", text)}
    ends |= {text.replace("-", "_") for text in written}  # the names of rules
    prefixes = {prefix for prefix in built_prefixes() if prefix.split(".")[0] in areas()}
    unused = {
        key
        for key in TEXTS
        if key not in written
        and not key.startswith("page.")  # spoken in TypeScript: see below
        and not any(
            key.startswith(prefix) and key.removeprefix(prefix) in ends for prefix in prefixes
        )
    }
    assert not unused


def test_every_text_of_the_page_is_spoken_by_its_script():
    page = [key for key in TEXTS if key.startswith("page.")]
    assert len(page) > 100
    unused = {key for key in page if not may_be_spoken(key.removeprefix("page."))}
    assert unused == {"page.noscript"}  # in the HTML: no script can put it there


def built_prefixes():
    """The constant beginnings of keys put together in the code, as in f"cli.label_{name}"."""
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                prefix = node.values[0].value
                if "." in prefix and prefix.replace(".", "").replace("_", "").isalnum():
                    yield prefix
