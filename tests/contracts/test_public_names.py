"""Protects library users: `__all__` is what is there, and the engine keeps its promised names."""

from __future__ import annotations

import ast
import importlib
import inspect
import types

import pytest

from secshare import age
from tests.contracts.code import PACKAGE, modules, name

# profiles holds numbers and nothing else: all of them are public.
PACKAGES = sorted({name(path) for path in PACKAGE.rglob("__init__.py")} - {"secshare.profiles"})
PUBLIC = sorted(
    module
    for module, tree in modules().items()
    if any(
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__all__"
        for node in tree.body
    )
)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_is_public(package):
    assert package in PUBLIC


@pytest.mark.parametrize("module", PUBLIC)
def test_every_public_name_exists(module):
    loaded = importlib.import_module(module)
    for public in loaded.__all__:
        assert getattr(loaded, public) is not None
    assert len(set(loaded.__all__)) == len(loaded.__all__)


@pytest.mark.parametrize("package", PACKAGES)
def test_nothing_public_is_left_out(package):
    loaded = importlib.import_module(package)
    stray = {
        public
        for public, value in vars(loaded).items()
        if not public.startswith("_")
        and not isinstance(value, types.ModuleType)
        and getattr(value, "__module__", "") == package  # ruff sees to what is only imported
        and public not in loaded.__all__
    }
    assert not stray


# What the engine promised, name by name, parameter by parameter.
PROMISED = {
    "encrypt": ["source", "sink", "recipients", "*armor", "*progress"],
    "decrypt": ["source", "sink", "identities", "*max_work_factor", "*progress"],
    "encrypt_file": ["source", "target", "recipients"],
    "decrypt_file": ["source", "target", "identities"],
    "inspect": ["source"],
    "parse_recipient": ["text"],
    "parse_identity": ["text"],
    "ScryptRecipient": ["passphrase", "*work_factor"],
    "ScryptIdentity": ["passphrase"],
}


@pytest.mark.parametrize("promised", PROMISED)
def test_the_engine_keeps_its_promised_names(promised):
    signature = inspect.signature(getattr(age, promised))
    actual = [
        f"*{parameter.name}" if parameter.kind is parameter.KEYWORD_ONLY else parameter.name
        for parameter in signature.parameters.values()
    ]
    expected = PROMISED[promised]
    assert len(actual) >= len(expected)
    if "target" in expected:  # only the roles are promised for the two paths
        assert [p for p in actual if not p.startswith("*")][2:] == expected[2:]
    else:
        assert [p for p in actual if p in expected] == expected
        assert all(p.startswith("*") for p in actual[len(expected) :])


@pytest.mark.parametrize("kind", ["X25519Identity", "HybridIdentity"])
def test_an_identity_gives_its_recipient_and_never_shows_itself(kind):
    identity = getattr(age, kind).generate()
    public = str(identity.recipient())
    assert public.startswith("age1")
    for shown in (str(identity), repr(identity), f"{identity}", f"{identity!r}"):
        assert "SECRET" not in shown.upper()
    assert str(age.parse_recipient(public)) == public
