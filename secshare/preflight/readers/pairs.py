"""A form in a sheet whose labels and values stand side by side: `Nom | Morel | Prénom | Jeanne`.

Read as a table, its first row would be taken for the names of columns, and each value for a
person. Read as a text, it is what it is on the screen: a label, and what was written beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.preflight.headers import Sort, named

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["forms"]

_PERSONAL: Final = frozenset((Sort.NAME, Sort.BARE_NAME, Sort.SOMEBODY, Sort.BIRTH))
_FIRST: Final = 30  # rows of any table that are looked at
_SMALL: Final = 300  # rows of a table that is looked through: a form may stand below another
_WIDEST: Final = 12  # cells of a row of a form
_Pair = tuple[str, str]


def forms(rows: Sequence[Sequence[str]]) -> list[tuple[int, int, str]]:
    """Return where such forms begin and end among the rows, each with what it says as a text.

    A form names a person or a birth date, and has a row of two labels at least: labels one below
    the other are known already (`columns.fields_down`).
    """
    top = rows[: _SMALL if len(rows) <= _SMALL else _FIRST]
    out: list[tuple[int, int, str]] = []
    at = 0
    while at < len(top):
        begin, block = at, []
        while at < len(top) and (pairs := _pairs(top[at])):
            block.append(pairs)
            at += 1
        if _is_form(block) and not (len(block) == 1 and _names_columns(rows[at : at + 1])):
            text = "\n".join("   ".join(map(" : ".join, pairs)) for pairs in block)
            out.append((begin, at, text))
        at = max(at, begin + 1)
    return out


def _pairs(row: Sequence[str]) -> list[_Pair]:
    """Return the labels of a row with their values, none where it is not made of them."""
    if len(row) > _WIDEST:
        return []
    pairs: list[_Pair] = []
    label, sure = None, False
    for cell in row:
        if not cell:
            if label is not None:  # nothing was written beside it
                pairs.append((label, ""))
            label = None
        elif label is None:
            if not _is_label(cell):
                return []
            label, sure = cell.rstrip(" :\u00a0"), cell.endswith(":")
        elif cell.endswith(":") or not (sure or named(cell) is None):
            return []
        else:
            pairs.append((label, cell))
            label = None
    if label is not None:
        pairs.append((label, ""))
    return pairs if any(value for _, value in pairs) else []


def _is_label(cell: str) -> bool:
    return cell.endswith(":") or named(cell) is not None


def _is_form(block: Sequence[Sequence[_Pair]]) -> bool:
    return any(sum(bool(value) for _, value in pairs) > 1 for pairs in block) and any(
        named(label) in _PERSONAL for pairs in block for label, _ in pairs
    )


def _names_columns(below: Sequence[Sequence[str]]) -> bool:
    """Return whether a single row of that kind names columns: values stand right below it."""
    first = next((cell for row in below for cell in row if cell), None)
    return first is not None and not _is_label(first)
