"""Base64 as age headers have it: the standard alphabet, no padding, canonical."""

from __future__ import annotations

import binascii


def encode(data: bytes) -> str:
    """Return `data` in unpadded base64."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes | None:
    """Return what `text` encodes, or None where it is padded, not canonical or not base64."""
    if not text.isascii() or len(text) % 4 == 1:
        return None
    padded = text + "=" * (-len(text) % 4)
    try:
        data = binascii.a2b_base64(padded, strict_mode=True)
    except binascii.Error:
        return None
    return data if encode(data) == text else None  # the last character's spare bits must be zero
