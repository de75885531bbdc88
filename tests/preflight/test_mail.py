"""Protects whoever forwards a mail: its head, its bodies and all that hangs on it are read."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.model import Place
from secshare.preflight import readers
from secshare.preflight.content import Content, Why
from secshare.preflight.readers.budget import Budget
from secshare.preflight.readers.mail import read
from tests.preflight.office_files import docx, p


def mail(body: str = "Bonjour\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Dr Noël Exemple <noel@example.org>"
    message["To"] = "Lou Martin <lou@example.org>"
    message["Subject"] = "Résultats de Lou"
    message.set_content(body)
    return message


def texts(content, **wanted):
    return [
        part.text
        for part in content.parts
        if all(getattr(part.place, name) == value for name, value in wanted.items())
    ]


def test_the_head_is_read_with_its_accents():
    content = readers.read("a.eml", mail().as_bytes())
    (head,) = texts(content, field="header")
    assert "From: Dr Noël Exemple <noel@example.org>" in head
    assert "To: Lou Martin <lou@example.org>" in head
    (subject,) = [part for part in content.parts if part.title]
    assert subject.text == "Résultats de Lou"


def test_a_head_in_bare_utf_8_keeps_its_accents():
    raw = "From: Noël <noel@example.org>\nSubject: Bilan d'Hélène\n\nx".encode()
    (head,) = texts(readers.read("a.eml", raw), field="header")
    assert head == "From: Noël <noel@example.org>\nSubject: Bilan d'Hélène"


@pytest.mark.parametrize(
    "disposition",
    [
        "attachment; filename*=utf-8''Zo%C3%A9.txt",
        'attachment; filename="=?utf-8?q?Zo=C3=A9.txt?="',
        'attachment; filename="Zoé.txt"',
    ],
)
def test_the_name_of_an_attachment_is_read_however_it_is_written(disposition):
    raw = f"From: a@example.org\nSubject: x\nContent-Disposition: {disposition}\n\nLou\n".encode()
    content = readers.read("a.eml", raw)
    assert texts(content, member="Zoé.txt", field=None) == ["Lou\n"]


def test_both_bodies_are_read():
    message = mail("Voici vos résultats.\n")
    message.add_alternative("<p>Voici <i>autre</i> chose.</p>", subtype="html")
    content = readers.read("a.eml", message.as_bytes())
    assert [text.strip() for text in texts(content, field="text")] == [
        "Voici vos résultats.",
        "Voici autre chose.",
    ]


def test_a_body_in_the_wrong_charset_is_still_read():
    head = b"From: a@example.org\nSubject: x\nContent-Type: text/plain; charset=us-ascii\n\n"
    content = readers.read("a.eml", head + "Hélène".encode("cp1252"))
    assert texts(content, field="text") == ["Hélène"]


def test_an_attachment_is_read_under_its_name():
    message = mail()
    letter = docx(p("Compte rendu de Zoé ZORBLAX"))
    message.add_attachment(
        letter, maintype="application", subtype="octet-stream", filename="Zoé.docx"
    )
    content = readers.read("a.eml", message.as_bytes())
    assert texts(content, member="Zoé.docx", field="text") == ["Compte rendu de Zoé ZORBLAX"]
    assert not content.unread


def test_a_mail_in_a_mail_is_read():
    message = mail()
    message.add_attachment(mail("dedans\n"))
    content = readers.read("a.eml", message.as_bytes())
    assert texts(content, member="message-1.eml", field="text") == ["dedans\n"]


def test_mails_in_mails_end_somewhere():
    message = mail("au fond\n")
    for _ in range(profiles.PREFLIGHT_DEPTH + 3):
        outer = mail()
        outer.add_attachment(message)
        message = outer
    content = readers.read("a.eml", message.as_bytes())
    assert [unread.why for unread in content.unread] == [Why.TOO_LARGE]
    assert texts(content, field="text")


def test_what_no_reader_opens_is_told():
    cases = {
        ("application", "ms-tnef", "winmail.dat"): Why.UNKNOWN,
        ("application", "pkcs7-mime", "smime.p7m"): Why.ENCRYPTED,
        ("image", "jpeg", "photo.jpg"): Why.SCAN,
    }
    for (main, sub, name), why in cases.items():
        message = mail()
        message.add_attachment(b"\xff\xd8\xff\xe0", maintype=main, subtype=sub, filename=name)
        content = readers.read("a.eml", message.as_bytes())
        assert [(unread.why, unread.place.member) for unread in content.unread] == [(why, name)]


def test_an_encrypted_body_is_told():
    raw = (
        b"From: a@example.org\nSubject: x\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/encrypted; boundary=b\n\n--b\n\nVersion: 1\n--b--\n"
    )
    assert [unread.why for unread in readers.read("a.eml", raw).unread] == [Why.ENCRYPTED]
    content = readers.read("a.eml", mail("-----BEGIN PGP MESSAGE-----\n").as_bytes())
    assert [unread.why for unread in content.unread] == [Why.ENCRYPTED]


def test_a_signature_stops_nothing():
    raw = (
        b"From: a@example.org\nSubject: x\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/signed; boundary=b\n\n--b\n\nLou\n--b\n"
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\n\nMIAGCSqG\n--b--\n"
    )
    content = readers.read("a.eml", raw)
    assert not content.unread
    assert texts(content, field="text") == ["Lou"]


def test_a_logo_in_the_body_stops_nothing():
    message = mail()
    message.add_related(
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x40\x00\x00\x00\x40",
        maintype="image",
        subtype="png",
        cid="<logo@example.org>",
    )
    assert not readers.read("a.eml", message.as_bytes()).unread


def test_what_stands_around_the_parts_is_read_and_hidden():
    raw = (
        b"From: a@example.org\nSubject: x\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/mixed; boundary=b\n\nZORBLAX avant\n--b\n\nLou\n--b--\n"
    )
    content = readers.read("a.eml", raw)
    assert [part.text for part in content.parts if part.place.hidden] == ["ZORBLAX avant"]


HEAD = "From: a@example.org\nSubject: x\n"


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(
        st.sampled_from(
            [
                "Content-Type: multipart/mixed; boundary=b",
                "Content-Type: message/rfc822",
                "Content-Type: text/html; charset=utf-7",
                "Content-Type: ;;;",
                "Content-Type: text/plain; charset*=''",
                "Content-Disposition: attachment; filename*0*=x''%zz",
                "Content-Transfer-Encoding: base64",
                "Content-Transfer-Encoding: uuencode",
                "To: =?utf-8?b?////?= <x, ,;@",
                "From: =?",
                "",
                "--b",
                "--b--",
                "begin 644 x",
            ]
        )
        | st.text(max_size=20),
        max_size=25,
    )
)
def test_no_mail_raises(lines):
    content = Content()
    read((HEAD + "\n".join(lines)).encode(), Place("a.eml"), Budget(), content)
    assert any("a@example.org" in part.text for part in content.parts)
    assert Why.CRASHED not in {unread.why for unread in content.unread}


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("folded", [False, True])
def test_a_header_of_endless_parameters_is_not_taken_apart(end, folded, monkeypatch):
    monkeypatch.setattr("secshare.preflight.readers.mail.message_from_bytes", pytest.fail)
    fold = end + b" " if folded else b" "
    many = b"".join(b";%sfilename*%d=a" % (fold, number) for number in range(2_000))
    head = [b"From: lou@example.org", b"Subject: x", b"Content-Type: text/plain" + many]
    content = readers.read("a.eml", end.join([*head, b"", b"Bonjour Lou Martin"]))
    assert [unread.why for unread in content.unread] == [Why.BROKEN]
    assert any("Lou Martin" in text for text in texts(content))
