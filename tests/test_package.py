"""Protects the library's front door: it opens as its page says, and weighs nothing."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys

import pytest

import secshare
from secshare import age


@pytest.mark.parametrize("module", [secshare, age], ids=lambda module: module.__name__)
def test_the_example_of_the_docstring_runs(module):
    result = doctest.testmod(module)
    assert result.attempted > 5
    assert result.failed == 0


def test_importing_the_package_loads_no_library_and_no_part():
    code = (
        "import sys; before = set(sys.modules); import secshare; print(set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in ast.literal_eval(done.stdout) if name.startswith("secshare")}
    assert loaded == {"secshare"}


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = secshare.nothing_here
    assert dir(secshare) == secshare.__all__
