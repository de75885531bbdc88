"""Protects readers of the documentation: what it says of commands, codes and files is so."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re

import pytest

from secshare import errors, passphrase, profiles
from secshare.messages import Language, areas, catalogue
from secshare.model import Reference
from tests.cli.transcript import REFERENCE
from tests.contracts.code import tracked
from tests.tools import ROOT

PAGES = [path for path in tracked() if path.suffix == ".md" and "CHANGELOG" not in path.name]

HELP = re.compile(r"^## ([^\n]+)\n\n```text\n(.+?)\n```", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"^  (-\S.*?)(?:  +(\S.*))?(?:\n {10,}(\S.*))?$", re.MULTILINE)


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(build):
    return build.pages()


@pytest.mark.parametrize("page", ["exit-codes.md", "cli.md", "cli.fr.md"])
def test_a_made_page_is_what_the_code_says(page, made):
    assert (ROOT / "docs" / page).read_text("utf-8") == made[page], "run python docs/build.py"


def test_every_exit_code_is_documented_once(made):
    numbers = [int(n) for n in re.findall(r"^\| (\d+) \|", made["exit-codes.md"], re.MULTILINE)]
    assert numbers == sorted({0, 1, 2, 129, 130, 143, *errors.ExitCode})


def test_help_is_in_one_language_at_a_time(made):
    assert "Usage: secshare seal" in made["cli.md"]
    assert "Utilisation : secshare seal" in made["cli.fr.md"]
    for english in ("Usage:", "Options:", "Show this", "[required]", "[default:"):
        assert english not in made["cli.fr.md"]
    for french in ("Utilisation", "obligatoire", "défaut", "Affiche"):
        assert french not in made["cli.md"]


def test_every_command_and_option_has_a_help_text(made):
    for page in ("cli.md", "cli.fr.md"):
        blocks = HELP.findall(made[page])
        assert len(blocks) > 15
        for command, text in blocks:
            for option in OPTION.finditer(text):
                assert option[2] or option[3], f"{page}: {command} {option[1]}"


def test_no_help_line_is_wider_than_a_terminal(made):
    for page in ("cli.md", "cli.fr.md"):
        assert max(len(line) for line in made[page].splitlines() if line.startswith("  ")) <= 100


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_has_one_section_twice(page):
    text = re.sub("```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    sections = [each.strip() for each in re.split("^## ", text, flags=re.MULTILINE)]
    assert len(sections) == len(set(sections))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_a_page_shows_exists(page, made):
    known = dict(HELP.findall(made["cli.md"]))
    for line in shown_commands(page.read_text("utf-8")):
        command, rest = taken_apart(line, known)
        if command == "secshare":
            assert not rest or rest[0].startswith("-"), f"{line!r}: no such verb"
        assert not unknown_options(command, rest, known), line


def test_every_command_that_a_message_advises_exists(made):
    known = dict(HELP.findall(made["cli.md"]))
    wrong = set()
    for area in areas():
        for name, entry in catalogue(area).items():
            said = " ".join(str(text) for text in leaves(entry))
            said = said.replace("{named}", " {named}")  # it brings its blank
            # A command ends where its sentence does.
            for line in re.findall(
                r"\bsecshare(?:-open)? [a-z-][^;,:()»]*?(?=[.;,:()»]|\s:|$)", said
            ):
                command, rest = taken_apart(line, known)
                if unknown_options(command, rest, known):
                    wrong.add(f"{area}.{name}: {line}")
    assert not wrong


def leaves(entry):
    return (
        [leaf for value in entry.values() for leaf in leaves(value)]
        if isinstance(entry, dict)
        else [entry]
    )


def taken_apart(line, known):
    """The command as its help names it, and the words after it."""
    command, *rest = line.split()
    while rest and f"{command} {rest[0]}" in known:
        command = f"{command} {rest.pop(0)}"
    return command, rest


def unknown_options(command, words, known):
    options = re.findall(r"(?<!\S)--?[a-z][a-z-]*", " ".join(words))
    return [name for name in options if not re.search(rf"(?<!\S){name}\b", known[command])]


def test_every_reference_that_a_page_or_a_message_shows_is_a_right_one(made):
    texts = {str(page.relative_to(ROOT)): page.read_text("utf-8") for page in PAGES}
    texts |= {area: str(catalogue(area)) for area in areas()}
    for where, text in texts.items():
        for shown in re.findall(REFERENCE, text):
            assert str(Reference.parse(shown)) == shown, where


def shown_commands(text):
    """What a page shows of our commands, in blocks and between backquotes; made help apart."""
    blocks = re.findall(r"^```(?!text)\w*\n(.+?)\n```$", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(
        r"`([^`\n]+)`", re.sub(r"^```.+?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    )
    for line in [line for block in blocks for line in block.splitlines()] + spans:
        found = re.match(r"(?:\$ )?(secshare(?:-open)?(?: .*)?)$", line)
        if found:
            yield found[1].split(" #")[0]


def test_the_readme_has_exactly_two_commands_and_ci_runs_them():
    loader = importlib.machinery.SourceFileLoader("command", str(ROOT / ".ci" / "readme-command"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("command", loader))
    loader.exec_module(module)
    readme = (ROOT / "README.md").read_text("utf-8")
    two = module.commands(readme)
    assert list(two.values()) == re.findall(
        r"^```sh\n(.+?)\n```$", readme, re.MULTILINE | re.DOTALL
    )
    assert "pip install" in two["demo"]
    assert "'.[practice]'" in two["demo"]
    assert two["demo"].endswith("secshare demo")
    assert "pytest" in two["tests"]
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert '"$(.ci/readme-command demo)"' in script
    assert '"$(.ci/readme-command tests)"' in script
    assert "pytest" not in script, "the tests are run as the README says, and in no other way"


def test_the_numbers_of_the_security_page_are_those_of_the_code():
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    for words in (profiles.WORDS, profiles.WORDS_STRONG):
        # Said rounded down: a promise is kept, not approached.
        bits = int(passphrase.entropy(words, Language.FR) * 10) / 10
        assert f"**{bits} bits**" in page
    assert f"2^{profiles.WORK_FACTOR_DRAWN} (16 MiB" in page
    assert f"gets 2^{profiles.WORK_FACTOR_CHOSEN}." in page
    assert f"({profiles.HEADER_BYTES >> 20} MiB, {profiles.HEADER_STANZAS:,} stanzas)" in page


def test_the_readmes_say_how_long_the_secrets_stay():
    assert f"après {profiles.SECRETS_HOURS} heures" in (ROOT / "README.fr.md").read_text("utf-8")
    quickstart = (ROOT / "docs" / "quickstart.md").read_text("utf-8")
    assert f"removed after {profiles.SECRETS_HOURS} hours" in quickstart
