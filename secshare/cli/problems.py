"""What is wrong in a file of rows, as people read it: a line each, by row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from secshare.cli import people
from secshare.cli.base import LANGUAGE, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from secshare.cli.session import Session
    from secshare.errors import SecshareError


def say_problems(
    session: Session, error: SecshareError, called: Callable[[str], str] = lambda name: name
) -> None:
    """Write the problems that an error carries on stderr; never the content of a cell.

    Args:
        called: what a column is called here, whose name the file has.
    """
    problems: Any = error.fields.get("problems", ())
    for problem in problems:
        what, do = people.in_words(problem.error).explain(LANGUAGE)
        column = called(problem.column) if problem.column else tr("recipients.import_row")
        session.say("recipients.import_problem", row=problem.row, column=column, what=what, do=do)
