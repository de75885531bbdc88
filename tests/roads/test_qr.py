"""The QR card is read by a machine and by a person, and both read the same words."""

from __future__ import annotations

import io
import random
import subprocess
import sys

import pytest
import zxingcpp
from PIL import Image, ImageFilter

from secshare.errors import OutputRefused, PracticeInvalid
from secshare.messages import Language, catalogue
from secshare.model import Reference
from secshare.passphrase import draw, understand, word_list
from secshare.roads import qr

REFERENCE = Reference.draw(random.Random(1).randrange)


def read(image: Image.Image) -> str:
    (code,) = zxingcpp.read_barcodes(image)
    assert code.format is zxingcpp.BarcodeFormat.QRCode  # a Micro QR code is another format
    return code.text


def card(words: str, language: Language = Language.FR, name: str = "Cabinet Martin") -> bytes:
    caption = qr.caption(name, REFERENCE, language)
    return qr.png(words, caption.above, caption.below)


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("count", [10, 12])
def test_the_card_is_read_back_exactly(count: int, language: Language) -> None:
    rng = random.Random(count)
    for _ in range(8):
        words = draw(count, language, randbelow=rng.randrange).reveal()
        assert read(opened(card(words, language))) == words
        assert understand(read(opened(card(words, language)))).candidates == (words,)


def test_the_longest_words_fit_a_card() -> None:
    for language in Language:
        longest = sorted(word_list(language), key=len)[-12:]
        assert read(opened(card("-".join(longest), language, "W" * 30))) == "-".join(longest)


def test_the_card_is_read_small_blurred_and_turned() -> None:
    words = draw(12, Language.FR, randbelow=random.Random(4).randrange).reveal()
    image = opened(card(words)).convert("L")
    small = image.resize((image.width // 3, image.height // 3), Image.Resampling.BOX)
    assert read(small) == words
    assert read(image.filter(ImageFilter.GaussianBlur(6))) == words
    assert read(image.rotate(23, expand=True, fillcolor=255)) == words


def test_the_words_stand_under_the_code_and_nothing_covers_it() -> None:
    words = draw(randbelow=random.Random(5).randrange).reveal()
    bare, whole = opened(qr.png(words)), opened(card(words))
    assert whole.height > bare.height
    side = 49 * qr.MODULE if bare.width >= 49 * qr.MODULE else 45 * qr.MODULE
    under = whole.crop((0, whole.height - (bare.height - side), whole.width, whole.height))
    assert under.getextrema()[0] == 0  # something is printed there
    (code,) = zxingcpp.read_barcodes(whole)
    top, bottom = code.position.top_left.y, code.position.bottom_left.y
    margin = whole.crop((0, bottom + 4, whole.width, bottom + qr.QUIET * qr.MODULE - 4))
    assert margin.getextrema() == (255, 255)
    above = whole.crop((0, top - qr.QUIET * qr.MODULE + 4, whole.width, top - 4))
    assert above.getextrema() == (255, 255)


def test_what_is_printed_reads_back_as_the_words() -> None:
    rng = random.Random(6)
    for language in Language:
        for _ in range(50):
            words = draw(12, language, randbelow=rng.randrange).reveal()
            caption = qr.caption("Cabinet Martin", REFERENCE, language)
            printed = "\n".join([*caption.above, *qr.broken(words), *caption.below])
            understood = understand(printed)
            assert words in understood.candidates
            assert understood.reference == str(REFERENCE)
            assert not understood.unread


def test_every_printed_line_fits_and_is_in_the_font() -> None:
    for name, entry in catalogue("roads").items():
        if name.startswith("qr_h") or name.startswith("qr_ref"):
            assert all(str(text).isascii() for text in entry.values()), name
    with pytest.raises(PracticeInvalid):
        qr.caption("Cabinet du Chêne", REFERENCE, Language.FR)
    assert all(len(line) <= 30 for line in qr.broken("age1" + "q" * 58))


def test_the_image_carries_no_metadata_and_is_always_the_same() -> None:
    words = draw().reveal()
    png = card(words)
    chunks = []
    at = 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        chunks.append(png[at + 4 : at + 8])
        at += 12 + length
    assert set(chunks) == {b"IHDR", b"IDAT", b"IEND"}
    assert opened(png).info == {}
    assert card(words) == png
    assert words.encode() not in png


@pytest.mark.parametrize("count", [10, 12])
@pytest.mark.parametrize("inverted", [False, True])
def test_the_drawing_on_a_terminal_is_read_back(count: int, inverted: bool) -> None:
    words = draw(count, randbelow=random.Random(7).randrange).reveal()
    lines = qr.terminal_lines(words)
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= 60
    halves = {" ": (0, 0), "▀": (255, 0), "▄": (0, 255), "█": (255, 255)}
    width, height = len(lines[0]), 2 * len(lines)
    image = Image.new("L", (width, height))
    for y, line in enumerate(lines):
        for x, character in enumerate(line):
            for half in (0, 1):
                light = halves[character][half]
                image.putpixel((x, 2 * y + half), 255 - light if inverted else light)
    assert read(image.resize((width * 8, height * 8), Image.Resampling.NEAREST)) == words


def test_a_recipient_key_of_age_fits_and_keeps_its_letters() -> None:
    key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    assert read(opened(qr.png(key))) == key


def test_what_no_telephone_reads_is_refused() -> None:
    for text, key in (("a" * 1959, "qr_too_long"), ("a" * 9000, "qr_too_long"), ("é", "qr_ascii")):
        for draws in (qr.png, qr.terminal_lines):
            with pytest.raises(OutputRefused) as caught:
                draws(text)
            assert caught.value.key == f"roads.{key}"
            assert text[:9] not in str(caught.value)


def test_nothing_heavy_is_imported_before_a_card_is_drawn() -> None:
    program = "import sys, secshare.roads; assert not {'PIL', 'qrcode', 'email'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
