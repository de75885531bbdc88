"""What a table tells about people, told to people: a paragraph, and bars of the group sizes."""

from __future__ import annotations

from sys import maxsize
from typing import TYPE_CHECKING, Final

from secshare.messages import text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from secshare.messages import Language
    from secshare.preflight.facts import Export

    class _Say(Protocol):
        def __call__(self, key: str, **fields: object) -> None: ...


__all__ = ["bars", "heading", "reason"]

_COLUMNS: Final = 6  # headers that are named in one sentence
_SIZES: Final = (("1", 1, 1), ("2", 2, 2), ("3-4", 3, 4), ("5-9", 5, 9), ("10+", 10, maxsize))
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_NARROWEST: Final = 4


def reason(export: Export, language: Language) -> str:
    """Return why the verdict is what it is, in one paragraph: headers and figures, never a cell."""
    said: list[str] = []

    def say(key: str, **fields: object) -> None:
        said.append(text(key, language, **fields))

    if export.people is None:
        say("export.rows", rows=export.rows)
    else:
        say("export.rows_people", rows=export.rows, people=export.people)
    if export.direct:
        say("export.direct", columns=_listed(export.direct))
    if export.linking:
        say("export.linking", columns=_listed(export.linking))
        if export.linked:
            say("export.linked", linked=export.linked)
    if export.counted is not None:
        say("export.counted", column=export.counted)
    else:
        _alike(export, say)
    if export.inferred:
        say("export.inferred", columns=_listed(export.inferred))
    elif export.sensitive:
        say("export.sensitive", columns=_listed(export.sensitive))
    say(f"export.{export.verdict}")
    return " ".join(said)


def _alike(export: Export, say: _Say) -> None:
    if not export.groups:
        return
    columns = _listed(export.describing)
    if not export.unique:
        say("export.smallest", columns=columns, size=export.groups[0].size)
        return
    say("export.unique", unique=export.unique, rows=export.rows, columns=columns)
    if export.sharpest_unique:
        say("export.sharpest", unique=export.sharpest_unique, columns=_listed(export.sharpest))


def heading(language: Language) -> str:
    """Return the line above the bars."""
    return text("export.heading", language)


def bars(export: Export, width: int, *, ascii: bool = False) -> list[str]:
    """Return a line for each size of group, as `2    ███ 14`: rows in groups of that size.

    No line is longer than `width` characters, unless it is too narrow for the figures alone. A
    size that has rows has a bar. No groups, no lines.
    """
    if not export.groups:
        return []
    labels = [label for label, _, _ in _SIZES]
    counts = [
        sum(group.size * group.count for group in export.groups if low <= group.size <= high)
        for _, low, high in _SIZES
    ]
    most = max(counts)
    margin = max(map(len, labels))
    room = max(width - margin - 2 - len(str(most)), _NARROWEST)
    return [
        f"{label:<{margin}} {_bar(count, most, room, ascii=ascii)} {count}".rstrip()
        for label, count in zip(labels, counts, strict=True)
    ]


def _bar(count: int, most: int, room: int, *, ascii: bool) -> str:
    if not count:
        return ""
    if ascii:
        return "#" * max(count * room // most, 1)
    eighths = max(count * room * 8 // most, 1)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _listed(columns: Sequence[str]) -> str:
    more = len(columns) - _COLUMNS
    return ", ".join(columns[:_COLUMNS]) + (f" … (+{more})" if more > 0 else "")
