"""The words of a password PDF are typed exactly, and each road says so."""

from __future__ import annotations

import email
import email.policy
import io
import random
from pathlib import Path
from typing import Any

import gsm0338  # type: ignore[import-untyped]
import pytest
import zxingcpp
from PIL import Image

from secshare import profiles
from secshare.errors import PracticeInvalid
from secshare.messages import Language, catalogue, text
from secshare.model import Reference, Road, SealFormat
from secshare.passphrase import draw, understand, word_list
from secshare.roads import Handover, mail, qr, sms, write_mail

REFERENCE = Reference.draw(random.Random(1).randrange)
NAME = f"document-{REFERENCE}.pdf"
PAGE = "https://cabinet-martin.example/ouvrir"
LONGEST = "-".join(sorted(word_list(Language.FR), key=len)[-12:])
LANGUAGES = pytest.mark.parametrize("language", list(Language))


def handover(words: str, **changes: Any) -> Handover:
    fields = {
        "words": words,
        "reference": REFERENCE,
        "public_name": "Cabinet Martin",
        "phone": "+33639980000",
        "language": Language.FR,
        "desk_language": Language.FR,
        "page": PAGE,
        "page_in_qr": True,
        "exact": True,
    } | changes
    return Handover(**fields)


def septets(written: str) -> int:
    return len(gsm0338.Codec().encode(written)[0])


@LANGUAGES
def test_the_password_is_alone_on_its_line_or_in_a_second_message(language: Language) -> None:
    rng = random.Random(2)
    counts = set()
    for width in (1, 14, 22, 30) * 20:
        words = draw(12, rng.choice(list(Language)), randbelow=rng.randrange).reveal()
        words = rng.choice((words, words, LONGEST))
        name = "W" * width
        messages = sms.exact_messages(name, REFERENCE, words, language)
        counts.add(len(messages))
        assert messages[-1].splitlines()[-1] == words
        assert messages[-1] == words or len(messages) == 1
        assert words not in messages[0].splitlines()[0]
        assert messages[0].startswith(name)
        assert str(REFERENCE) in messages[0]
        assert all(septets(message) <= profiles.SMS_SEPTETS for message in messages)
        assert all(message.isascii() for message in messages)
    assert counts == {1, 2}


@LANGUAGES
def test_the_longest_words_and_the_longest_name_take_two_messages(language: Language) -> None:
    first, second = sms.exact_messages("W" * 30, REFERENCE, LONGEST, language)
    assert second == LONGEST
    assert "SMS" in first or "message" in first
    for refused in ("", "W" * 31, "a\nb", "é"):
        with pytest.raises(PracticeInvalid):
            sms.exact_messages(refused, REFERENCE, LONGEST, language)


@pytest.mark.parametrize("desk", list(Language))
def test_the_file_of_two_messages_keeps_them_apart(desk: Language) -> None:
    carried = handover(LONGEST, public_name="W" * 30, desk_language=desk)
    first, second = carried.messages()
    sheet = carried.content(Road.SMS).decode()
    label = text("roads.sms_second", desk)
    assert sheet.split("\n") == ["+33639980000", "", first, "", f"--- {label}", LONGEST, ""]
    assert second == LONGEST


@LANGUAGES
def test_every_sheet_is_understood_again_whole(language: Language) -> None:
    rng = random.Random(3)
    for name in ("Dr A", "Cabinet Martin", "MAISON DE SANTE DU GRAND LAC") * 10:
        words = draw(12, rng.choice(list(Language)), randbelow=rng.randrange).reveal()
        number = rng.choice((None, "+33639980000", "+262692000000"))
        carried = handover(
            words, public_name=name, phone=number, language=language, desk_language=language
        )
        caption = qr.caption(name, REFERENCE, language, exact=True)
        printed = "\n".join([*caption.above, *qr.broken(words), *caption.below])
        sheets = [carried.content(road).decode() for road in (Road.SMS, Road.PHONE)]
        for pasted in (*sheets, printed):
            understood = understand(pasted)
            assert understood.candidates[-1] == words
            assert understood.reference == str(REFERENCE)
            assert understood.words == 12
            assert not (understood.corrected or understood.unread)


