"""Protects what is delivered by hand: the page holds the sealed file, and nothing in clear."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import zipfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from secshare import age, files, passphrase, profiles, sealing
from secshare.errors import (
    ExtraMissing,
    InputUnreadable,
    RecipientDataInvalid,
    WorkRefused,
)
from secshare.messages import Language
from secshare.model import Reference, Road, SealedToKeys, SealedToWords, SealFormat
from secshare.page import PracticeOnPage, filling
from tests.page.pages import Seen, small_page
from tests.tools import ROOT, need

NAME = "document-K7Q2-M9PX-8.pdf.age"
CLEAR = b"%PDF-1.7\n" + b"temoin de texte clair, compte rendu de Jeanne Exemple\n" * 3000
PRACTICE = PracticeOnPage("Cabinet médical", "Cabinet", "01 99 00 00 01", Language.FR, "age1pq1q")


@pytest.fixture
def small(tmp_path, monkeypatch):
    path = tmp_path / "asset.html"
    path.write_text(small_page(), "utf-8")
    monkeypatch.setattr(filling, "_ASSET", path)


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "Compte rendu de Jeanne.PDF"
    path.write_bytes(CLEAR)
    return path


def words():
    return SealedToWords(passphrase.draw(10, Language.FR), Road.SMS)


def sealed(secret, *documents, sink=None, **options):
    """The page of these documents, as text."""
    sink = io.BytesIO() if sink is None else sink
    with ExitStack() as held:
        sources = [held.enter_context(files.open_source(path)) for path in documents]
        sealing.seal_html(sources, sink, secret, PRACTICE, NAME, **options)
    return sink.getvalue().decode()


def opened(page, identity):
    name, inner = Seen(page).sealed
    assert name == NAME
    sink = io.BytesIO()
    age.decrypt(io.BytesIO(inner), sink, [identity])
    return sink.getvalue()


# --- what is inside -------------------------------------------------------------------------------


def test_the_words_open_what_stands_in_the_page(small, document):
    secret = words()
    told = []
    page = sealed(secret, document, progress=lambda done, total: told.append((done, total)))
    assert opened(page, age.ScryptIdentity(secret.passphrase.reveal())) == CLEAR
    assert told[-1] == (len(CLEAR), len(CLEAR))
    assert Seen(page).practice["recipient"] == "age1pq1q"


@pytest.mark.parametrize("kind", [age.X25519Identity, age.HybridIdentity])
def test_a_card_opens_what_stands_in_the_page(small, document, kind):
    identity = kind.generate()
    page = sealed(SealedToKeys((str(identity.recipient()),)), document)
    assert opened(page, identity) == CLEAR


def test_several_documents_are_one_archive_in_the_page(small, document, tmp_path):
    other = tmp_path / "radio.png"
    other.write_bytes(b"\x89PNG")
    secret = words()
    page = sealed(secret, document, other)
    clear = opened(page, age.ScryptIdentity(secret.passphrase.reveal()))
    archive = zipfile.ZipFile(io.BytesIO(clear))
    assert archive.comment == b"secshare documents"
    assert {name: archive.read(name) for name in archive.namelist()} == {
        "Compte rendu de Jeanne.PDF": CLEAR,
        "radio.png": b"\x89PNG",
    }


def test_the_age_program_opens_what_stands_in_the_page(small, document, tmp_path):
    program = need("age")
    identity = age.X25519Identity.generate()
    (tmp_path / "key.txt").write_text(identity.reveal() + "\n")
    page = sealed(SealedToKeys((str(identity.recipient()),)), document)
    done = subprocess.run(
        [program, "-d", "-i", tmp_path / "key.txt"],
        input=Seen(page).sealed[1],
        capture_output=True,
        check=True,
    )
    assert done.stdout == CLEAR


def test_nothing_of_the_documents_and_no_word_stands_in_the_page(small, document):
    secret = words()
    page = sealed(secret, document).casefold()
    apart = page.replace(Seen(page).script("sealed")[1], "")
    assert len(apart) < 2000
    for told in (*secret.passphrase.words, secret.passphrase.reveal(), "jeanne", "compte", "rendu"):
        assert told not in apart
    for shift in range(3):  # base64 of the same text reads three ways
        encoded = base64.b64encode(b"x" * shift + b"compte rendu de Jeanne Exemple")[4:-4]
        assert encoded.decode().casefold() not in page


def test_the_name_of_the_page_says_no_more_than_the_reference():
    reference = Reference.parse("K7Q2-M9PX-8")
    name = sealing.sealed_name(reference, ["Jeanne Exemple.pdf"], SealFormat.HTML)
    assert name == "document-K7Q2-M9PX-8.html"


def test_the_real_page_takes_a_sealed_file(document, page_file):
    secret = words()
    page = sealed(secret, document)
    assert opened(page, age.ScryptIdentity(secret.passphrase.reveal())) == CLEAR
    assert Seen(page).rest == Seen(page_file.read_text("utf-8")).rest


@pytest.mark.parametrize("kind", ["words", "card"])
def test_a_browser_opens_what_stands_in_the_page(
    visits,
    page_file,
    tmp_path,
    kind,
):
    text = tmp_path / "bilan.txt"
    text.write_text("Le témoin que la page doit montrer.\n" * 4000, "utf-8")
    identity, secret = age.HybridIdentity.generate(), words()
    if kind == "card":
        secret = SealedToKeys((str(identity.recipient()),))
    target = tmp_path / "document.html"
    target.write_text(sealed(secret, text), "utf-8")
    # The words come with the address, as from a code; a card is typed. Either opens by itself.
    fragment = f"#{secret.passphrase.reveal()}" if kind == "words" else ""
    with visits(target, fragment=fragment) as visit:
        if kind == "card":
            visit.page.click("#card-type")
            visit.page.fill("#card", identity.reveal())
        visit.page.get_by_text("Le témoin que la page doit montrer.").first.wait_for()
        assert not visit.requests
        assert not visit.complaints


# --- what is refused ------------------------------------------------------------------------------


def test_without_the_built_page_nothing_is_sealed(tmp_path, monkeypatch, document):
    monkeypatch.setattr(filling, "_ASSET", tmp_path / "open.html")
    told = []
    with pytest.raises(ExtraMissing):
        sealed(words(), document, progress=lambda *_: told.append(1))
    assert not told


def test_a_file_too_large_for_a_page_is_refused_before_it_is_sealed(small, tmp_path):
    large = tmp_path / "film.avi"
    with large.open("wb") as file:
        file.truncate(profiles.HTML_BYTES + 1)
    sink = io.BytesIO()
    with pytest.raises(WorkRefused) as caught:
        sealed(words(), large, sink=sink)
    assert not sink.getvalue()
    assert caught.value.fields == {"most": 50}
    for language in Language:
        assert "--format age" in caught.value.explain(language)[1]


@pytest.mark.parametrize(("over", "taken"), [(0, True), (1, False)])
def test_the_limit_counts_what_is_sealed_to_the_byte(small, document, monkeypatch, over, taken):
    identity = age.X25519Identity.generate()
    secret = SealedToKeys((str(identity.recipient()),))
    size = len(Seen(sealed(secret, document)).sealed[1])
    assert size > len(CLEAR)
    monkeypatch.setattr(profiles, "HTML_BYTES", size - over)
    if taken:
        assert opened(sealed(secret, document), identity) == CLEAR
    else:
        with pytest.raises(WorkRefused):
            sealed(secret, document)


@pytest.mark.parametrize("kind", ["ssh", "plugin"])
def test_a_key_that_no_browser_can_use_is_refused(small, document, kind, tmp_path):
    if kind == "ssh":
        keygen = need("ssh-keygen")
        made = tmp_path / "id"
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", made], check=True)
        key = made.with_suffix(".pub").read_text().strip()
    else:
        from secshare.age import bech32

        key = bech32.encode("age1yubikey", bytes(33))
    sink = io.BytesIO()
    with pytest.raises(RecipientDataInvalid) as caught:
        sealed(SealedToKeys((key,)), document, sink=sink)
    assert caught.value.key == "sealing.html_key"
    assert not sink.getvalue()


def test_a_document_that_changes_meanwhile_leaves_no_page(small, document, tmp_path):
    target = tmp_path / "out" / "document.html"
    target.parent.mkdir()

    def write_to_it(done, total):
        document.write_bytes(CLEAR[:-1] + b"!")

    with (
        pytest.raises(InputUnreadable),
        files.publish(target) as sink,
        files.open_source(document) as source,
    ):
        sealing.seal_html([source], sink, words(), PRACTICE, NAME, progress=write_to_it)
    assert not list(target.parent.iterdir())


PROGRAM = """
import sys
from pathlib import Path
from secshare import files, passphrase, sealing
from secshare.messages import Language
from secshare.model import Road, SealedToWords
from secshare.page import filling

