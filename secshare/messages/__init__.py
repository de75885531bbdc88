"""The French and English catalogues, and the only way to turn a key into words for people.

One TOML file an area, both languages side by side. Areas are read when first needed, so that a
small command pays for its own texts only. Every field passes through `printable`, so that a name
chosen by a stranger can neither drive the terminal nor fake a line.
"""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.messages.printable import printable, without_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Language",
    "areas",
    "catalogue",
    "explain",
    "locale_language",
    "printable",
    "text",
    "without_numbers",
]


_HERE = Path(__file__).parent  # importlib.resources costs 10 ms at the start of every command


class Language(StrEnum):
    """The languages people are spoken to in."""

    FR = "fr"
    EN = "en"


def locale_language(environ: Mapping[str, str] = os.environ) -> Language:
    """Return French for a French locale and English for any other, POSIX and unset included.

    The first of LC_ALL, LC_MESSAGES and LANG that is set decides, as in POSIX.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return Language.FR if value.lower().startswith("fr") else Language.EN
    return Language.EN


def areas() -> list[str]:
    """Return the names of the catalogues, sorted."""
    names = (entry.name for entry in _HERE.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def catalogue(area: str) -> dict[str, dict[str, str | dict[str, str]]]:
    """Return one area's texts: name, then language, then the text or its `what` and `do`."""
    import tomllib  # 6 ms, which a command that says nothing need not pay

    return tomllib.loads((_HERE / f"{area}.toml").read_text("utf-8"))


def text(key: str, language: Language, /, **fields: object) -> str:
    """Return the text of `area.name` in one language, its fields made harmless to print.

    Raises:
        KeyError: the catalogue has no such text, or a field is missing; a fault of the caller's.
    """
    return _filled(_entry(key, language), key, language, fields)


def explain(key: str, language: Language, /, **fields: object) -> tuple[str, str]:
    """Return the two lines of an error: what happened, and what to do about it."""
    entry = _entry(key, language)
    if isinstance(entry, str):
        msg = f"{key} is a plain text, not an error"
        raise KeyError(msg)
    what, do = (_filled(entry[line], key, language, fields) for line in ("what", "do"))
    return what, do


def _entry(key: str, language: Language) -> str | dict[str, str]:
    area, name = key.split(".", 1)
    return catalogue(area)[name][language]


def _filled(
    entry: str | dict[str, str], key: str, language: Language, fields: Mapping[str, object]
) -> str:
    if not isinstance(entry, str):
        msg = f"{key} is an error: use explain"
        raise KeyError(msg)
    return entry.format_map({name: _shown(value, language) for name, value in fields.items()})


def _shown(value: object, language: Language) -> str:
    """Return a field as people read it: a day, or a list, as the language writes it."""
    written = getattr(value, "strftime", None)  # datetime is not loaded for this
    if written is not None and language is Language.FR:
        return str(written("%d/%m/%Y"))
    said = getattr(value, "said", None)  # what is no single word in both languages
    return printable(value if said is None else said(language))
