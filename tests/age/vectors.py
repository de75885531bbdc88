"""The conformance vectors of the age format (npm cctv-age), read from their package."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from functools import cache

from tests.interop.node import printed

NAMES_EXPECTED = 143


@dataclass(frozen=True)
class Vector:
    """One file, what may open it, and what must come of it."""

    name: str
    expect: str
    payload: str | None
    identities: tuple[str, ...]
    passphrases: tuple[str, ...]
    armored: bool
    file: bytes


@cache
def load() -> dict[str, Vector]:
    """Return all vectors by name."""
    packed = json.loads(printed("vectors.mjs"))
    return {name: _parse(name, base64.b64decode(text)) for name, text in packed.items()}


def _parse(name: str, data: bytes) -> Vector:
    head, file = data.split(b"\n\n", 1)
    fields = [line.split(": ", 1) for line in head.decode().split("\n")]

    def every(key: str) -> tuple[str, ...]:
        return tuple(value for name, value in fields if name == key)

    if every("compressed"):
        assert every("compressed") == ("zlib",)
        file = zlib.decompress(file)
    return Vector(
        name,
        *every("expect"),
        next(iter(every("payload")), None),
        every("identity"),
        every("passphrase"),
        bool(every("armored")),
        file,
    )
