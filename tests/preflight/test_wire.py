"""A process that has read a hostile document is not believed: data of known types, or nothing."""

from __future__ import annotations

import io
import json
import struct
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secshare import profiles
from secshare.model import DocumentKind, Place
from secshare.preflight import wire
from secshare.preflight.content import Role, Stated, Unread, Why
from secshare.preflight.facts import Export, Facts, Found, Group, IdentifierKind

FILE = "a.pdf"
HERE = Place(FILE, "b.zip/c.csv", 1, 2, "Feuil1", "B12", "title", True)

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
counts = st.integers(0, 10_000)
places = st.builds(
    Place,
    st.just(FILE),
    st.none() | words,
    st.none() | counts,
    st.none() | counts,
    st.none() | words,
    st.none() | words,
    st.none() | words,
    st.booleans(),
)
tuples = st.lists(words, max_size=3).map(tuple)
numbers = st.from_regex(r"\A[12][0-9]{4}(2A|2B|[0-9]{2})[0-9]{6}\Z")
found = st.builds(
    Found,
    st.just(IdentifierKind.NIR),
    numbers,
    places,
    st.sampled_from(Role),
    st.none() | st.booleans(),
)
facts = st.builds(
    Facts,
    st.just(FILE),
    texts=st.lists(st.tuples(places, words), max_size=4).map(tuple),
    cut=st.booleans(),
    found=st.lists(found, max_size=4).map(tuple),
    people=st.lists(
        st.builds(
            Stated,
            st.sampled_from(Role),
            tuples,
            st.none() | st.dates(),
            st.none() | numbers,
            st.none() | places,
            st.booleans(),
        ),
        max_size=4,
    ).map(tuple),
    structured=st.booleans(),
    unread=st.lists(st.builds(Unread, st.sampled_from(Why), places), max_size=4).map(tuple),
    exports=st.lists(
        st.builds(
            Export,
            places,
            st.sampled_from(["identifying", "pseudonymous", "unknown"]),
            counts,
            st.none() | counts,
            tuples,
            tuples,
            tuples,
            tuples,
            counts,
            st.lists(st.builds(Group, counts, counts), max_size=3).map(tuple),
            tuples,
            tuples,
            counts,
            counts,
            st.none() | words,
        ),
        max_size=2,
    ).map(tuple),
    kind=st.sampled_from(DocumentKind),
    kind_sure=st.booleans(),
)


def written(known: Facts, *, last: bool = False) -> bytes:
    pipe = io.BytesIO()
    wire.answer(pipe, known, last=last)
    return pipe.getvalue()


def framed(header: object, texts: bytes = b"") -> bytes:
    said = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">LL", len(said), len(texts)) + said + texts


@given(facts, st.booleans())
def test_what_is_known_arrives_as_it_was(known, last):
    assert wire.told(io.BytesIO(written(known, last=last)), FILE) == (known, last)


def test_a_question_arrives_as_it_was_asked():
    pipe = io.BytesIO()
    name = b"not-\xff-text.pdf".decode("utf-8", "surrogateescape")
    wire.ask(pipe, name, "RE", 12.5, 7)
    pipe.write(b"%PDF-1.")
    pipe.seek(0)
    assert wire.asked(pipe) == (name, "RE", 12.5, b"%PDF-1.")
    assert wire.asked(pipe) is None


def test_half_a_question_is_none():
    pipe = io.BytesIO()
    wire.ask(pipe, FILE, "FR", 1.0, 7)
    pipe.write(b"%PDF")
    pipe.seek(0)
    assert wire.asked(pipe) is None


def test_every_place_is_in_the_document_that_was_asked_about():
    known = Facts("other.pdf", unread=(Unread(Why.SCAN, Place("other.pdf", page=2)),))
    told, _ = wire.told(io.BytesIO(written(known)), FILE)
    assert (told.file, told.unread[0].place) == (FILE, Place(FILE, page=2))


def test_a_digest_is_not_taken_from_an_answer():
    assert wire.told(io.BytesIO(written(Facts(FILE, sha256="00"))), FILE)[0].sha256 is None


FULL = Facts(
    FILE,
    texts=((HERE, "marin zephyrin"),),
    found=(Found(IdentifierKind.EMAIL, "a@b.example", HERE, Role.PATIENT),),
    people=(Stated(Role.PATIENT, ("Marin",), date(1969, 5, 1), "2690549588157", HERE, True),),
    unread=(Unread(Why.SCAN, HERE),),
    exports=(Export(HERE, "unknown", 3, None, ("Nom",), unique=1, groups=(Group(1, 3),)),),
)


def header_of(data: bytes) -> dict[str, object]:
    length, _ = struct.unpack_from(">LL", data)
    return json.loads(data[8 : 8 + length])


ODD = [
    None,
    True,
    -1,
    1.5,
    10**30,
    "x",
    "\ud800",
    "x" * 10_000,
    [],
    {},
    [None] * 5,
    [[[]]],
    {"a": 1},
    float("nan"),
]


