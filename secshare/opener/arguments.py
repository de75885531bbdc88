"""The command line of `secshare-open`, in French or English."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.messages import Language, text
from secshare.terminal import system_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class UsageError(Exception):
    """The command line was not understood.

    Attributes:
        key: a plain text of the catalogues.
        fields: what fills it.
    """

    def __init__(self, key: str, /, **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for.

    Attributes:
        file: the sealed file.
        output: where to write, None for the usual place.
        into_folder: whether `output` was written as a folder, with a slash at its end.
        force: whether an existing file may be replaced.
        identities: key files.
        cards: photos of a card, or files of what is printed on it.
        words_file, words_descriptor, words_photo: where the words are read from, instead of asked
            for.
        max_work_factor: the heaviest scrypt factor accepted.
        keep_zip: whether an archive is written as it is.
        view: whether to offer to show the document.
        pause: whether to wait before ending.
    """

    file: Path
    output: Path | None = None
    into_folder: bool = False
    force: bool = False
    identities: tuple[Path, ...] = ()
    cards: tuple[Path, ...] = ()
    words_file: Path | None = None
    words_descriptor: int | None = None
    words_photo: Path | None = None
    max_work_factor: int = profiles.WORK_FACTOR_READ
    keep_zip: bool = False
    view: bool = True
    pause: bool = False

    @property
    def words_given(self) -> bool:
        """Whether the words are read from somewhere, and not asked for."""
        return any(
            one is not None for one in (self.words_file, self.words_descriptor, self.words_photo)
        )


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Paragraphs wrapped, examples left alone, and `usage:` in the person's language."""

    usage = ""
    before_colon = ""

    def start_section(self, heading: str | None) -> None:
        super().start_section(heading and f"{heading}{self.before_colon}")

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, self.usage if prefix is None else prefix)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.split("\n\n")
        wrap = super(argparse.RawDescriptionHelpFormatter, self)._fill_text
        return "\n\n".join(p if "\n" in p else wrap(p, width, indent) for p in paragraphs)


def parser(language: Language | None = None) -> argparse.ArgumentParser:
    """Return the parser, worded in a language; by default that of the locale."""
    language = language or system_language(os.environ)

    def tr(name: str) -> str:
        return text(f"opener.{name}", language)

    class Formatter(_Formatter):
        usage = tr("usage")
        before_colon = "\u00a0" if language is Language.FR else ""

    made = argparse.ArgumentParser(
        prog="secshare-open",
        usage=tr("usage_line"),
        description=tr("about"),
        epilog=f"{tr('more')}\n\n{tr('examples')}",
        formatter_class=Formatter,
        add_help=False,
        allow_abbrev=False,
        exit_on_error=False,
    )
    file = made.add_argument_group(tr("title_file"))
    file.add_argument("file", nargs="*", metavar=tr("metavar_file"), help=tr("opt_file"))
    options = made.add_argument_group(tr("title_options"))

    option = options.add_argument
    option("-o", "--output", metavar=tr("metavar_out"), help=tr("opt_output"))
    option("--force", action="store_true", help=tr("opt_force"))
    option("--qr", metavar=tr("metavar_photo"), help=tr("opt_qr"))
    option(
        "--card",
        action="append",
        default=[],
        metavar=tr("metavar_card"),
        help=tr("opt_card"),
    )
    option(
        "-i",
        "--identity",
        action="append",
        default=[],
        metavar=tr("metavar_identity"),
        help=tr("opt_identity"),
    )
    option("--passphrase-file", metavar=tr("metavar_file"), help=tr("opt_words_file"))
    option("--passphrase-fd", metavar=tr("metavar_number"), help=tr("opt_words_fd"))
    option("--max-work-factor", metavar=tr("metavar_number"), help=tr("opt_work"))
    for name, help_key in (
        ("--keep-zip", "opt_keep_zip"),
        ("--no-view", "opt_no_view"),
        ("--pause", "opt_pause"),
        ("--associate", "opt_associate"),
        ("--dissociate", "opt_dissociate"),
        ("--version", "opt_version"),
    ):
        option(name, action="store_true", help=tr(help_key))
    option("-h", "--help", action="store_true", help=tr("opt_help"))
    return made


def read(arguments: Sequence[str], language: Language) -> argparse.Namespace:
    """Return the arguments as argparse reads them, unchecked.

    Raises:
        UsageError: an unknown option, or one without its value.
    """
    try:
        given, unknown = parser(language).parse_known_args(list(arguments))
    except argparse.ArgumentError as error:
        option = (error.argument_name or "").split("/")[-1]
        if error.message.startswith("expected"):
            raise UsageError("opener.usage_value", option=option) from None
        raise UsageError("opener.usage_unknown", argument=option) from None
    if unknown:
        raise UsageError("opener.usage_unknown", argument=unknown[0])
    return given


def check(given: argparse.Namespace) -> Options:
    """Return what the person asked for.

    Raises:
        UsageError: with a text for each usual mistake.
    """
    if len(given.file) > 1:
        raise UsageError("opener.usage_one_file", name=given.file[1])
    for option, values in (
        ("--output", [given.output]),
        ("--identity", given.identity),
        ("--card", given.card),
        ("--qr", [given.qr]),
        ("--passphrase-file", [given.passphrase_file]),
    ):
        if "" in values:
            raise UsageError("opener.usage_value", option=option)
    if not given.file or not given.file[0]:
        raise UsageError("opener.usage_file")
    if sum(one is not None for one in (given.qr, given.passphrase_file, given.passphrase_fd)) > 1:
        raise UsageError("opener.usage_words")
    return Options(
        file=Path(given.file[0]),
        output=None if given.output is None else Path(given.output),
        into_folder=(given.output or "").endswith(("/", os.sep)),
        force=given.force,
        identities=tuple(Path(name) for name in given.identity),
        cards=tuple(Path(name) for name in given.card),
        words_file=None if given.passphrase_file is None else Path(given.passphrase_file),
        words_photo=None if given.qr is None else Path(given.qr),
        words_descriptor=_number("--passphrase-fd", given.passphrase_fd, 0, 65_535),
        max_work_factor=_number(
            "--max-work-factor", given.max_work_factor, 1, profiles.WORK_FACTOR_READ_MOST
        )
        or profiles.WORK_FACTOR_READ,
        keep_zip=given.keep_zip,
        view=not given.no_view,
        pause=given.pause,
    )


def check_alone(given: argparse.Namespace) -> None:
    """Check that nothing but `--pause` stands beside `--associate` or `--dissociate`.

    Raises:
        UsageError: something does.
    """
    asked = "--associate" if given.associate else "--dissociate"
    beside = {name for name, value in vars(given).items() if value not in (None, False, [])}
    if beside - {"pause", asked.removeprefix("--")}:
        raise UsageError("opener.usage_alone", option=asked)


def _number(option: str, written: str | None, least: int, most: int) -> int | None:
    if written is None:
        return None
    if not (written.isascii() and written.isdecimal() and least <= int(written[:9]) <= most):
        raise UsageError("opener.usage_number", option=option, least=least, most=most)
    return int(written)
