"""`python -m tests.bench.page`: the page in a real Chromium, as fast and as small as it promises.

    words to document   from Enter, after the words, to the document in the page: 200 kB, factor 14
    longest freeze      the longest time the page could not answer, in the same rounds
    a large file        renderer memory at its highest, above the empty page, and seconds: 200 MB
    refusals            seconds and memory to refuse 2^21, a ZIP bomb, a header of a gigabyte

Files and words are invented. Memory is the renderer's own (VmHWM, reset before each round).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import zlib
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from playwright.sync_api import sync_playwright

from secshare.age import ScryptRecipient, encrypt
from secshare.files.archive import layout
from secshare.messages import Language
from secshare.passphrase import draw
from tests.browser.chromium import PAGE, QUIET
from tests.tools import need

MIB = 1 << 20

# From Enter to the document, and the longest gap between two frames, on the page's own clock.
WATCH = """() => {
  window.round = { began: 0, shown: 0, frozen: 0 };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") window.round.began = performance.now();
  }, true);
  const shown = document.getElementById("result");
  new MutationObserver(() => {
    if (!shown.hidden && !window.round.shown && window.round.began)
      window.round.shown = performance.now();
  }).observe(shown, { attributes: true });
  const ticks = new MessageChannel();
  let last = 0;
  ticks.port1.onmessage = () => {
    const now = performance.now();
    if (last && window.round.began && !window.round.shown)
      window.round.frozen = Math.max(window.round.frozen, now - last);
    last = now;
    setTimeout(() => ticks.port2.postMessage(0), 1);
  };
  ticks.port2.postMessage(0);
}"""


def main() -> None:
    options = argparse.ArgumentParser(
        prog="python -m tests.bench.page",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--repeats", type=int, default=9)
    options.add_argument("--large", type=int, default=200, help="megabytes of the large file")
    options.add_argument("--folder", type=Path, default=Path("/dev/shm"), help="for the files")
    given = options.parse_args()
    folder = given.folder / f"secshare-bench-{os.getpid()}"
    folder.mkdir()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=need("chromium"), args=list(QUIET))
            small(browser, folder, given.repeats)
            large(browser, folder, given.large)
            refusals(browser, folder)
            browser.close()
    finally:
        for left in folder.iterdir():
            left.unlink()
        folder.rmdir()


def small(browser, folder: Path, repeats: int) -> None:
    """200 kB, ten words typed, Enter."""
    sealed, words = seal(folder / "document-K7Q2-M9PX-8.pdf.age", b"%PDF-1.7\n" + bytes(200_000))
    rounds = []
    for _ in range(repeats):
        with at_page(browser) as page:
            page.evaluate(WATCH)
            page.set_input_files("#file", sealed)
            page.fill("#words", words)
            page.press("#words", "Enter")
            page.wait_for_selector("#result:not([hidden])")
            rounds.append(page.evaluate("window.round"))
    taken = [one["shown"] - one["began"] for one in rounds]
    frozen = [one["frozen"] for one in rounds]
    print(f"words to document, 200 kB  median {statistics.median(taken):6.0f} ms", end="")
    print(f"  (most {max(taken):.0f})   aim 500")
    print(f"longest freeze             median {statistics.median(frozen):6.0f} ms", end="")
    print(f"  (most {max(frozen):.0f})   aim 50")


def large(browser, folder: Path, megabytes: int) -> None:
    """A large document, beside the empty page in the same renderer."""
    content = b"%PDF-1.7\n" + os.urandom(1_000_000) * megabytes
    sealed, words = seal(folder / "document-K7Q2-M9PX-8.pdf.age", content)
    with at_page(browser) as page:
        page.evaluate(WATCH)
        memory = Memory(page)
        page.set_input_files("#file", sealed)
        page.fill("#words", words)
        page.press("#words", "Enter")
        page.wait_for_selector("#result:not([hidden])", timeout=120_000)
        round_ = page.evaluate("window.round")
        seconds, frozen = (round_["shown"] - round_["began"]) / 1000, round_["frozen"]
        used = memory.above()
    print(f"{megabytes} MB: {seconds:.1f} s, longest freeze {frozen:.0f} ms")
    print(f"  renderer {used:.0f} MiB above the empty page ({memory.empty:.0f})   aim 256")


def refusals(browser, folder: Path) -> None:
    """What must be refused within a second and 100 MiB."""
    for name, sealed, words in hostile(folder):
        with at_page(browser) as page:
            memory = Memory(page)
            began = time.perf_counter()
            page.set_input_files("#file", sealed)
            if words:
                page.fill("#words", words)
                page.press("#words", "Enter")
            page.wait_for_selector("[role=alert]:visible", timeout=60_000)
            seconds = time.perf_counter() - began
            said, used = page.text_content("[role=alert]:visible").strip(), memory.above()
        print(f"refused: {name:22} {seconds:5.2f} s  {used:4.0f} MiB   {said[:70]}")


def hostile(folder: Path):
    """Give a name, a file and its words for each."""
    heavy = folder / "lourd.age"
    heavy.write_bytes(
        b"age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 21\n"
        b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
        b"--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" + bytes(64)
    )
    yield "work factor 2^21", heavy, ""
    header = folder / "entete.age"
    with header.open("wb") as sink:
        sink.write(b"age-encryption.org/v1\n-> X25519 ")
        line = b"A" * (1 << 20)
        for _ in range(1024):
            sink.write(line)
    yield "header of a gigabyte", header, ""
    header.unlink()
    sealed, words = seal(folder / "document-K7Q2-M9PX-8.zip.age", bomb())
    yield "ZIP bomb", sealed, words


def bomb() -> bytes:
    """Return an archive with our comment whose one document unpacks to 4 GiB and more."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(64 * MIB)) + packer.flush()
    name, claimed = b"compte-rendu.pdf", 0xFFFFFFF0
    local = layout.LOCAL.pack(
        layout.LOCAL_MARK, 20, 0, layout.DEFLATED, 0, 0, 0, len(packed), claimed, len(name), 0
    )
    central = layout.CENTRAL.pack(
        layout.CENTRAL_MARK, 20, 20, 0, layout.DEFLATED, 0, 0, 0, len(packed), claimed, len(name),
        0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    before = len(local) + len(name) + len(packed)
    end = layout.END.pack(
        layout.END_MARK, 0, 0, 1, 1, len(central) + len(name), before, len(layout.COMMENT)
    )
    return local + name + packed + central + name + end + layout.COMMENT


def seal(path: Path, content: bytes) -> tuple[Path, str]:
    """Seal to drawn words; return the file and them."""
    drawn = draw(10, Language.FR)
    with path.open("wb") as sink:
        encrypt(BytesIO(content), sink, [ScryptRecipient(drawn)])
    return path, drawn.reveal()


@contextmanager
def at_page(browser):
    """Open the page in a new profile."""
    profile = browser.new_context(locale="fr-FR")
    try:
        page = profile.new_page()
        page.goto(PAGE.as_uri())
        page.wait_for_timeout(300)
        yield page
    finally:
        profile.close()


class Memory:
    """The memory of the renderers of a browser, from now on."""

    def __init__(self, page) -> None:
        session = page.context.browser.new_browser_cdp_session()
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
        numbers = [one["id"] for one in found if one["type"] == "renderer"]
        self._before = {number: _mebibytes(number, "VmRSS") for number in numbers}
        self.empty = max(self._before.values())
        for number in numbers:
            Path(f"/proc/{number}/clear_refs").write_text("5")  # VmHWM begins anew

    def above(self) -> float:
        """Return the most that one of them used since then above what it used then, in MiB."""
        living = [number for number in self._before if Path(f"/proc/{number}").exists()]
        return max(_mebibytes(number, "VmHWM") - self._before[number] for number in living)


def _mebibytes(number: int, line: str) -> float:
    rows = Path(f"/proc/{number}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith(f"{line}:")) / 1024


if __name__ == "__main__":
    sys.exit(main())
