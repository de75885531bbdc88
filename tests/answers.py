"""What a patient sends back: the file that the page seals to a practice, made without the page."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from secshare import age

if TYPE_CHECKING:
    from collections.abc import Mapping

    from secshare.age import Recipient


def answer(
    to: Recipient, documents: Mapping[str, bytes], *, mark: str | None = "secshare answer"
) -> bytes:
    """Return a sealed answer: a stored ZIP that ends with its mark, as `docs/format.md` says."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in documents.items():
            archive.writestr(name, content)
        archive.comment = (mark or "").encode()
    return sealed(to, packed.getvalue())


def sealed(to: Recipient, clear: bytes) -> bytes:
    """Return any bytes sealed to a recipient."""
    out = io.BytesIO()
    age.encrypt(io.BytesIO(clear), out, [to])
    return out.getvalue()
