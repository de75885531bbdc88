"""What is wrong in a file of rows, as people read it: a line each, by row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from secshare.cli import people
from secshare.cli.base import LANGUAGE, tr

if TYPE_CHECKING:
    from secshare.cli.session import Session
    from secshare.errors import SecshareError


def say_problems(session: Session, error: SecshareError) -> None:
    """Write the problems that an error carries on stderr; never the content of a cell."""
    problems: Any = error.fields.get("problems", ())
    for problem in problems:
        what, do = people.in_words(problem.error).explain(LANGUAGE)
        column = problem.column or tr("recipients.import_row")
        session.say("recipients.import_problem", row=problem.row, column=column, what=what, do=do)
