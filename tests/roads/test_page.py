"""Every road names the practice's page, and nobody takes its address for words."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import gsm0338  # type: ignore[import-untyped]
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from secshare import profiles
from secshare.errors import PracticeInvalid
from secshare.messages import Language, catalogue
from secshare.model import Reference, Road, SealFormat
from secshare.passphrase import draw, understand, word_list
from secshare.practice import Settings
from secshare.roads import Handover, mail, qr, sms, write_mail
from secshare.roads.lines import checked_page
from secshare.roads.steps import steps

REFERENCE = Reference.draw(random.Random(1).randrange)
NAME = f"document-{REFERENCE}.pdf.age"
PAGE = "https://cabinet-martin.example/ouvrir"
LONGEST = "https://maison-de-sante-du-grand-lac.example/ouvrir/fichiers"
LANGUAGES = pytest.mark.parametrize("language", list(Language))


def longest(count: int = 12, language: Language = Language.FR) -> str:
    return "-".join(sorted(word_list(language), key=len)[-count:])


def handover(words: str, **changes: Any) -> Handover:
    fields = {
        "words": words,
        "reference": REFERENCE,
        "public_name": "Cabinet Martin",
        "phone": "+33639980000",
        "language": Language.FR,
        "desk_language": Language.FR,
        "page": PAGE,
    } | changes
    return Handover(**fields)


def made_of_words(rng: random.Random) -> str:
    """Return the worst address there can be: a host and folders that are words of the list."""
    words = word_list(rng.choice(list(Language)))
    address = "https://" + rng.choice(words)
    while len(longer := address + rng.choice("--./") + rng.choice(words)) <= 56:
        address = longer
    host, _, rest = address[8:].partition("/")
    return f"https://{host}.fr" + (f"/{rest}" if rest else "")


# --- the address itself -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        *("", "cabinet.example", "http://cabinet.example", "HTTPS://cabinet.example", "https://"),
        *("https://cabinet", "https://cabinet.example/a b", "https://cabinet.example\n"),
        *("https://é.example", "ftp://cabinet.example", "https://cabinet.example\x1b[2J"),
        *("https://cabinet.example/é", "https://cabinet.example/?a=b", "https://a.example#a"),
        *("https://cabinet.example@evil.example", "https://evil.example:443", "https://.example"),
        *("https://a.example/<b>", 'https://a.example/"', "https://a.example/a`b", " " + PAGE),
        *("https://cabinet.example.", "https://cabinet..example", PAGE + " ", PAGE + "."),
        *(PAGE + "\u2028", "https://" + "a" * 60 + ".fr"),
    ],
)
def test_what_is_no_plain_https_address_leaves_by_no_road(tmp_path: Path, address: str) -> None:
    words = draw().reveal()
    for road in Road:
        with pytest.raises(PracticeInvalid) as caught:
            handover(words, page=address or "x", page_in_qr=True).write(tmp_path, road)
        assert caught.value.key == "roads.page"
    sealed = tmp_path / NAME
    sealed.write_bytes(b"sealed")
    for road_or_keys in (Road.SMS, None):
        with pytest.raises(PracticeInvalid):
            write_mail(
                tmp_path,
                sealed=sealed,
                to="jeanne@example.fr",
                public_name="Cabinet Martin",
                phone="01 99 00 12 34",
                reference=REFERENCE,
                road=road_or_keys,
                language=Language.FR,
                page=address,
            )
    assert list(tmp_path.iterdir()) == [sealed]


@pytest.mark.parametrize(
    "address",
    [
        *("https://cabinet.example", "https://cabinet.example/", PAGE, LONGEST),
        *("https://www.Sante-Lac.fr/Dr_A/ouvrir.html", "https://xn--cabinet-t-j7ab.example/a/b/"),
    ],
)
def test_an_address_that_the_settings_take_leaves_by_every_road(address: str) -> None:
    taken = Settings(name="C", public_name="C", phone="01 99 00 12 34", page=address).page
    assert taken is not None
    assert checked_page(taken) == address
    for road in Road:
        assert handover(draw().reveal(), page=address, page_in_qr=True).content(road)


# --- SMS ----------------------------------------------------------------------------------------


@LANGUAGES
def test_the_first_wording_that_fits_is_taken_and_never_two_parts(language: Language) -> None:
    taken = []
    for width in range(1, 31):
        written = sms.message("W" * width, REFERENCE, draw().reveal(), language, page=PAGE)
        assert len(gsm0338.Codec().encode(written)[0]) <= profiles.SMS_SEPTETS
        wordings = ("sms_page_long", "sms_page_short", "sms_long", "sms_short")
        for order, wording in enumerate(wordings):
            start = catalogue("roads")[wording][language]
            assert isinstance(start, str)
            fields = {"public_name": "W" * width, "reference": REFERENCE, "page": PAGE}
            if written.startswith(start.split("{words}", maxsplit=1)[0].format(**fields)):
                taken.append(order)
                break
    assert set(taken) >= {0, 1}
    assert len(taken) == 30


@LANGUAGES
def test_the_words_come_before_the_address_when_both_do_not_fit(language: Language) -> None:
    for count, name in ((10, "Cabinet Martin"), (12, "W" * 30)):
        words = longest(count)
        written = sms.message(name, REFERENCE, words, language, page=LONGEST)
        assert written == sms.message(name, REFERENCE, words, language)
        assert LONGEST not in written


@LANGUAGES
def test_the_words_end_the_message_and_nothing_sticks_to_the_address(language: Language) -> None:
    rng = random.Random(3)
    named = 0
    for count in (10, 11, 12) * 30:
        words = draw(count, rng.choice(list(Language)), randbelow=rng.randrange).reveal()
        name = rng.choice(("Dr A", "Cabinet Martin", "MAISON DE SANTE"))
        page = rng.choice((PAGE, LONGEST, "https://dr-a.example/"))
        written = sms.message(name, REFERENCE, words, language, page=page)
        assert written.endswith(f" {words}")
        assert written.isascii()
        assert written.isprintable()
        assert page not in written or f" {page} " in written
        named += page in written
        understood = understand(written)
        assert understood.candidates[-1] == words
        assert understood.reference == str(REFERENCE)
        assert not (understood.corrected or understood.unread)
    assert named > 30


# --- every road ---------------------------------------------------------------------------------


@LANGUAGES
def test_an_address_made_of_words_is_not_taken_for_them(language: Language) -> None:
    rng = random.Random(4)
    for count in (10, 11, 12) * 12:
        words = draw(count, rng.choice(list(Language)), randbelow=rng.randrange).reveal()
        page = made_of_words(rng)
        carried = handover(words, page=page, language=language, desk_language=language)
        inside = rng.random() < 0.5
        caption = qr.caption("Cabinet Martin", REFERENCE, language, page=page, page_in_qr=inside)
        printed = "\n".join([*caption.above, *qr.broken(words), *caption.below])
        scanned = qr.payload(words, page)
        sheets = [carried.content(road).decode() for road in (Road.SMS, Road.PHONE)]
        for text in (*sheets, *carried.messages(), printed, scanned):
            understood = understand(text)
            assert understood.candidates[-1] == words
            assert sum(" " not in read and "/" not in read for read in understood.candidates) == 1
            assert not (understood.corrected or understood.unread)


@LANGUAGES
@pytest.mark.parametrize("road", [*Road, None])
def test_a_mail_that_names_the_page_is_taken_for_no_phrase(
    language: Language, road: Road | None
) -> None:
    for page in (PAGE, LONGEST, "https://dr-a.example/"):
        subject, body = texts(road, language, page=page)
        understood = understand(f"{subject}\n{body}")
        assert understood.reference == str(REFERENCE)
        assert not [c for c in understood.candidates if len(c.split("-")) > 9 and " " not in c]


# --- QR -----------------------------------------------------------------------------------------


def scanned(png: bytes) -> str:
    image = Image.open(io.BytesIO(png)).convert("L")
    small = image.resize((image.width // 3, image.height // 3), Image.Resampling.BOX)
    texts = set()
    for seen in (image, small, image.filter(ImageFilter.GaussianBlur(5))):
        (code,) = zxingcpp.read_barcodes(seen)
        assert code.format is zxingcpp.BarcodeFormat.QRCode
        texts.add(code.text)
    (text,) = texts
    return text


@LANGUAGES
@pytest.mark.parametrize("page", [PAGE, LONGEST])
def test_a_code_opens_the_page_with_the_words_by_explicit_setting_only(
    language: Language, page: str
) -> None:
    assert len(LONGEST) == profiles.PAGE_CHARACTERS
    for words in (draw(10, language, randbelow=random.Random(6).randrange).reveal(), longest()):
        plain = handover(words, language=language, page=page)
        assert plain.code == scanned(plain.content(Road.QR)) == words
        opening = handover(words, language=language, page=page, page_in_qr=True)
        assert opening.code == scanned(opening.content(Road.QR)) == f"{page}#{words}"
        assert words in understand(opening.code).candidates
        assert "".join(qr.broken(words)) == words


def test_without_a_page_a_code_holds_the_words_whatever_the_setting_says() -> None:
    words = draw().reveal()
    carried = handover(words, page=None, page_in_qr=True)
    assert carried.code == words
    assert carried.content(Road.QR) == handover(words, page=None).content(Road.QR)


def test_only_the_words_are_printed_under_the_code() -> None:
    words = draw(randbelow=random.Random(6).randrange).reveal()
    caption = qr.caption("Cabinet Martin", REFERENCE, Language.FR, page=PAGE, page_in_qr=True)
    png = qr.png(words, caption.above, caption.below, code=qr.payload(words, PAGE))
    assert png == handover(words, page_in_qr=True).content(Road.QR)
    another = qr.payload(words, PAGE[:-1] + "i")
    other_png = qr.png(words, caption.above, caption.below, code=another)
    image, other = (Image.open(io.BytesIO(data)) for data in (png, other_png))
    assert image.size == other.size
    (code,) = zxingcpp.read_barcodes(image)
    under = code.position.bottom_left.y + qr.QUIET * qr.MODULE - 4
    below = (0, under, *image.size)
    assert image.crop(below).tobytes() == other.crop(below).tobytes()


@LANGUAGES
@pytest.mark.parametrize("exact", [False, True])
def test_what_stands_around_the_words_is_no_phrase_itself(language: Language, exact: bool) -> None:
    told: list[dict[str, Any]] = [{"exact": exact, "opens_itself": True}]
    for page in (PAGE, LONGEST, "https://dr-a.example/"):
        told += [{"page": page, "page_in_qr": inside, "exact": exact} for inside in (False, True)]
    for changes in told:
        caption = qr.caption("Cabinet Martin", REFERENCE, language, **changes)
        read = understand("\n".join([*caption.above, *caption.below]))
        assert not [c for c in read.candidates if len(c.split("-")) > 9 and " " not in c]


@LANGUAGES
def test_the_card_says_where_to_go_and_that_the_code_opens_it(language: Language) -> None:
    def below(**changes: Any) -> str:
        return "\n".join(qr.caption("Cabinet", REFERENCE, language, **changes).below)

    told = {
        "plain": below(),
        "page": below(page=PAGE),
        "in code": below(page=PAGE, page_in_qr=True),
        "inside": below(opens_itself=True),
    }
    assert len(set(told.values())) == 4
    assert {name for name, text in told.items() if "secshare-open" in text} == {"plain"}
    assert {name for name, text in told.items() if PAGE in text.splitlines()} == {"page", "in code"}
    assert all(text.isascii() and max(map(len, text.splitlines())) <= 60 for text in told.values())


# --- mail ---------------------------------------------------------------------------------------


def texts(road: Road | None, language: Language, **changes: Any) -> tuple[str, str]:
    fields = {
        "public_name": "Cabinet Martin",
        "phone": "01 99 00 12 34",
        "reference": REFERENCE,
        "name": NAME,
        "page": PAGE,
    } | changes
    return mail.texts(road=road, language=language, **fields)


@LANGUAGES
@pytest.mark.parametrize("road", [*Road, None])
def test_the_way_without_installing_comes_before_the_programs(
    road: Road | None, language: Language
) -> None:
    subject, body = texts(road, language)
    assert PAGE not in subject
    assert body.count(PAGE) == 1
    assert PAGE in [line.rsplit(" ", 1)[-1] for line in body.splitlines()], "ends its line"
    assert body.index(NAME) < body.index(PAGE) < body.index("secshare-open")
    assert body.count("http") == 1
    no_link = {Language.FR: "aucun lien", Language.EN: "no link"}[language]
    assert no_link not in body
    assert no_link in texts(road, language, page=None)[1]
    assert {"carte", "card"} & set(body.replace(",", " ").split()) == (
        {"carte" if language is Language.FR else "card"} if road is None else set()
    )


def test_the_mail_to_somebody_with_words_reads_as_a_patient_reads_it() -> None:
    assert texts(Road.SMS, Language.FR)[1].split("\n\n")[2].splitlines() == [
        "Pour l'ouvrir :",
        f"1. Enregistrez la pièce jointe : {NAME}",
        f"2. Allez sur notre page : {PAGE}",
        "3. Choisissez-y le fichier, puis tapez ou collez vos mots.",
        "Il n'y a rien à installer. Le document reste sur votre appareil.",
        "Sur un ordinateur, secshare-open l'ouvre aussi, "
        "comme tout programme qui lit le format age.",
    ]


def how(road: Road | None, language: Language = Language.FR, **changes: Any) -> list[str]:
    return texts(road, language, **changes)[1].split("\n\n")[2].splitlines()[1:]


def test_the_mail_to_somebody_with_a_paper_says_to_scan_it() -> None:
    assert how(Road.QR)[2] == (
        "3. Choisissez-y le fichier, puis scannez le code de votre papier, ou tapez ses mots."
    )
    for road in (Road.SMS, Road.PHONE):
        assert "scannez" not in texts(road, Language.FR)[1]
    assert "scannez" not in texts(Road.QR, Language.FR, page=None)[1]


def test_the_mail_to_somebody_with_a_card_asks_for_no_command() -> None:
    assert how(None, card=True) == [
        f"1. Enregistrez la pièce jointe : {NAME}",
        f"2. Allez sur notre page : {PAGE}",
        "3. Choisissez-y le fichier, puis montrez votre carte.",
        "Il n'y a rien à installer. Le document reste sur votre appareil.",
    ]
    assert how(None, card=True, page=None)[1:] == [
        "2. Ouvrez-la avec secshare-open, qui est gratuit.",
        "3. Quand il demande votre carte, donnez-lui une photo du code qui y est imprimé.",
    ]
    for language in Language:
        for page in (PAGE, None):
            _, body = texts(None, language, card=True, page=page)
            assert " -i " not in body
            assert not {"clé", "key", "age", "IDENTITE", "IDENTITY"} & set(body.split())
            words = {
                Language.FR: "Vous n'avez pas besoin de mots.",
                Language.EN: "You need no words.",
            }
            assert words[language] in body
            assert (PAGE in body) is (page is not None)


def test_a_key_is_no_third_step_after_a_card() -> None:
    lines = how(None)
    assert [line[:2] for line in lines] == ["1.", "2.", "  ", "Av", "  "]
    assert lines[3].startswith("Avec une clé, ")


@LANGUAGES
@pytest.mark.parametrize("road", [*Road, None])
def test_a_patient_reads_one_word_for_what_protects_the_document(
    road: Road | None, language: Language
) -> None:
    for changes in ({}, {"page": None}, {"card": True}):
        _, body = texts(road, language, **changes)
        assert ("protégé" if language is Language.FR else "protected") in body
        assert "scell" not in body
        assert "sealed" not in body


def test_no_mail_carries_a_page_with_the_document_inside() -> None:
    for road in (Road.SMS, None):
        with pytest.raises(ValueError, match="html"):
            steps(
                road=road,
                name=NAME,
                language=Language.FR,
                page=PAGE,
                seal_format=SealFormat.HTML,
            )


# --- telephone ----------------------------------------------------------------------------------


@LANGUAGES
def test_the_address_is_read_after_the_words(language: Language) -> None:
    words = draw().reveal()
    sheet = handover(words, desk_language=language).content(Road.PHONE).decode()
    bare = handover(words, desk_language=language, page=None).content(Road.PHONE).decode()
    last = f"10. {words.rsplit('-', maxsplit=1)[-1]}\n"
    assert sheet.index(last) < sheet.index(PAGE)
    blocks = [block for block in sheet.split("\n\n") if PAGE not in block]
    assert blocks == bare.split("\n\n")


@LANGUAGES
def test_a_document_that_opens_itself_is_recognised_without_a_mail(language: Language) -> None:
    words = draw().reveal()
    for inside in (False, True):
        carried = handover(words, desk_language=language, opens_itself=inside)
        sheet = carried.content(Road.PHONE).decode()
        assert ("e-mail" in sheet) is not inside
        assert understand(sheet).candidates[-1] == words


def test_a_document_that_opens_itself_names_no_page() -> None:
    carried = handover(draw().reveal(), opens_itself=True, page_in_qr=True)
    assert carried.code == carried.words
    for road in (Road.SMS, Road.PHONE):
        assert PAGE not in carried.content(road).decode()
