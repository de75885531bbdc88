"""Each slip of a sheet is one person's, whole: their name, code and words, and nobody else's."""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
import unicodedata

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from secshare.errors import PracticeInvalid
from secshare.messages import Language
from secshare.model import Reference
from secshare.passphrase import draw, word_list
from secshare.roads import Handover, sheet, slip
from secshare.roads.letters import letters

PAGE = "https://cabinet-exemple.example/ouvrir"
NAMES = (
    "Jeanne Exemple",
    "Łukasz Żółć",
    "Nguyễn Thị Hồng Ẩn",
    "Ayşegül Çağlar-Şahin",
    "Ștefan Țîrlea",
    "Γιώργος Παπαδόπουλος",
    "Ещё Пример",
    "Jean-Baptiste de la Très Longue Particule " * 2,
    "W" * 100,
)


def carried(number: int = 0, **changes: object) -> Handover:
    rng = random.Random(number)
    fields: dict[str, object] = {
        "words": draw(10 + number % 3, Language.FR, randbelow=rng.randrange).reveal(),
        "reference": Reference.draw(rng.randrange),
        "public_name": "Cabinet Exemple",
        "phone": None,
        "language": Language.FR,
        "desk_language": Language.FR,
    }
    return Handover(**(fields | changes))  # type: ignore[arg-type]


def every_form() -> list[tuple[str, Handover]]:
    forms = ({}, {"page": PAGE}, {"page": PAGE, "page_in_qr": True}, {"exact": True})
    longest = "-".join(sorted(word_list(Language.FR), key=len)[-12:])
    return [
        *((name, carried(at, **forms[at % 4])) for at, name in enumerate(NAMES)),
        ("W" * 100, carried(99, words=longest, public_name="W" * 30, page=PAGE, page_in_qr=True)),
        ("i", carried(98, opens_itself=True, language=Language.EN)),
    ]


def made(people: list[tuple[str, Handover]]) -> bytes:
    written = io.BytesIO()
    sheet.write((slip.draw(*person) for person in people), written, Language.FR)
    return written.getvalue()


def places(data: bytes):
    """Yield each quarter of each page: the page, and where the quarter begins, in points."""
    document = pypdfium2.PdfDocument(data)
    for page in document:
        for at in range(sheet.SLIPS):
            row, column = divmod(at, 2)
            yield page, column * slip.WIDTH, (1 - row) * slip.HEIGHT


def shown(page, x: float, y: float, dpi: int = 200):
    """Draw one quarter."""
    right, top = page.get_width() - x - slip.WIDTH, page.get_height() - y - slip.HEIGHT
    return page.render(scale=dpi / 72, crop=(x, y, right, top)).to_pil()


def said(page, x: float, y: float) -> str:
    text = page.get_textpage().get_text_bounded(x, y, x + slip.WIDTH, y + slip.HEIGHT)
    return re.sub("[\x02\ufffe]", "-", text)  # what pdfium makes of a hyphen at the end of a line


@pytest.mark.parametrize("dpi", [150, 300])
def test_every_code_is_read_back_exactly_and_alone_on_its_slip(dpi: int) -> None:
    people = every_form()
    for (_, handed), place in zip(people, places(made(people)), strict=False):
        (code,) = zxingcpp.read_barcodes(shown(*place, dpi=dpi))
        assert code.format is zxingcpp.BarcodeFormat.QRCode
        assert code.text == handed.code


def test_each_slip_says_whose_it_is_and_nothing_of_anybody_else() -> None:
    people = every_form()
    data = made(people)
    found = [re.sub(r"\s", "", said(*place)) for place in places(data)]
    assert len(found) == 12  # on three sheets, the last place empty
    for at, (name, handed) in enumerate(people):
        assert re.sub(r"\s", "", name) in found[at]
        assert handed.words in found[at].replace("\n", "")
        for other, text in enumerate(found):
            assert (str(handed.reference) in text) == (other == at)
    assert found[-1] == ""


