"""What is altered, cut, or made to keep the page busy gives no document out, and the page says
which of these it is as well as the format lets it know."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile

import pytest

from secshare import age, profiles
from secshare.age import b64, payload
from secshare.errors import PayloadTruncated, SecshareError
from tests.tools import ROOT

IDENTITY = age.X25519Identity.generate()
KEY = {"identity": IDENTITY.reveal(), "name": "document.age"}
CHUNK = 1 << 16
VERSION = b"age-encryption.org/v1\n"
MAC = b"--- " + b"A" * 43 + b"\n"


def sealed(data: bytes, *, armor: bool = False) -> bytes:
    sink = io.BytesIO()
    age.encrypt(io.BytesIO(data), sink, [IDENTITY.recipient()], armor=armor)
    return sink.getvalue()


def scrypt_header(factor: object) -> bytes:
    body = b64.encode(bytes(32)).encode()
    return VERSION + f"-> scrypt {b64.encode(bytes(16))} {factor}\n".encode() + body + b"\n" + MAC


def reasons(engine, cases: list[tuple[bytes, dict]]) -> list[str | None]:
    answers = engine.open_all(cases)
    assert not any(answer.documents for answer in answers)
    return [answer.reason for answer in answers]


def test_a_bit_changed_anywhere_gives_nothing_out(engine) -> None:
    rng = random.Random(1)
    for armor in (False, True):
        whole = sealed(rng.randbytes(2 * CHUNK + 1000), armor=armor)
        header = whole.index(b"\n---") + 48 if not armor else 400
        # Half of them in the header, which is small.
        places = [rng.randrange(header) for _ in range(60)]
        places += [rng.randrange(len(whole)) for _ in range(60)]
        changed = []
        for place in places:
            file = bytearray(whole)
            file[place] ^= 1 << rng.randrange(8)
            changed.append((bytes(file), KEY))
        got = reasons(engine, changed)
        allowed = {"damaged", "cut", "identity_wrong", "not_age", "not_ours", "needs_words"}
        for place, reason in zip(places, got, strict=True):
            assert reason in allowed, (place, reason)


def test_a_file_cut_anywhere_gives_nothing_out_and_a_sure_cut_is_said_to_be_one(engine) -> None:
    rng = random.Random(2)
    data = rng.randbytes(3 * CHUNK)
    whole = sealed(data)
    start = len(whole) - payload.sealed_size(len(data))
    edges = [start + n * payload.SEALED + d for n in range(4) for d in (-17, -16, -1, 0, 1, 15, 16)]
    lengths = sorted({*edges, *(rng.randrange(len(whole)) for _ in range(60)), 0, 1, 10, 21, 22})
    lengths = [length for length in lengths if length < len(whole)]
    got = reasons(engine, [(whole[:length], KEY) for length in lengths])
    for length, reason in zip(lengths, got, strict=True):
        with pytest.raises(SecshareError) as caught:
            age.decrypt(io.BytesIO(whole[:length]), io.BytesIO(), [IDENTITY])
        if length == 0:
            assert reason == "not_age"
        elif length < start or isinstance(caught.value, PayloadTruncated):
            assert reason == "cut", length
        else:
            assert reason == "damaged", length


def test_an_armored_file_cut_before_its_end_is_said_to_be_cut(engine) -> None:
    whole = sealed(b"a letter" * 100, armor=True)
    lengths = [40, 66, 100, 200, len(whole) // 2, len(whole) - 36, len(whole) - 10]
    got = reasons(engine, [(whole[:length], KEY) for length in lengths])
    assert got == ["cut"] * len(lengths)


def test_what_was_added_after_the_end_is_damage(engine) -> None:
    whole = sealed(b"x" * CHUNK)
    added = [b"\0", bytes(15), bytes(16), bytes(CHUNK + 16), b"\r\n"]
    assert set(reasons(engine, [(whole + more, KEY) for more in added])) == {"damaged"}


def test_an_altered_header_is_damage_and_not_a_wrong_key(engine) -> None:
    whole = sealed(b"x")
    more = whole.replace(b"\n---", b"\n-> grease\n\n---", 1)
    assert reasons(engine, [(more, KEY)]) == ["damaged"]


def test_a_file_that_powershell_rewrote_is_damaged(engine) -> None:
    binary, text = sealed(b"x" * 500).decode("latin-1"), sealed(b"x", armor=True).decode()
    cases = [
        binary.encode("utf-16"),
        b"\xfe\xff" + binary.encode("utf-16-be"),
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + binary.encode(),
    ]
    assert reasons(engine, [(file, KEY) for file in cases]) == ["damaged"] * len(cases)


def test_other_kinds_of_files_are_known_from_files_of_no_kind(engine) -> None:
    office = io.BytesIO()
    with zipfile.ZipFile(office, "w") as made:
        made.writestr("word/document.xml", "<x/>")
    ours = [
        b"%PDF-1.7\n" + bytes(5000),
        b"Return-Path: <a@b.example>\r\nReceived: from x\r\nSubject: y\r\n\r\nbody",
        b"From: a@b.example\nTo: c@d.example\nMIME-Version: 1.0\n\n" + sealed(b"x", armor=True),
        b"<!doctype html><html><body>\xc3\xa9</body></html>",
        office.getvalue(),
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(100),
        b"\0\0\0\x18ftypheic" + bytes(100),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
        b"-----BEGIN PGP MESSAGE-----\n\nabc\n",
        b"Les mots : abaisser-bonbon\r\n",
        ("é" * 5000).encode(),
    ]
    neither = [b"", b" \r\n", bytes(5000), random.Random(3).randbytes(5000)]
    assert reasons(engine, [(file, KEY) for file in ours]) == ["not_ours"] * len(ours)
    assert reasons(engine, [(file, KEY) for file in neither]) == ["not_age"] * len(neither)


def test_text_before_an_armored_file_is_damage(engine) -> None:
    assert reasons(engine, [(b"Bonjour\n" + sealed(b"x", armor=True), KEY)]) == ["damaged"]


def test_more_work_than_anybody_needs_is_refused_before_it_is_done(engine) -> None:
    words = {"words": ["a", "b"], "name": "x.age"}
    factors = [21, 22, 30, 63, 64, 10**30]
    cases = [(scrypt_header(factor), words) for factor in factors]
    assert reasons(engine, cases) == ["too_much_work"] * len(factors)
    assert {engine.inspect(file).reason for file, _ in cases} == {"too_much_work"}
    wrong = [0, "01", "-1", "1e3", "0x10", "", "²"]
    cases = [(scrypt_header(factor), words) for factor in wrong]
    assert reasons(engine, cases) == ["damaged"] * len(wrong)


def test_scrypt_stands_alone(engine) -> None:
    other = b"-> X25519 " + b64.encode(bytes(32)).encode() + b"\n" + b"A" * 43 + b"\n"
    header = scrypt_header(10)
    stanza = header.removeprefix(VERSION).removesuffix(MAC)
    for body in (stanza + other, other + stanza, stanza + stanza):
        file = VERSION + body + MAC
        assert reasons(engine, [(file, {"words": ["a"], "name": "x"})]) == ["damaged"]


def test_a_header_without_an_end_is_refused_from_a_gigabyte_as_from_a_megabyte(
    engine, tmp_path
) -> None:
    begin = {
        "line": VERSION + b"-> ",
        "body": VERSION + b"-> X25519 abc\n",
        "zeros": VERSION,
    }
    for kind, start in begin.items():
        path = tmp_path / f"{kind}.age"
        with path.open("wb") as file:
            file.write(start)
            if kind == "body":
                file.write((b"A" * 64 + b"\n") * (profiles.HEADER_BYTES // 65 + 10))
            file.truncate(1 << 30)
        assert engine.inspect(path).reason == "too_much_work"
        assert engine.open(path, **KEY).reason == "too_much_work"
    stanza = b"-> x\n\n"
    many = VERSION + stanza * profiles.HEADER_STANZAS + stanza + MAC
    most = VERSION + stanza * profiles.HEADER_STANZAS + MAC
    assert reasons(engine, [(many, KEY), (most, KEY)]) == ["too_much_work", "identity_wrong"]


# --- archives -------------------------------------------------------------------------------------


def archive(members, **more) -> bytes:
    sink = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(sink, "w", **more) as made:
        made.comment = b"secshare documents"
        for name, data in members:
            made.writestr(name, data)
    return sink.getvalue()


def test_a_bomb_in_our_archive_is_refused(engine) -> None:
    bomb = archive([("a", bytes(50_000_000))], compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    assert reasons(engine, [(sealed(bomb), KEY)]) == ["bad_archive"]


def test_documents_that_lie_on_each_other_are_refused(engine) -> None:
    made = archive([("a.bin", bytes(90_000)), ("b.bin", bytes(90_000))])
    second = made.index(b"PK\x01\x02", made.index(b"PK\x01\x02") + 4)
    both = made[: second + 42] + struct.pack("<L", 0) + made[second + 46 :]
    assert reasons(engine, [(sealed(both), KEY)]) == ["bad_archive"]


def test_too_many_documents_are_refused(engine) -> None:
    made = archive([(f"{number}.txt", b"") for number in range(profiles.ARCHIVE_DOCUMENTS + 1)])
    assert reasons(engine, [(sealed(made), KEY)]) == ["too_large"]
    made = archive([(f"{number}.txt", b"") for number in range(profiles.ARCHIVE_DOCUMENTS)])
    assert len(engine.open(sealed(made), **KEY).documents) == profiles.ARCHIVE_DOCUMENTS


def test_an_archive_altered_anywhere_gives_the_true_documents_or_none(engine) -> None:
    rng = random.Random(4)
    contents = [("one.txt", b"the first document"), ("two.txt", b"the second document" * 3)]
    made = archive(contents)
    places = list(range(len(made) - len("secshare documents")))
    changed = []
    for place in places:
        file = bytearray(made)
        file[place] ^= 1 << rng.randrange(8)
        changed.append((sealed(bytes(file)), KEY))
    truth = {data for _, data in contents}
    for place, answer in zip(places, engine.open_all(changed), strict=True):
        if answer.kind == "failed":
            assert answer.reason in {"bad_archive", "too_large"}, place
        elif len(answer.documents) == len(contents):
            assert {one.data for one in answer.documents} == truth, place
        else:  # no longer ours: a ZIP, to save
            assert [one.show for one in answer.documents] == [None], place


CHOSEN = """() => {
  const { size } = document.getElementById("probe").files[0];  // what a page knows of what it got
  return size;
}"""


def test_a_file_that_goes_away_once_chosen_is_said_to_be_unreadable(engine, tmp_path) -> None:
    path = tmp_path / "document.age"
    for change in (path.unlink, lambda: path.write_bytes(bytes(5000))):
        path.write_bytes(sealed(bytes(20 * CHUNK)))
        engine.page.set_input_files("#probe", path)
        assert engine.page.evaluate(CHOSEN) > 20 * CHUNK
        change()
        for kind in ("inspect", "open"):
            request = {"kind": kind, "file": {}, **KEY}
            told = engine.page.evaluate("(asked) => probe.run(asked)", request)
            assert told["reason"] == "unreadable"


# What a broken medium does: every slice is read but the one in the middle.
BROKEN = """() => {
  const code = document.getElementById("engine").textContent;
  const broken = `const slice = Blob.prototype.slice;
    Blob.prototype.slice = function (from, to, ...more) {
      const part = slice.call(this, from, to, ...more);
      if (from === 1 << 20) {
        part.arrayBuffer = () => Promise.reject(new DOMException("", "NotReadableError"));
      }
      return part;
    };`;
  const address = URL.createObjectURL(new Blob([broken, code], { type: "text/javascript" }));
  probe.use(new Worker(address));
}"""


def test_a_file_that_breaks_off_while_it_is_read_is_unreadable_and_not_damaged(engine) -> None:
    engine.page.evaluate(BROKEN)
    files = [sealed(bytes(40 * CHUNK)), sealed(bytes(40 * CHUNK), armor=True)]
    assert reasons(engine, [(file, KEY) for file in files]) == ["unreadable"] * 2
    engine.restart()


NO_ROOM = """() => {
  const code = document.getElementById("engine").textContent;
  const small = `const Whole = Uint8Array;
    globalThis.Uint8Array = new Proxy(Whole, { construct(target, given, asked) {
      if (typeof given[0] === "number" && given[0] > (1 << 23)) {
        throw new RangeError("Array buffer allocation failed");
      }
      return Reflect.construct(target, given, asked);
    } });`;
  const address = URL.createObjectURL(new Blob([small, code], { type: "text/javascript" }));
  probe.use(new Worker(address));
}"""


def test_a_machine_without_the_memory_for_scrypt_says_so(engine) -> None:
    words = {"words": ["a"], "name": "document.age"}
    engine.page.evaluate(NO_ROOM)
    assert reasons(engine, [(scrypt_header(12), words)]) == ["words_wrong"]
    assert reasons(engine, [(scrypt_header(14), words)]) == ["memory"]
    engine.restart()
    assert reasons(engine, [(scrypt_header(14), words)]) == ["words_wrong"]


def test_the_engine_goes_on_after_what_it_refused(engine) -> None:
    engine.open(b"nothing of ours", **KEY)
    assert engine.open(sealed(b"still here"), **KEY).documents[0].data == b"still here"


def test_nothing_in_the_engine_evaluates_text_or_asks_a_network() -> None:
    sources = [*(ROOT / "secshare/page/src").rglob("*.ts")]
    assert len(sources) > 20
    for source in sources:
        text = source.read_text(encoding="utf-8")
        for word in ("eval(", "new Function", "fetch(", "XMLHttpRequest", "WebSocket", "innerHTML"):
            assert word not in text, (source.name, word)
