"""A code is read from a photo or from the camera, in a real browser that has no reader of its own;
two codes are never taken for one."""

from __future__ import annotations

import base64
import io
import random
import subprocess

import pytest
import qrcode
from PIL import Image, ImageChops, ImageFilter

from tests.browser.chromium import QUIET
from tests.tools import ROOT, missing, need

SOURCES = ROOT / "secshare" / "page"
WORDS = "abaisser-bonbon-citron-docile-effacer-falaise-gagner-habitude-ignorer-jardin"
CARD = "AGE-SECRET-KEY-PQ-1" + "QPZRY9X8GF2TVDW0" * 3 + "QPZRY9X8GF"


@pytest.fixture(scope="module")
def codes(tmp_path_factory) -> str:
    """The page's own sources, as one script."""
    bundler = SOURCES / "node_modules" / "esbuild" / "bin" / "esbuild"
    if not bundler.exists():
        missing("npm ci --prefix secshare/page was not run")
    target = tmp_path_factory.mktemp("codes") / "codes.js"
    asked = ["--bundle", "--format=iife", "--global-name=codes", f"--outfile={target}"]
    done = subprocess.run(
        [need("node"), bundler, SOURCES / "src/codes/index.ts", *asked],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return target.read_text()


@pytest.fixture(scope="module")
def page(browser, codes):
    context = browser.new_context()
    made = context.new_page()
    made.add_script_tag(content=codes)
    yield made
    context.close()


def read(page, photo: bytes) -> dict:
    return page.evaluate(
        """async (text) => codes.readPhoto(
          new Blob([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))]))""",
        base64.b64encode(photo).decode(),
    )


def code(text: str, side: int) -> Image.Image:
    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=10, border=4)
    made.add_data(text)
    return made.make_image().get_image().convert("L").resize((side, side))


def jpeg(image: Image.Image, **more) -> bytes:
    sink = io.BytesIO()
    image.convert("RGB").save(sink, "JPEG", quality=75, **more)
    return sink.getvalue()


