"""Bech32 (BIP 173) without its length limit: how age writes keys."""

from __future__ import annotations

import base64
from typing import Final

_SYMBOLS: Final = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE32: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648: the same groups of five bits
_TO_BASE32: Final = bytes.maketrans(_SYMBOLS, _BASE32)
_FROM_BASE32: Final = bytes.maketrans(_BASE32, _SYMBOLS)
_TO_VALUES: Final = bytes.maketrans(_SYMBOLS, bytes(range(32)))
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM: Final = 6


def encode(prefix: str, data: bytes) -> str:
    """Return `data` in bech32, lower case, under a lower-case prefix."""
    symbols = base64.b32encode(data).rstrip(b"=").translate(_FROM_BASE32)
    values = symbols.translate(_TO_VALUES)
    checked = _polymod(_expanded(prefix) + values + bytes(_CHECKSUM)) ^ 1
    checksum = (checked >> 5 * (_CHECKSUM - 1 - i) & 31 for i in range(_CHECKSUM))
    return prefix + "1" + symbols.decode() + "".join(chr(_SYMBOLS[value]) for value in checksum)


def decode(text: str) -> tuple[str, bytes]:
    """Return the prefix, in lower case, and the data of a bech32 text.

    Raises:
        ValueError: mixed case, a foreign character, a wrong checksum, or left-over bits. The
            message never quotes the text, which may be a secret.
    """
    lowered = text.lower()
    if not text.isascii() or text not in (lowered, text.upper()):
        raise ValueError("not ASCII, or mixed case")
    prefix, separator, rest = lowered.rpartition("1")
    if not prefix or not separator or len(rest) < _CHECKSUM:
        raise ValueError("no prefix or no checksum")
    if any(not "!" <= symbol <= "~" for symbol in prefix):
        raise ValueError("a character that no prefix has")
    symbols = rest.encode("ascii")
    if symbols.strip(_SYMBOLS):  # what is foreign, and all between
        raise ValueError("a character that is not of the alphabet")
    if _polymod(_expanded(prefix) + symbols.translate(_TO_VALUES)) != 1:
        raise ValueError("wrong checksum")
    return prefix, _data(symbols[:-_CHECKSUM])


def _data(symbols: bytes) -> bytes:
    """Return the bytes that symbols of five bits make, with nothing left over."""
    in_base32 = symbols.translate(_TO_BASE32)
    if len(symbols) % 8 in {1, 3, 6}:  # a symbol more than the bytes need
        raise ValueError("left-over bits")
    data = base64.b32decode(in_base32 + b"=" * (-len(symbols) % 8))
    if base64.b32encode(data).rstrip(b"=") != in_base32:
        raise ValueError("left-over bits")
    return data


def _expanded(prefix: str) -> bytes:
    codes = prefix.encode("ascii")
    return bytes([*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)])


def _fed(top: int) -> int:
    """Return what five bits that leave the register put back into it."""
    back = 0
    for bit, factor in enumerate(_GENERATOR):
        if top >> bit & 1:
            back ^= factor
    return back


_FED: Final = tuple(_fed(top) for top in range(32))  # a hybrid key has 1,960 symbols


def _polymod(values: bytes) -> int:
    checked, fed = 1, _FED
    for value in values:
        checked = (checked & 0x1FFFFFF) << 5 ^ value ^ fed[checked >> 25]
    return checked
