"""The header of an age file: stanzas that each wrap the file key, and a MAC over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.age import b64, derive
from secshare.errors import HeaderDamaged, HeaderMacWrong, WorkRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from secshare.age.intake import Intake

VERSION: Final = b"age-encryption.org/v1\n"
VERSION_LINE: Final = b"age-encryption.org/"
COLUMNS: Final = 64
"""A body line of this length is followed by another; a shorter one, even empty, ends the body."""

_MARK: Final = b"---"
_MAC_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Stanza:
    """One way to the file key: its type, its arguments, and the body that wraps the key."""

    type: str
    args: tuple[str, ...]
    body: bytes

    def encode(self) -> bytes:
        """Return the stanza as a header has it."""
        body = b64.encode(self.body)
        # A body that fills its last line is followed by an empty one.
        lines = [body[at : at + COLUMNS] for at in range(0, len(body) + 1, COLUMNS)]
        return "\n".join([" ".join(["->", self.type, *self.args]), *lines, ""]).encode("ascii")


@dataclass(frozen=True, slots=True)
class Header:
    """A header that follows the format; nothing says yet that nobody altered it.

    Attributes:
        authenticated: the bytes that the MAC covers, up to and with `---`.
        size: of the whole header, in bytes.
    """

    stanzas: tuple[Stanza, ...]
    authenticated: bytes
    mac: bytes
    size: int

    def verify(self, file_key: bytes) -> None:
        """Check that the header is the one written with this file key.

        Raises:
            HeaderMacWrong: a stanza was added, removed or altered.
        """
        if not derive.equal(derive.header_mac(file_key, self.authenticated), self.mac):
            raise HeaderMacWrong("age.header_mac_wrong")


def build(stanzas: Iterable[Stanza], file_key: bytes) -> bytes:
    """Return a whole header around these stanzas."""
    authenticated = VERSION + b"".join(stanza.encode() for stanza in stanzas) + _MARK
    mac = b64.encode(derive.header_mac(file_key, authenticated))
    return authenticated + b" " + mac.encode("ascii") + b"\n"


def parse(intake: Intake) -> Header:
    """Read a header, in memory bounded by the profile's limits whatever the source holds.

    Raises:
        HeaderDamaged: it does not follow the format; the field `line` counts from 1.
        WorkRefused: it is longer, or has more stanzas, than the profile allows.
    """
    lines = _Lines(intake)
    if lines.take() != VERSION:
        raise HeaderDamaged("age.version_unknown")
    stanzas: list[Stanza] = []
    while not (line := lines.take()).startswith(_MARK):
        if len(stanzas) == profiles.HEADER_STANZAS:
            raise WorkRefused("age.header_stanzas", most=profiles.HEADER_STANZAS)
        stanzas.append(_stanza(line, lines))
    mac = b64.decode(line[4:-1].decode("latin-1"))
    if not stanzas or line[3:4] != b" " or mac is None or len(mac) != _MAC_BYTES:
        raise lines.damaged()
    read = bytes(lines.read)
    return Header(tuple(stanzas), read[: len(read) - len(line) + len(_MARK)], mac, len(read))


class _Lines:
    """Lines of a header, counted, with what is left of the room that a header may take."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._count = 0
        self.read = bytearray()

    def take(self) -> bytes:
        """Return the next line with its line feed."""
        room = profiles.HEADER_BYTES - len(self.read)
        line = self._intake.line(room)
        self._count += 1
        if not line.endswith(b"\n"):
            if len(line) >= room:
                raise WorkRefused("age.header_bytes", most=profiles.HEADER_BYTES)
            raise HeaderDamaged("age.header_cut", line=self._count)
        self.read += line
        return line

    def damaged(self) -> HeaderDamaged:
        """Return the error that names the last line taken."""
        return HeaderDamaged("age.header_damaged", line=self._count)


def _stanza(line: bytes, lines: _Lines) -> Stanza:
    mark, *arguments = line[:-1].split(b" ")
    if mark != b"->" or not arguments or not all(_visible(argument) for argument in arguments):
        raise lines.damaged()
    body = []
    while True:
        text = lines.take()[:-1]
        part = b64.decode(text.decode("latin-1"))
        if part is None or len(text) > COLUMNS:
            raise lines.damaged()
        body.append(part)
        if len(text) < COLUMNS:
            break
    type_, *args = (argument.decode("ascii") for argument in arguments)
    return Stanza(type_, tuple(args), b"".join(body))


def _visible(argument: bytes) -> bool:
    return bool(argument) and all(0x21 <= byte <= 0x7E for byte in argument)
