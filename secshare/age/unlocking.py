"""From a header and some identities to the file key, and from recipients to a header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare import profiles
from secshare.age import header, scrypt
from secshare.errors import (
    IdentityMismatch,
    PassphraseWrong,
    RecipientDataInvalid,
    WorkRefused,
    WrongKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from secshare.age.header import Header, Stanza
    from secshare.age.protocols import Identity, Recipient


def distinct(recipients: Iterable[Recipient]) -> list[Recipient]:
    """Return the recipients, each once, in order, if they may stand together.

    Raises:
        RecipientDataInvalid: there is no recipient.
        WrongKind: a passphrase beside something else, or hybrid recipients mixed with others.
        WorkRefused: more recipients than a header may have.
    """
    unique = list(dict.fromkeys(recipients))
    if not unique:
        raise RecipientDataInvalid("age.no_recipient")
    if len(unique) > profiles.HEADER_STANZAS:
        raise WorkRefused("age.header_stanzas", most=profiles.HEADER_STANZAS)
    if len({recipient.label for recipient in unique}) > 1:
        alone = any(isinstance(recipient, scrypt.ScryptRecipient) for recipient in unique)
        raise WrongKind("age.passphrase_mixed" if alone else "age.hybrid_mixed")
    return unique


def lock(recipients: Iterable[Recipient], file_key: bytes) -> bytes:
    """Return a header that lets each of `recipients` find the file key.

    Raises:
        As `distinct`; and what wrapping for a recipient raises.
    """
    unique = distinct(recipients)
    head = header.build([recipient.wrap(file_key) for recipient in unique], file_key)
    if len(head) > profiles.HEADER_BYTES:
        raise WorkRefused("age.header_bytes", most=profiles.HEADER_BYTES)
    return head


def unlock(head: Header, identities: Sequence[Identity], *, max_work_factor: int) -> bytes:
    """Return the file key, the header verified with it.

    Raises:
        HeaderDamaged, HeaderMacWrong: the header does not follow the format, or was altered.
        WorkRefused: it asks for more work than `max_work_factor`; found before any is done.
        WrongKind: it opens with a passphrase and there are only keys, or the reverse.
        PassphraseWrong, IdentityMismatch: nothing given opens it.
    """
    file_key = find(head.stanzas, identities, max_work_factor=max_work_factor)
    head.verify(file_key)
    return file_key


def find(
    stanzas: Sequence[Stanza], identities: Sequence[Identity], *, max_work_factor: int
) -> bytes:
    """Return the file key that the first fitting identity finds; see `unlock`."""
    if not identities:
        raise IdentityMismatch("age.no_identity")
    factor = scrypt.work_factor(stanzas)
    most = min(max_work_factor, profiles.WORK_FACTOR_READ_MOST)
    if factor is not None and factor > most:
        raise WorkRefused("age.work_factor_refused", factor=factor, most=most)
    words = [one for one in identities if isinstance(one, scrypt.ScryptIdentity)]
    keys = [one for one in identities if not isinstance(one, scrypt.ScryptIdentity)]
    if factor is not None and not words:
        raise WrongKind("age.needs_passphrase")
    if factor is None and not keys:
        raise WrongKind("age.needs_key")
    for identity in keys if factor is None else words:
        if (file_key := identity.unwrap(stanzas)) is not None:
            return file_key
    if factor is None:
        raise IdentityMismatch("age.no_match")
    raise PassphraseWrong("age.passphrase_wrong")
