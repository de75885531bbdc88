"""Protects the library's examples: they run as they stand, and show no secret."""

from __future__ import annotations

from tests.contracts.code import tracked
from tests.examples.run import EXAMPLES, run_example
from tests.tools import ROOT


def test_words_seal_open_and_tell_wrong_words_from_damage():
    said = run_example("library_words.py").splitlines()
    assert said[0].startswith("sealed: ")
    assert said[1] == "opened with the words as typed"
    assert said[2].startswith("wrong words: ")
    assert said[3].startswith("damaged file: ")
    assert len(said) == 4


def test_keys_open_for_each_holder_and_for_nobody_else(tmp_path):
    said = run_example("library_keys.py", tmp_path).splitlines()
    assert said[:2] == ["opened by the laboratory", "opened by the registry"]
    assert said[2] == "for mlkem768x25519, mlkem768x25519"
    assert said[3].startswith("somebody else: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "export.csv", "export.csv.age", "laboratory.csv", "registry.csv",
    ]  # fmt: skip


def test_every_example_is_run_by_a_test():
    tests = "".join(
        path.read_text("utf-8")
        for path in tracked()
        if path.is_relative_to(ROOT / "tests") and path.suffix == ".py"
    )
    helpers = {"people.py", "office.py", "scan.py"}  # parts of build_documents.py
    for example in EXAMPLES.iterdir():
        if example.is_file() and example.name not in helpers | {"README.md"}:
            assert example.name in tests, f"nothing runs examples/{example.name}"
