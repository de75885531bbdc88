"""The mail that carries the sealed file: its words, and a draft that a mail program opens.

Nothing in this module takes a passphrase: a draft that must not hold a secret is never given one.
It is written by hand, part by part, as the standard library's writer holds a whole message in
memory several times over.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from secshare.errors import OutputRefused, RecipientDataInvalid
from secshare.messages import text
from secshare.model import SealFormat
from secshare.roads.lines import checked_phone, checked_public_name, dialled
from secshare.roads.steps import steps

if TYPE_CHECKING:
    import io
    from typing import BinaryIO

    from secshare.messages import Language
    from secshare.model import Reference, Road

__all__ = ["bare_address", "texts", "write_draft", "write_whole"]

# No part can hold it: `=` followed by `_` is in neither quoted-printable nor base64.
_BOUNDARY: Final = "=_secshare"
_GROUP: Final = 57  # bytes that make a line of 76 characters (RFC 2045)
_BLOCK: Final = 1024 * _GROUP
_HEADER: Final = re.compile(r"[ -~]+")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
# RFC 5321 in its usual form: no quotes, no comments, nothing that a mail program splits at.
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]+")
_LONGEST_ADDRESS: Final = 254
# A telephone opens what it is told is a PDF; what it does not know, it saves.
_TYPES: Final = {".pdf": "application/pdf"}


def texts(
    *,
    public_name: str,
    phone: str,
    reference: Reference,
    road: Road | None,
    name: str,
    language: Language,
    page: str | None = None,
    seal_format: SealFormat = SealFormat.AGE,
    card: bool = False,
) -> tuple[str, str]:
    """Return the subject and the body, in the recipient's language.

    The subject is neutral: it names no patient, act, specialty or date. The body says by which
    other road the words come, how to open the file, and whom to call.

    Args:
        phone: the practice's own; a French one is shown in pairs, as people write it.
        road: how the words travel; None for a recipient who opens with keys, and gets no words.
        name: the attachment's, made of the reference.
        page: the address of the practice's page, for what it opens.
        seal_format: what the attachment is.
        card: whether it opens with a card that the practice drew.

    Raises:
        PracticeInvalid: the public name or the telephone is not one plain line, or the address is
            none of a page.
        ValueError: a format that no mail carries.
    """

    def say(key: str, **fields: object) -> str:
        return text(f"roads.{key}", language, **fields)

    called = checked_public_name(public_name)
    subject = say("mail_subject", reference=reference, public_name=called)
    opening = steps(
        road=road, name=name, language=language, page=page, seal_format=seal_format, card=card
    )
    asked = say("mail_help", phone=dialled(checked_phone(phone)))
    parts = [
        [say("mail_hello")],
        [say("mail_attached"), say("mail_reference", reference=reference), opening.secret],
        [say("mail_how"), *opening.how],
        [asked, *opening.never, say("mail_mistake")],
        [opening.label] if opening.label else [],
        [called],
    ]
    return subject, "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def write_draft(
    sink: BinaryIO,
    *,
    to: str,
    subject: str,
    body: str,
    attachment: BinaryIO,
    attachment_name: str,
) -> None:
    """Write a mail draft (RFC 5322) that classic Outlook opens ready to send.

    It has a bare address, a subject, a body and an attachment: no sender, no date and no message
    identifier, which the mail program adds, and which would tell this computer's name. Memory
    does not grow with the attachment.

    Raises:
        RecipientDataInvalid: the address is not one plain address.
        OutputRefused: the subject or the attachment's name is not one plain line.
    """
    if not _HEADER.fullmatch(subject) or not _NAME.fullmatch(attachment_name):
        raise OutputRefused("roads.header")
    head = (
        "X-Unsent: 1",
        f"To: {bare_address(to)}",
        f"Subject: {subject}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/mixed; boundary="{_BOUNDARY}"',
        "",
        f"--{_BOUNDARY}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        _quoted_printable(body),
        f"--{_BOUNDARY}",
        f'Content-Type: {_content_type(attachment_name)}; name="{attachment_name}"',
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: attachment; filename="{attachment_name}"',
        "",
        "",
    )
    write_whole(sink, "\r\n".join(head).encode("ascii"))
    while block := _read_block(attachment):
        lines = (block[at : at + _GROUP] for at in range(0, len(block), _GROUP))
        write_whole(
            sink, b"".join(binascii.b2a_base64(line, newline=False) + b"\r\n" for line in lines)
        )
    write_whole(sink, f"--{_BOUNDARY}--\r\n".encode("ascii"))


def _content_type(name: str) -> str:
    return _TYPES.get(PurePath(name).suffix, "application/octet-stream")


def bare_address(address: str) -> str:
    """Return an address as a header takes it: ASCII, its domain in its ASCII form.

    A domain with accents is written as `xn--`, and only when that form reads back as the same
    name: the older rule that Python has turns `straße.de` into another person's domain.

    Raises:
        RecipientDataInvalid: it is not one plain address, or has accents before the `@`, which
            most mail programs and servers do not send.
    """
    local, _, domain = address.rpartition("@")
    domain = unicodedata.normalize("NFC", domain)
    try:
        plain = domain.encode("idna").decode("ascii")
        same = domain.isascii() or plain.encode().decode("idna") == domain.lower()
    except UnicodeError:
        same = False
    if (
        not same
        or not _LOCAL.fullmatch(local)
        or not _DOMAIN.fullmatch(plain)
        or len(local) + len(plain) >= _LONGEST_ADDRESS
    ):
        raise RecipientDataInvalid("roads.address")
    return f"{local}@{plain}"


def write_whole(sink: BinaryIO | io.FileIO, data: bytes) -> None:
    """Write all of `data`: a raw file may take less at a time."""
    rest = memoryview(data)
    while rest:
        rest = rest[sink.write(rest) or 0 :]


def _quoted_printable(body: str) -> str:
    lines = body.encode().splitlines()
    return "\r\n".join(
        binascii.b2a_qp(line).decode("ascii").replace("=\n", "=\r\n") for line in lines
    )


def _read_block(source: BinaryIO) -> bytes:
    """Read until a whole number of groups is there: a pipe or a raw file may give less."""
    block = bytearray()
    while len(block) < _BLOCK and (piece := source.read(_BLOCK - len(block))):
        block += piece
    return bytes(block)
