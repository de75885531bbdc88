"""Filling the built page: a practice's names and public key, and a sealed file, in two places.

The page's security policy names its code by digest, so that nothing else runs in it. What is filled
in is data, which the policy neither runs nor needs to know; and it is written so that no name, and
no sealed file, can end the element it stands in.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Self, cast

from secshare.errors import ExtraMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import ReadableBuffer

    from secshare.messages import Language
    from secshare.practice import Practice

_ASSET: Final = Path(__file__).parent / "open.html"
_PRACTICE: Final = b'<script type="application/json" id="practice">null</script>'
_SEALED: Final = b'<script type="application/octet-stream" id="sealed" data-name=""></script>'
_INSIDE: Final = re.compile(
    rb'<script type="application/octet-stream" id="sealed" data-name="([^"]+)">([^<]+)</script>'
)
_END: Final = b"</html>"

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
_POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)"')
_DIGEST: Final = re.compile(rb"'sha256-([A-Za-z0-9+/]+=*)'")
_BLOCK: Final = re.compile(rb"<(script|style)\b[^>]*>(.*?)</\1>", re.DOTALL)
_COPIED: Final = 3 << 16  # a multiple of what base64 takes at a time


@dataclass(frozen=True, slots=True)
class PracticeOnPage:
    """What the page says of the practice, all of it public.

    Attributes:
        name, public_name: the legal one, and what patients know from the mail.
        phone: as patients read it.
        language: what the page speaks where the browser asks for neither French nor English.
        recipient: the practice's hybrid public key, `age1pq1...`: what a patient seals to.
    """

    name: str
    public_name: str
    phone: str
    language: Language
    recipient: str

    @classmethod
    def of(cls, practice: Practice) -> Self:
        """Return what stands on the page of a practice.

        Raises:
            PracticeInvalid: its public key cannot be read, or is not the one that it signed.
        """
        settings = practice.settings
        return cls(
            name=settings.name,
            public_name=settings.public_name,
            phone=settings.phone,
            language=settings.language,
            recipient=str(practice.public_keys.hybrid),
        )


def available() -> bool:
    """Return whether the page was built when this package was."""
    return _ASSET.is_file()


def write(
    sink: BinaryIO,
    practice: PracticeOnPage | None,
    *,
    sealed: BinaryIO | None = None,
    sealed_name: str = "",
) -> None:
    """Write the page, of a practice or of nobody, with a sealed file inside or without.

    Args:
        sink: not to be trusted until this returns.
        sealed: an age file, read to its end in constant memory.
        sealed_name: its name: ASCII letters, digits, `.`, `_` and `-`.

    Raises:
        ExtraMissing: the page was not built, or is not the one that this version fills.
        OSError: as the two files word it.
    """
    if sealed is None:
        _write_all(sink, _page_of(practice))
        return
    with sealing_into(sink, practice, sealed_name) as inside:
        while piece := sealed.read(_COPIED):
            inside.write(piece)


@contextmanager
def sealing_into(
    sink: BinaryIO, practice: PracticeOnPage | None, sealed_name: str
) -> Iterator[BinaryIO]:
    """Write the page around what the block writes: the bytes of one age file. Otherwise as `write`.

    For an age file that is being made, so that it never exists but inside the page. When the block
    raises, the page stays without its end.

    Yields:
        A binary file to write, not seekable.
    """
    if not _NAME.fullmatch(sealed_name):
        msg = "a sealed file in a page has a plain name"
        raise ValueError(msg)
    before, _, after = _page_of(practice).partition(_SEALED)
    begin, end = _SEALED.replace(b'""', b'"%s"' % sealed_name.encode("ascii")).split(b"><")
    _write_all(sink, before + begin + b">")
    inside = _Base64(sink)
    yield cast("BinaryIO", inside)
    inside.finish()
    _write_all(sink, b"<" + end + after)


def sealed_inside(content: bytes) -> tuple[str, bytes] | None:
    """Return the sealed file that a page holds, and its name; None where there is none, whole."""
    found = _INSIDE.search(content)
    if found is None:
        return None
    try:
        return found[1].decode("ascii"), base64.b64decode(found[2], validate=True)
    except ValueError:
        return None


def _page_of(practice: PracticeOnPage | None) -> bytes:
    page = _page()
    if practice is None:
        return page
    return page.replace(_PRACTICE, _PRACTICE.replace(b"null", _as_data(practice)))


def _as_data(practice: PracticeOnPage) -> bytes:
    """Return the JSON: in ASCII, and without a sign that means something to HTML."""
    data = json.dumps(
        {
            "name": practice.name,
            "publicName": practice.public_name,
            "phone": practice.phone,
            "language": str(practice.language),
            "recipient": practice.recipient,
        }
    )
    for sign in "<>&":
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    return data.encode("ascii")


def _page() -> bytes:
    """Return the built page.

    Raises:
        ExtraMissing: there is none, or it is not whole: an older one has not the two places, and
            in a changed one the policy would stop the code.
    """
    try:
        page = _ASSET.read_bytes()
    except OSError as error:
        raise ExtraMissing("webpage.not_built") from error
    policy = _POLICY.search(page)
    allowed = set(_DIGEST.findall(policy[1])) if policy else set()
    digests = {base64.b64encode(hashlib.sha256(code).digest()) for _, code in _BLOCK.findall(page)}
    places = page.count(_PRACTICE) == page.count(_SEALED) == 1
    if not (places and allowed and allowed <= digests and page.rstrip().endswith(_END)):
        raise ExtraMissing("webpage.damaged")
    return page


class _Base64(io.RawIOBase):
    """A file that writes what it is given as base64 into another, on one line."""

    def __init__(self, sink: BinaryIO) -> None:
        super().__init__()
        self._sink = sink
        self._rest = b""

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        view = memoryview(data).cast("B")
        given = self._rest + bytes(view)
        whole = len(given) - len(given) % 3
        self._rest = given[whole:]
        _write_all(self._sink, base64.b64encode(given[:whole]))
        return len(view)

    def finish(self) -> None:
        """Write what is left, padded."""
        _write_all(self._sink, base64.b64encode(self._rest))
        self._rest = b""


def _write_all(sink: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # an unbuffered file may take less than it is given
        rest = rest[sink.write(rest) :]
