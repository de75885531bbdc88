"""What can be said of an age file without any secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from secshare.age import payload, scrypt
from secshare.age.intake import left
from secshare.age.opening import begin

if TYPE_CHECKING:
    from typing import BinaryIO

_BLOCK = 1 << 16


class Opens(StrEnum):
    """What opens a file."""

    WORDS = "words"
    KEYS = "keys"


@dataclass(frozen=True, slots=True)
class Inspection:
    """An age file as anybody can see it. All of it can have been altered: nothing is verified.

    Attributes:
        kind: whether it opens with a passphrase or with keys.
        stanzas: the types of its stanzas, in order: one for each recipient, and decoys of invented
            types, which some programs add.
        work_factor: scrypt's, for a file that opens with words.
        armor: whether it is text.
        header_size: in bytes, without armor.
        payload_size: in bytes, without armor, nonce included.
        size: of the whole file as it is, in bytes.
        clear_size: what it holds once open, in bytes, if its payload is whole.
    """

    kind: Opens
    stanzas: tuple[str, ...]
    work_factor: int | None
    armor: bool
    header_size: int
    payload_size: int
    size: int
    clear_size: int


def inspect(source: BinaryIO) -> Inspection:
    """Look at an age file from its position on; a seekable source is left where it stood.

    Constant memory. An armored file, and one that is not seekable, are read to their end.

    Raises:
        NotAgeFile, ArmorDamaged, HeaderDamaged, WorkRefused, InputUnreadable: as `decrypt`.
    """
    size = left(source)
    start = None if size is None else source.tell()
    try:
        opened = begin(source)
        factor = scrypt.work_factor(opened.header.stanzas)
        if opened.armored or size is None:
            while opened.intake.take(_BLOCK):
                pass
            rest, size = opened.intake.taken - opened.header.size, opened.outer.taken
        else:
            rest = size - opened.header.size
    finally:
        if start is not None:
            source.seek(start)
    return Inspection(
        kind=Opens.KEYS if factor is None else Opens.WORDS,
        stanzas=tuple(stanza.type for stanza in opened.header.stanzas),
        work_factor=factor,
        armor=opened.armored,
        header_size=opened.header.size,
        payload_size=rest,
        size=size,
        clear_size=payload.clear_size(rest - payload.NONCE_BYTES),
    )
