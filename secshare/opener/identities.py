"""Key files given with `-i`, themselves protected by words or not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.age import decrypt, parse_identities
from secshare.age.opening import begin
from secshare.age.scrypt import work_factor
from secshare.errors import IdentityMismatch, WrongKind
from secshare.files import open_source
from secshare.opener.asking import unlock
from secshare.opener.words import Locked

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.age import Identity
    from secshare.opener.arguments import Options
    from secshare.opener.talk import Talk

_SEALED: Final = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
_MOST: Final = 2 * profiles.KEY_FILE_BYTES  # armor adds a third


def load(path: Path, options: Options, talk: Talk) -> tuple[Identity, ...]:
    """Return the identities of a key file; ask for its words if it is protected by some.

    Raises:
        InputUnreadable: it cannot be read.
        IdentityMismatch: it is no key file.
        WrongKind: it is sealed to another key.
        And what `words.unlock` and `age.decrypt` raise, for a protected one.
    """
    with open_source(path) as source:
        if source.size > _MOST:
            raise IdentityMismatch("age.key_file_large", most=profiles.KEY_FILE_BYTES)
        data = source.file.read()
    if is_protected(data):
        data = _opened(data, path, options, talk)
    identities = parse_identities(text_of(data))
    if talk.terminal is not None:
        for identity in identities:
            if getattr(identity, "plugin", None):  # hardware that may ask for its PIN
                identity.ask = talk.terminal.ask_words  # type: ignore[attr-defined]
    return identities


def is_protected(data: bytes) -> bool:
    """Return whether a key file is itself sealed."""
    return data.lstrip().startswith(_SEALED)


def _opened(data: bytes, path: Path, options: Options, talk: Talk) -> bytes:
    stanzas = begin(io.BytesIO(data)).header.stanzas
    factor = work_factor(stanzas)
    if factor is None:
        raise WrongKind("age.needs_key")
    question = talk.text("ask_key", name=path.name)
    identity = unlock(Locked(path.name, stanzas, factor, question), options, talk)
    clear = io.BytesIO()
    decrypt(io.BytesIO(data), clear, [identity], max_work_factor=options.max_work_factor)
    return clear.getvalue()


def text_of(data: bytes) -> str:
    """Return the text of a key file, in UTF-8 or as Notepad saves it.

    Raises:
        IdentityMismatch: it is no text.
    """
    coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError:
        raise IdentityMismatch("age.identity_invalid") from None
