"""What a person says happened to shares outside of secshare; and what they take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare.errors import ShareState, ShareUnknown
from secshare.model import FileState, SecretState
from secshare.register import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from secshare.model import Reference, Share
    from secshare.sharing.desk import Desk

MARKS: Final[dict[str, FileState | SecretState]] = {
    state.value: state
    for state in (
        FileState.SENT,
        FileState.BOUNCED,
        FileState.DELIVERED,
        FileState.OPENED,
        SecretState.RELEASED,
    )
}
"""What can be said of a share, by its name."""

_ALREADY: Final = "register.already"


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of one of the shares.

    Attributes:
        share: as it is now; None where the mark was refused.
        unchanged: whether it was marked so already: nothing was written, and nothing is wrong.
        refused: why, for this share alone.
    """

    reference: Reference
    share: Share | None = None
    unchanged: bool = False
    refused: ShareState | ShareUnknown | None = None


def mark(
    desk: Desk, references: Iterable[Reference], state: FileState | SecretState | None
) -> Iterator[Marked]:
    """Mark each share, and yield what became of it: one that is refused does not stop the others.

    Args:
        state: what is said of each; None takes each one's last mark back. Both stay in the journal.

    Raises:
        JournalBroken, RegisterUnwritable: this share, and those after it, are as they were.
    """
    for reference in references:
        try:
            if state is None:
                share = desk.register.unmark(reference)
            else:
                share = desk.register.change(reference, Operation.MARK, mark=state)
        except (ShareState, ShareUnknown) as refused:
            if refused.key == _ALREADY:  # a batch that is started again is no mistake
                yield Marked(reference, desk.register.share(reference), unchanged=True)
            else:
                yield Marked(reference, refused=refused)
        else:
            yield Marked(reference, share)
