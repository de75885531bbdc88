"""The one QR code of a photo or of a screenshot.

A picture comes from anywhere. Its kind and its size are known from its first bytes before a decoder
sees the rest, and only the two kinds that telephones and screens make are decoded. Whether it was
taken upright is not looked at: a QR code reads alike in every direction.
"""

from __future__ import annotations

import math
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import ExtraMissing, InputUnreadable, WorkRefused
from secshare.files import open_source

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from PIL import Image

    from secshare.files import Source

    Reading = Callable[[Image.Image], list[str]]

__all__ = ["HEAD_BYTES", "code_in", "is_picture", "reads_photos"]

HEAD_BYTES: Final = 64
"""How much of a file tells whether it is a picture."""

_KINDS: Final = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_OTHER_KINDS: Final = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"%PDF-")
_SIDE: Final = 1400  # pixels of the short side, up to twice as many: what a photo is reduced to
_GREY: Final = 13_000_000  # pixels: a photo of 12 megapixels is also read as it is
_USUAL: Final = 3_000_000  # pixels, about: all that a good photo needs
_SMALL: Final = 1_000_000  # pixels: so small a picture is also read enlarged
_PIECE: Final = 1 << 20
_STRIP: Final = 256  # rows


def reads_photos() -> bool:
    """Return whether what reads photos is installed; it is not loaded for that."""
    from importlib.util import find_spec

    return find_spec("zxingcpp") is not None and find_spec("PIL") is not None


def is_picture(head: bytes) -> bool:
    """Return whether a file begins as a picture, of a kind that is read or not."""
    return head.startswith((*_KINDS, *_OTHER_KINDS)) or _is_heic(head)


def code_in(path: Path) -> str:
    """Return what the only QR code of a picture holds. It is a secret.

    Raises:
        InputUnreadable: it is no picture that can be read, or it is damaged; it shows no code, or
            more than one.
        WorkRefused: it is too large.
        ExtraMissing: zxing-cpp or Pillow is not installed.
    """
    with open_source(path) as source:
        kind = _kind(source)
        try:
            import zxingcpp
            from PIL import Image, PngImagePlugin
        except ImportError as error:
            raise ExtraMissing("opener.photo_missing") from error
        PngImagePlugin.MAX_TEXT_MEMORY = profiles.PHOTO_TEXT  # of comments, which nobody reads
        read = _reading(zxingcpp)
        picture, reduced = _decoded(Image, source, kind)
        found = _found(picture, read)
        if not found and reduced:
            del picture
            found = read(_decoded(Image, source, kind, whole=True)[0])
    if not found:
        raise InputUnreadable("opener.photo_none", name=path.name)
    if len(found) > 1:
        raise InputUnreadable("opener.photo_several", name=path.name)
    return found[0]


def _kind(source: Source) -> str:
    """Return the kind of a picture, as Pillow calls it."""
    head = source.file.read(HEAD_BYTES)
    source.file.seek(0)
    if _is_heic(head):
        raise InputUnreadable("opener.photo_heic", name=source.name)
    for mark, kind in _KINDS.items():
        if head.startswith(mark):
            if source.size > profiles.PHOTO_BYTES:
                raise WorkRefused("opener.photo_large", name=source.name)
            return kind
    raise InputUnreadable("opener.photo_kind", name=source.name)


def _is_heic(head: bytes) -> bool:
    """Return whether this is a photo as iPhones keep them (ISO/IEC 23008-12), or AVIF."""
    brands = [head[at : at + 4] for at in range(8, len(head) - 3, 4)]
    return head[4:8] == b"ftyp" and any(
        brand.startswith((b"hei", b"hev")) or brand in {b"mif1", b"msf1", b"avif"}
        for brand in brands
    )


# --- decoding -----------------------------------------------------------------------------------


