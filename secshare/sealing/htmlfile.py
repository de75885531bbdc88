"""The page with a sealed file inside: one HTML file for hand delivery, by USB stick or a portal.

Not for mail: a page that unpacks a file is what mail filters look for ("HTML smuggling").
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, cast

from secshare import page, profiles
from secshare.age import bridge, parse_recipient
from secshare.errors import RecipientDataInvalid, WorkRefused
from secshare.model import SealedToKeys
from secshare.sealing.agefile import seal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import ReadableBuffer

    from secshare.age import Progress
    from secshare.files import Source
    from secshare.model import Secret
    from secshare.page import PracticeOnPage


def seal_html(
    documents: Sequence[Source],
    sink: BinaryIO,
    secret: Secret,
    practice: PracticeOnPage | None,
    name: str,
    *,
    progress: Progress | None = None,
) -> None:
    """Seal as `seal` does, and write the page with the sealed file inside, in constant memory.

    The age file exists nowhere else, and nothing of the documents stands in the page in clear, not
    even their names.

    Args:
        name: of the sealed file inside, as `sealed_name` makes it for the age format.

    Raises:
        ExtraMissing: the page was not built; said before anything is sealed.
        WorkRefused: sealed, it is larger than `profiles.HTML_BYTES`.
        RecipientDataInvalid: a key cannot be used, or only by other programs than the page.
        InputUnreadable: a document changed while it was read; the sink is not to be used.
    """
    _check_keys(secret)
    if sum(document.size for document in documents) > profiles.HTML_BYTES:
        raise _too_large()
    with page.sealing_into(sink, practice, name) as inside:
        seal(documents, cast("BinaryIO", _Limited(inside)), secret, progress=progress)


def _check_keys(secret: Secret) -> None:
    if isinstance(secret, SealedToKeys):
        for key in secret.keys:
            if isinstance(parse_recipient(key), bridge.BridgedRecipient):
                raise RecipientDataInvalid("sealing.html_key")


def _too_large() -> WorkRefused:
    return WorkRefused("sealing.html_large", most=profiles.HTML_BYTES // 1_000_000)


class _Limited(io.RawIOBase):
    """A file that takes no more than a page may hold."""

    def __init__(self, sink: BinaryIO) -> None:
        super().__init__()
        self._sink = sink
        self._left = profiles.HTML_BYTES

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        written = self._sink.write(data)
        self._left -= written
        if self._left < 0:
            raise _too_large()
        return written
