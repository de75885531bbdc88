"""The keyring of the user's session, where there is one. It may keep a practice's words."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from secshare.errors import PracticeInvalid

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["forget", "keep", "kept", "replace"]

_SERVICE: Final = "secshare"


def keep(account: str, *phrases: str) -> None:
    """Give phrases to the keyring in the place of what it has, and see that it gives them back.

    Raises:
        PracticeInvalid: the extra `keyring` is not installed, there is no keyring here (a server,
            a session without a desktop), it is locked, or it keeps nothing.
    """
    keyring = _keyring()
    if keyring is None:
        raise PracticeInvalid("practice.keyring_failed")
    try:
        keyring.set_password(_SERVICE, account, "\n".join(phrases))
    except Exception as error:  # its backends raise what they like: D-Bus, Win32, RuntimeError
        raise PracticeInvalid("practice.keyring_failed") from error
    if kept(account) != phrases:  # the null backend says nothing and keeps nothing
        raise PracticeInvalid("practice.keyring_failed")


def kept(account: str) -> tuple[str, ...]:
    """Return the phrases the keyring has: none, too, where it is locked or not there."""
    keyring = _keyring()
    if keyring is None:
        return ()
    try:
        words: str | None = keyring.get_password(_SERVICE, account)
    except Exception:  # as above; the person is asked for the words instead
        return ()
    return tuple((words or "").splitlines())


def replace(account: str, *phrases: str) -> None:
    """Leave these phrases in the keyring and no other, as far as it lets us.

    What could not be taken out is tried once more than needed when the key is opened.
    """
    if phrases:
        with suppress(PracticeInvalid):
            keep(account, *phrases)
    else:
        forget(account)


def forget(account: str) -> None:
    """Take words back from the keyring; it is fine if it has none."""
    keyring = _keyring()
    if keyring is None:
        return
    try:
        keyring.delete_password(_SERVICE, account)
    except Exception:  # a practice that was not made needs no words
        return


def _keyring() -> ModuleType | None:
    try:
        import keyring  # 83 ms, and an extra
    except ImportError:
        return None
    return keyring
