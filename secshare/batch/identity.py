"""What tells a row from the others of its run, with its documents and without them.

Under the journal's key, as digests of documents are in the journal (docs/decisions/095). What the
row says counts, and not whom the directory finds by it: somebody who is added to it between two
attempts is not sent everything twice. Nor does what only the preflight looks at, and what is no
difference to anybody: capitals, the order of a name's parts, and of a group's documents.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any, Final

from secshare.errors import SecshareError
from secshare.messages import printable
from secshare.recipients import fold
from secshare.recipients.matching import name_key, person_key
from secshare.recipients.skeleton import lowered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from secshare.batch.wanted import Wanted
    from secshare.sharing import Desk

__all__ = [
    "addressee",
    "former_content",
    "is_drawn",
    "manifest_name",
    "row_contents",
    "row_identity",
    "row_slot",
    "run_name",
]

_IDENTITY: Final = b"secshare row identity 1\n"
_SLOT: Final = b"secshare row slot 1\n"
_CONTENT: Final = b"secshare row content 2\n"
_MANIFEST: Final = b"secshare manifest 1\n"
_DRAWN: Final = 16  # digits
_WHO: Final = ("to", "name", "email", "phone", "birth_date", "about")
_NOT_ASKED: Final = ("number", "last", "files", "nir")  # a row may be added above


def row_slot(key: bytes, wanted: Wanted) -> bytes:
    """Return what stays of a row when its documents or its options change.

    Args:
        key: `Signer.mac_key`.
    """
    return _mac(key, _SLOT, [sorted(wanted.files), _who(_asked(wanted))])


def addressee(desk: Desk, wanted: Wanted) -> str:
    """Return the name of whom a row is for: of an id, as the directory has it."""
    if wanted.to is None:
        return wanted.name or ""
    try:
        return desk.directory.find(wanted.to).name
    except SecshareError:  # the row says so by itself
        return wanted.to


def row_contents(key: bytes, name: str, digests: Sequence[str]) -> tuple[bytes, ...]:
    """Return what somebody gets by a row, document by document: whatever files are called, whatever
    the options are, and however they are grouped.

    Who it is, by the name alone, without a title or a note: a number, a birth date or those may be
    what was corrected since.

    Args:
        name: see `addressee`.
        digests: SHA-256 of its documents, in hexadecimal.
    """
    who = person_key(name)
    return tuple(_mac(key, _CONTENT, [[digest], who]) for digest in sorted(set(digests)))


def former_content(key: bytes, wanted: Wanted, digests: Sequence[str]) -> bytes:
    """Return what stands in the place of `row_contents` in a database of before version 6.

    All documents together, and the name or the id as it was written. Of one document for somebody
    who was named without a title, the two are the same.
    """
    asked = _asked(wanted)
    return _mac(key, _CONTENT, [sorted(digests), asked.get("to") or asked.get("name")])


def row_identity(key: bytes, wanted: Wanted, digests: Sequence[str]) -> bytes:
    """Return what a row is: its documents, its recipient and its options.

    Args:
        digests: SHA-256 of its documents, in hexadecimal.
    """
    asked = _asked(wanted)
    return _mac(
        key,
        _IDENTITY,
        [sorted(digests), {name: asked[name] for name in asked if name not in _NOT_ASKED}],
    )


def manifest_name(key: bytes, digest: str) -> str:
    """Return what a manifest is called, in hexadecimal: by its digest, which tells nothing so.

    Of one with a row or two, the digest itself would let guesses be tried.
    """
    return hmac.digest(key, _MANIFEST + bytes.fromhex(digest), "sha256").hex()


def run_name(manifest: str) -> str:
    """Return what a run is called that nobody named: as its manifest is, in short."""
    for at in range(0, len(manifest) - _DRAWN):
        name = manifest[at : at + _DRAWN]
        if printable(name) == name:  # some digits are taken for a social-security number
            return name
    return manifest[:_DRAWN]


def is_drawn(run: str) -> bool:
    """Return whether a run has such a name: nobody makes up another like it."""
    return len(run) == _DRAWN and not set(run) - set("0123456789abcdef")


def _asked(wanted: Wanted) -> dict[str, Any]:
    asked: dict[str, Any] = json.loads(wanted.dumps())
    for name, compared in (("email", lowered), ("name", name_key), ("to", fold), ("about", fold)):
        if name in asked:
            asked[name] = compared(asked[name])
    return asked


def _who(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asked.get(name) for name in _WHO}


def _mac(key: bytes, what: bytes, said: object) -> bytes:
    text = json.dumps(said, ensure_ascii=True, sort_keys=True)
    return hmac.digest(key, what + text.encode("ascii"), "sha256")
