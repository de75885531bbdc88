"""Protects from pages that hold more than they show: what is hidden is read, and said to be."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare.preflight import readers
from secshare.preflight.content import Why

SEEN = {
    "a paragraph": "<p>%s</p>",
    "a cell": "<table><tr><td>%s</table>",
    "an alternative text": "<img alt='%s'>",
    "a value": "<input value='%s'>",
    "a tooltip": "<abbr title='%s'>x</abbr>",
    "a mail link": "<a href='mailto:%s?subject=x'>x</a>",
    "a telephone link": "<a href='tel:%s'>x</a>",
    "after an element that was never closed": "<div><span>x</div>%s",
}
HIDDEN = {
    "a comment": "<!-- %s -->",
    "a script": "<script>var patient = {'nom': '%s'}</script>",
    "a style": "<style>p::after { content: '%s' }</style>",
    "an element that is not displayed": "<div style='color:red; DISPLAY : none'><b>%s</b></div>",
    "an element marked hidden": "<p hidden>%s</p>",
    "a hidden field": "<input type=hidden name=nom value='%s'>",
    "a template": "<template><p>%s</p></template>",
    "a meta": "<meta name=author content='%s'>",
}
WORD = "ZORBLAX"


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


@pytest.mark.parametrize("place", sorted(SEEN))
def test_what_a_page_shows_is_read_in(place):
    content = readers.read("a.html", page(SEEN[place] % WORD))
    assert any(WORD in part.text and not part.place.hidden for part in content.parts)


@pytest.mark.parametrize("place", sorted(HIDDEN))
def test_what_a_page_hides_is_read_in(place):
    content = readers.read("a.html", page(HIDDEN[place] % WORD + "<p>x</p>"))
    assert [part.place.hidden for part in content.parts if WORD in part.text] == [True]


def test_digits_in_a_link_and_in_data_are_read():
    body = "<a href='/dossier?id=0639980001'>x</a><p data-tel='06 39 98 00 02'>y</p>"
    (hidden,) = [part for part in readers.read("a.html", page(body)).parts if part.place.hidden]
    assert "0639980001" in hidden.text
    assert "tel : 06 39 98 00 02" in hidden.text


def test_blocks_are_lines_cells_stand_apart_and_words_stay_whole():
    body = (
        "<p>Bon<b>jour</b>\n  Lou</p><table><tr><td>Nom<td>MARTIN<tr><td>Né le<td>x</table>fin<br>z"
    )
    (part,) = readers.read("a.html", page(body)).parts
    assert part.text == "Bonjour Lou\nNom\tMARTIN\nNé le\tx\nfin\nz"


def test_the_title_is_one():
    content = readers.read(
        "a.html", b"<html><head><title>Bilan &eacute;tudi&eacute;</title></head>"
    )
    (part,) = content.parts
    assert (part.text, part.title, part.place.field) == ("Bilan étudié", True, "title")


@pytest.mark.parametrize("said", ["windows-1252", "iso-8859-1", "nonsense"])
def test_a_page_is_read_in_the_encoding_it_says(said):
    head = f"<html><head><meta charset={said}></head>".encode()
    content = readers.read("a.html", head + "<p>Hélène €</p>".encode("cp1252"))
    assert content.parts[0].text == "Hélène €"


def test_a_document_inside_is_read():
    inner = base64.b64encode(b"<dossier><nom>MARTIN</nom></dossier>").decode()
    body = f"<a href='data:application/xml;base64,{inner}'>x</a>"
    content = readers.read("a.html", page(body))
    assert [part.text for part in content.parts if part.place.member == "document-1"] == [
        "Nom : MARTIN"
    ]


def test_a_logo_stops_nothing_and_a_scanned_page_does():
    def png(width: int, height: int) -> str:
        head = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR"
        sized = head + width.to_bytes(4, "big") + height.to_bytes(4, "big")
        return f"x<img src='data:image/png;base64,{base64.b64encode(sized).decode()}'>"

    assert not readers.read("a.html", page(png(300, 80))).unread
    content = readers.read("a.html", page(png(1240, 1754)))
    assert [unread.why for unread in content.unread] == [Why.SCAN]


def test_nesting_without_end_costs_nothing():
    body = "<div>" * 200_000 + WORD + "</span>" * 200_000
    content = readers.read("a.html", page(body))
    assert any(WORD in part.text for part in content.parts)


@settings(max_examples=200, deadline=None)
@given(
    body=st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<!--", "<![", "<", "&#", "<a href='data:;base64,", "'>", "é"]
        )
        | st.text(max_size=5),
        max_size=30,
    )
)
def test_no_markup_raises(body):
    content = readers.read("a.html", page("".join(body)))
    assert isinstance(content.parts, list)
    assert all(unread.why in {Why.EMPTY, Why.BROKEN, Why.UNKNOWN} for unread in content.unread)


@pytest.mark.parametrize("opening", ["<!--", "<![CDATA[", "<!x", "<?", "</", "<a b='", "<a ", "&#"])
@pytest.mark.parametrize("ending", ["", ">", "']]>-->"])
def test_what_opens_without_end_costs_no_more_than_it_is_long(opening, ending):
    # Quadratic, this would be minutes: the test would not end.
    content = readers.read("a.html", page("<p>ZORBLAX</p>" + opening * 50_000 + ending))
    assert any(WORD in part.text for part in content.parts)
