"""Protects scripts and people: every failure has its own exit code and two lines, documented."""

from __future__ import annotations

import ast
import pickle
import tomllib

import pytest

from secshare import errors
from secshare.messages import Language
from tests.contracts.code import modules
from tests.tools import ROOT

CLASSES = sorted(
    (
        value
        for value in vars(errors).values()
        if isinstance(value, type)
        and issubclass(value, errors.SecshareError)
        and value is not errors.SecshareError
    ),
    key=lambda kind: kind.__name__,
)

# A caller's mistake in Python code is a Python error. `typer.Exit` is how typer says "stop here".
FAULTS_OF_THE_CALLER = {
    "TypeError",
    "ValueError",
    "KeyError",
    "AttributeError",
    "NotImplementedError",
}
STREAMS = {"io.UnsupportedOperation", "UnsupportedOperation"}
# Where the platform is called, its faults take one form before they are worded.
PLATFORM = {"OSError"}
COMMANDS = {
    *("typer.Exit", "typer.BadParameter", "SystemExit"),
    *("argparse.ArgumentTypeError", "ValidationError"),
}


def test_every_exit_code_has_an_error_and_every_error_a_code():
    assert {kind.code for kind in CLASSES} == set(errors.ExitCode)


def test_exit_codes_leave_alone_what_the_command_line_library_owns():
    assert not {0, 1, 2, 130} & set(errors.ExitCode)
    assert max(errors.ExitCode) < 126, "a shell means something else by 126 and above"


def test_no_error_class_stands_outside_the_module_of_errors():
    ours = {kind.__name__ for kind in CLASSES} | {"SecshareError"}
    outside = {
        f"{module}: {node.name}"
        for module, tree in modules().items()
        if module != "secshare.errors"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and ours & {ast.unparse(base) for base in node.bases}
    }
    assert not outside


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_words_itself_and_survives_a_process_boundary(kind):
    error = kind("share.reference_invalid", reference="K7Q2\x1b[2J")
    for language in Language:
        what, do = error.explain(language)
        assert what
        assert do
        assert "\x1b" not in what + do
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == str(error)
    assert repr(error) == f"{kind.__name__}('share.reference_invalid')", "no field in a traceback"


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_class_says_when_it_is_raised(kind):
    assert kind.__doc__
    assert kind.__doc__.splitlines()[0].endswith((".", "!"))


def test_the_package_raises_its_own_errors_only():
    known = {kind.__name__ for kind in CLASSES} | FAULTS_OF_THE_CALLER | STREAMS
    foreign = set()
    for module, tree in modules().items():
        also = set()
        if module.startswith(("secshare.cli", "secshare.opener")):
            # A command may tell itself what it did not understand, by a class of its own.
            also = COMMANDS | {
                node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
            }
        elif module.startswith(("secshare.files", "secshare.terminal")):
            also = PLATFORM
        elif module == "secshare.batch.pool":
            also = {"TaskLost"}  # an engine's, in one word; the coordinator takes all of them
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                raised = ast.unparse(node.exc.func).removeprefix("errors.")
                names_a_class = raised.split(".")[-1][0].isupper()
                if names_a_class and raised not in known | also:
                    foreign.add(f"{module}:{node.lineno} {raised}")
    assert not foreign


def test_no_failure_is_swallowed_whole():
    silent = {
        f"{module}:{node.lineno}"
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and all(isinstance(statement, ast.Pass) for statement in node.body)
    }
    assert not silent


def test_the_licence_and_the_version_are_said_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    from importlib.metadata import version

    assert version("secshare") == project["version"]
