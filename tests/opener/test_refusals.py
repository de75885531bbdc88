"""Protects the machine: files made to take it away are refused with little memory.

How many seconds it takes is printed by `python -m tests.bench.refusals`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from secshare.errors import ExitCode
from tests.opener.hostile import header_of_a_gigabyte, heavy_factor, zip_bomb
from tests.opener.kit import PHRASE, names
from tests.opener.weigh import weigh

MOST = 100  # MiB


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.pdf.age", heavy_factor),
        ("a.zip.age", zip_bomb),
        ("a.pdf.age", header_of_a_gigabyte),
        ("a.pdf.age", partial(header_of_a_gigabyte, line=True)),
        ("a.pdf.age", partial(header_of_a_gigabyte, bodies=True)),
    ],
    ids=["work factor 2^21", "zip bomb", "header", "one line", "many lines"],
)
def test_it_is_refused_in_two_lines_and_a_hundred_mebibytes(
    tmp_path: Path, name: str, make: Callable[[Path], Path]
) -> None:
    make(tmp_path / name)
    (tmp_path / "words").write_text(PHRASE)
    weighed = weigh(tmp_path, name, "--passphrase-file", "words")
    assert weighed.done.status == ExitCode.WORK_REFUSED, weighed.done
    assert len(weighed.done.lines) == 2, weighed.done.err
    assert weighed.mebibytes < MOST
    assert names(tmp_path) == sorted([name, "words"])


def test_memory_is_really_measured(tmp_path: Path) -> None:
    """A process that takes 150 MiB is seen to: the tests of memory can fail."""
    program = ["-c", "x = b'x' * (150 << 20); print(len(x))"]
    heavy = weigh(tmp_path, *program, command=[sys.executable])
    light = weigh(tmp_path, "-c", "print()", command=[sys.executable])
    assert heavy.mebibytes > 150
    assert light.mebibytes < 50
