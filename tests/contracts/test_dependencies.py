"""Protects small installations: the base needs what it declares, and nothing that it does not."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from itertools import chain

from tests.contracts.code import called, modules
from tests.tools import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def names(requirements):
    return {
        re.match(r"[A-Za-z0-9_.-]+", entry)[0].replace("_", "-").lower() for entry in requirements
    }


BASE = names(PROJECT["dependencies"])
EXTRAS = {extra: names(entries) for extra, entries in PROJECT["optional-dependencies"].items()}

# What a patient's machine runs, and what a library user imports.
BASE_PARTS = {
    "age", "errors", "files", "messages", "model", "opener", "opening", "passphrase", "profiles",
    "terminal",
}  # fmt: skip


@cache
def distributions():
    return packages_distributions()


def foreign_imports(tree):
    """The distributions a module imports, late imports included, type checking apart."""
    aside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in aside:
            continue
        if isinstance(node, ast.Import):
            roots = {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            roots = {node.module.split(".")[0]}
        elif loaded := loaded_by_name(node):
            roots = {loaded}
        else:
            continue
        for root in roots - set(sys.stdlib_module_names) - {"secshare"}:
            yield {owner.replace("_", "-").lower() for owner in distributions().get(root, [root])}


def loaded_by_name(node):
    """The library that `import_module("library")` loads, if that is what this is."""
    if isinstance(node, ast.Call) and called(node) == "import_module" and node.args:
        first = node.args[0]
        return first.value if isinstance(first, ast.Constant) else None
    return None


def test_only_the_bridge_loads_a_library_by_name():
    found = {
        (module, loaded)
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if (loaded := loaded_by_name(node))
    }
    assert found == {("secshare.age.bridge", "pyrage")}


def test_the_base_imports_only_what_the_base_installs():
    for module, tree in modules().items():
        part = module.split(".")[1] if "." in module else ""
        if part in BASE_PARTS and module != "secshare.age.bridge":
            late = EXTRAS["photo"] if module == "secshare.opener.photo" else set()
            for owners in foreign_imports(tree):
                assert owners & (BASE | late), module


def test_every_library_the_package_imports_is_declared():
    declared = BASE.union(*EXTRAS.values())
    for module, tree in modules().items():
        for owners in foreign_imports(tree):
            assert owners & declared, module


def test_every_library_declared_is_imported():
    imported = {
        owner for tree in modules().values() for owners in foreign_imports(tree) for owner in owners
    }
    assert not BASE.union(*EXTRAS.values()) - imported


def test_every_requirement_has_a_lower_bound_and_no_upper_one():
    for entry in chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()):
        assert ">=" in entry, entry
        assert "<" not in entry, (
            f"{entry}: an upper bound in a library breaks its users' resolution"
        )


def test_the_lock_holds_every_requirement_with_its_hash_and_no_address():
    lock = (ROOT / "tests" / "requirements.txt").read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    needed = BASE.union(*EXTRAS.values(), *(names(entries) for entries in groups.values()))
    assert needed <= pinned
    assert "://" not in lock
    for block in re.split(r"\n(?=[a-z0-9])", lock.strip()):
        if not block.startswith("#"):
            assert "--hash=sha256:" in block, block.splitlines()[0]
