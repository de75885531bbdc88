"""Reading mails: who is named at their head, their texts, and everything attached to them."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header
from typing import TYPE_CHECKING, Any, Final

from secshare.preflight.content import Part, Unread, Why
from secshare.preflight.readers import html, inside, text
from secshare.preflight.readers.budget import OverBudget
from secshare.preflight.readers.pictures import like_a_page
from secshare.preflight.readers.text import decoded

if TYPE_CHECKING:
    from email.message import Message

    from secshare.model import Place
    from secshare.preflight.content import Content
    from secshare.preflight.readers.budget import Budget

__all__ = ["read"]

_HEADERS: Final = ("From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject")
# Signatures beside what they sign: no text of anybody.
_SIGNATURES: Final = frozenset(
    [
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
    ]
)
_ENVELOPES: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_TYPED: Final = re.compile(
    rb"(?:^|(?<=\r))content-[a-z-]+[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*|\r(?!\n)[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_PARAMETERS: Final = 16_384  # bytes: a hundred times the longest file name
_PGP: Final = "-----BEGIN PGP MESSAGE-----"
_LINES: Final = frozenset({"message/delivery-status", "message/disposition-notification"})
_ELSEWHERE: Final = frozenset({"message/partial", "message/external-body"})


def read(data: bytes, place: Place, budget: Budget, content: Content) -> None:
    """Add a mail: its head, each body, each attachment as a document, mails within it alike.

    However damaged, what can be read is: the library notes defects and goes on. A part that it
    cannot take apart is `Why.BROKEN` by itself. A header of more parameters than any program
    writes is not taken apart at all: the library compares each with all that were before it.
    """
    try:
        if any(len(found[0]) > _PARAMETERS for found in _TYPED.finditer(data)):
            raise ValueError
        message: Message = message_from_bytes(data, policy=policy.default)
    except (ValueError, LookupError, TypeError, IndexError, AttributeError, RecursionError):
        content.unread.append(Unread(Why.BROKEN, place))
        text.read(data, replace(place, field="text"), budget, content)
        return
    _Mail(budget, content).message(message, place)


class _Mail:
    """Walks the parts of a mail. Hostile headers raise many things: each is asked for alone."""

    def __init__(self, budget: Budget, content: Content) -> None:
        self._budget = budget
        self._content = content
        self._unnamed = 0

    def message(self, message: Message, place: Place) -> None:
        """Add one mail and all that it holds."""
        head = []
        for name in _HEADERS:
            value = " ".join(_header(message, name).split())
            if not value:
                continue
            head.append(f"{name}: {value}")
            if name == "Subject":
                self._text(value, replace(place, field="subject"), title=True)
        self._text("\n".join(head), replace(place, field="header"))
        self._part(message, place, 0)

    def _part(self, part: Message, place: Place, depth: int) -> None:
        self._budget.spend_members()
        try:
            self._typed(part, place, depth)
        except OverBudget:
            raise
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            self._unread(Why.BROKEN, place)

    def _typed(self, part: Message, place: Place, depth: int) -> None:
        kind = part.get_content_type()
        payload = part.get_payload()
        if kind in {"multipart/encrypted", "application/pgp-encrypted"}:
            self._unread(Why.ENCRYPTED, place)
        elif kind in _ELSEWHERE:
            self._unread(Why.UNKNOWN, place)
        elif isinstance(payload, list):
            around = "\n".join(filter(None, (part.preamble, part.epilogue)))
            self._text(around.strip(), replace(place, field="text", hidden=True))
            self._several(kind, payload, place, depth)
        elif kind not in _SIGNATURES:
            self._one(part, kind, place)

    def _several(self, kind: str, parts: list[Any], place: Place, depth: int) -> None:
        if depth > 20:  # the library itself nests without end
            raise OverBudget
        for one in parts:
            if kind in _LINES:
                told = (f"{name}: {_header(one, name)}" for name in one.keys())  # noqa: SIM118  a mail's keys repeat
                self._text("\n".join(told), replace(place, field="text"))
            elif kind == "message/rfc822":
                with self._budget.nested():
                    self.message(one, inside.member(place, self._name(one, "message", "eml")))
            else:
                self._part(one, place, depth + 1)

    def _one(self, part: Message, kind: str, place: Place) -> None:
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            return
        named = _filename(part)
        attached = part.get_content_disposition() == "attachment" or bool(named)
        if kind in {"text/plain", "text/html", "text/enriched"} and not attached:
            self._body(data, part, kind, place)
            return
        where = inside.member(place, named or self._name(part, "attachment", ""))
        if not data.strip():
            return
        if kind in _ENVELOPES:
            signed = "signed" in str(part.get_param("smime-type") or "")
            self._unread(Why.UNKNOWN if signed else Why.ENCRYPTED, where)
        elif kind in _TNEF or (named or "").lower() == "winmail.dat":
            self._unread(Why.UNKNOWN, where)
        elif part.get("Content-ID") and kind.startswith("image/") and not like_a_page(data):
            # A logo or a drawn signature, which the body shows: only its name may say something.
            self._text(named or "", replace(where, field="file name"))
        else:
            from secshare.preflight import readers

            self._budget.spend_unpacked(len(data))
            readers.read_into(data, where, self._budget, self._content)

    def _body(self, data: bytes, part: Message, kind: str, place: Place) -> None:
        body = _decoded(data, part)
        if body is None:
            self._unread(Why.UNKNOWN, place)
        elif kind == "text/html":
            html.read_text(body, place, self._budget, self._content)
        else:
            if _PGP in body:
                self._unread(Why.ENCRYPTED, place)
            self._text(text.lines(body), replace(place, field="text"))

    def _text(self, said: str, place: Place, *, title: bool = False) -> None:
        self._budget.spend_characters(len(said))
        if said.strip():
            self._content.parts.append(Part(place, said, title))

    def _unread(self, why: Why, place: Place) -> None:
        self._content.unread.append(Unread(why, place))

    def _name(self, part: Message, stem: str, ending: str) -> str:
        self._unnamed += 1
        return _filename(part) or f"{stem}-{self._unnamed}{ending and f'.{ending}'}"


def _header(message: Message, name: str) -> str:
    """Return every header of a name, decoded as far as it goes.

    From the raw ones: the library parses each address of a list, a thousand a second, replaces
    what is in UTF-8 without saying so, and raises what it likes on hostile input.
    """
    raw = (str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    return ", ".join(map(_words, raw))


def _words(value: str) -> str:
    plain = _plain(value)
    try:
        pieces = decode_header(plain)
    except (HeaderParseError, ValueError):
        return plain
    return "".join(
        piece if isinstance(piece, str) else _charset(piece, charset) for piece, charset in pieces
    )


def _charset(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "raw-unicode-escape")
    except (LookupError, ValueError):
        return decoded(data) or ""


def _plain(value: str) -> str:
    """Return a header in which bytes that are no ASCII stand as surrogates, as text."""
    return decoded(value.encode("utf-8", "surrogateescape")) or ""


def _filename(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except Exception:
        return None
    if not name:
        return None
    return " ".join(_words(name).split()) or None


def _decoded(data: bytes, part: Message) -> str | None:
    """Return a body in the charset that it says, where that works."""
    charset = str(part.get_param("charset") or "").strip("\"'").lower()
    if charset in {"iso-8859-1", "latin1", "us-ascii", "ascii"}:
        charset = ""  # what mail programs write there is UTF-8 or Windows-1252: the bytes know
    if charset:
        try:
            return data.decode(charset)
        except (LookupError, ValueError):
            pass
    return decoded(data)
