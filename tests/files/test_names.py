"""Protects the disk and the screen from names chosen by strangers."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secshare.files import numbered, safe_name, unique_name

HOSTILE = st.lists(
    st.one_of(
        st.characters(),  # surrogates too: a name that is not UTF-8
        st.sampled_from(
            [*"/\\.-~ <>:|?*\"'\0\n\x1b\u202e\u200b\u2028é漢́", "..", "CON", "nul.", "COM¹", ".pdf"]
        ),
        st.text("ab.é漢", min_size=50, max_size=300),
    ),
    max_size=20,
).map("".join)


@given(HOSTILE)
def test_any_name_becomes_harmless(name: str) -> None:
    safe = safe_name(name)
    assert 1 <= len(safe.encode()) <= 255
    assert len(safe.encode("utf-16-le")) // 2 <= 255
    assert unicodedata.normalize("NFC", safe) == safe
    assert not set(safe) & set('/\\<>:"|?*')
    assert all(unicodedata.category(c)[0] != "C" for c in safe)
    assert all(unicodedata.category(c) not in {"Zl", "Zp"} for c in safe)
    assert safe[0] not in ".-~ "
    assert safe[-1] not in ". "
    stem = safe.split(".")[0].strip().upper()
    assert stem not in {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    assert not (stem[:3] in {"COM", "LPT"} and len(stem) == 4 and stem[3] in "0123456789¹²³")
    assert safe_name(safe) == safe


@given(HOSTILE)
def test_any_name_can_be_written(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "names"
    folder.mkdir(exist_ok=True)
    path = folder / safe_name(name)
    path.write_bytes(b"x")
    assert [entry.name for entry in folder.iterdir()] == [path.name]
    path.unlink()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("Compte rendu d'échographie.pdf", "Compte rendu d'échographie.pdf"),
        ("e\u0301cho.pdf", "écho.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\report.pdf", "report.pdf"),
        ("folder/", "folder"),
        ("/", "document"),
        ("..", "document"),
        ("", "document"),
        ("\x1b[31mred\x07.pdf", "[31mred.pdf"),
        ("line\nbreak.pdf", "linebreak.pdf"),
        ("fdp.\u202etxt.exe", "fdp.txt.exe"),
        ("-rf", "_rf"),
        ("~root", "_root"),
        (".bashrc", "bashrc"),
        ("aux.pdf", "_aux.pdf"),
        ("COM1", "_COM1"),
        ("com1 .txt", "_com1 .txt"),
        ("console.pdf", "console.pdf"),
        ('a<b>:"c|d?*.txt', "a_b___c_d__.txt"),
        ("report.pdf. . .", "report.pdf"),
        ("a\u00a0b.txt", "a b.txt"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("é" * 200 + ".pdf", "é" * 125 + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * 253),
        ("caf\udce9.pdf", "caf.pdf"),
    ],
)
def test_a_safe_name_stays_close(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_names_that_would_be_one_file_are_told_apart() -> None:
    taken: set[str] = set()
    names = [unique_name(n, taken) for n in ("a.pdf", "A.PDF", "a.pdf", "a (2).pdf", "b", "b")]
    assert names == ["a.pdf", "A (2).PDF", "a (3).pdf", "a (2) (2).pdf", "b", "b (2)"]


@given(HOSTILE.map(safe_name), st.integers(2, 10**6))
def test_a_numbered_name_is_still_safe(name: str, number: int) -> None:
    assert safe_name(numbered(name, number)) == numbered(name, number)
    assert f"({number})" in numbered(name, number)
    if len(Path(name).suffix) <= 5:
        assert numbered(name, number).endswith(Path(name).suffix)
