"""Protects what only two parts may do: call the platform, and speak to people."""

from __future__ import annotations

import ast

import pytest

from tests.contracts.code import called, modules

WRITING = {"write_text", "write_bytes", "touch", "symlink_to", "hardlink_to", "mkdir", "makedirs"}
SPEAKING = {"sys.stdout", "sys.stderr", "sys.exit", "os._exit", "logging", "warnings.warn"}


def calls(*apart):
    for module, tree in modules().items():
        if not module.startswith(apart):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    yield module, node


def test_only_files_makes_files_and_folders():
    found = [
        f"{module}:{node.lineno} {called(node)}"
        for module, node in calls("secshare.files")
        if called(node) in WRITING
        and not called_of_files(node)
        # the user's application data, which other programs share and which is not private
        and (module, called(node)) != ("secshare.practice.place", "mkdir")
    ]
    assert not found


def called_of_files(node):
    return isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "files"


def test_only_files_opens_a_file_to_write_it():
    found = []
    for module, node in calls("secshare.files", "secshare.terminal"):
        if called(node) in {"open", "fdopen"}:
            modes = [
                argument.value
                for argument in [*node.args, *(keyword.value for keyword in node.keywords)]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            # A descriptor that a script opened for the words is written to by its number.
            to_descriptor = bool(node.args) and ast.unparse(node.args[0]) in {"fd", "os.dup(fd)"}
            in_memory = ast.unparse(node.func) == "anew.open"  # a member of an archive
            if any(set(mode) & set("wax+") for mode in modes if len(mode) < 4) and not (
                to_descriptor or in_memory
            ):
                found.append(f"{module}:{node.lineno}")
    assert not found


@pytest.mark.parametrize("speech", sorted(SPEAKING))
def test_only_the_commands_and_the_terminal_speak_to_people_or_leave(speech):
    found = [
        f"{module}:{node.lineno}"
        for module, tree in modules().items()
        if not module.startswith(
            ("secshare.cli", "secshare.opener", "secshare.terminal", "secshare.__main__")
        )
        for node in ast.walk(tree)
        # a process that works for another, which is gone: nobody else can end it
        if (module, speech) != ("secshare.files.processes", "os._exit")
        if (isinstance(node, ast.Attribute) and ast.unparse(node) == speech)
        or (isinstance(node, ast.Import) and any(alias.name == speech for alias in node.names))
    ]
    assert not found


def test_nothing_in_the_package_reaches_for_the_network():
    network = {"socket", "ssl", "http", "urllib", "smtplib", "ftplib", "asyncio", "requests"}
    found = []
    for module, tree in modules().items():
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            # urllib.parse only takes addresses apart
            found += [
                f"{module}: {name}"
                for name in names
                if name.split(".")[0] in network and name != "urllib.parse"
            ]
    assert not found


def test_nothing_in_the_package_evaluates_or_unpickles():
    found = [
        f"{module}:{node.lineno}"
        for module, node in calls()
        if isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec", "compile"}
    ]
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names} | {getattr(node, "module", "")}
                found += [module for name in names if name in {"pickle", "marshal", "shelve"}]
    assert not found
