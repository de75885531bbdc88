"""The order of things: arguments, words or keys, the document, the offer to show it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.errors import SecshareError
from secshare.opener import version_line
from secshare.opener.arguments import UsageError, check, check_alone, parser, read
from secshare.opener.talk import Talk
from secshare.terminal import owns_window, system_language, use_utf8

if TYPE_CHECKING:
    from collections.abc import Sequence

    from secshare.opener.arguments import Options

_FAULT = 1
_USAGE = 2
_INTERRUPTED = 130


def run(arguments: Sequence[str], talk: Talk | None = None) -> int:
    """Run the command and return its exit status; `arguments` without the program's name.

    Every failure is two lines on stderr. Nothing is left of what was not finished.
    """
    use_utf8()
    talk = talk or Talk(system_language(os.environ))
    pause = owns_window()
    try:
        given = read(arguments, talk.language)
        pause = pause or given.pause
        if given.help:
            print(parser(talk.language).format_help(), end="")
        elif given.version:
            print(version_line())
        elif given.associate or given.dissociate:
            check_alone(given)
            from secshare.opener import associating

            (associating.associate if given.associate else associating.dissociate)(talk)
        else:
            _open(check(given), talk)
    except KeyboardInterrupt:
        pause = False
        if not talk.written:
            talk.say("interrupted")
        return _INTERRUPTED
    except Exception as error:
        return _failed(error, talk)
    finally:
        _end(talk, pause=pause)
    return 0


def _failed(error: Exception, talk: Talk) -> int:
    if isinstance(error, SecshareError):
        return talk.fail(error)
    if isinstance(error, UsageError):
        talk.say(error.key.removeprefix("opener."), **error.fields)
        talk.say("usage_do")
        return _USAGE
    from traceback import extract_tb

    where = extract_tb(error.__traceback__)[-1]  # the last line of defence: no trace, no values
    place = f"{Path(where.filename).name}:{where.lineno}"
    talk.two_lines("opener.fault", kind=type(error).__name__, place=place)
    return _FAULT


def _open(options: Options, talk: Talk) -> None:
    import signal

    # A polite end (shutdown, a closed window) cleans up as Ctrl-C does.
    for name in ("SIGTERM", "SIGHUP"):
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    from secshare.opener.document import open_document

    open_document(options, talk)


def _end(talk: Talk, *, pause: bool) -> None:
    """Wait before a window that is ours alone closes with everything that was said in it."""
    try:
        if pause and talk.terminal is not None:
            talk.terminal.ask(talk.text("pause"))
    except (SecshareError, KeyboardInterrupt):
        pass
    finally:
        talk.close()
