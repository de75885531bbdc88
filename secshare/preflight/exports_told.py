"""What a table tells about people, told to people: a paragraph, and bars of the group sizes."""

from __future__ import annotations

from sys import maxsize
from typing import TYPE_CHECKING, Final

from secshare.messages import Language, text
from secshare.preflight.exports import PSEUDONYMOUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from secshare.preflight.facts import Export

__all__ = ["bars", "heading", "reason"]

_COLUMNS: Final = 6  # headers that are named in one sentence
_SIZES: Final = (("1", 1, 1), ("2", 2, 2), ("3-4", 3, 4), ("5-9", 5, 9), ("10+", 10, maxsize))
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_NARROWEST: Final = 4


def reason(export: Export, language: Language) -> str:
    """Return why the verdict is what it is, in one paragraph: headers and figures, never a cell.

    The verdict itself is not repeated: the finding says it.
    """
    told = _Told(export, language)
    clauses = " ; ".join(told.clauses()) if language is Language.FR else "; ".join(told.clauses())
    if export.direct:
        said = told.say("identifying_people" if export.people else "identifying")
        if clauses and (export.linking or export.unique or export.inferred):
            said += " " + told.say("identifying_still", clauses=clauses)
        return said
    if export.verdict == PSEUDONYMOUS:
        return told.say("pseudonymous", clauses=clauses)
    if export.counted is not None:
        return told.say("unknown_counted")
    return told.say("unknown_clauses", clauses=clauses) if clauses else told.say("unknown")


class _Told:
    """The parts of the paragraph about one table."""

    def __init__(self, export: Export, language: Language) -> None:
        self._export = export
        self._language = language

    def say(self, key: str, **fields: object) -> str:
        """Return a text with the table's figures, and its columns of that name."""
        export = self._export
        known: dict[str, object] = {
            "rows": export.rows,
            "people": export.people,
            "unique": export.unique,
            "linked": export.linked,
            "direct": self._listed(export.direct),
            "counted": self._listed((export.counted or "",)),
        }
        return text(f"export.{key}", self._language, **known | fields)

    def clauses(self) -> Iterator[str]:
        """Yield what leads from rows to people, and what would be learnt."""
        export = self._export
        if export.linking:
            yield self._linking()
        if export.groups:
            columns = self._listed(export.describing)
            found = "unique" if export.unique else "smallest"
            size = export.groups[0].size
            yield self.say(found, columns=columns, size=size) + self._learnt()
            if export.sharpest_unique:
                columns = self._listed(export.sharpest)
                yield self.say("sharpest", columns=columns, enough=export.sharpest_unique)
        elif export.sensitive:
            yield self.say("sensitive", columns=self._listed(export.sensitive))

    def _linking(self) -> str:
        export = self._export
        if not export.linked:
            one, many = "elsewhere_one", "elsewhere_many"
        elif export.people and export.linked == export.rows:
            one, many = "linking_one", "linking_many"
        else:
            one, many = "linked_one", "linked_many"
        key = many if len(export.linking) > 1 else one
        return self.say(key, columns=self._listed(export.linking))

    def _learnt(self) -> str:
        export = self._export
        for key, columns in (("inferred", export.inferred), ("learnt", export.sensitive)):
            if columns:
                return self.say(key, columns=self._listed(columns))
        return ""

    def _listed(self, columns: Sequence[str]) -> str:
        more = len(columns) - _COLUMNS
        named = [text("export.column", self._language, name=each) for each in columns[:_COLUMNS]]
        return ", ".join(named) + (f" … (+{more})" if more > 0 else "")


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
