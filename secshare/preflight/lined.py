"""People in a list: an agenda, a day's calls; one a line, each with an hour or a date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Role
from secshare.preflight.fields import Seen
from secshare.preflight.naming import is_upper, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["mark"]

_FEWEST: Final = 4  # people from which on lines are a list; a family is fewer
_APART: Final = 2  # lines from one to the next: one may be a remark
_LINE: Final = re.compile(
    r"^[ \t\u00a0•*–-]*(?=[\dM])(?P<hour>(?:[01]?\d|2[0-3])[ ]?[:hH][ ]?[0-5]\d[ \t\u00a0|;-]*)?"
    r"(?P<title>(?:M\.?|Mr\.?|Mme\.?|Mlle|MME|MLLE|Monsieur|Madame)[ \t\u00a0]+)?(?=[A-ZÀ-Ý])",
    re.MULTILINE,
)
_DATED: Final = re.compile(r"(?<!\d)[0-3]?\d[/.-][01]?\d[/.-](?:19|20)\d\d(?!\d)")
# Staff have hours too: a line that says what somebody does is no patient's.
_WORKS: Final = re.compile(
    r"(?<!\w)(?:ide|as|ash|ade|ibode|iade|dr|pr|inf\w*|kin[ée]\w*|secr\w*|cadre|interne|externe|psych\w*"
    r"|aide|rpps|m[ée]decin\w*|docteur|soignant\w*|auxiliaire\w*|chef\w*|biolog\w*|pharm\w*|assistant\w*"
    r"|[ée]ducat\w*|di[ée]t[ée]t\w*|manip\w*|direct\w*|sage|chirurg\w*|anesth\w*|radiolog\w*|ambulanc\w*)(?!\w)",
    re.IGNORECASE,
)  # fmt: skip


def mark(text: str, here: list[Seen]) -> None:
    """Make patients of those who are on a list: four at least, one a line, with hours or dates.

    Who is known already as somebody else, a physician, keeps the role.
    """
    for run in _runs(list(_lines(text))):
        for _, name in run:
            known = next((o for o in here if o.start <= name.end and name.start <= o.end), None)
            if known is None:
                here.append(name)
            elif known.role is Role.UNKNOWN:
                known.role, known.strong = Role.PATIENT, True


def _lines(text: str) -> Iterator[tuple[int, Seen]]:
    number, at = 0, 0
    for line in _LINE.finditer(text):
        if not (line["hour"] or line["title"]):
            continue
        end = text.find("\n", line.end())
        end = len(text) if end < 0 else end
        number, at = number + text.count("\n", at, line.start()), line.start()
        name = read(text, line.end())
        if (
            name is None
            or len(name.words) < 2
            or not (line["title"] or any(map(is_upper, name.words)))
        ):
            continue
        rest = text[name.end : min(end, name.end + 200)]
        if not (line["hour"] or _DATED.search(rest)) or _WORKS.search(rest):
            continue
        yield number, Seen(Role.PATIENT, name.spellings, line.end(), name.end, strong=True)


def _runs(lines: Sequence[tuple[int, Seen]]) -> Iterator[list[tuple[int, Seen]]]:
    run: list[tuple[int, Seen]] = []
    for one in [*lines, None]:
        if one is not None and (not run or one[0] - run[-1][0] <= _APART):
            run.append(one)
            continue
        if len({name.spellings for _, name in run}) >= _FEWEST:
            yield run
        run = [] if one is None else [one]
