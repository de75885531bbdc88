"""The draft carries the sealed file to one address, and can hold no secret."""

from __future__ import annotations

import email
import email.policy
import inspect
import io
import os
import random
import time
import tracemalloc
from typing import Any

import pytest

from secshare.errors import OutputRefused, PracticeInvalid, RecipientDataInvalid
from secshare.messages import Language, catalogue
from secshare.model import Passphrase, Reference, Road
from secshare.passphrase import understand
from secshare.roads import mail, write_mail

REFERENCE = Reference.draw(random.Random(1).randrange)
NAME = f"document-{REFERENCE}.pdf.age"
LANGUAGES = pytest.mark.parametrize("language", list(Language))
ROADS = pytest.mark.parametrize("road", [*Road, None])


def draft(content: bytes = b"sealed", **changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "to": "jeanne@example.fr",
        "subject": "Document",
        "body": "Bonjour\n",
        "attachment": io.BytesIO(content),
        "attachment_name": NAME,
    }
    sink = io.BytesIO()
    mail.write_draft(sink, **(fields | changes))
    return sink.getvalue()


def parsed(eml: bytes) -> email.message.EmailMessage:
    message = email.message_from_bytes(eml, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    for part in message.walk():
        assert not part.defects
        assert not any(header.defects for header in part.values() if hasattr(header, "defects"))
    return message


def texts(road: Road | None, language: Language, **changes: str) -> tuple[str, str]:
    fields = {"public_name": "Cabinet Martin", "phone": "01 99 00 12 34"} | changes
    return mail.texts(reference=REFERENCE, road=road, name=NAME, language=language, **fields)


@LANGUAGES
@ROADS
@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 57 * 1024, 57 * 1024 + 1, 300_001])
def test_it_reads_back_as_it_was_written(size: int, road: Road | None, language: Language) -> None:
    content = random.Random(size).randbytes(size)
    subject, body = texts(road, language)
    message = parsed(draft(content, subject=subject, body=body))
    text, attachment = message.iter_parts()
    assert message["Subject"] == subject
    assert text.get_content().replace("\r\n", "\n").rstrip("\n") == body.rstrip("\n")
    assert text.get_content_type() == "text/plain"
    assert attachment.get_filename() == NAME
    assert attachment.get_content_disposition() == "attachment"
    assert attachment.get_content() == content


def test_it_has_these_headers_and_no_other() -> None:
    message = parsed(draft())
    assert message.items() == [
        ("X-Unsent", "1"),
        ("To", "jeanne@example.fr"),
        ("Subject", "Document"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/mixed; boundary="=_secshare"'),
    ]


def test_every_line_is_short_and_ends_as_mail_wants() -> None:
    subject, body = texts(Road.SMS, Language.FR)
    eml = draft(os.urandom(200_000), subject=subject, body=body)
    assert b"\n" not in eml.replace(b"\r\n", b"")
    assert b"\r" not in eml.replace(b"\r\n", b"")
    assert max(map(len, eml.split(b"\r\n"))) <= 78
    assert eml.isascii()


def test_a_body_may_hold_anything() -> None:
    body = "--=_secshare\n.\n\nFrom moi = toi  \n" + "é" * 300 + "\n--=_secshare--\nfin"
    text, attachment = parsed(draft(body=body)).iter_parts()
    assert text.get_content().replace("\r\n", "\n").rstrip("\n") == body
    assert attachment.get_content() == b"sealed"


class Dripping(io.RawIOBase):
    """A source that gives a few bytes at a time, and a sink that takes a few."""

    def __init__(self, content: bytes = b"") -> None:
        self.content, self.taken = content, b""

    def read(self, size: int = -1) -> bytes:
        given, self.content = self.content[: min(13, size)], self.content[min(13, size) :]
        return given

    def write(self, data: Any) -> int:
        self.taken += bytes(data[:1000])
        return min(len(data), 1000)


def test_short_reads_and_short_writes_lose_nothing() -> None:
    content = os.urandom(5000)
    sink = Dripping()
    mail.write_draft(
        sink,  # type: ignore[arg-type]
        to="a@b.fr",
        subject="s",
        body="b",
        attachment=Dripping(content),  # type: ignore[arg-type]
        attachment_name=NAME,
    )
    assert parsed(sink.taken).get_payload()[1].get_content() == content  # type: ignore[index,union-attr]


class Endless(io.RawIOBase):
    """So many bytes, made as they are read, or thrown away as they are written."""

    def __init__(self, size: int = 0) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        given = min(size, self.left)
        self.left -= given
        return bytes(given)

    def write(self, data: Any) -> int:
        return len(data)


def test_memory_does_not_grow_with_the_attachment() -> None:
    tracemalloc.start()
    try:
        mail.write_draft(
            Endless(),  # type: ignore[arg-type]
            to="a@b.fr",
            subject="s",
            body="b",
            attachment=Endless(18_000_000),  # type: ignore[arg-type]
            attachment_name=NAME,
        )
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_the_largest_mail_is_written_in_a_moment() -> None:
    started = time.monotonic()
    draft(bytes(18_000_000))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "address",
    [
        "jeanne@example.fr\r\nBcc: x@evil.example",
        "jeanne@example.fr\nBcc: x@evil.example",
        "jeanne@example.fr\n",
        "jeanne@example.fr, x@evil.example",
        "jeanne@example.fr;x@evil.example",
        "Jeanne <jeanne@example.fr>",
        "<jeanne@example.fr>",
        '"jeanne x"@example.fr',
        "jeanne(x)@example.fr",
        "jeanne@[127.0.0.1]",
        "jeanne@localhost",
        "jeanne@@example.fr",
        "jean@x@example.fr",
        "jean..ne@example.fr",
        ".jeanne@example.fr",
        "jeanne@-example.fr",
        "jeanne@example..fr",
        "jeanne",
        "@example.fr",
        "jeanne@",
        "",
        " jeanne@example.fr",
        "jeanne@exam\u202eple.fr",
        "jeanne@example.fr\x00",
        "jérôme@example.fr",
        "jeanne@straße.example",
        "jeanne@" + "a" * 250 + ".fr",
        "j" * 250 + "@example.fr",
        "jeanne@\udcff.fr",
    ],
)
def test_an_address_that_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(RecipientDataInvalid) as caught:
        draft(to=address)
    assert caught.value.key == "roads.address"
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("o'brien+lab@example.fr", "o'brien+lab@example.fr"),
        ("Jeanne@Example.FR", "Jeanne@Example.FR"),
        ("jeanne@clinique-été.example", "jeanne@xn--clinique-t-j7ab.example"),
        ("jeanne@xn--clinique-t-j7ab.example", "jeanne@xn--clinique-t-j7ab.example"),
        ("jeanne@e\u0301te\u0301.example", "jeanne@xn--t-9fab.example"),
        ("jeanne@ÉTÉ.example", "jeanne@xn--t-9fab.example"),
    ],
)
def test_a_plain_address_is_written_bare(address: str, written: str) -> None:
    assert parsed(draft(to=address))["To"] == written
    assert f"To: {written}\r\n".encode() in draft(to=address)