def photo(rng: random.Random, text: str) -> bytes:
    """A sheet of paper on a table, as somebody takes it: turned, blurred, in a shadow."""
    size = rng.choice([(1200, 900), (2000, 1500), (4000, 3000)])
    paper = code(text, int(rng.uniform(0.35, 0.7) * size[1]))
    paper = paper.rotate(rng.uniform(-180, 180), expand=True, fillcolor=255, resample=Image.BICUBIC)
    slope = rng.uniform(-0.2, 0.2)
    shear = (1, slope, -slope * paper.height / 2, 0, 1, 0)
    paper = paper.transform(paper.size, Image.AFFINE, shear, fillcolor=255, resample=Image.BICUBIC)
    table = Image.new("L", size, 230)
    table.paste(paper, [rng.randint(0, max(0, size[i] - paper.size[i])) for i in (0, 1)])
    shadow = Image.linear_gradient("L").resize(size).point(lambda value: 255 - value // 2)
    blurred = ImageChops.multiply(table, shadow).filter(ImageFilter.GaussianBlur(size[1] / 900))
    return jpeg(Image.blend(blurred, Image.effect_noise(size, 15), 0.06))


def test_photos_as_people_take_them_are_read(page) -> None:
    rng = random.Random(11)
    texts = [WORDS, CARD, "https://practice.example/open#" + WORDS]
    asked = [rng.choice(texts) for _ in range(20)]
    got = [read(page, photo(rng, text)) for text in asked]
    assert not [one for one in got if len(one["found"]) > 1]
    wrong = [one for one, text in zip(got, asked, strict=True) if one["found"] not in ([], [text])]
    assert not wrong
    assert sum(one["found"] == [text] for one, text in zip(got, asked, strict=True)) >= 18


def test_two_codes_in_a_picture_are_both_told(page) -> None:
    both = Image.new("L", (1600, 900), 255)
    both.paste(code(WORDS, 500), (80, 100))
    both.paste(code("another text", 500), (950, 250))
    assert sorted(read(page, jpeg(both))["found"]) == sorted([WORDS, "another text"])


def test_the_same_code_twice_is_one_text(page) -> None:
    both = Image.new("L", (1600, 900), 255)
    for left in (80, 950):
        both.paste(code(WORDS, 500), (left, 150))
    assert read(page, jpeg(both))["found"] == [WORDS]


def test_a_photo_turned_by_its_camera_and_a_screenshot_are_read(page) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    assert read(page, jpeg(code(WORDS, 700), exif=turned))["found"] == [WORDS]
    screen = Image.new("RGBA", (900, 1600), (0, 0, 0, 0))
    screen.paste(code(WORDS, 420).convert("RGBA"), (200, 600))
    sink = io.BytesIO()
    screen.save(sink, "PNG")
    assert read(page, sink.getvalue())["found"] == [WORDS]


def test_a_picture_without_a_code_and_no_picture_at_all_are_told_apart(page) -> None:
    nothing = jpeg(Image.effect_noise((1500, 1000), 60))
    assert read(page, nothing) == {"found": [], "readable": True}
    heic = b"\0\0\0\x18ftypheic" + bytes(500)
    for file in (b"", b"no picture", heic):
        assert read(page, file) == {"found": [], "readable": False}


def test_the_page_has_its_turn_while_a_large_photo_is_looked_at(page) -> None:
    sink = io.BytesIO()
    Image.new("RGB", (4000, 3000), "white").save(sink, "PNG")
    page.evaluate(
        """() => {
          window.turns = 0;
          const turn = () => { window.turns += 1; window.timer = setTimeout(turn, 0); };
          turn();
        }"""
    )
    own = "String(globalThis.scheduler?.yield)"
    before = page.evaluate(own)
    assert read(page, sink.getvalue()) == {"found": [], "readable": True}
    assert page.evaluate("clearTimeout(window.timer), window.turns") > 40
    assert page.evaluate(own) == before


WATCH = """async () => {
  const video = document.createElement("video");
  document.body.append(video);
  const stop = new AbortController();
  const texts = [];
  const limit = setTimeout(() => stop.abort(), 15000);
  await codes.watchCamera(video, (text) => { texts.push(text); stop.abort(); }, stop.signal);
  clearTimeout(limit);
  return { texts, left: video.srcObject };
}"""
REFUSED = """async () => {
  const nobody = new AbortController();
  try {
    await codes.watchCamera(document.createElement("video"), () => {}, nobody.signal);
  } catch (error) {
    return [error instanceof codes.CameraFailure, error.trouble];
  }
  return null;
}"""


def test_the_camera_reads_a_code_and_is_off_afterwards(browser, codes, tmp_path) -> None:
    frame = Image.new("L", (1280, 720), 200)
    frame.paste(code(WORDS, 500), (390, 110))
    (tmp_path / "camera.mjpeg").write_bytes(jpeg(frame) * 3)
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'camera.mjpeg'}",
    ]
    blank = tmp_path / "blank.html"
    blank.write_text("<!doctype html><title>camera</title>")
    with_camera = browser.browser_type.launch(
        executable_path=need("chromium"), args=[*QUIET, *camera]
    )
    try:
        page = with_camera.new_page()
        page.goto(blank.as_uri())
        page.add_script_tag(content=codes)
        assert page.evaluate("codes.hasCamera()")
        assert page.evaluate(WATCH) == {"texts": [WORDS], "left": None}
    finally:
        with_camera.close()


def test_without_a_camera_or_without_leave_it_says_which(browser, codes, tmp_path) -> None:
    blank = tmp_path / "blank.html"
    blank.write_text("<!doctype html><title>no camera</title>")
    context = browser.new_context(permissions=[])
    try:
        page = context.new_page()
        page.goto(blank.as_uri())
        page.add_script_tag(content=codes)
        kind, trouble = page.evaluate(REFUSED)
        assert kind is True
        assert trouble in {"absent", "refused"}
    finally:
        context.close()
