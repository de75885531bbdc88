"""What kind of file some bytes are: by what they begin with, then by the name they came under."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from enum import Enum, auto
from pathlib import PurePosixPath
from typing import Final

from secshare.preflight.readers import directory
from secshare.preflight.readers.text import decoded

__all__ = ["Format", "tell"]


class Format(Enum):
    """What a file is, as far as it decides who reads it."""

    ARCHIVE = auto()
    CSV = auto()
    DOCX = auto()
    ENCRYPTED = auto()
    HTML = auto()
    MAIL = auto()
    ODT = auto()
    PDF = auto()
    PICTURE = auto()
    SHEET = auto()
    TEXT = auto()
    UNKNOWN = auto()
    XML = auto()


_HEAD: Final = 4096
_PDF_WITHIN: Final = 1024  # bytes: what readers forgive before the header
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # MS-CFB 2.2: Office before 2007, and encrypted
# ISO/IEC 14496-12, the brands that pictures of telephones have.
_HEIF: Final = frozenset((b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"))
_SPREADSHEET: Final = b"opendocument.spreadsheet"
_KIND_WITHIN: Final = 200
_MARKUP: Final = re.compile(rb"\s*<(\?xml[\s?]|!doctype\s|html[\s>]|!--|[a-z_])", re.IGNORECASE)
_HTML: Final = re.compile(rb"<(!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)
# The page with a sealed file inside: `page.sealing_into` writes it, and an age file so begins.
_OUR_PAGE: Final = re.compile(
    rb'id="sealed" data-name="[^"]*">' + base64.b64encode(b"age-encryption.org/v1")
)
_MAIL: Final = re.compile(
    rb"^(from|to|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to)"
    rb"[ \t]*:",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(rb"[!-9;-~]+[ \t]*:")  # RFC 5322, 2.2
_SEPARATORS: Final = (b";", b"\t", b",", b"|")


def tell(name: str, data: bytes) -> Format:
    """Return what `data` is. The name counts only where the bytes leave a choice."""
    head = data[:_HEAD]
    if head.startswith(b"%PDF-") or (
        b"%PDF-" in head[:_PDF_WITHIN] and b"startxref" in data and not head.startswith(b"PK")
    ):
        return Format.PDF
    if _is_picture(head):
        return Format.PICTURE
    started = (found for start, found in _STARTS if head.lstrip().startswith(start))
    found = next(started, _written)
    return found if isinstance(found, Format) else found(name, data)


def _packed(_name: str, data: bytes) -> Format:
    """Tell office files from archives, by the members that each kind must have."""
    names = {name for name, _ in directory.entries(data)}
    if "mimetype" in names and "content.xml" in names:
        # OpenDocument 1.3, part 2, 3.3: the first member, not packed.
        return Format.SHEET if _SPREADSHEET in data[:_KIND_WITHIN] else Format.ODT
    if "[Content_Types].xml" in names:  # ECMA-376, part 2
        if any(name.startswith("word/") for name in names):
            return Format.DOCX
        if any(name.startswith("xl/") for name in names):
            return Format.SHEET
    return Format.ARCHIVE


def _compound(_name: str, data: bytes) -> Format:
    """Tell an old spreadsheet and an encrypted document apart: streams are named in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Format.ENCRYPTED
    names = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le") + b"\x00\x00")
    return Format.SHEET if any(name in data for name in names) else Format.UNKNOWN


def _is_picture(head: bytes) -> bool:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return True
    if head[128:132] == b"DICM":  # DICOM PS3.10, 7.1
        return True
    return head[:2] == b"BM" and head[6:10] == bytes(4)


def _written(name: str, data: bytes) -> Format:
    """Tell texts apart: markup, a mail, a table, or a text."""
    text = decoded(data[:_HEAD])
    if text is None:
        return Format.UNKNOWN
    head = text.encode("utf-8", "replace")
    extension = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if markup := _marked_up(head, data, extension):
        return markup
    if _is_mail(head) or extension == ".eml":
        return Format.MAIL
    if extension in {".csv", ".tsv"} or _is_table(head):
        return Format.CSV
    return Format.TEXT


def _marked_up(head: bytes, data: bytes, extension: str) -> Format | None:
    """Tell HTML, XML and our own page with a sealed file inside; None for what is no markup."""
    markup = _MARKUP.match(head)
    if not markup:
        return None
    if _OUR_PAGE.search(data):
        return Format.ENCRYPTED
    if _HTML.search(head) or extension in {".htm", ".html"}:
        return Format.HTML
    declared = markup[1][:1] in {b"?", b"!"} or extension == ".xml"
    return Format.XML if declared or data.rstrip().endswith(b">") else None


def _is_mail(head: bytes) -> bool:
    """Say whether it begins with header lines of a mail, at least two that every mail has."""
    known = 0
    for line in head.splitlines()[:40]:
        if not line.strip():
            break
        if line[:1] in {b" ", b"\t"} or line.startswith(b"From "):
            continue
        if not _HEADER.match(line):
            return False
        known += bool(_MAIL.match(line))
    return known >= 2


def _is_table(head: bytes) -> bool:
    """Say whether every one of the first lines has the same separators, three at least."""
    lines = [line for line in head.splitlines()[:-1] if line.strip()][:20]
    if len(lines) < 3:
        return False
    return any(
        lines[0].count(separator) >= 2 and len({line.count(separator) for line in lines}) == 1
        for separator in _SEPARATORS
    )


# How a file begins, and what it is or who looks further.
_STARTS: Final[tuple[tuple[bytes, Format | Callable[[str, bytes], Format]], ...]] = (
    (b"PK\x03\x04", _packed),
    (b"PK\x05\x06", _packed),
    (_OLE, _compound),
    (b"\x89PNG\r\n\x1a\n", Format.PICTURE),
    (b"\xff\xd8\xff", Format.PICTURE),
    (b"GIF87a", Format.PICTURE),
    (b"GIF89a", Format.PICTURE),
    (b"II*\x00", Format.PICTURE),
    (b"MM\x00*", Format.PICTURE),
    (b"age-encryption.org/", Format.ENCRYPTED),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", Format.ENCRYPTED),
    (b"-----BEGIN PGP MESSAGE-----", Format.ENCRYPTED),
    (b"7z\xbc\xaf\x27\x1c", Format.UNKNOWN),
    (b"Rar!\x1a\x07", Format.UNKNOWN),
    (b"\x1f\x8b", Format.UNKNOWN),
    (b"BZh", Format.UNKNOWN),
    (b"\xfd7zXZ\x00", Format.UNKNOWN),
    (b"{\\rtf", Format.UNKNOWN),
)
