"""Text around an armored file is told from damage inside it, wherever reads happen to end."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secshare import age
from secshare.errors import ArmorDamaged, NotAgeFile
from tests.age.files import Drip, Pipe, opened, sealed

IDENTITY = age.X25519Identity.generate()


@given(size=st.integers(0, 1100), most=st.integers(1, 200))
@settings(max_examples=40, deadline=None)
def test_armor_of_any_length_opens_from_a_slow_pipe(size: int, most: int) -> None:
    data = bytes(size * 100)
    sink = Drip(997)
    age.encrypt(Pipe(data), sink, [IDENTITY.recipient()], armor=True)
    lines = sink.data.split(b"\n")
    assert {len(line) for line in lines[1:-3]} <= {64}
    for text in (sink.data, sink.data.replace(b"\n", b"\r\n"), b"\r\n \n" + sink.data + b"\n\n"):
        back = io.BytesIO()
        age.decrypt(Pipe(text, max(most, len(text) // 500)), back, [IDENTITY])
        assert back.getvalue() == data


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_a_damaged_line_far_inside_is_named(ending: bytes) -> None:
    text = sealed(bytes(300_000), IDENTITY.recipient(), armor=True).replace(b"\n", ending)
    lines = text.split(ending)
    for number in (2, 1000, 1025, 1026, 3000, len(lines) - 3):
        for damage in (b"", b" ", b"=", b"\t", b"\x00", b"A" * 80):
            damaged = list(lines)
            damaged[number - 1] = damaged[number - 1][:-1] + damage
            with pytest.raises(ArmorDamaged) as caught:
                opened(ending.join(damaged), IDENTITY)
            assert caught.value.fields in ({"line": number}, {"line": number + 1})


def test_line_endings_may_be_mixed() -> None:
    lines = sealed(bytes(300_000), IDENTITY.recipient(), armor=True).split(b"\n")
    text = b"".join(line + (b"\r\n" if at % 3 else b"\n") for at, line in enumerate(lines))
    assert opened(text, IDENTITY) == bytes(300_000)


def test_a_whole_mail_around_the_text_is_said_to_be_around_it() -> None:
    text = sealed(b"x", IDENTITY.recipient(), armor=True)
    for around, key in [
        (b"Dear Sir,\n" + text, "age.armor_before"),
        (b"\xef\xbb\xbf" + text, "age.armor_before"),
        (text + b"Regards\n", "age.armor_after"),
        (text + text, "age.armor_after"),
        (text + b" " * 2000, "age.armor_after"),
    ]:
        with pytest.raises(ArmorDamaged) as caught:
            opened(around, IDENTITY)
        assert caught.value.key == key


LENGTHS = [1, 2, 63, 64, 65, 255, 256, 257, 511, 512, 513, 768, 1023, 1024, 1025, 1280]


@pytest.mark.parametrize("white", [b" ", b"\t", b"\r", b"\v"])
def test_the_first_line_begins_where_a_line_begins(white: bytes) -> None:
    text = sealed(b"x", IDENTITY.recipient(), armor=True)
    begin, rest = text.split(b"\n", 1)
    for length in LENGTHS:
        for damaged in (
            white * length + text,
            b"\n" + white * length + text,
            b"\n" * length + white + text,
            b"\n" + begin + white * length + b" \n" + rest,
            begin + white * length,
        ):
            with pytest.raises(ArmorDamaged) as caught:
                opened(damaged, IDENTITY)
            assert caught.value.key == "age.armor_begin"


def test_white_space_may_stand_in_lines_before_and_after_up_to_a_limit() -> None:
    text = sealed(b"x", IDENTITY.recipient(), armor=True)
    for line in (b"\n", b"\r\n", b" \t\v\f\n", b" " * 255 + b"\n", b" " * 500 + b"\n"):
        most = 1024 // len(line)
        assert opened(line * most + text + line * most, IDENTITY) == b"x"
        for damaged in (line * (most + 1) + text, text + line * (most + 1)):
            with pytest.raises(ArmorDamaged):
                opened(damaged, IDENTITY)


def test_a_file_is_empty_only_if_it_holds_nothing_but_a_little_white_space() -> None:
    text = sealed(b"x", IDENTITY.recipient(), armor=True)
    for file, key in [
        (b"", "age.empty"),
        (b" \r\n" * 500, "age.empty"),
        (b"\n" * 3000 + text, "age.not_age"),
    ]:
        with pytest.raises(NotAgeFile) as caught:
            opened(file, IDENTITY)
        assert caught.value.key == key


def test_inspection_of_armor_counts_what_is_inside() -> None:
    data = sealed(bytes(100_000), IDENTITY.recipient(), armor=True)
    for source in (io.BytesIO(data), Pipe(data)):
        seen = age.inspect(source)
        assert (seen.armor, seen.clear_size, seen.size) == (True, 100_000, len(data))
