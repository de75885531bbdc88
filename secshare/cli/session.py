"""One run of the command: where it speaks, whom it may ask, and the practice it works for."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category

import typer

from secshare.cli.base import LANGUAGE, tr
from secshare.cli.rows import fitted
from secshare.errors import AnswerNeeded, Declined, ExitCode, ResultLost
from secshare.messages import explain
from secshare.terminal import Terminal, open_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from secshare.errors import SecshareError
    from secshare.practice import Practice

_YES = {"o", "oui", "y", "yes"}
_NO = {"n", "no", "non"}

_BEYOND = re.compile(r"[^\n\x20-\x7e]")
_ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}

_READ: Final = frozenset(
    {
        *("secshare check", "secshare incidents", "secshare inspect", "secshare selftest"),
        *("secshare journal head", "secshare journal show", "secshare journal verify"),
        *("secshare keys show", "secshare shares", "secshare shares show"),
        *("secshare recipients history", "secshare recipients list", "secshare recipients show"),
    }
)
"""The verbs that are run for what they print: where it is lost, they are simply run again."""


class Session:
    """What a verb needs from the world. Tests give another terminal; nothing else is faked."""

    def __init__(
        self,
        *,
        environ: Mapping[str, str] = os.environ,
        terminal: Callable[[], Terminal | None] = open_terminal,
    ) -> None:
        self.environ = environ
        self.reads = False  # whether what is printed is all that this verb is for
        self.said_stopped = False  # whether a verb told by itself where somebody stopped it
        self._open_terminal = terminal

    @cached_property
    def terminal(self) -> Terminal | None:
        """The controlling terminal, or None where nobody can be asked."""
        return self._open_terminal()

    def close(self) -> None:
        """Give the terminal back, if it was opened."""
        terminal = self.__dict__.get("terminal")
        if terminal is not None:
            terminal.close()

    # --- speaking -----------------------------------------------------------------------------

    def say(self, key: str, /, **fields: object) -> None:
        """Write one line for people, on stderr. Where nobody listens, it is lost, and no harm."""
        self.write(tr(key, **fields))

    def result(self, line: str = "") -> None:
        """Write one line of the result, on stdout. Never a secret.

        On a terminal it is cut between words, as `fitted` does.

        Raises:
            ResultLost, typer.Exit: see `_print`.
        """
        self._print(*fitted(line, sys.stdout))

    def _print(self, *lines: str) -> None:
        """Write on stdout.

        Where the reader of a pipe has gone, as `head` does once it has its lines, a verb that only
        reads ends without a word, as Unix tools do; with status 4 all the same, so that a script
        never takes a verification that was cut short for one that ended well.

        Raises:
            ResultLost: stdout cannot be written; what was done is done.
            typer.Exit: nobody reads it any more, and nothing was done.
        """
        try:
            if sys.stdout is None:  # it was closed when this began: print would say nothing
                raise ResultLost(self._lost)
            print(*lines, sep="\n", flush=True)
        except (OSError, ValueError) as error:  # a full disk, a closed stream, `| head`
            _give_up_stdout()
            if self.reads and isinstance(error, BrokenPipeError):
                raise typer.Exit(ExitCode.OUTPUT_REFUSED) from error
            raise ResultLost(self._lost) from error

    @property
    def _lost(self) -> str:
        return "cli.not_written" if self.reads else "cli.result_lost"

    def result_json(self, document: Mapping[str, Any] | list[Any]) -> None:
        """Write the result as one JSON document, on stdout. Never a secret.

        Marks that are not seen, and turn a line around, are written as JSON escapes.

        Raises:
            ResultLost, typer.Exit: see `_print`.
        """
        written = json.dumps(document, ensure_ascii=False, indent=2, default=str)
        self._print(_BEYOND.sub(_harmless, written))

    def result_line_json(self, document: Mapping[str, Any]) -> None:
        """Write a document as one line, where many are the result. Never a secret.

        Raises:
            ResultLost, typer.Exit: see `_print`.
        """
        self._print(json.dumps(document, default=str))

    def fail(self, error: SecshareError) -> int:
        """Write an error's two lines on stderr and return its exit status."""
        self.write(*explain(error.key, LANGUAGE, **error.fields))
        return error.code

    def write(self, *lines: str) -> None:
        """Write lines that are worded already, on stderr, cut between words on a terminal."""
        if sys.stderr is None:  # it was closed when this began: print would take stdout
            return
        with suppress(OSError, ValueError):
            for line in lines:
                print(*fitted(line, sys.stderr), sep="\n", file=sys.stderr, flush=True)

    # --- asking -------------------------------------------------------------------------------

    def require_terminal(self, option: str) -> Terminal:
        """Return the terminal.

        Raises:
            AnswerNeeded: there is none; the error names the option that answers instead.
        """
        if self.terminal is None:
            raise AnswerNeeded("cli.answer_needed", option=option)
        return self.terminal

    def ask(self, key: str, /, *, option: str, **fields: object) -> str:
        """Ask for a line of text on the terminal. `option` is what a script says instead."""
        return self.require_terminal(option).ask(tr(key, **fields)).strip()

    def confirm(self, key: str, /, *, option: str, **fields: object) -> None:
        """Ask a question that only a clear yes answers.

        Raises:
            AnswerNeeded: there is no terminal.
            Declined: anything but a yes was answered.
        """
        question = f"{tr(key, **fields)} {tr('cli.yes_or_no')} "
        answer = self.require_terminal(option).ask(question).strip().casefold()
        if answer not in _YES:
            raise Declined("cli.declined" if answer in _NO else "cli.no_yes")

    # --- the practice -------------------------------------------------------------------------

    def practice(self, option: Path | None) -> Practice:
        """Return the practice this run works for: the option, the environment, the default."""
        from secshare.practice import Practice, locate

        return Practice.open(locate(option, self.environ))


def session_of(ctx: typer.Context) -> Session:
    """Return the session that `run` put into typer's context, for this verb."""
    session = ctx.obj
    assert isinstance(session, Session)  # noqa: S101  # put there by run(), nowhere else
    session.reads = ctx.command_path in _READ
    return session


def _harmless(found: re.Match[str]) -> str:
    """Return a character of a JSON document, escaped where a terminal or an editor acts on it."""
    return json.dumps(found[0])[1:-1] if category(found[0]) in _ACTING else found[0]


def _give_up_stdout() -> None:
    """Have the interpreter not try again, and complain, when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
