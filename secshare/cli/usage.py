"""Typing mistakes on the command line, in the language of this run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.cli.base import tr
from secshare.messages import printable

if TYPE_CHECKING:
    import typer


def usage_lines(error: typer.TyperException) -> tuple[str, ...]:
    """Return what to print for a command line that could not be understood.

    typer words these in English only, so that the common ones are worded again here, by the name
    of their class; a rare one keeps typer's own words. Calling a group with nothing shows its help.
    """
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError" and context is not None:
        return (context.get_help(),)
    command = context.command_path if context is not None else "secshare"
    return _what(error, kind), tr("usage.do", command=command)


def _what(error: typer.TyperException, kind: str) -> str:
    if kind == "NoSuchOption":
        return tr("usage.no_such_option", option=getattr(error, "option_name", "?"))
    param = getattr(error, "param", None)
    if kind == "MissingParameter" and param is not None:
        return tr("usage.missing", name=_name(param))
    if kind == "BadParameter" and param is not None:
        return tr("usage.bad_value", name=_name(param))
    return tr("usage.other", message=printable(getattr(error, "message", error)))


def _name(param: object) -> str:
    if getattr(param, "param_type_name", "") == "argument":
        return str(getattr(param, "metavar", None) or getattr(param, "name", "?"))
    return str(getattr(param, "opts", ["?"])[0])
