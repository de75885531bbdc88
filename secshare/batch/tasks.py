"""What goes to a process that works for a batch, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from secshare.batch.guard import Seen
from secshare.model import SealFormat

if TYPE_CHECKING:
    from datetime import date

    from secshare.errors import SecshareError
    from secshare.messages import Language
    from secshare.model import Answered, Finding, Reference, Share
    from secshare.sharing import Addressed, Checked, Filled

__all__ = ["Looked", "Sealed", "Setup", "ToSeal"]


@dataclass(frozen=True, slots=True)
class Setup:
    """What every task of a run has in common.

    Attributes:
        practice: its folder.
        spool: the file of the spool.
        folder: the manifest's, which no document is outside of; links are followed.
        accept: rules that ask, answered with a yes beforehand.
        preflight: whether documents are compared with their people. Without it nothing is but the
            addresses: for documents that another program compared, and to measure the rest.
    """

    practice: Path
    spool: Path
    folder: Path
    run: str
    accept: frozenset[str]
    today: date
    preflight: bool = True


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of one share before it is sealed.

    Attributes:
        number, last: its first and its last row.
        seen: what it says about whose it is.
        error: why it cannot be sealed.
        already: the share that this run made of it, from the same documents, with the same options.
        earlier: the share that this run made of the row before its documents or options changed.
        astray: whether that went elsewhere than the directory says today, whatever `error` is.
        addressed, checked, answered: where it may be sealed.
        files: absolute paths.
        format: what the sealed document is made as.
        digests: SHA-256 of the documents, in hexadecimal.
        identity, slot, contents: keyed digests: see `identity`.
        stages: seconds by the clock, by stage.
    """

    number: int
    last: int
    seen: Seen
    error: SecshareError | None = None
    already: Reference | None = None
    earlier: Reference | None = None
    astray: bool = False
    findings: tuple[Finding, ...] = ()
    addressed: Addressed | None = None
    checked: Checked | None = None
    answered: tuple[Answered, ...] = ()
    files: tuple[str, ...] = ()
    format: SealFormat = SealFormat.AGE
    digests: tuple[str, ...] = ()
    identity: bytes = b""
    slot: bytes = b""
    contents: tuple[bytes, ...] = ()
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToSeal:
    """One share to be sealed into a hidden folder, whose intent is committed.

    Attributes:
        words: the secret, which goes through a pipe to a process of this program and nowhere else;
            None for a share sealed to keys.
        words_language: of the list that they were drawn from.
        language: the recipient's.
        mail: whether a draft of the mail is wanted.
    """

    share: Share
    words: str | None = field(repr=False)
    words_language: Language
    keys: tuple[str, ...]
    files: tuple[str, ...]
    digests: tuple[str, ...]
    folder: Path
    language: Language
    mail: bool
    card: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """What came of it: what stands in the folder, synced; or why nothing does."""

    filled: Filled | None
    error: SecshareError | None = None
    stages: dict[str, float] = field(default_factory=dict)
