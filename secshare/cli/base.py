"""What every verb shares: the typer applications, the language, the options that recur."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from secshare.messages import text
from secshare.terminal import system_language

LANGUAGE: Final = system_language(os.environ)
"""Help is built when the verbs are imported, so the language is settled once, here."""


def tr(key: str, /, **fields: object) -> str:
    """Return a text of the catalogues in the language of this run."""
    return text(key, LANGUAGE, **fields)


# typer writes these few words itself, in English. They are exchanged in the finished help, so
# that nothing of its inner workings is touched.
_LABELS: Final = (
    ("Usage: ", "label_usage"),
    ("Arguments:\n", "label_arguments"),
    ("Options:\n", "label_options"),
    ("Commands:\n", "label_commands"),
    ("Show this message and exit.", "label_help"),
    ("[required]", "label_required"),
    ("[default: ", "label_default"),
    ("[OPTIONS]", "label_any_options"),
    ("COMMAND [ARGS]...", "label_any_command"),
)


class _Translated:
    def get_help(self, ctx: Any) -> str:  # noqa: ANN401
        """Return typer's help with its own few words in the language of this run."""
        finished: str = super().get_help(ctx)  # type: ignore[misc]
        for english, key in _LABELS:
            finished = finished.replace(english, tr(f"cli.{key}"))
        return finished


class _Command(_Translated, TyperCommand):
    pass


class _Group(_Translated, TyperGroup):
    pass


def group(key: str, *, epilog: str | None = None) -> typer.Typer:
    """Return a typer application whose help is the text `key`."""
    return typer.Typer(
        cls=_Group,
        help=tr(key),
        epilog=tr(epilog) if epilog else None,
        no_args_is_help=True,
        add_completion=False,
        # Plain help: what a screen reader, a log and a test read best, and 20 ms sooner.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )


app: Final = group("cli.help", epilog="cli.epilog")
keys_app: Final = group("keys.help")
recipients_app: Final = group("recipients.help")
shares_app: Final = group("shares.help")
app.add_typer(keys_app, name="keys")
app.add_typer(recipients_app, name="recipients")
# `secshare shares` alone lists: its callback is a verb of its own.
shares_app.info.no_args_is_help = False
shares_app.info.invoke_without_command = True
app.add_typer(shares_app, name="shares")


def verb(name: str, key: str, application: typer.Typer = app) -> Any:  # noqa: ANN401
    """Return the decorator that registers a function as a verb, with `key` as its help."""
    return application.command(name, cls=_Command, help=tr(key), epilog=None)


PracticeOption = Annotated[
    Path | None,
    typer.Option("--practice", metavar="DIR", help=tr("cli.opt_practice"), show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help=tr("cli.opt_json"))]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help=tr("cli.opt_yes"))]
