"""The age v1 format (c2sp.org/age): encrypt and decrypt files for passphrases and keys.

    >>> import io
    >>> from secshare import age
    >>> identity = age.X25519Identity.generate()
    >>> sealed, opened = io.BytesIO(), io.BytesIO()
    >>> age.encrypt(io.BytesIO(b"a report"), sealed, [identity.recipient()])
    >>> _ = sealed.seek(0)
    >>> age.decrypt(sealed, opened, [identity])
    >>> opened.getvalue()
    b'a report'

Names load when they are used, so that a passphrase costs no post-quantum library and a key no
scrypt.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from secshare.age.engine import decrypt, encrypt
    from secshare.age.hybrid import HybridIdentity, HybridRecipient
    from secshare.age.inspection import Inspection, Opens, inspect
    from secshare.age.keyfiles import (
        parse_identities,
        parse_identity,
        parse_recipient,
        parse_recipients,
    )
    from secshare.age.paths import decrypt_file, encrypt_file
    from secshare.age.protocols import Identity, Progress, Recipient
    from secshare.age.reader import open_reader
    from secshare.age.scrypt import ScryptIdentity, ScryptRecipient
    from secshare.age.x25519 import X25519Identity, X25519Recipient

__all__ = [
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "Inspection",
    "Opens",
    "Progress",
    "Recipient",
    "ScryptIdentity",
    "ScryptRecipient",
    "X25519Identity",
    "X25519Recipient",
    "decrypt",
    "decrypt_file",
    "encrypt",
    "encrypt_file",
    "inspect",
    "open_reader",
    "parse_identities",
    "parse_identity",
    "parse_recipient",
    "parse_recipients",
]

_MODULES: Final = {
    "engine": ("decrypt", "encrypt"),
    "hybrid": ("HybridIdentity", "HybridRecipient"),
    "inspection": ("Inspection", "Opens", "inspect"),
    "keyfiles": ("parse_identities", "parse_identity", "parse_recipient", "parse_recipients"),
    "paths": ("decrypt_file", "encrypt_file"),
    "protocols": ("Identity", "Progress", "Recipient"),
    "reader": ("open_reader",),
    "scrypt": ("ScryptIdentity", "ScryptRecipient"),
    "x25519": ("X25519Identity", "X25519Recipient"),
}


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            value = getattr(import_module(f"{__name__}.{module}"), name)
            globals()[name] = value
            return value
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return __all__
