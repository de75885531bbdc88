"""Choosing a recipient on a terminal: completion that proposes, and never decides.

Two well-known prompt libraries return the first entry of the list when nothing matches. Here the
text must be a whole entry, letter for letter, before Enter does anything at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.cli.base import tr
from secshare.messages import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prompt_toolkit.completion import CompleteEvent, Completion
    from prompt_toolkit.document import Document

    from secshare.model import Recipient
    from secshare.recipients import Directory

_NO_DATE: Final = " " * len("31/12/1999")


def choose(directory: Directory) -> str:
    """Return the id of the recipient that the person chose, from a whole entry.

    Raises:
        KeyboardInterrupt, EOFError: the person gave up.
    """
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.input import create_input
    from prompt_toolkit.output import create_output
    from prompt_toolkit.output.vt100 import Vt100_Output
    from prompt_toolkit.validation import Validator

    class Names(Completer):
        def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
            del event
            typed = document.text_before_cursor
            for found in directory.search(typed):
                yield Completion(
                    entry_of(found.name, found.id),
                    start_position=-len(typed),
                    display=_shown(found),
                )

    whole = Validator.from_callable(
        lambda typed: id_of(directory, typed) is not None,
        error_message=tr("seal.choose_whole"),
    )
    output = create_output(always_prefer_tty=True)
    # Some terminals never say where their cursor is: then the library warns, in English, of what
    # this list does not need.
    if isinstance(output, Vt100_Output):
        output.enable_cpr = False
    session: PromptSession[str] = PromptSession(
        completer=Names(),
        validator=whole,
        validate_while_typing=False,
        complete_while_typing=True,
        input=create_input(always_prefer_tty=True),
        output=output,
    )
    chosen = id_of(directory, session.prompt(tr("seal.choose")))
    if chosen is None:  # removed from the directory between the validation and now
        raise EOFError
    return chosen


def entry_of(name: str, identifier: str) -> str:
    """Return what stands for a recipient in the list: the name, and the id that is unique."""
    return f"{printable(name)} ({identifier})"


def _shown(found: Recipient) -> str:
    """Return a line of the list: the birth date first, as a narrow window cuts the end."""
    born = found.birth_date.strftime("%d/%m/%Y") if found.birth_date else _NO_DATE
    return f"{born}  {entry_of(found.name, found.id)}"


def id_of(directory: Directory, typed: str) -> str | None:
    """Return the id that a whole entry ends with, if the entry is exactly that recipient's."""
    before, _, rest = typed.strip().rpartition("(")
    identifier = rest.removesuffix(")")
    if not before or not rest.endswith(")"):
        return None
    found = directory.by_id(identifier)
    if found is None or entry_of(found.name, found.id) != typed.strip():
        return None
    return found.id
