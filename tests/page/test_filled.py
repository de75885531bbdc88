"""Protects the page's reader in a real browser: a name is read as a name, whatever stands in it."""

from __future__ import annotations

import io
import struct

import pytest

from secshare import page
from secshare.messages import Language

HOSTILE = [
    "</script><script>document.title = 'taken'</script>",
    "<!-- <script> </script> -->",
    "<img src=x onerror=\"document.title = 'taken'\">",
    "&lt;b&gt; \u2028 \u2029 \0 ' \" ` ${1} \\u003c",
    "\u202eexemple \ud800",
]
ELEMENTS = "document.querySelectorAll('*').length"
NAME = """() => {
  const { name } = JSON.parse(document.getElementById("practice").textContent);
  return Array.from({ length: name.length }, (_, at) => name.charCodeAt(at));
}"""


def code_units(text):
    """A text as JavaScript counts it; half a pair of surrogates would not survive otherwise."""
    data = text.encode("utf-16-le", "surrogatepass")
    return list(struct.unpack(f"<{len(data) // 2}H", data))


def filled(target, name):
    sink = io.BytesIO()
    page.write(sink, page.PracticeOnPage(name, name, name, Language.FR, "age1pq1q"))
    target.write_bytes(sink.getvalue())
    return target


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_for_the_browser_too(visits, page_file, tmp_path, name):
    with visits(filled(tmp_path / "plain.html", "Cabinet Exemple")) as plain:
        elements = plain.page.evaluate(ELEMENTS)
    with visits(filled(tmp_path / "open.html", name)) as visit:
        assert visit.page.evaluate(NAME) == code_units(name)
        assert visit.page.evaluate(ELEMENTS) == elements
        assert visit.page.title() != "taken"
        assert not visit.requests
        assert not visit.complaints
