"""Files that are made to take a machine away: pictures, archives, headers, work factors."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image, PngImagePlugin

from tests.opener.kit import PDF, seal

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GIGABYTE = 1 << 30


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *between: bytes, rows: bytes | None = None) -> bytes:
    """A PNG in black and white; without rows of its own, all black."""
    rows = rows if rows is not None else bytes((1 + (width + 7) // 8) * height)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return SIGNATURE + head + b"".join(between) + chunk(b"IDAT", zlib.compress(rows, 9))


def jpeg(size: tuple[int, int], **options: object) -> bytes:
    """A grey JPEG."""
    written = io.BytesIO()
    Image.new("RGB", size, "grey").save(written, "JPEG", **options)
    return written.getvalue()


def whole(mode: str, kind: str, **options: object) -> bytes:
    """A picture of nothing, of as many pixels as are held at once."""
    written = io.BytesIO()
    Image.new(mode, (3800, 2500)).save(written, kind, **options)
    return written.getvalue()


def commented() -> bytes:
    """A PNG of 4 pixels with 200 comments of a megabyte."""
    notes = PngImagePlugin.PngInfo()
    for number in range(200):
        notes.add_text(f"note{number}", "x" * (1 << 20), zip=True)
    written = io.BytesIO()
    Image.new("L", (2, 2)).save(written, "PNG", pnginfo=notes)
    return written.getvalue()


def scans() -> bytes:
    """A progressive JPEG with its last pass over the picture 50,000 times."""
    plain = jpeg((4000, 4000), progressive=True, quality=30)
    last = plain.rindex(b"\xff\xda")
    return plain[:-2] + plain[last:-2] * 50_000 + plain[-2:]


PICTURES: dict[str, Callable[[], bytes]] = {
    "cut": lambda: jpeg((900, 900))[:-300],
    "header alone": lambda: jpeg((900, 900))[:200],
    "three bytes": lambda: b"\xff\xd8\xff",
    "png signature": lambda: SIGNATURE,
    "wrong checksum": lambda: png(9, 9).replace(b"IHDR", b"IHDX"),
    "no rows": lambda: png(900, 900, rows=b""),
    "bomb of pixels": lambda: png(30_000, 30_000),
    "four billion wide": lambda: png(0xFFFFFFFF, 0xFFFFFFFF, rows=b""),
    "lying about its size": lambda: png(4000, 4000, rows=bytes(60_000_000)),
    "as large as is read": lambda: whole("RGBA", "PNG"),
    "as large, in passes": lambda: whole("RGB", "JPEG", progressive=True, subsampling=0),
    "too large by a little": lambda: png(4000, 4000),
    "comments": commented,
    "a million parts": lambda: png(9, 9, chunk(b"abCd", b"") * 1_000_000),
    "jpeg parts": lambda: b"\xff\xd8" + b"\xff\xe9\0\2" * 4_000_000 + jpeg((9, 9))[2:],
    "jpeg scans": scans,
    "long and thin": lambda: jpeg((65_000, 700)),
    "one pixel": lambda: png(1, 1),
}


def heavy_factor(path: Path) -> Path:
    """A file that asks for scrypt with 2^21."""
    sealed = seal(path, PDF).read_bytes()
    path.write_bytes(sealed.replace(b" 14\n", b" 21\n", 1))
    return path


def zip_bomb(path: Path) -> Path:
    """An archive of a gigabyte of zeros, packed a thousand times smaller, sealed to the words."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("report.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(GIGABYTE >> 20):
            member.write(bytes(1 << 20))
    return seal(path, packed.getvalue())


def header_of_a_gigabyte(path: Path, *, line: bool = False, bodies: bool = False) -> Path:
    """A header that goes on for a gigabyte: zeros, one line, or proper lines."""
    with path.open("wb") as file:
        file.write(b"age-encryption.org/v1\n-> " + (b"" if line else b"X25519 abc\n"))
        if bodies:
            file.write((b"A" * 64 + b"\n") * 400_000)  # 26 MB; the rest is never reached
        file.truncate(GIGABYTE)
    return path
