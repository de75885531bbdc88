"""Bech32 (BIP 173) without its length limit: how age writes keys."""

from __future__ import annotations

from typing import Final

_SYMBOLS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES: Final = {symbol: value for value, symbol in enumerate(_SYMBOLS)}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM: Final = 6


def encode(prefix: str, data: bytes) -> str:
    """Return `data` in bech32, lower case, under a lower-case prefix."""
    values = _regroup(data, 8, 5, pad=True)
    checked = _polymod([*_expanded(prefix), *values, *[0] * _CHECKSUM]) ^ 1
    checksum = [checked >> 5 * (_CHECKSUM - 1 - i) & 31 for i in range(_CHECKSUM)]
    return prefix + "1" + "".join(_SYMBOLS[value] for value in [*values, *checksum])


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
    if any(symbol not in _VALUES for symbol in rest):
        raise ValueError("a character that is not of the alphabet")
    values = [_VALUES[symbol] for symbol in rest]
    if _polymod([*_expanded(prefix), *values]) != 1:
        raise ValueError("wrong checksum")
    return prefix, bytes(_regroup(values[:-_CHECKSUM], 5, 8, pad=False))


def _expanded(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _polymod(values: list[int]) -> int:
    checked = 1
    for value in values:
        top = checked >> 25
        checked = (checked & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate(_GENERATOR):
            if top >> bit & 1:
                checked ^= factor
    return checked


def _regroup(values: bytes | list[int], width: int, into: int, *, pad: bool) -> list[int]:
    """Cut a series of `width`-bit numbers into `into`-bit ones."""
    held, bits, groups = 0, 0, []
    for value in values:
        held = (held << width | value) & 0xFFFF
        bits += width
        while bits >= into:
            bits -= into
            groups.append(held >> bits & (1 << into) - 1)
    left = held & (1 << bits) - 1
    if pad:
        if bits:
            groups.append(left << into - bits)
    elif bits >= width or left:
        raise ValueError("left-over bits")
    return groups