document, asset, target = map(Path, sys.argv[1:])
filling._ASSET = asset
secret = SealedToWords(passphrase.draw(10, Language.FR), Road.SMS)
with files.open_source(document) as source, files.publish(target) as sink:
    sealing.seal_html([source], sink, secret, None, "document.age")
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


LIMITED = """
import resource, sys
from pathlib import Path
from secshare import files, passphrase, sealing
from secshare.errors import OutputRefused
from secshare.messages import Language
from secshare.model import Road, SealedToWords
from secshare.page import filling

document, asset, target = map(Path, sys.argv[1:4])
filling._ASSET = asset
secret = SealedToWords(passphrase.draw(10, Language.FR), Road.SMS)
most = int(sys.argv[4])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    with files.open_source(document) as source, files.publish(target) as sink:
        sealing.seal_html([source], sink, secret, None, "document.age")
except OutputRefused:
    print(list(target.parent.iterdir()))
"""


@pytest.mark.parametrize("most", [100, 5000], ids=["in the page", "in the sealed file"])
def test_a_disk_that_takes_no_more_leaves_no_page(tmp_path, document, most):
    pytest.importorskip("resource", reason="limits of a process are POSIX")
    asset, target = tmp_path / "asset.html", tmp_path / "out" / "page.html"
    asset.write_text(small_page(), "utf-8")
    target.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, (document, asset, target, most))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to read memory from")
def test_a_page_takes_no_more_memory_for_a_large_file(tmp_path):
    document, asset, target = (tmp_path / name for name in ("large", "asset.html", "page.html"))
    asset.write_text(small_page(), "utf-8")
    with document.open("wb") as file:
        file.truncate(profiles.HTML_BYTES - (1 << 20))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, (document, asset, target))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 64 << 10  # KiB
    assert target.stat().st_size > profiles.HTML_BYTES
