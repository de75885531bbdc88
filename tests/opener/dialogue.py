"""Dialogues at a terminal as files that somebody who does not program can read.

    # what this shows
    LANG fr
    $ secshare-open document-<REF>.pdf.age
    Vos mots : [[<TYPO>]]
    ~ Le mot n° 3 semble mal écrit. Est-ce : capsule ?
    Vos mots : [[<WORDS>]]
    L'afficher maintenant ? [O/n] ((n))
    = 0
    exists document-<REF>.pdf

What follows `$` is the screen at the end, line by line. `[[...]]` is typed at that place, is
visible until Enter, and is gone afterwards; `((...))` is typed and stays, as any answer. A line
with `~` is on the screen while the next answer is typed, and gone at the end. `<^C>` is a key.
`...` in a line stands for anything. `= N` is the exit status. After it: `exists PATH`,
`missing PATH`, `only NAMES` (all that is in the folder). Before the command: `LANG`, `COLUMNS`,
`SET NAME VALUE`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.opener.kit import COMMAND, WORDS, environ, names
from tests.terminal.windows import Session

KEYS = {"<^C>": "\x03", "<^D>": "\x04", "<PASTE>": "\x1b[200~", "<END>": "\x1b[201~", "<LF>": "\n"}
LOCALES = {"fr": "fr_FR.UTF-8", "en": "en_GB.UTF-8"}


@dataclass
class Play:
    """One command at a terminal."""

    command: list[str]
    folder: Path
    columns: int
    env: dict[str, str]
    expected: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = Session(
            self.command, columns=self.columns, lines=40, env=self.env, cwd=self.folder
        )

    def line(self, line: str) -> None:
        """A line of the screen, with what is typed on it."""
        if line.startswith("~ "):
            self.hints.append(line[2:])
            return
        asked = re.fullmatch(r"(.*?)(\[\[(.*)\]\]|\(\((.*)\)\))", line)
        if asked is None:
            self.expected.append(line)
            return
        prompt, secret, plain = asked[1], asked[3], asked[4]
        self.expected.append(prompt.rstrip() if plain is None else prompt + plain)
        self.session.until(lambda window: _at_prompt(window.shown, prompt, self.expected))
        for hint in self.hints:
            assert self._seen(hint), f"no hint {hint!r} in\n{self.session.window.shown}"
        self.gone += self.hints
        self.hints = []
        self._type(plain if secret is None else secret, visible=secret is not None)

    def _type(self, typed: str, *, visible: bool) -> None:
        for name, key in KEYS.items():
            typed = typed.replace(name, key)
        self.session.type(typed)
        if visible and typed.isprintable() and typed:
            self.session.until(lambda window: typed[-20:] in window.shown.replace("\n", ""))
        if typed.isprintable() or "\x1b" in typed:
            self.session.type("\r")
        if visible:
            self.gone += [word for word in re.findall(r"[a-z]+", typed.lower()) if word in WORDS]

    def _seen(self, text: str) -> bool:
        return _flat(text) in _flat(self.session.window.shown)

    def end(self, status: int) -> None:
        """The exit status, and with it the whole screen."""
        ended = self.session.end()
        shown = self.session.window.everything
        assert ended == status, f"status {ended}\n{shown}"
        pattern = "".join(_pattern(line) for line in self.expected)
        flat = _flat(shown)
        assert re.fullmatch(pattern, flat), (
            f"--- expected\n{chr(10).join(self.expected)}\n--- screen\n{shown}"
        )
        for text in self.gone:
            assert _flat(text) not in flat, f"still on the screen: {text}\n{shown}"
        assert self.session.echoed_at_end
        self.session.__exit__()


def play(path: Path, folder: Path, known: dict[str, str]) -> None:
    """Play one file in a folder; `known` fills `<NAME>`."""
    settings = {"LANG": "en", "COLUMNS": "80"}
    env = {"HOME": str(folder)}
    playing: Play | None = None
    for raw in path.read_text("utf-8").splitlines():
        line = re.sub(r"<([A-Z]+)>", lambda m: known.get(m[1], m[0]), raw)
        first, _, rest = line.partition(" ")
        if not line or line.startswith("#"):
            continue
        if first in settings:
            settings[first] = rest
        elif first == "SET":
            name, _, value = rest.partition(" ")
            env[name] = value
        elif first == "$":
            program, *arguments = rest.split(" ")
            assert program == "secshare-open"
            language = environ(LC_ALL=LOCALES[settings["LANG"]], **env)
            playing = Play([*COMMAND, *arguments], folder, int(settings["COLUMNS"]), language)
        elif first == "=":
            assert playing is not None
            playing.end(int(rest))
            playing = None
        elif playing is not None:
            playing.line(line)
        else:
            _look(first, rest, folder)


def _look(verb: str, rest: str, folder: Path) -> None:
    if verb == "exists":
        assert (folder / rest).exists(), rest
    elif verb == "missing":
        assert not (folder / rest).exists(), rest
    elif verb == "only":
        assert names(folder) == sorted(rest.split(" ")), names(folder)
    else:
        raise AssertionError(f"unknown: {verb}")


def _flat(text: str) -> str:
    """The text without blanks: where a line is broken depends on the window."""
    return "".join(text.split())


def _pattern(line: str) -> str:
    return re.escape(_flat(line)).replace(re.escape("..."), ".*?")


def _at_prompt(shown: str, prompt: str, expected: list[str]) -> bool:
    """Whether the screen ends with the prompt, after as many of them as were expected."""
    flat, wanted = _flat(shown), _flat(prompt)
    asked = sum(_flat(line).startswith(wanted) for line in expected)
    return flat.endswith(wanted) and flat.count(wanted) >= asked
