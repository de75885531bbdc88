"""Protects who pastes a suggested command: a name stays one word, and runs nothing of its own."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import tree_sitter_powershell
from hypothesis import given
from hypothesis import strategies as st
from tree_sitter import Language, Parser

from secshare.cli.pasting import ends, pasted, place_of_run, whole

NAMES = (
    *("nuit-2026-11-22", "soir du 22", "l'hiver", "nuit;date", "nuit$HOME", "`id`", '"', 'a"b c'),
    *("a&b", "été", "*", "~", "nuit!!", "100 %", "#1", "(bis)", "a'b$c"),
    *("l’hiver", "soir d’été", "l’an $1", "‘a’ “b”", "„c‟ ‚d‛", "– bis", "—nuit", "―", "%TEMP% x"),
    *("nuit\u00a0: 1", "lundi–mardi", "a“b", "’", "”", "a’b'c‘d $"),
)
PIECES = st.text(st.sampled_from("ab é\u00a0.-–—―'’‘‚‛\"“”„$`%!&;#@(){}/\\:*~^|<>"), min_size=1)


@pytest.mark.parametrize("name", [*NAMES, "-nuit"])
def test_a_pasted_command_names_the_run_and_nothing_else(name: str) -> None:
    fields = place_of_run(name, Path("a b/l'été"))
    line = "secshare batch secrets{named} --as sms-csv{ends}".format(**fields)
    assert "  " not in line
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


def test_a_path_is_told_without_the_way_there(tmp_path: Path) -> None:
    (tmp_path / "real" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "deep")
    assert whole(tmp_path / "link" / ".." / "secrets") == (tmp_path / "real/secrets").resolve()
    assert whole(tmp_path / "link" / "a") == tmp_path / "link" / "a"
    assert whole(Path("mots..csv")) == Path("mots..csv")


def test_a_path_of_windows_is_quoted_for_its_shells() -> None:
    assert pasted("C:\\cabinet", windows=True) == "C:\\cabinet"
    assert pasted("C:\\le cabinet", windows=True) == '"C:\\le cabinet"'
    assert pasted("l'an $1", windows=True) == "'l''an $1'"


SINGLE, DOUBLE, DASHES = "'‘’‚‛", '"“”„', "-–—―"
"""What PowerShell takes for the same (about_Quoting_Rules, and its CharTraits)."""


def read_by_powershell(line: str) -> list[str]:
    """Take the arguments of a line apart as PowerShell does; what it would act on is refused.

    The grammar that other tests ask knows nothing of the quotes and dashes of printed text.
    """
    words: list[str] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
        elif line[at] in SINGLE + DOUBLE:
            quotes = SINGLE if line[at] in SINGLE else DOUBLE
            word, at = "", at + 1
            while not (line[at] in quotes and line[at + 1 : at + 2] not in [*quotes]):
                assert quotes is SINGLE or line[at] not in "$`", "it is read as something else"
                at += line[at] in quotes  # of two, the second stands for itself
                word, at = word + line[at], at + 1
            assert not line[at + 1 : at + 2].strip(), "something follows what was quoted"
            words, at = [*words, word], at + 1
        else:
            end = next((n for n in range(at, len(line)) if line[n].isspace()), len(line))
            word, at = line[at:end], end
            assert not set(word) & set(SINGLE + DOUBLE + "$`,;&|<>(){}@#"), word
            assert word[0] not in DASHES[1:], "an option"
            assert word[0] != "-" or not set(word) & {".", ":"}, "it is parted there"
            words.append(word)
    return words


def read_by_cmd(line: str) -> list[str]:
    """Take a line apart as a program does that cmd starts: single quotes are nothing there."""
    words, quoted, word = [], False, ""
    for character in line + " ":
        if character == '"':
            quoted = not quoted
        elif character.isspace() and character != "\u00a0" and not quoted:
            words, word = [*words, *([word] if word else [])], ""
        else:
            assert quoted or character not in "&|<>^", "it acts"
            word += character
    return words


@pytest.mark.parametrize("name", [*NAMES, "-nuit", "-nuit.1", "-n:2"])
def test_a_name_is_one_word_in_the_shells_of_windows(name: str) -> None:
    word = pasted(name, windows=True)
    assert read_by_powershell(f"secshare {word} -o FILE") == ["secshare", name, "-o", "FILE"]
    if not set(name) & set(DOUBLE + "$`"):  # there is no way of writing both
        assert read_by_cmd(f"secshare {word} -o FILE") == ["secshare", name, "-o", "FILE"]


@given(PIECES)
def test_any_name_is_one_word_in_powershell(name: str) -> None:
    assert read_by_powershell(pasted(name, windows=True)) == [name]
    assert shlex.split(pasted(name, windows=False)) == [name]


@pytest.mark.parametrize(
    "line",
    ["'l’hiver'", "'l’hiver' b", '"a“b"', "l’hiver", "–nuit", "-nuit.1", '"a$b"', "'a'b"],
)
def test_what_stood_in_a_command_before_is_not_one_word_in_powershell(line: str) -> None:
    with pytest.raises((AssertionError, IndexError)):
        read_by_powershell(line)


def test_the_grammar_of_powershell_takes_what_it_knows_as_one_word() -> None:
    parser = Parser(Language(tree_sitter_powershell.language()))
    for name in NAMES:
        if set(name) & set(SINGLE[1:] + DOUBLE[1:]):
            continue
        tree = parser.parse(f"secshare {pasted(name, windows=True)} FILE".encode())
        assert not tree.root_node.has_error, name
        (command,) = tree.root_node.children[0].children[0].children[0].children
        elements = [part for part in command.children[1].children if part.text.strip()]
        assert len(elements) == 2, name
