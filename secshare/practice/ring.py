"""The keyring of the user's session, where there is one. It may keep a practice's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.errors import PracticeInvalid

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["forget", "keep", "kept"]

_SERVICE: Final = "secshare"


def keep(account: str, words: str) -> None:
    """Give words to the keyring, and see that it gives them back.

    Raises:
        PracticeInvalid: the extra `keyring` is not installed, there is no keyring here (a server,
            a session without a desktop), it is locked, or it keeps nothing.
    """
    keyring = _keyring()
    if keyring is None:
        raise PracticeInvalid("practice.keyring_failed")
    try:
        keyring.set_password(_SERVICE, account, words)
    except Exception as error:  # its backends raise what they like: D-Bus, Win32, RuntimeError
        raise PracticeInvalid("practice.keyring_failed") from error
    if kept(account) != words:  # the null backend says nothing and keeps nothing
        raise PracticeInvalid("practice.keyring_failed")


def kept(account: str) -> str | None:
    """Return the words the keyring has, None where it has none, is locked, or is not there."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        words: str | None = keyring.get_password(_SERVICE, account)
    except Exception:  # as above; the person is asked for the words instead
        return None
    return words


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