def paths(value: object, above: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the way to every value inside a JSON value."""
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [above, *(path for key, one in inside for path in paths(one, (*above, key)))]


def right(told: Facts) -> None:
    """Use what was told as the judge would: nothing of it may raise."""
    for one in told.found:
        assert one.end
        assert one.value.isprintable()
        str(one).encode()
    for place, text in told.texts:
        json.dumps(place.as_json()).encode()
        text.encode()
    for person in told.people:
        " ".join(person.names).encode()
        assert person.birth_date is None or person.birth_date.year
    repr(told).encode()


@pytest.mark.parametrize("path", paths(header_of(written(FULL))), ids=str)
def test_a_value_of_another_kind_is_refused_or_harmless(path):
    _, size = struct.unpack_from(">LL", written(FULL))
    for odd in ODD:
        header: object = header_of(written(FULL))
        if path:
            holder = header
            for step in path[:-1]:
                holder = holder[step]  # type: ignore[index]
            holder[path[-1]] = odd  # type: ignore[index]
        else:
            header = odd
        texts = FULL.texts[0][1].encode()
        assert len(texts) == size
        try:
            told, _ = wire.told(io.BytesIO(framed(header, texts)), FILE)
        except wire.Garbled:
            continue
        right(told)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.binary(max_size=200), st.integers(0, 400))
def test_damaged_bytes_are_refused_or_harmless(noise, at):
    data = bytearray(written(FULL))
    data[at : at + len(noise)] = noise
    try:
        told, _ = wire.told(io.BytesIO(bytes(data)), FILE)
    except wire.Garbled:
        return
    right(told)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0",
        struct.pack(">LL", 0, 0),
        struct.pack(">LL", 0xFFFFFFFF, 0),
        struct.pack(">LL", 2, 0xFFFFFFFF) + b"{}",
        struct.pack(">LL", 10, 0) + b"{}",
        framed(b"[" * 100_000),
        framed(b"9" * 100_000),
        framed(b"\xff\xfe"),
        framed({}),
        framed(b"NaN"),
    ],
)
def test_what_is_no_answer_is_refused(data):
    with pytest.raises(wire.Garbled):
        wire.told(io.BytesIO(data), FILE)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (IdentifierKind.NIR, "269054958815"),
        (IdentifierKind.NIR, "٢690549588157"),
        (IdentifierKind.EMAIL, "a@b\x1b[2J"),
        (IdentifierKind.BIRTH_DATE, "1969-13-45"),
        (IdentifierKind.PHONE, "+33 6"),
        (IdentifierKind.IBAN, ""),
    ],
)
def test_an_identifier_that_is_none_is_refused(kind, value):
    known = Facts(FILE, found=(Found(kind, value, HERE, Role.PATIENT),))
    with pytest.raises(wire.Garbled):
        wire.told(io.BytesIO(written(known)), FILE)


def test_what_a_reader_let_through_that_is_no_text_arrives_as_text():
    known = Facts(FILE, texts=((Place(FILE, member="a\ud800"), "b\udc00c"),))
    told, _ = wire.told(io.BytesIO(written(known)), FILE)
    assert told.texts == ((Place(FILE, member="a?"), "b?c"),)


def test_more_than_can_be_told_is_left_out_and_said(monkeypatch):
    monkeypatch.setattr(profiles, "PREFLIGHT_FOUND", 2)
    one = Found(IdentifierKind.NIR, "2690549588157", HERE, Role.PATIENT)
    told, _ = wire.told(io.BytesIO(written(Facts(FILE, found=(one,) * 3))), FILE)
    assert len(told.found) == 2
    assert [unread.why for unread in told.unread] == [Why.TOO_LARGE]


def test_a_long_name_is_cut_and_not_refused():
    known = Facts(FILE, unread=(Unread(Why.SCAN, Place(FILE, member="x" * 100_000)),))
    told, _ = wire.told(io.BytesIO(written(known)), FILE)
    assert told.unread[0].place.member == "x" * 4096


@pytest.mark.parametrize(
    ("limit", "many"),
    [
        ("PREFLIGHT_PEOPLE", {"people": (Stated(Role.PATIENT, ("Camille Exemple",)),) * 3}),
        ("PREFLIGHT_TEXTS", {"texts": ((HERE, "a"),) * 3}),
        (
            "PREFLIGHT_FOUND",
            {"found": (Found(IdentifierKind.RPPS, "99700000001", HERE, Role.PROFESSIONAL),) * 3},
        ),
    ],
)
def test_an_answer_with_more_of_anything_than_is_told_is_refused_before_it_is_built(
    limit, many, monkeypatch
):
    answer = written(Facts(FILE, **many))
    monkeypatch.setattr(profiles, limit, 2)
    with pytest.raises(wire.Garbled):
        wire.told(io.BytesIO(answer), FILE)
    told, _ = wire.told(io.BytesIO(written(Facts(FILE, **many))), FILE)
    assert Why.TOO_LARGE in {unread.why for unread in told.unread}


def test_no_answer_has_more_places_than_what_it_tells_may_have():
    flat = [None] * 6 + [False]
    most = profiles.PREFLIGHT_TEXTS + profiles.PREFLIGHT_FOUND + profiles.PREFLIGHT_PEOPLE
    header = {**header_of(written(Facts(FILE))), "places": [flat] * (most * 2)}
    answer = framed(json.dumps(header, separators=(",", ":")).replace(" ", "").encode())
    assert len(answer) < profiles.PREFLIGHT_ANSWER
    with pytest.raises(wire.Garbled):
        wire.told(io.BytesIO(answer), FILE)


def test_an_answer_of_nothing_but_brackets_is_not_taken_apart(monkeypatch):
    monkeypatch.setattr(json, "loads", pytest.fail)
    with pytest.raises(wire.Garbled):
        wire.told(io.BytesIO(framed(b"[" + b"[]," * 1_000_000 + b"[]]")), FILE)


def test_a_name_of_a_person_is_short_and_has_few_spellings():
    known = Facts(FILE, people=(Stated(Role.PATIENT, ("Camille " * 100, *("A B",) * 40)),))
    (person,) = wire.told(io.BytesIO(written(known)), FILE)[0].people
    assert len(person.names) == profiles.PREFLIGHT_SPELLINGS
    assert len(person.names[0]) == profiles.PREFLIGHT_NAME
