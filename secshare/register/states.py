"""Which changes of a share's two states make sense, and what each makes of them.

One table for whoever changes a share and for whoever verifies the journal afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from secshare.model import FileState, SecretState, States

__all__ = ["Operation", "after", "as_found", "makes_sense"]


class Operation(StrEnum):
    """What an entry of the journal says that somebody did."""

    BEGUN = "begun"
    """The journal's first entry: of a new practice, or of one from before journals."""
    PREPARE = "prepare"
    """The intent of a share."""
    PREPARED = "prepared"
    ABANDONED = "abandoned"
    """An intent that came to nothing: failed, declined, or killed and settled later."""
    RELEASE = "release"
    SECRET = "secret"  # noqa: S105 - the name of a verb
    """The words of a share were given again."""
    MARK = "mark"
    UNMARK = "unmark"
    RECALL = "recall"
    FORGET = "forget"
    """The register's copy of the words reached its age."""
    CLEARED = "cleared"
    """The folder in the outbox reached its age."""
    RECEIVED = "received"
    INCIDENT = "incident"
    CONTACT = "contact"
    """Somebody's address and number were shown whole."""
    HISTORY = "history"
    """Somebody's shares were shown."""
    DIRECTORY = "directory"
    """An entry of the directory was added, changed or removed."""
    KEYS = "keys"
    """The practice's own keys were drawn anew or protected otherwise."""
    EXPORT = "export"
    CUT = "cut"
    """What was older than its retention was removed."""


_SENT_FROM: Final = {
    FileState.SENT: {FileState.PREPARED, FileState.BOUNCED},
    FileState.DELIVERED: {FileState.PREPARED, FileState.SENT, FileState.BOUNCED},
    FileState.BOUNCED: {FileState.PREPARED, FileState.SENT, FileState.DELIVERED},
    FileState.OPENED: set(FileState) - {FileState.OPENED},
}


def after(operation: Operation, now: States, mark: FileState | SecretState | None = None) -> States:
    """Return what an operation makes of a share's states; unchanged where it changes none.

    Args:
        mark: what somebody says, for `Operation.MARK`.

    Raises:
        ValueError: it makes no sense here; the text is a key of the catalogues, `register.…`.
    """
    if operation is Operation.MARK:
        return _marked(now, mark)
    change = _CHANGES.get(operation)
    return change(now) if change else now


def _marked(now: States, mark: FileState | SecretState | None) -> States:
    if mark is SecretState.RELEASED:
        if now.secret in {None, SecretState.HELD} or _nobody_has_them(now):
            raise ValueError(_why_not_given(now))
        if now.secret is SecretState.RELEASED and now.secret_known:
            raise ValueError("register.already")
        return replace(now, secret=SecretState.RELEASED, secret_known=True)
    if not isinstance(mark, FileState) or mark not in _SENT_FROM:
        raise ValueError("register.no_such_mark")
    if now.file is mark and now.file_known:
        raise ValueError("register.already")
    if now.file is not mark and now.file not in _SENT_FROM[mark]:
        raise ValueError("register.not_after")
    if mark is FileState.OPENED:
        if now.secret is SecretState.HELD or _nobody_has_them(now):
            raise ValueError(_why_not_given(now))
        return replace(_given(now), file=mark, file_known=True)
    return replace(now, file=mark, file_known=True)


def _released(now: States) -> States:
    if now.secret is SecretState.HELD:
        return replace(now, secret=SecretState.WRITTEN, secret_known=True)
    if now.secret is None:
        raise ValueError("register.no_words_keys")
    gone = now.secret is SecretState.DESTROYED
    raise ValueError("register.destroyed" if gone else "register.already_released")


def _shown(now: States) -> States:
    if now.secret is SecretState.HELD:
        raise ValueError("register.held")
    if now.secret is SecretState.DESTROYED:  # also where an old row of words was put back
        raise ValueError("register.destroyed")
    return now


def _forgotten(now: States) -> States:
    held = now.secret is SecretState.HELD
    return replace(now, secret=SecretState.DESTROYED) if held else now


def _recalled(now: States) -> States:
    match now.secret:
        case None:
            raise ValueError("register.no_words_keys")
        case SecretState.HELD:
            return replace(now, secret=SecretState.DESTROYED, secret_known=True)
        case SecretState.WRITTEN:
            return replace(now, secret=SecretState.DESTROYED, secret_known=False)
        case _:
            return now


def as_found(now: States) -> States:
    """Return the states of a share of whose words a file was found, whatever the register says.

    An old copy of the register was put back, or somebody wrote to it: words that it calls held, or
    never given, were written all the same.
    """
    unknown_of = now.secret is SecretState.HELD or _nobody_has_them(now)
    return replace(now, secret=SecretState.WRITTEN, secret_known=True) if unknown_of else now


def _answered(now: States) -> States:
    """An answer came that says it answers this share: it was opened, as far as that can be known.

    Anybody may write any reference, so that words nobody can have had stay what they are.
    """
    if now.file is FileState.OPENED or now.secret is SecretState.HELD or _nobody_has_them(now):
        return now
    return replace(_given(now), file=FileState.OPENED, file_known=False)


def _given(now: States) -> States:
    """Who opened it had the words."""
    if now.secret in {SecretState.WRITTEN, SecretState.DESTROYED}:
        return replace(now, secret=SecretState.RELEASED, secret_known=False)
    return now


def _nobody_has_them(now: States) -> bool:
    return now.secret is SecretState.DESTROYED and now.secret_known


def _why_not_given(now: States) -> str:
    if now.secret is None:
        return "register.no_words_keys"
    return "register.held" if now.secret is SecretState.HELD else "register.destroyed"


_CHANGES: Final = {
    Operation.RELEASE: _released,
    Operation.SECRET: _shown,
    Operation.RECALL: _recalled,
    Operation.FORGET: _forgotten,
    Operation.RECEIVED: _answered,
}

_PREPARED: Final = (
    States(),
    States(secret=SecretState.HELD),
    States(secret=SecretState.WRITTEN),
)


def makes_sense(operation: Operation, before: States | None, now: States) -> bool:
    """Return whether an entry may have left a share in these states.

    Args:
        before: None where no earlier entry of the share is there: it was cut, or is from before
            the journal, or there is none.
    """
    if operation is Operation.PREPARE:
        return before is None and now in _PREPARED[:2]
    if operation is Operation.PREPARED:
        return now in _PREPARED and (
            before is None or (before.secret is None) == (now.secret is None)
        )
    if before is None or operation is Operation.UNMARK:
        return True
    if operation is Operation.RECALL and after(operation, as_found(before)) == now:
        return True
    for mark in (*FileState, SecretState.RELEASED) if operation is Operation.MARK else (None,):
        try:
            if after(operation, before, mark) == now:
                return True
        except ValueError:
            continue
    return False
