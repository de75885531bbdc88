"""Protects the repository from what must never be committed: private keys, somebody's machine."""

from __future__ import annotations

import re

import pytest

from secshare import age
from tests.contracts.code import tracked
from tests.tools import ROOT

# A whole identity in bech32, any case; the bare prefix is a word of the format.
PRIVATE = re.compile(
    rb"AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{40,}|AGE-PLUGIN-[A-Z0-9-]+-1[A-Z0-9]{20,}"
    rb"|-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}",
    re.IGNORECASE,
)

# Written in pieces, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        (
            r"\bpypi" + r"\.org",
            r"pythonhosted" + r"\.org",
            r"registry\." + r"(npmjs|yarnpkg)",
            r"deb\." + r"debian\.org",
            r"index" + r"-url",
            r'"resolved": *' + r'"http',
            r"(?<![\w.])/root" + r"/",
            r"(?<![\w.])/work" + r"/",
            r"/opt" + r"/(pypi|wheels)",
        )
    )
)
TEXT = {".py", ".toml", ".md", ".txt", ".json", ".mjs", ".js", ".sh", ".yml", ".cfg", ".pub", ""}


def private_keys(data):
    return PRIVATE.findall(data)


def test_no_private_key_stands_in_the_repository():
    assert len(tracked()) > 20
    found = [str(path.relative_to(ROOT)) for path in tracked() if private_keys(path.read_bytes())]
    assert not found


@pytest.mark.parametrize("kind", [age.X25519Identity, age.HybridIdentity])
def test_the_search_knows_a_private_key_when_it_sees_one(kind):
    # Written by the engine itself: if the encoding changed, the search would change with it.
    secret = reveal(kind.generate())
    assert private_keys(b"# my identity\n" + secret.encode() + b"\n")
    assert private_keys(secret.lower().encode())


def test_the_search_knows_a_pem_key():
    label = b"OPENSSH PRIVATE KEY"
    assert private_keys(b"-----BEGIN %s-----\nb3BlbnNzaC1rZXktdjEAAAAA" % label)


def reveal(identity):
    """The private encoding, by the explicit method that gives it."""
    names = [name for name in ("reveal", "encode", "to_string") if hasattr(identity, name)]
    assert names, "an identity has one explicit method for its private encoding"
    return getattr(identity, names[0])()


def test_no_file_names_a_registry_or_somebodys_machine():
    found = []
    for path in tracked():
        if path.suffix in TEXT and path.name != "LICENSE":
            for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
                if FOREIGN.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found


def test_every_module_of_the_tests_begins_with_what_it_protects():
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.name.startswith("test_")
        and path.suffix == ".py"
        and not path.read_text("utf-8").startswith('"""')
    ]
    assert not silent


def test_no_module_of_the_package_grew_too_long():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "secshare")
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not long
