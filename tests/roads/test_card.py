"""The card gives its identity to a camera and to whoever types, and says nothing of anybody."""

from __future__ import annotations

import io
import re
import subprocess

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from secshare.age import HybridIdentity, parse_identity
from secshare.errors import PracticeInvalid
from secshare.messages import Language, catalogue
from secshare.roads import card, qr
from tests.tools import need

IDENTITY = HybridIdentity(bytes(range(32))).reveal()
DRAWN = "K7Q2-M9PX-8"
NAMES = ("Cabinet Martin", "W" * 30, "Centre de sante du Val Fleuri", "i")


def made(
    identity: str = IDENTITY, name: str = "Cabinet Martin", language: Language = Language.FR
) -> bytes:
    return card.pdf(identity, public_name=name, drawn=DRAWN, language=language)


def pages(data: bytes):
    document = pypdfium2.PdfDocument(data)
    yield from document
    document.close()


def written(page) -> str:
    text = page.get_textpage().get_text_range()
    assert "\ufffe" not in text  # a hyphen that pdfium takes for one of its own
    return text


@pytest.mark.parametrize("dpi", [150, 300, 600])
def test_the_code_is_read_back_exactly_at_usual_resolutions(dpi: int) -> None:
    for _ in range(3):
        identity = HybridIdentity.generate().reveal()
        for page in pages(made(identity)):
            (code,) = zxingcpp.read_barcodes(page.render(scale=dpi / 72).to_pil())
            assert code.format is zxingcpp.BarcodeFormat.QRCode
            assert code.text == identity


def test_the_code_is_read_slightly_blurred_and_turned() -> None:
    from PIL import ImageFilter

    for page in pages(made()):
        image = page.render(scale=300 / 72).to_pil().convert("L")
        for seen in (
            image.filter(ImageFilter.GaussianBlur(3)),
            image.rotate(17, expand=True, fillcolor=255),
            image.resize((image.width // 3, image.height // 3)),
        ):
            assert [code.text for code in zxingcpp.read_barcodes(seen)] == [IDENTITY]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", list(Language))
def test_the_text_beside_the_code_is_the_identity(name: str, language: Language) -> None:
    for page in pages(made(name=name, language=language)):
        text = "".join(written(page).split())
        assert IDENTITY in text
        assert parse_identity(IDENTITY).recipient()
    assert card.groups(IDENTITY)[0] == "AGE-SECRET-KEY-PQ-1"
    assert all(re.fullmatch(r"([0-9A-Z]{1,4} ?){1,3}", line) for line in card.groups(IDENTITY)[1:])


def test_poppler_reads_the_same_text_with_its_accents() -> None:
    done = subprocess.run(
        [need("pdftotext"), "-", "-"], input=made(), capture_output=True, check=True
    )
    first, second, _ = done.stdout.decode().split("\f")
    assert IDENTITY in "".join(first.split())
    assert "comme une clé" in " ".join(first.split())
    assert "copie" not in first
    assert "copie" in second


def test_two_cards_the_size_of_a_credit_card() -> None:
    assert [
        tuple(round(side / 72 * 25.4, 1) for side in page.get_size()) for page in pages(made())
    ] == [(85.6, 54.0)] * 2


def test_the_modules_are_as_large_as_promised_and_their_margin_is_blank() -> None:
    assert len(qr.matrix(IDENTITY)) == 33 + 2 * qr.QUIET
    assert card.MODULE / 72 * 25.4 >= 0.8
    scale = 600 / 72
    for page in pages(made(name="W" * 30)):
        image = page.render(scale=scale).to_pil().convert("L")
        (code,) = zxingcpp.read_barcodes(image)
        left, top = code.position.top_left.x, code.position.top_left.y
        right, bottom = code.position.bottom_right.x, code.position.bottom_right.y
        module = card.MODULE * scale
        assert abs((right - left) / 33 - module) < module / 10
        quiet = qr.QUIET * module - 3  # three pixels of uncertainty
        around = (
            (left - quiet, top - quiet, left - 3, bottom + quiet),
            (right + 3, top - quiet, right + quiet, bottom + quiet),
            (left - quiet, top - quiet, right + quiet, top - 3),
            (left - quiet, bottom + 3, right + quiet, bottom + quiet),
        )
        for box in around:
            assert min(box) >= 0
            assert image.crop(tuple(map(round, box))).getextrema() == (255, 255)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", list(Language))
def test_nothing_runs_over_the_edge_or_over_another_line(name: str, language: Language) -> None:
    edge = 1.0 * 72 / 25.4
    for page in pages(made(name=name, language=language)):
        width, height = page.get_size()
        text = page.get_textpage()
        boxes = [
            text.get_charbox(at)
            for at in range(text.count_chars())
            if text.get_text_range(at, 1).strip()
        ]
        for left, bottom, right, top in boxes:
            assert edge < left < right < width - edge
            assert edge < bottom < top < height - edge
        for index, (left, bottom, right, top) in enumerate(boxes):
            for other in boxes[index + 1 :]:
                apart = (
                    other[0] >= right - 0.3
                    or other[2] <= left + 0.3
                    or other[1] >= top - 0.3
                    or other[3] <= bottom + 0.3
                )
                assert apart, (index, name)


def test_there_is_no_metadata_and_the_same_input_gives_the_same_bytes() -> None:
    data = made()
    assert made() == data
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert not opened.docinfo
        assert set(opened.Root.keys()) == {"/Lang", "/Pages", "/Type", "/ViewerPreferences"}
        assert not list(opened.attachments)
        for page in opened.pages:
            assert set(page.keys()) == {
                "/Contents",
                "/MediaBox",
                "/Parent",
                "/Resources",
                "/Type",
            }
    assert not re.search(rb"(?i)pikepdf|qpdf|producer|creat|secshare|D:20", data)


def test_only_what_was_given_and_what_the_catalogue_says_is_written() -> None:
    texts = catalogue("card")
    for language in Language:
        for page in pages(made(language=language)):
            text = " ".join(written(page).split())
            for key in ("purpose", "copy"):
                text = text.replace(str(texts[key][language]), "")
            text = text.replace(str(texts["name"][language]).format(name=DRAWN), "")
            left = text.replace("Cabinet Martin", "").replace(" ".join(card.groups(IDENTITY)), "")
            assert left.strip(" ,") == ""


def test_a_name_that_may_not_leave_the_practice_is_refused() -> None:
    for name in ("Cabinet du Chêne", "W" * 31, "", "a\nb"):
        with pytest.raises(PracticeInvalid):
            made(name=name)


def test_what_stands_on_the_card_is_in_the_fonts_that_every_reader_has() -> None:
    for key in ("purpose", "copy", "name"):
        for text in catalogue("card")[key].values():
            str(text).encode("cp1252")


def test_qpdf_finds_nothing_wrong(tmp_path) -> None:
    path = tmp_path / "card.pdf"
    path.write_bytes(made())
    subprocess.run([need("qpdf"), "--check", path], check=True, capture_output=True)
