"""Protects `--qr`: the one code of a picture, and two clear lines about any other picture."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from secshare.errors import ExitCode
from secshare.opener.photo import is_picture
from secshare.roads import qr
from tests.opener.hostile import PICTURES
from tests.opener.kit import PDF, PHRASE, WORDS, Done, environ, names, run, seal
from tests.opener.weigh import weigh

NAME, CLEAR = "a.pdf.age", "a.pdf"
MOST = 100  # MiB


def code(text: str = PHRASE, *around: str) -> Image.Image:
    return Image.open(io.BytesIO(qr.png(text, around)))


def side_by_side(*pictures: Image.Image) -> Image.Image:
    whole = Image.new(
        "L", (sum(p.width for p in pictures) + 200, max(p.height for p in pictures)), 255
    )
    left = 0
    for picture in pictures:
        whole.paste(picture, (left, 0))
        left += picture.width + 200
    return whole


def read(folder: Path, picture: Image.Image | bytes, name: str = "photo.png") -> Done:
    """Open a sealed file with a picture."""
    if not (folder / NAME).exists():
        seal(folder / NAME, PDF)
    if isinstance(picture, bytes):
        (folder / name).write_bytes(picture)
    else:
        picture.save(folder / name)
    done = run(folder, NAME, "--qr", name, "--force")
    assert not set(WORDS) & set((done.out + done.err).replace("-", " ").split())
    return done


def opened(folder: Path, picture: Image.Image | bytes, name: str = "photo.png") -> None:
    done = read(folder, picture, name)
    assert done.status == 0, done
    assert (folder / CLEAR).read_bytes() == PDF
    (folder / CLEAR).unlink()


def refused(
    folder: Path, status: ExitCode, picture: Image.Image | bytes, name: str = "photo.png"
) -> str:
    done = read(folder, picture, name)
    assert done.status == status, done
    assert len(done.lines) == 2, done.err
    assert names(folder) == sorted([NAME, name])
    return done.lines[0]


def test_the_code_of_our_sheet_opens_as_a_picture_of_any_kind(tmp_path: Path) -> None:
    sheet = code(PHRASE, "Cabinet Modele")
    opened(tmp_path, sheet)
    opened(tmp_path, sheet.convert("RGB"), "photo.jpg")
    opened(tmp_path, sheet.convert("P"))
    opened(tmp_path, sheet.convert("RGB").convert("CMYK"), "cmyk.jpeg")
    clear = Image.new("RGBA", sheet.size, (0, 0, 0, 0))  # black and transparent
    clear.paste((0, 0, 0, 255), mask=ImageOps.invert(sheet.convert("L")))
    opened(tmp_path, clear)
    opened(
        tmp_path,
        clear.getchannel("A")
        .point(lambda v: 255 - v)
        .convert("I")
        .point(lambda v: v * 257)
        .convert("I;16"),
    )
    opened(tmp_path, ImageOps.invert(sheet.convert("L")))  # light on dark, as on a terminal


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_read_however_the_telephone_was_held(tmp_path: Path, orientation: int) -> None:
    turned = {3: 180, 6: 90, 8: 270}.get(orientation, 0)
    picture = code().convert("RGB").rotate(turned, expand=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    opened(tmp_path, written.getvalue(), "photo.jpg")


def test_a_small_code_in_a_large_photo_is_read(tmp_path: Path) -> None:
    picture = Image.new("RGB", (4000, 3000), "white")
    picture.paste(code().convert("RGB").resize((330, 440)), (2900, 1900))
    opened(tmp_path, picture, "photo.jpg")
    opened(tmp_path, picture.crop((800, 900, 4000, 3000)))


def test_a_photo_that_holds_other_pictures_behind_it_is_read(tmp_path: Path) -> None:
    sheet, thumbnail = code().convert("RGB"), Image.new("RGB", (300, 300), "blue")
    written = io.BytesIO()
    sheet.save(written, "MPO", save_all=True, append_images=[thumbnail])
    assert written.getvalue().startswith(b"\xff\xd8\xff")
    opened(tmp_path, written.getvalue(), "photo.jpg")


def test_the_words_come_alone_or_behind_the_address_of_a_page(tmp_path: Path) -> None:
    opened(tmp_path, code(f"https://cabinet.example/o#{PHRASE}"))
    for other in ("https://cabinet.example/o", "https://cabinet.example/o#", "WIFI:T:WPA;S:a;;"):
        assert "belongs to something else" in refused(
            tmp_path, ExitCode.INPUT_UNREADABLE, code(other)
        )
    assert "do not open" in refused(
        tmp_path, ExitCode.PASSPHRASE_WRONG, code("-".join(WORDS[::-1]))
    )


def test_two_codes_are_one_too_many_whatever_they_hold(tmp_path: Path) -> None:
    for other in (code(), code("https://example.org"), code("x").resize((250, 300))):
        assert "There are several QR codes" in refused(
            tmp_path, ExitCode.INPUT_UNREADABLE, side_by_side(code(), other)
        )
    three = side_by_side(code(), code("a"), code("b"))
    assert "There are several" in refused(tmp_path, ExitCode.INPUT_UNREADABLE, three)


def test_without_a_code_it_says_how_to_take_a_better_photo(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for picture in (Image.new("RGB", (900, 900), "white"), code().crop((0, 0, 400, 400))):
        done = read(tmp_path / "x", picture)
        assert done.status == ExitCode.INPUT_UNREADABLE
        assert "No QR code" in done.lines[0]
        assert "in full light" in done.lines[1]


@pytest.mark.parametrize(
    "head",
    [
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0\0\0\x1cftypmif1\0\0\0\0mif1heixmiaf",
        b"\0\0\0\x18ftyphevc\0\0\0\0hevc",
        b"\0\0\0\x18ftypavif\0\0\0\0avifmif1",
    ],
)
def test_a_photo_of_an_iphone_is_told_by_its_name_and_not_as_damage(
    tmp_path: Path, head: bytes
) -> None:
    said = refused(tmp_path, ExitCode.INPUT_UNREADABLE, head + bytes(5000), "IMG_0001.HEIC")
    assert "HEIC" in said
    assert is_picture(head)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 x", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"hello", b"\0\0\0\x18ftypmp42"]
)
def test_what_is_not_a_photo_is_said(tmp_path: Path, content: bytes) -> None:
    assert "not a JPEG or PNG" in refused(
        tmp_path, ExitCode.INPUT_UNREADABLE, content + bytes(80), "thing"
    )


def test_no_file_an_empty_one_and_a_folder_are_said(tmp_path: Path) -> None:
    assert "empty" in refused(tmp_path, ExitCode.INPUT_UNREADABLE, b"")
    for name in ("missing.jpg", "."):
        done = run(tmp_path, NAME, "--qr", name)
        assert done.status == ExitCode.INPUT_UNREADABLE
        assert len(done.lines) == 2


@pytest.mark.parametrize("which", PICTURES)
def test_a_hostile_picture_is_two_lines_and_little_memory(tmp_path: Path, which: str) -> None:
    seal(tmp_path / NAME, PDF)
    (tmp_path / "photo").write_bytes(PICTURES[which]())
    weighed = weigh(tmp_path, NAME, "--qr", "photo")
    assert weighed.done.status in {ExitCode.INPUT_UNREADABLE, ExitCode.WORK_REFUSED}, weighed.done
    assert len(weighed.done.lines) == 2, weighed.done.err
    assert weighed.mebibytes < MOST
    assert names(tmp_path) == [NAME, "photo"]


@pytest.mark.parametrize("absent", ["PIL", "zxingcpp"])
def test_without_the_extra_it_says_what_to_install(tmp_path: Path, absent: str) -> None:
    seal(tmp_path / NAME, PDF)
    code().save(tmp_path / "photo.png")
    program = (
        f"import sys\nsys.modules[{absent!r}] = None\n"
        "from secshare.opener import main\nsys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, NAME, "--qr", "photo.png"],
        cwd=tmp_path,
        env=environ(),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == ExitCode.EXTRA_MISSING
    assert "secshare[photo]" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_words_come_from_one_place_only(tmp_path: Path) -> None:
    for other in (["--passphrase-file", "x"], ["--passphrase-fd", "0"]):
        done = run(tmp_path, NAME, "--qr", "photo.png", *other)
        assert done.status == 2
        assert "from one place" in done.lines[0]