def test_nothing_is_drawn_near_an_edge_however_long_the_name() -> None:
    people = every_form()
    blank = 5 / 25.4  # inch: what many printers leave, and where scissors may miss
    for place in list(places(made(people)))[: len(people)]:
        picture = shown(*place, dpi=100).convert("L")
        width, height = picture.size
        near = round(blank * 100)
        line = 3  # pixels of the lines to cut along, on the very edge
        for box in (
            (line, line, near, height - line),
            (width - near, line, width - line, height - line),
            (line, line, width - line, near),
            (line, height - near, width - line, height - line),
        ):
            assert picture.crop(box).getextrema() == (255, 255)


def test_every_latin_letter_is_drawn_and_copied_back() -> None:
    every = [
        chr(code)
        for code in (*range(0x41, 0x250), *range(0x1E00, 0x1EFA))
        if unicodedata.name(chr(code), "").startswith("LATIN ")
    ]
    assert len(every) > 650
    assert letters().draws("".join(every))
    line = "".join(every[200:260])
    (text,) = (said(*place) for place in [next(places(made([(line, carried())])))])
    assert line in text.replace("\r\n", "")
    apart = unicodedata.normalize("NFD", "Nguyễn Ș")
    assert letters().glyphs(apart) == letters().glyphs("Nguyễn Ș")


def test_a_name_in_other_letters_is_said_to_be_illegible_and_its_slip_stays_whole() -> None:
    handed = carried(3)
    drawn = slip.draw("山田 太郎", handed)
    assert not drawn.legible
    assert slip.draw("Jeanne Exemple", handed).legible
    place = next(places(made([("山田 太郎", handed)])))
    assert said(*place).startswith("\ufffd\ufffd \ufffd\ufffd")
    (code,) = zxingcpp.read_barcodes(shown(*place))
    assert code.text == handed.words


def test_it_says_where_to_cut_only_where_there_is_something_to_cut() -> None:
    def dark(data: bytes) -> tuple[bool, bool, bool]:
        page = pypdfium2.PdfDocument(data)[0]
        picture = page.render(scale=1).to_pil().convert("L")
        wide, high = picture.size
        lines = {
            "upper": (wide // 2 - 2, 0, wide // 2 + 2, high // 2 - 4),
            "lower": (wide // 2 - 2, high // 2 + 4, wide // 2 + 2, high),
            "across": (0, high // 2 - 2, wide, high // 2 + 2),
        }
        return tuple(picture.crop(box).getextrema()[0] < 200 for box in lines.values())  # type: ignore[return-value]

    people = every_form()
    assert dark(made(people[:1])) == (True, False, True)
    assert dark(made(people[:4])) == (True, True, True)


def test_the_file_tells_no_more_than_the_slips_and_which_shares_it_holds() -> None:
    people = every_form()
    data = made(people)
    assert data == made(people)
    for _, handed in people:
        assert str(handed.reference).encode() in data
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert opened.docinfo == {}
        assert "/Metadata" not in opened.Root
        assert opened.Root.ViewerPreferences.PrintScaling == "/None"
        assert [float(each) for each in opened.pages[0].MediaBox] == pytest.approx(
            [0, 0, 595.28, 841.89], abs=0.01
        )
    assert "words" not in repr(slip.draw(*people[0]))


def test_a_public_name_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(PracticeInvalid):
        slip.draw("Jeanne Exemple", carried(public_name="Cabinet\nÉvil"))


def test_other_programs_read_it_and_find_nothing_wrong(tmp_path) -> None:
    from tests.tools import need

    path = tmp_path / "sheet.pdf"
    path.write_bytes(made(every_form()))
    done = subprocess.run(
        [need("pdftotext"), "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert "Nguyễn Thị Hồng Ẩn" in done.stdout


def test_drawing_a_sheet_loads_no_picture_library() -> None:
    code = (
        "import sys, secshare.roads.sheet, secshare.roads.slip;"
        "sys.exit('PIL' in sys.modules or 'pikepdf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