@pytest.mark.parametrize("subject", ["a\r\nBcc: x@y.example", "a\nb", "", "é", "a\x00", "\u2028"])
def test_a_subject_of_two_lines_is_refused(subject: str) -> None:
    with pytest.raises(OutputRefused):
        draft(subject=subject)


@pytest.mark.parametrize(
    "name",
    ['a".age', "a\r\nX: y", "../a.age", "a b.age", "", ".age", "é.age", "-o.age", "a/b", "a\n"],
)
def test_a_file_name_that_is_not_plain_is_refused(name: str) -> None:
    with pytest.raises(OutputRefused):
        draft(attachment_name=name)


@pytest.mark.parametrize(
    "name", ["Cabinet\r\nBcc: x@y.example", "Cabinet\n", "Chêne", "", "W" * 31]
)
def test_a_public_name_that_is_not_one_plain_line_is_refused(name: str) -> None:
    with pytest.raises(PracticeInvalid):
        texts(Road.SMS, Language.FR, public_name=name)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+33199000001", "01 99 00 00 01"),
        ("01 99 00 12 34", "01 99 00 12 34"),
        ("+262262000000", "+262262000000"),
        ("+3219900000", "+3219900000"),
    ],
)
def test_the_practices_telephone_is_shown_as_people_write_it(phone: str, shown: str) -> None:
    for language in Language:
        body = texts(Road.SMS, language, phone=phone)[1]
        assert f": {shown}\n" in body
        assert shown == phone or phone not in body


@pytest.mark.parametrize("phone", ["01 99 00 12 34\n", "http://evil.example", "", "abc"])
def test_a_telephone_that_is_not_a_number_is_refused(phone: str) -> None:
    with pytest.raises(PracticeInvalid):
        texts(Road.SMS, Language.FR, phone=phone)


@LANGUAGES
@ROADS
def test_the_texts_pair_the_roads_and_name_nobody(road: Road | None, language: Language) -> None:
    subject, body = texts(road, language)
    assert subject == f"Document {REFERENCE} - Cabinet Martin"
    assert str(REFERENCE) in body
    assert NAME in body
    assert "01 99 00 12 34" in body
    assert "secshare-open" in body
    assert "http" not in body
    assert ("age -d -i" in body) == (road is None)
    others = {"SMS", "papier", "paper", "téléphone", "telephone"}
    named = {word for word in others if f" {word} " in body.replace(":", " ").replace(".", " ")}
    expected = {
        Road.SMS: {"SMS"},
        Road.QR: {"papier", "paper"},
        Road.PHONE: {"téléphone", "telephone"},
        None: set(),
    }
    assert named <= expected[road]
    assert bool(named) == (road is not None)


@LANGUAGES
@ROADS
def test_a_mail_pasted_where_words_are_asked_gives_no_phrase(
    road: Road | None, language: Language
) -> None:
    understood = understand("\n".join(texts(road, language)))
    assert understood.reference == str(REFERENCE)
    assert not [c for c in understood.candidates if len(c.split("-")) > 9 and " " not in c]


def test_nothing_that_writes_the_mail_can_be_given_a_secret() -> None:
    for function in (write_mail, mail.write_draft, mail.texts):
        for parameter in inspect.signature(function).parameters.values():
            assert not {"words", "secret", "passphrase"} & set(parameter.name.split("_"))
            assert Passphrase.__name__ not in str(parameter.annotation)
            assert "Secret" not in str(parameter.annotation)


def test_no_text_of_the_mail_has_a_place_for_words() -> None:
    for name, entry in catalogue("roads").items():
        if name.startswith(("mail_", "txt_")):
            assert all("{words}" not in str(text) for text in entry.values())
