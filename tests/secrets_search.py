"""Looking for a secret everywhere it must not be, in every form in which it could have got there.

    secret = Secret.of_words(passphrase.words)
    assert not secret.traces(practice_folder, stdout, stderr, apart=[practice_folder / "secrets"])

A place is a folder (names and contents of everything in it), a file, bytes or a text. What is found
comes back as lines that say where and in which form, and never the secret.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NOT_LETTERS = re.compile(rb"[^a-z]+")
_JOINS = ("-", " ", "", "\n", ", ", "_")
_DIGESTS = ("md5", "sha1", "sha256", "sha512", "blake2b")


@dataclass(frozen=True)
class Secret:
    """What is looked for.

    Attributes:
        words: the words of a phrase: two in a row, however separated, are a trace.
        texts: the secret whole, as it may be written; also looked for encoded and hashed.
    """

    words: tuple[str, ...] = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)

    @classmethod
    def of_words(cls, words: Sequence[str]) -> Self:
        """Words of a phrase."""
        return cls(tuple(words), tuple(join.join(words) for join in _JOINS))

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Anything else: a private key, the content of a document."""
        return cls((), (text,))

    def traces(self, *places: Path | str | bytes, apart: Iterable[Path] = ()) -> list[str]:
        """Return where the secret shows, `apart` from what is allowed to hold it."""
        allowed = {path.resolve() for path in apart}
        return [
            f"{where}: {form}"
            for place in places
            for where, data in _contents(place, allowed)
            for layer, bare in _unpacked(data)
            for form in self._forms(bare, layer)
        ]

    def _forms(self, data: bytes, layer: str) -> Iterator[str]:
        lower = data.lower().replace(
            b"\0", b""
        )  # UTF-16 and UTF-32 of ASCII are its bytes and NULs
        letters = b" " + _NOT_LETTERS.sub(b" ", lower) + b" "
        for number, pair in enumerate(zip(self.words, self.words[1:], strict=False), start=1):
            if b" %s %s " % tuple(word.encode() for word in pair) in letters:
                yield f"words {number} and {number + 1}{layer}"
        for text in self.texts:
            raw = text.encode()
            if raw.lower() in lower or raw[::-1].lower() in lower:
                yield f"whole{layer}"
            if raw.hex().encode() in lower:
                yield f"in hexadecimal{layer}"
            for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
                if any(coded in data for coded in _aligned(raw, alphabet)):
                    yield f"in base64{layer}"
            for name in _DIGESTS:
                digest = hashlib.new(name, raw).digest()
                shown = (digest.hex().encode(), base64.b64encode(digest).rstrip(b"=").lower())
                if digest in data or any(form in lower for form in shown):
                    yield f"its {name}{layer}"


def process(pid: int | str = "self") -> Iterator[bytes]:
    """Yield the arguments and the environment of a running process, as any neighbour sees them."""
    for name in ("cmdline", "environ"):
        yield Path(f"/proc/{pid}/{name}").read_bytes()


def _aligned(raw: bytes, alphabet: object) -> Iterator[bytes]:
    """The base64 of `raw` wherever it begins within three bytes, its uncertain ends cut off."""
    for shift in range(3):
        coded = alphabet(b"\0" * shift + raw)  # type: ignore[operator]
        yield coded.rstrip(b"=")[(shift * 8 + 5) // 6 : -1]


def _contents(place: Path | str | bytes, allowed: set[Path]) -> Iterator[tuple[str, bytes]]:
    if isinstance(place, str):
        yield "a text", place.encode("utf-8", "surrogateescape")
    elif isinstance(place, bytes):
        yield "bytes", place
    elif not place.exists():
        return
    else:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if allowed & {path.resolve(), *path.resolve().parents}:
                continue
            yield f"the name of {path.name!a}", bytes(path.relative_to(place.parent))
            if path.is_file():
                yield str(path), path.read_bytes()


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes, and what they hold if they are an archive or compressed."""
    yield "", data
    if data[:2] == b"\x1f\x8b":
        yield ", compressed", gzip.decompress(data)
    for start in re.finditer(rb"x[\x01\x5e\x9c\xda]", data):  # zlib: PDF streams, PNG chunks
        try:
            inside = zlib.decompressobj().decompress(data[start.start() :], 1 << 22)
        except zlib.error:
            continue
        if len(inside) > 8:
            yield ", compressed", inside
    if data[:2] == b"PK":
        try:
            with ZipFile(BytesIO(data)) as archive:
                for member in archive.namelist():
                    yield f", in {member!a}", member.encode() + b"\n" + archive.read(member)
        except BadZipFile:
            pass
