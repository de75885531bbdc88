"""From arguments to an exit status: the verbs registered, every failure worded in two lines."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

import typer
from typer.main import get_command

from secshare.cli import verbs
from secshare.cli.base import app, tr
from secshare.cli.session import Session
from secshare.cli.usage import usage_lines
from secshare.errors import SecshareError
from secshare.terminal import use_utf8

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130
_USAGE = 2
_FAULT = 1


def _say_version(asked: bool) -> None:
    if asked:  # called while the arguments are read, since no verb comes with it
        from importlib.metadata import version as installed

        print(f"secshare {installed('secshare')}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False,
        "--version",
        help=tr("cli.opt_version"),
        is_eager=True,
        callback=_say_version,
    ),
) -> None:
    del version


def run(arguments: Sequence[str] | None = None, session: Session | None = None) -> int:
    """Run one command and return its exit status; `arguments` without the program's name."""
    use_utf8()
    _end_politely()
    session = session or Session()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        verbs.load(arguments)
        status = get_command(app).main(
            arguments,
            prog_name="secshare",
            standalone_mode=False,
            obj=session,
        )
    except SecshareError as error:
        return session.fail(error)
    except typer.TyperException as error:
        session.write(*usage_lines(error))
        return _USAGE
    except (KeyboardInterrupt, EOFError, typer.Abort):
        session.say("cli.interrupted")
        return _INTERRUPTED
    except _Ended as ended:
        session.say("cli.ended")
        return ended.status
    except Exception as fault:  # the last line of defence: no traceback, no values
        where = extract_tb(fault.__traceback__)[-1]
        place = f"{Path(where.filename).name}:{where.lineno}"
        session.say("cli.fault", kind=type(fault).__name__, place=place)
        session.say("cli.fault_do")
        return _FAULT
    finally:
        session.close()
    # Typer turns Ctrl-C into this status by itself.
    if status == _INTERRUPTED and not session.said_stopped:
        session.say("cli.interrupted")
    return status if isinstance(status, int) else 0


def _end_politely() -> None:
    """Have a shutdown or a closed window clean up as Ctrl-C does; but `nohup` is to outlive one."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


class _Ended(BaseException):
    """The system asked this process to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


def _end(number: int, _: object) -> None:
    raise _Ended(number)
