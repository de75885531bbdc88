"""Protects from questions at every logo, and from pages that go by as one."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from secshare.preflight.readers.pictures import like_a_page, size


def drawn(kind: str, width: int, height: int, **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("BMP", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0", "comment": b"\xff\xc0\0\x11\x08"}),
    ],
)
def test_a_size_is_read_as_it_was_drawn(kind, options):
    assert size(drawn(kind, 1240, 754, **options)) == (1240, 754)


def test_a_page_is_one_in_either_direction_and_a_logo_is_none():
    assert like_a_page(drawn("JPEG", 827, 1169))
    assert like_a_page(drawn("PNG", 1169, 827))
    assert not like_a_page(drawn("PNG", 2000, 300))
    assert not like_a_page(drawn("PNG", 500, 500))


def test_what_has_no_size_is_never_passed_over():
    assert like_a_page(drawn("TIFF", 10, 10))
    assert like_a_page(b"BMI 23 kg/m2, Lou MARTIN")
    assert like_a_page(b"\xff\xd8\xff")


@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"\xff\xd8"]), st.binary(max_size=60)
)
def test_no_bytes_raise(start, rest):
    assert like_a_page(start + rest) in {True, False}