@LANGUAGES
def test_the_telephone_sheet_dictates_the_dashes(language: Language) -> None:
    words = draw(12).reveal()
    sheet = handover(words, desk_language=language).content(Road.PHONE).decode()
    lines = [line.strip() for line in sheet.splitlines()]
    *listed, last = words.split("-")
    for at, word in enumerate(listed, 1):
        assert f"{at}. {word} -" in lines
    assert f"12. {last}" in lines
    assert ("tiret" if language is Language.FR else "dash") in sheet
    four = catalogue("roads")["phone_short"][language]
    assert four not in sheet, "four letters are not enough for a PDF reader"
    assert max(map(len, lines)) <= 100


@LANGUAGES
def test_the_code_holds_the_password_alone_and_the_card_says_how_to_type_it(
    language: Language,
) -> None:
    words = draw(12).reveal()
    carried = handover(words, language=language)
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(carried.content(Road.QR))))
    assert code.text == carried.code == words
    caption = qr.caption("Cabinet", REFERENCE, language, page=PAGE, page_in_qr=True, exact=True)
    told = " ".join([*caption.above, *caption.below])
    assert told.isascii()
    assert ("tirets" if language is Language.FR else "dashes") in told
    assert ("Mot de passe" if language is Language.FR else "Password") in told
    assert "secshare-open" not in told
    assert "http" not in told


@LANGUAGES
def test_no_page_is_named_as_none_opens_a_pdf(language: Language) -> None:
    carried = handover(draw(12).reveal(), language=language, desk_language=language)
    for road in (Road.SMS, Road.PHONE):
        assert "http" not in carried.content(road).decode()
    for road in Road:
        assert "http" not in texts(road, language)[1]


# --- mail ---------------------------------------------------------------------------------------


def texts(road: Road | None, language: Language) -> tuple[str, str]:
    return mail.texts(
        public_name="Cabinet Martin",
        phone="01 99 00 12 34",
        reference=REFERENCE,
        road=road,
        name=NAME,
        language=language,
        page=PAGE,
        seal_format=SealFormat.PDF,
    )


@LANGUAGES
@pytest.mark.parametrize("road", list(Road))
def test_the_mail_says_password_and_what_the_format_is_worth(
    road: Road, language: Language
) -> None:
    subject, body = texts(road, language)
    assert subject == f"Document {REFERENCE} - Cabinet Martin"
    assert ("mot de passe" if language is Language.FR else "password") in body
    assert ("vos mots" if language is Language.FR else "your words") not in body
    assert "secshare-open" not in body
    assert "format age" not in body
    assert f"\n\n({text('roads.pdf_label', language)})\n\n" in body
    understood = understand(f"{subject}\n{body}")
    assert not [c for c in understood.candidates if len(c.split("-")) > 9 and " " not in c]


def test_the_label_says_what_the_doctrine_asks() -> None:
    french = "format de compatibilité : non authentifié, hors de la liste de la CNIL"
    assert text("roads.pdf_label", Language.FR) == french
    english = "compatibility: not authenticated, outside CNIL's list"
    assert text("roads.pdf_label", Language.EN) == english


def test_a_password_pdf_for_keys_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="pdf"):
        texts(None, Language.FR)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (NAME, "application/pdf"),
        (f"{NAME}.age", "application/octet-stream"),
        ("document.zip.age", "application/octet-stream"),
        ("document", "application/octet-stream"),
    ],
)
def test_a_telephone_is_told_that_a_pdf_is_one(tmp_path: Path, name: str, kind: str) -> None:
    sealed = tmp_path / name
    sealed.write_bytes(b"%PDF-1.7 sealed")
    draft = write_mail(
        tmp_path,
        sealed=sealed,
        to="jeanne@example.fr",
        public_name="Cabinet Martin",
        phone="01 99 00 12 34",
        reference=REFERENCE,
        road=Road.SMS,
        language=Language.FR,
        seal_format=SealFormat.PDF if kind.endswith("pdf") else SealFormat.AGE,
    )
    assert draft is not None
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    _, attachment = message.iter_parts()
    assert attachment.get_content_type() == kind
    assert attachment.get_filename() == name
    assert attachment.get_content() == b"%PDF-1.7 sealed"
