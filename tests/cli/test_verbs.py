"""Each verb loads alone what it needs, and all of them are there for help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from typer.main import get_command

from secshare import cli
from secshare.cli import verbs
from secshare.cli.base import app


def test_each_verb_stands_in_the_modules_that_are_loaded_for_it() -> None:
    verbs.load()
    found: dict[str, set[str]] = {}
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        called = [one.callback for one in (command, *inner.values()) if one.callback]
        found[name] = {one.__module__.removeprefix("secshare.cli.") for one in called}
    assert found == {name: set(modules) for name, modules in verbs.MODULES.items()}


def test_no_module_with_a_verb_is_forgotten() -> None:
    loaded = {module for modules in verbs.MODULES.values() for module in modules}
    for path in Path(cli.__file__).parent.glob("*.py"):
        assert ("\n@verb(" in path.read_text("utf-8")) <= (path.stem in loaded), path.name


def test_a_seal_does_not_load_the_other_verbs() -> None:
    listed = (
        "import sys; from secshare.cli.app import run; run(['seal', '--help']); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", listed], check=True, capture_output=True, text=True
    )
    modules = done.stdout.split()
    assert "secshare.cli.seal" in modules
    assert not {"secshare.cli.incident", "secshare.cli.journal", "secshare.cli.init"} & set(modules)


def test_a_verb_of_two_words_stands_beside_that_of_its_first_word() -> None:
    listed = "import sys; from secshare.cli.app import run; run(sys.argv[1:]); print(*sys.modules)"
    for words, loaded, other in (
        (["batch", "secrets"], "batch_secrets", "batch"),
        (["batch"], "batch", "batch_secrets"),
    ):
        command = [sys.executable, "-c", listed, *words, "--help"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        modules = done.stdout.split()
        assert f"secshare.cli.{loaded}" in modules
        assert f"secshare.cli.{other}" not in modules
