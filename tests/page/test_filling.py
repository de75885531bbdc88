"""Protects the page's reader: no name and no file that is filled in becomes code, or gets lost."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secshare import page
from secshare.errors import ExtraMissing
from secshare.messages import Language
from secshare.page import filling
from tests.page.pages import PRACTICE, SEALED, Seen, small_page

KEY = "age1pq1" + "q" * 1952


def practice_named(name, public_name="Cabinet Exemple", phone="01 99 00 00 01"):
    return page.PracticeOnPage(name, public_name, phone, Language.FR, KEY)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A package whose page is a small one: filling does not depend on what the page does."""
    path = tmp_path_factory.mktemp("asset") / "open.html"
    path.write_text(small_page(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "_ASSET", path)
        yield path


def written(practice, **sealed):
    sink = io.BytesIO()
    page.write(sink, practice, **sealed)
    return sink.getvalue()


# --- names ----------------------------------------------------------------------------------------


@given(st.text(), st.text(), st.text())
@example("</script><script>alert(1)</script>", "<!--", "]]>")
@example("<!-- <script>", "</SCRIPT\t>", "\u2028\u2029")
@example('"\\', "\0\r\n", "\ud800")
@example(SEALED, PRACTICE, "null</script>")
@example("é œ &lt; &amp;", "&#60;", "%3C")
def test_any_name_comes_back_and_nothing_else_changes(small, name, public_name, phone):
    plain = Seen(written(None).decode())
    filled = Seen(written(practice_named(name, public_name, phone)).decode())
    assert filled.practice == {
        "name": name,
        "publicName": public_name,
        "phone": phone,
        "language": "fr",
        "recipient": KEY,
    }
    assert filled.rest == plain.rest
    assert plain.practice is None
    assert filled.script("sealed") == plain.script("sealed")


@given(st.text())
def test_what_is_filled_in_has_no_sign_that_html_knows(small, name):
    page_text = written(practice_named(name)).decode("ascii", "replace")
    data = page_text.partition('id="practice">')[2].partition("</script>")[0]
    assert json.loads(data)["name"] == name
    assert not set(data) & set("<>&\u2028\u2029")
    assert data.isascii()


# --- a sealed file --------------------------------------------------------------------------------


class Slow(io.RawIOBase):
    """A file that takes and gives less than it is asked, as pipes and full disks do."""

    def __init__(self, data=b"", most=7):
        super().__init__()
        self.data, self.most, self.at = bytearray(data), most, 0

    def read(self, size=-1):
        size = self.most if size < 0 else min(size, self.most)
        piece = bytes(self.data[self.at : self.at + size])
        self.at += len(piece)
        return piece

    def write(self, data):
        piece = bytes(data)[: self.most]
        self.data += piece
        return len(piece)


@given(st.binary(max_size=300), st.integers(1, 11), st.integers(1, 11))
def test_a_sealed_file_comes_back_however_it_is_read_and_written(small, sealed, read, taken):
    sink = Slow(most=taken)
    page.write(sink, None, sealed=Slow(sealed, read), sealed_name="document-K7Q2-M9PX-8.pdf.age")
    seen = Seen(bytes(sink.data).decode())
    assert seen.sealed == ("document-K7Q2-M9PX-8.pdf.age", sealed)
    assert seen.rest == Seen(written(None).decode()).rest


def test_a_large_sealed_file_stands_on_one_line_padded(small):
    sealed = bytes(range(256)) * 4096 + b"."
    seen = Seen(
        written(practice_named("A"), sealed=io.BytesIO(sealed), sealed_name="a.age").decode()
    )
    assert seen.sealed == ("a.age", sealed)
    assert seen.practice["name"] == "A"
    assert "\n" not in seen.script("sealed")[1]


@pytest.mark.parametrize(
    "name", ["", 'a" onload="x', "a b.age", "é.age", "a>b", "../a", "a" * 101, "a\n"]
)
def test_a_sealed_file_has_a_plain_name(small, name):
    sink = io.BytesIO()
    with pytest.raises(ValueError, match="plain name"):
        page.write(sink, None, sealed=io.BytesIO(b"x"), sealed_name=name)
    assert not sink.getvalue()


# --- the built page -------------------------------------------------------------------------------


def test_without_the_built_page_two_lines_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(filling, "_ASSET", tmp_path / "open.html")
    assert not page.available()
    refused("webpage.not_built")


DAMAGED = {
    "the code was changed": small_page().replace("let nothing", "let mischief"),
    "the end is missing": small_page().partition("</body>")[0],
    "it has no policy": small_page(policy=""),
    "its policy names no code": small_page(policy="default-src 'none'"),
    "an older one, without the practice": small_page().replace(PRACTICE, ""),
    "an older one, without the file": small_page().replace(SEALED, ""),
    "a place stands twice": small_page().replace(SEALED, SEALED * 2),
    "already filled": small_page().replace("null", "{}"),
    "empty": "",
    "line ends were changed": small_page("a;\nb;").replace("\n", "\r\n"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_page_that_is_not_whole_is_not_given_to_anybody(tmp_path, monkeypatch, damage):
    path = tmp_path / "open.html"
    path.write_bytes(DAMAGED[damage].encode())
    monkeypatch.setattr(filling, "_ASSET", path)
    assert page.available()
    refused("webpage.damaged")


def refused(key):
    for sealed in ({}, {"sealed": io.BytesIO(b"x"), "sealed_name": "a.age"}):
        sink = io.BytesIO()
        with pytest.raises(ExtraMissing) as caught:
            page.write(sink, None, **sealed)
        assert caught.value.key == key
        assert not sink.getvalue()
        assert all(all(caught.value.explain(language)) for language in Language)
