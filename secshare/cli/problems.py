"""What is wrong in a file of rows, as people read it: a line each, by row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from secshare.cli import people
from secshare.cli.base import LANGUAGE, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from secshare.cli.session import Session
    from secshare.errors import SecshareError


def say_problems(
    session: Session, error: SecshareError, called: Callable[[str], str] = lambda name: name
) -> None:
    """Write the problems that an error carries on stderr; never the content of a cell.

    What is wrong with whole rows, those that a filter hides say, is told once with all of them.

    Args:
        called: what a column is called here, whose name the file has.
    """
    problems: Any = error.fields.get("problems", ())
    told = [(each, *people.in_words(each.error).explain(LANGUAGE)) for each in problems]
    whole: dict[tuple[str, str], list[int]] = {}
    for each, what, do in told:
        if not each.column:
            whole.setdefault((what, do), []).append(each.row)
    for each, what, do in told:
        rows = [each.row] if each.column else whole.pop((what, do), [])
        if len(rows) == 1:
            column = called(each.column) if each.column else tr("recipients.import_row")
            session.say("recipients.import_problem", row=each.row, column=column, what=what, do=do)
            continue
        for some in _listed(rows):
            session.say("batch.problem_rows", rows=some, what=what, do=do)


def _listed(rows: Iterable[int]) -> Iterator[str]:
    """Yield rows as sentences name them, so many at a time that none is left out."""
    from secshare.batch.listed import Listed

    named: tuple[int, ...] = ()
    for row in rows:
        if Listed((*named, row)).said(LANGUAGE).endswith("…"):
            yield Listed(named).said(LANGUAGE)
            named = ()
        named = (*named, row)
    if named:
        yield Listed(named).said(LANGUAGE)
