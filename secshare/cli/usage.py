"""Typing mistakes on the command line, in the language of this run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from secshare.cli.base import meta, tr
from secshare.messages import printable

if TYPE_CHECKING:
    import typer

# typer words these in English only; where its words are not known, they are shown as they are.
_KNOWN: Final = (
    (re.compile(r"No such command '(.*)'\."), "no_such_command"),
    (re.compile(r"No such option: (\S+).*"), "no_such_option"),
    (re.compile(r"Option '(.*)' requires an argument\."), "no_value"),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)"), "too_much"),
)
_CHOICES: Final = re.compile(r".* is not one of (.*)\.")


def usage_lines(error: typer.TyperException) -> tuple[str, ...]:
    """Return what to print for a command line that could not be understood.

    Calling a group of verbs with nothing shows its help.
    """
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError" and context is not None:
        return (context.get_help(),)
    command = context.command_path if context is not None else "secshare"
    return _what(error, kind), tr("usage.do", command=command)


def _what(error: typer.TyperException, kind: str) -> str:
    message = str(getattr(error, "message", error))
    param = getattr(error, "param", None)
    if kind == "NoSuchOption":
        return tr("usage.no_such_option", value=getattr(error, "option_name", "?"))
    if kind == "MissingParameter" and param is not None:
        return tr("usage.missing", name=_name(param))
    if kind == "BadParameter" and param is not None:
        if choices := _CHOICES.fullmatch(message):
            values = choices[1].replace("'", "")
            return tr("usage.bad_choice", name=_name(param), values=values)
        return tr("usage.bad_value", name=_name(param))
    for pattern, key in _KNOWN:
        if found := pattern.fullmatch(message):
            return tr(f"usage.{key}", value=found[1])
    return tr("usage.other", message=printable(message))


def _name(param: object) -> str:
    if getattr(param, "param_type_name", "") == "argument":
        return meta(str(getattr(param, "metavar", None) or getattr(param, "name", "?")))
    return str(getattr(param, "opts", ["?"])[0])