class _Counted:
    """A file that answers so many times: a picture of a million empty parts takes minutes."""

    def __init__(self, source: Source) -> None:
        self.seek, self.tell = source.file.seek, source.file.tell
        self._source = source
        self._left = profiles.PHOTO_READS

    def read(self, size: int = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise WorkRefused("opener.photo_large", name=self._source.name)
        return self._source.file.read(size) or b""


def _decoded(
    pillow: ModuleType, source: Source, kind: str, *, whole: bool = False
) -> tuple[Image.Image, bool]:
    """Return the picture in shades of grey, and whether it was reduced and may be had whole."""
    with _guarded(pillow, source):
        if kind == "JPEG" and _scans(source.file) > profiles.PHOTO_SCANS:
            raise WorkRefused("opener.photo_large", name=source.name)
        source.file.seek(0)
        picture = pillow.open(_Counted(source), formats=(kind,))
        pixels = picture.width * picture.height
        # A JPEG is reduced, and made grey, while it is decoded; a progressive one is held whole.
        picture.draft("L", picture.size if whole else (_SIDE, _SIDE))
        if kind == "PNG" or "progressive" in picture.info:
            held, most = pixels, profiles.PHOTO_PIXELS_WHOLE
        else:
            held, most = picture.width * picture.height, _GREY
        if pixels > profiles.PHOTO_PIXELS or held > most:
            raise WorkRefused("opener.photo_large", name=source.name)
        return _grey(pillow, picture), held < pixels <= _GREY


def _scans(file: io.FileIO) -> int:
    """Return how many times a JPEG goes over its whole surface, at most; each costs time."""
    file.seek(0)
    count, last = 0, b""
    while piece := file.read(_PIECE):
        count += (last + piece).count(b"\xff\xda")
        last = piece[-1:] if piece[-1:] == b"\xff" else b""
    return count


def _grey(pillow: ModuleType, picture: Image.Image) -> Image.Image:
    """Return a picture in shades of grey, on white where it is transparent; by strips of rows, so
    that the whole of it is not there three times.
    """
    picture.load()
    if picture.mode == "L":
        return picture
    grey: Image.Image = pillow.new("L", picture.size, 255)
    for top in range(0, picture.height, _STRIP):
        strip = picture.crop((0, top, picture.width, min(top + _STRIP, picture.height)))
        if strip.mode.startswith("I"):  # 16 bits
            strip = strip.convert("I").point(lambda value: value * (1 / 256))
        if strip.mode == "P" and "transparency" in picture.info:
            strip = strip.convert("RGBA")
        mask = strip.getchannel("A") if strip.mode in {"RGBA", "LA"} else None
        grey.paste(strip.convert("L"), (0, top), mask)
    return grey


@contextmanager
def _guarded(pillow: ModuleType, source: Source) -> Iterator[None]:
    """Word whatever a decoder finds wrong with a stranger's picture."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about odd metadata, which is not looked at
        try:
            yield
        except WorkRefused:
            raise
        except pillow.DecompressionBombError as error:
            raise WorkRefused("opener.photo_large", name=source.name) from error
        except Exception as error:  # OSError, SyntaxError, struct.error, ZeroDivisionError ...
            raise InputUnreadable("opener.photo_damaged", name=source.name) from error


# --- reading ------------------------------------------------------------------------------------


def _reading(zxingcpp: ModuleType) -> Reading:
    """Return what reads the QR codes of a picture; Micro QR and other codes are not looked for."""
    formats = zxingcpp.BarcodeFormat
    model_2 = getattr(formats, "QRCodeModel2", formats.QRCode)  # zxing-cpp 3 has a family of them
    return lambda picture: [code.text for code in zxingcpp.read_barcodes(picture, formats=model_2)]


def _found(picture: Image.Image, read: Reading) -> list[str]:
    """Return what each code in a picture holds; a code that is there twice is two.

    A blurred copy is always read too: it is what reads a noisy photo, and a second look for a
    second code. The other copies are for photos in which neither found anything.
    """
    from PIL import ImageFilter

    pixels = picture.width * picture.height
    small = picture.reduce(max(1, round(math.sqrt(pixels / _USUAL))))
    blurred = small.filter(ImageFilter.GaussianBlur(1))
    found, others = sorted((read(small), read(blurred)), key=len, reverse=True)
    found += [text for text in others if text not in found]
    if found:
        return found
    for altered in _altered(picture, small, blurred):
        if found := read(altered):
            return found
    return []


def _altered(
    picture: Image.Image, small: Image.Image, blurred: Image.Image
) -> Iterator[Image.Image]:
    """Give the copies that help with a trembling hand, a bad focus, or a code that is too small."""
    from PIL import ImageFilter

    if picture.size != small.size:
        yield picture
    if min(small.size) > 1:
        yield small.reduce(2)
    yield blurred.filter(ImageFilter.UnsharpMask(radius=4, percent=300, threshold=0))
    if small.width * small.height <= _SMALL:
        yield small.resize((small.width * 2, small.height * 2))
