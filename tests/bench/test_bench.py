"""The benchmark's one command runs and compares everybody, so that its figures can be had again."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.tools import ROOT, need


def test_everybody_seals_and_opens_and_nothing_is_left(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("b")  # short: gpg puts a socket in it, of 107 bytes at most
    for program in ("cp", "age", "7z", "gpg"):
        need(program)
    command = [sys.executable, "-m", "tests.bench", "--folder", folder]
    command += ["--size", "1", "--large", "1", "--repeats", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    times, memory = done.stdout.split("Peak memory")
    names = ["cp", "secshare.age, key", "secshare.age, words", "secshare.age, hybrid key"]
    for name in [*names, "pyrage", "age ", "7z", "gpg"]:
        assert f"\n| {name}" in times
    assert memory.count("secshare.age") == 3
    assert list(folder.iterdir()) == []


def test_refusals_are_measured() -> None:
    command = [sys.executable, "-m", "tests.bench.refusals", "--repeats", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    rows = re.findall(r"^\| (.+?) \| (\d+) \| ([0-9.]+) \| (\d+) \|$", done.stdout, re.MULTILINE)
    assert len(rows) == 5
    assert {int(status) for _, status, _, _ in rows} == {24}


def test_the_start_is_compared_with_a_bare_interpreter() -> None:
    command = [sys.executable, "-m", "tests.bench.start", "--repeats", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = [float(figure) for figure in re.findall(r"(-?[0-9.]+) ms", done.stdout)]
    assert len(figures) == 3
    assert min(figures[:2]) > 0
