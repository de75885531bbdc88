"""What every verb shares: the typer applications, the language, the options that recur."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from secshare.messages import text
from secshare.terminal import system_language

_Verb = TypeVar("_Verb", bound=Callable[..., Any])

LANGUAGE: Final = system_language(os.environ)
"""Help is built when the verbs are imported, so the language is settled once, here."""


def tr(key: str, /, **fields: object) -> str:
    """Return a text of the catalogues in the language of this run."""
    return text(key, LANGUAGE, **fields)


# typer says types its own way (`<list[Path]>`) and marks arguments (`{FILE...}...`): the names that
# a verb gives its options and arguments say it better.
_TYPE: Final = re.compile(r" <(?:list\[)?(?:path|str|int|float|bool)(?: range)?\]?>", re.IGNORECASE)
_LIST: Final = re.compile(r"<list\[(.*)\]>")
_META: Final = re.compile(r"\b(?:FILE|WHO|DIR|NAME|NUMBER|TEXT|MANIFEST|RUN|RULE)\b")
_RANGE: Final = re.compile(r"(?<=[\[ ])(\d+)<=x<=(\d+)(?=\])")
_FROM: Final = re.compile(r"; x>=\d+(?=\])|\[x>=\d+\]")
_MARKS: Final = re.compile(r"[{}]|(?<=\})\.\.\.|(?<=\])\.\.\.|(?<=\[)\[|\](?=\])")


class _Worded:
    """Help in the language of this run; only what is printed is ours, the parsing is typer's."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        known = {"COMMAND [ARGS]...": tr("cli.label_any_command")}
        pieces = [known.get(piece) or meta(_MARKS.sub("", piece)) for piece in pieces]
        formatter.write_usage(ctx.command_path, " ".join(pieces), tr("cli.label_usage"))

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for param in self.get_params(ctx):  # type: ignore[attr-defined]
            if (record := param.get_help_record(ctx)) is not None:
                rows[param.param_type_name].append(_row(*record))
        for kind, title in (("argument", "label_arguments"), ("option", "label_options")):
            if rows[kind]:
                with formatter.section(tr(f"cli.{title}")):
                    formatter.write_dl(rows[kind])
        if isinstance(self, TyperGroup):
            self.format_commands(ctx, formatter)


def meta(names: str) -> str:
    """Return the capitals that stand for a value, as FILE, in the language of this run."""
    return _META.sub(lambda found: tr(f"cli.meta_{found[0].lower()}"), names)


def _row(name: str, explained: str) -> tuple[str, str]:
    """Return what stands for one option: its name without typer's types, and our words."""
    plain = " TEXT" if name.startswith("-") else ""
    name = meta(_LIST.sub(r"<\1>", _TYPE.sub(plain, name)))
    explained = _RANGE.sub(lambda found: tr("cli.label_range", a=found[1], b=found[2]), explained)
    explained = _FROM.sub("", explained)
    for english, key in (
        ("Show this message and exit.", "label_help"),
        ("[required]", "label_required"),
        ("[default: ", "label_default"),
    ):
        explained = explained.replace(english, tr(f"cli.{key}"))
    return name, explained


class _Command(_Worded, TyperCommand):
    pass


# As somebody meets them; what is not here comes after, as it was registered.
_ORDER: Final = (
    *("init", "recipients", "keys", "check", "seal", "batch", "batch secrets", "secret", "shares"),
    *("receive", "open", "page", "mark", "release", "recall", "reseal"),
    *("incident", "incidents", "journal", "purge", "inspect", "demo"),
    *("add", "edit", "list", "show", "history", "import", "lookalikes", "card", "revoke", "remove"),
    *("verify", "head", "export", "restart"),
)


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


class _Group(_Worded, TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401
        """Have a verb of two words, as `batch secrets`, go before the verb of its first word.

        A file of that name is still reached, as `./secrets`.
        """
        if (name := " ".join(args[:2])) in self.commands:
            return name, self.commands[name], args[2:]
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        """List the commands with their first sentence, whole."""
        names = sorted(self.list_commands(ctx), key=_place)
        commands = [self.get_command(ctx, name) for name in names]
        rows = [
            (str(command.name), (command.help or "").partition(". ")[0].removesuffix("."))
            for command in commands
            if command is not None and not command.hidden
        ]
        with formatter.section(tr("cli.label_commands")):
            formatter.write_dl(rows)


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
journal_app: Final = group("journal.help")
app.add_typer(keys_app, name="keys")
app.add_typer(recipients_app, name="recipients")
app.add_typer(journal_app, name="journal")
# `secshare shares` alone lists: its callback is a verb of its own.
shares_app.info.no_args_is_help = False
shares_app.info.invoke_without_command = True
app.add_typer(shares_app, name="shares")


def verb(
    name: str, key: str, application: typer.Typer = app, *, epilog: str | None = None
) -> Callable[[_Verb], _Verb]:
    """Return the decorator that registers a function as a verb, with `key` as its help.

    Args:
        name: as it is typed; of two words where the first alone is a verb too.
    """
    ends = tr(epilog) if epilog else None
    return application.command(name, cls=_Command, help=tr(key), epilog=ends)


PracticeOption = Annotated[
    Path | None,
    typer.Option("--practice", metavar="DIR", help=tr("cli.opt_practice"), show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help=tr("cli.opt_json"))]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help=tr("cli.opt_yes"))]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help=tr("cli.opt_by"), show_default=False),
]
"""For every verb that writes an entry; `Desk(by=...)` checks it, for all of them alike."""
