"""Keys as text: one key, or a file of them with comments, blank lines and errors by line."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from secshare import profiles
from secshare.errors import IdentityMismatch, RecipientDataInvalid, SecshareError

if TYPE_CHECKING:
    from collections.abc import Callable

    from secshare.age.protocols import Identity, Recipient

_Key = TypeVar("_Key")


@lru_cache(maxsize=64)  # a night's results go to a few laboratories; a recipient never changes
def parse_recipient(text: str) -> Recipient:
    """Read one recipient: `age1...`, `age1pq1...`, `ssh-ed25519 ...`, `ssh-rsa ...`, or the
    recipient of an allow-listed plugin.

    Raises:
        RecipientDataInvalid: it is none of these, a character is wrong, or it is a private key.
    """
    text = text.strip()
    lowered = text.lower()
    if lowered.startswith("age-secret-key-"):
        raise RecipientDataInvalid("age.recipient_is_private")
    if lowered.startswith("age1pq1"):
        from secshare.age.hybrid import HybridRecipient

        return HybridRecipient.parse(text)
    # A plugin's prefix goes on after `age1`, and the data of an X25519 key holds no further 1.
    if lowered.startswith("age1") and "1" not in lowered[4:]:
        from secshare.age.x25519 import X25519Recipient

        return X25519Recipient.parse(text)
    from secshare.age.bridge import BridgedRecipient

    return BridgedRecipient.parse(text)


def parse_identity(text: str) -> Identity:
    """Read one identity: `AGE-SECRET-KEY-1...`, `AGE-SECRET-KEY-PQ-1...`, a whole SSH private
    key file, or the identity of an allow-listed plugin.

    Raises:
        IdentityMismatch: it is none of these, a character is wrong, or the key is locked.
    """
    text = text.strip()
    lowered = text.lower()
    if lowered.startswith("age-secret-key-pq-1"):
        from secshare.age.hybrid import HybridIdentity

        return HybridIdentity.parse(text)
    if lowered.startswith("age-secret-key-1"):
        from secshare.age.x25519 import X25519Identity

        return X25519Identity.parse(text)
    from secshare.age.bridge import BridgedIdentity

    return BridgedIdentity.parse(text)


def parse_recipients(text: str) -> tuple[Recipient, ...]:
    """Read a recipients file, as `age -R` does: one a line, `#` begins a comment line.

    Raises:
        RecipientDataInvalid: a line is no recipient (field `line`, from 1), or there is none.
    """
    recipients = _each_line(text, parse_recipient, RecipientDataInvalid, "age.recipient_line")
    if not recipients:
        raise RecipientDataInvalid("age.no_recipient")
    return recipients


def parse_identities(text: str) -> tuple[Identity, ...]:
    """Read an identity file, as `age -i` does: one a line, `#` begins a comment line. A file that
    holds an SSH private key holds nothing else.

    Raises:
        IdentityMismatch: a line is no identity (field `line`, from 1), or there is none.
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip().startswith("-----BEGIN"):
        return (parse_identity(text),)
    identities = _each_line(text, parse_identity, IdentityMismatch, "age.identity_line")
    if not identities:
        raise IdentityMismatch("age.no_identity")
    return identities


def _each_line(
    text: str, parse: Callable[[str], _Key], failure: type[SecshareError], key: str
) -> tuple[_Key, ...]:
    if len(text) > profiles.KEY_FILE_BYTES:
        raise failure("age.key_file_large", most=profiles.KEY_FILE_BYTES)
    found = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            found.append(parse(line))
        except failure as error:
            if error.key in ("age.recipient_invalid", "age.identity_invalid"):
                raise failure(key, line=number) from None
            raise
    return tuple(found)
