"""Protects who pastes a suggested command: a name stays one word, and runs nothing of its own."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from secshare.cli.pasting import ends, pasted, place_of_run

NAMES = (
    *("nuit-2026-11-22", "soir du 22", "l'hiver", "nuit;date", "nuit$HOME", "`id`", '"', 'a"b c'),
    *("a&b", "été", "*", "~", "nuit!!", "100 %", "#1", "(bis)", "a'b$c"),
)


@pytest.mark.parametrize("name", [*NAMES, "-nuit"])
def test_a_pasted_command_names_the_run_and_nothing_else(name: str) -> None:
    fields = place_of_run(name, Path("a b/l'été"))
    line = "secshare batch secrets {named} --as sms-csv{ends}".format(**fields)
    read = shlex.split(line)
    assert read.count(name) == 1
    assert read[read.index("--practice") + 1] == "a b/l'été"
    for shell in filter(None, map(shutil.which, ("sh", "bash"))):
        command = [shell, "-c", line.replace("secshare", r"printf '%s\n'", 1)]
        said = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
        assert said.stdout.splitlines() == read[1:]
    if name.startswith("-"):
        assert read[-2:] == ["--", name]


def test_a_plain_name_has_no_quotes_and_a_blank_has_those_that_every_shell_knows() -> None:
    assert pasted("nuit-2026-11-22") == "nuit-2026-11-22"
    assert pasted("soir du 22") == '"soir du 22"'
    assert pasted("l'hiver") == '"l\'hiver"'
    assert ends(None) == ""
    assert ends(Path("/srv/cabinet")) == " --practice /srv/cabinet"


def test_a_path_of_windows_is_quoted_for_its_shells() -> None:
    assert pasted("C:\\cabinet", windows=True) == "C:\\cabinet"
    assert pasted("C:\\le cabinet", windows=True) == '"C:\\le cabinet"'
    assert pasted("l'an $1", windows=True) == "'l''an $1'"
