"""The texts that the page's sources speak: what stands in TypeScript, and in its HTML."""

from __future__ import annotations

import re
from functools import cache

from tests.tools import ROOT

PAGE = ROOT / "secshare" / "page"

_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_BUILT = re.compile(r"`(\w+_)\$\{")
_SPOKEN = re.compile(
    r"\b(?:say|tell|tellAttribute|trouble|busy|progressed)\(([^;]*?)\)[;,)\s]", re.DOTALL
)
_ERROR = re.compile(r'"(err_\w+)"')
_SAID = re.compile(r'data-say="(\w+)"')
_KEY = re.compile(r"[a-z]+(?:_[a-z]+)+|title|lead|save|show|hide|open|again|erased|cancel(?:led)?")


@cache
def sources() -> str:
    """Every module of the page's script, one after the other."""
    files = sorted((PAGE / "src").rglob("*.ts"))
    return "\n".join(file.read_text("utf-8") for file in files)


@cache
def html() -> str:
    return (PAGE / "page.html").read_text("utf-8")


def spoken() -> set[str]:
    """Keys that are spoken for sure: in a call that speaks, as an error, or in the HTML."""
    calls = (inside for call in _SPOKEN.findall(sources()) for inside in _LITERAL.findall(call))
    keys = {key for key in calls if _KEY.fullmatch(key) and not key.startswith("aria")}
    return keys | set(_ERROR.findall(sources())) | set(_SAID.findall(html()))


def may_be_spoken(key: str) -> bool:
    """Say whether a key stands anywhere in the sources, whole or put together."""
    if key in set(_LITERAL.findall(sources())) | set(_SAID.findall(html())):
        return True
    words = set(re.findall(r"\w+", sources()))
    return any(
        key.startswith(prefix) and key.removeprefix(prefix) in words
        for prefix in _BUILT.findall(sources())
    )
