"""Command-line tests as files that somebody who does not program can read.

A transcript is a text file:

    # what this shows
    $ secshare seal report.pdf --to "Jeanne Exemple" --yes
    <REF>  Jeanne Exemple
    ...
    ! Prepared; nothing has left. ...
    = 0

`$` runs a command with no terminal at all. The lines after it are stdout, word for word; with `! `
they are stderr; `= N` is the exit status, 0 when it is not said. Inside a line `...` stands for
anything, alone on a line for any number of lines. `<REF>` is any reference at first, then the same
one; `<DIR>` is the folder that the transcript runs in. Besides the two commands: `exists PATH`,
`missing PATH`, `same A B`, `folder PATH`, `write PATH TEXT`, and `answer PATH PRACTICE MARK NAME`,
what the page makes of a patient's file for that practice.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from secshare.practice import Practice
from tests.answers import answer

REFERENCE = r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]"
COMMANDS = {
    "secshare": [sys.executable, "-m", "secshare"],
    "secshare-open": [sys.executable, "-m", "secshare.opener"],
    "age": ["age"],
}


@dataclass
class Step:
    line: int
    command: str
    stdout: list[str] = field(default_factory=list)
    stderr: list[str] = field(default_factory=list)
    status: int = 0


def read(path: Path) -> list[Step]:
    """Return the steps of a transcript."""
    steps: list[Step] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("$ "):
            steps.append(Step(number, line[2:]))
        elif line.startswith("! "):
            steps[-1].stderr.append(line[2:])
        elif line.startswith("= "):
            steps[-1].status = int(line[2:])
        else:
            steps[-1].stdout.append(line)
    return steps


def play(path: Path, folder: Path, environ: dict[str, str]) -> None:
    """Run every step in `folder`, and compare what it said with what the file says."""
    known: dict[str, str] = {"DIR": str(folder)}
    for step in read(path):
        where = f"{path.name}:{step.line}"
        words = shlex.split(_filled(step.command, known))
        if words[0] in BUILT_IN:
            BUILT_IN[words[0]](folder, words[1:], where)
            continue
        done = subprocess.run(
            [*COMMANDS[words[0]], *words[1:]],
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # no controlling terminal: nobody can be asked
            check=False,
            timeout=120,
        )
        said = f"\n{where}: {step.command}\n{done.stdout}{done.stderr}(status {done.returncode})"
        assert done.returncode == step.status, said
        _compare(step.stdout, done.stdout, known, f"stdout of {said}")
        _compare(step.stderr, done.stderr, known, f"stderr of {said}")
        assert not leftovers(folder), said


def leftovers(folder: Path) -> list[Path]:
    """Return what no command may ever leave: drafts and partial files."""
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]


def _compare(expected: list[str], said: str, known: dict[str, str], context: str) -> None:
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else f"{_pattern(line, known)}\n"
        for line in expected
    )
    found = re.fullmatch(pattern, said)
    wanted = "\n".join(expected)
    assert found, f"expected:\n{wanted}\n{context}"
    known.update({name: value for name, value in found.groupdict().items() if value})


def _pattern(line: str, known: dict[str, str]) -> str:
    parts = re.split(r"(\.\.\.|<REF\d?>|<DIR>)", line.rstrip())
    return "".join(_part(part, known) for part in parts)


def _part(part: str, known: dict[str, str]) -> str:
    if part == "...":
        return ".*"
    if part.startswith("<") and part.endswith(">"):
        name = part[1:-1]
        if known.get(name):
            return re.escape(known[name])
        if name in known:  # a second use in the same comparison
            return f"(?P={name})"
        known[name] = ""
        return f"(?P<{name}>{REFERENCE})"
    return re.escape(part)


def _filled(command: str, known: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda found: known[found.group(1)], command)


def _exists(folder: Path, words: list[str], where: str) -> None:
    for word in words:
        assert (folder / word).exists(), f"{where}: {word} does not exist"


def _missing(folder: Path, words: list[str], where: str) -> None:
    for word in words:
        assert not (folder / word).exists(), f"{where}: {word} exists"


def _same(folder: Path, words: list[str], where: str) -> None:
    first, second = ((folder / word).read_bytes() for word in words)
    assert first == second, f"{where}: {words[0]} and {words[1]} differ"


def _write(folder: Path, words: list[str], where: str) -> None:
    del where
    (folder / words[0]).write_text(words[1].replace("\\n", "\n"), "utf-8")


def _answer(folder: Path, words: list[str], where: str) -> None:
    del where
    path, practice, mark, *names = words
    documents = {Path(name).name: (folder / name).read_bytes() for name in names}
    to = Practice.open(folder / practice).recipient
    (folder / path).write_bytes(answer(to, documents, mark=mark))


def _folder(folder: Path, words: list[str], where: str) -> None:
    del where
    (folder / words[0]).mkdir()


BUILT_IN = {
    "answer": _answer,
    "exists": _exists,
    "folder": _folder,
    "missing": _missing,
    "same": _same,
    "write": _write,
}
