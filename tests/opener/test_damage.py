"""Protects against any bytes at all: one clear refusal, never a fault, nothing left behind."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from secshare.errors import ExitCode
from secshare.messages import Language
from secshare.opener.command import run
from secshare.opener.talk import Talk
from tests.opener.kit import MARK, PHRASE, clear_text_in, names, seal, seal_documents

EXPECTED = {
    ExitCode.INPUT_UNREADABLE,
    ExitCode.PASSPHRASE_WRONG,
    ExitCode.WRONG_KIND,
    ExitCode.FILE_DAMAGED,
    ExitCode.WORK_REFUSED,
}


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The command takes over signals that this process needs again."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Cut, change, repeat or add bytes somewhere; mostly in the header, where the sense is."""
    at = chance.randrange(min(len(data), chance.choice([250, len(data)])))
    how = chance.randrange(4)
    if how == 0:
        return data[:at]
    if how == 1:
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if how == 2:
        return data[:at] + data[max(0, at - chance.randrange(1, 80)) :]
    return data[:at] + chance.randbytes(chance.randrange(1, 40)) + data[at:]


@pytest.mark.parametrize("kind", ["binary", "armored", "archive"])
def test_any_damage_is_refused_and_leaves_nothing(tmp_path: Path, kind: str, capsys) -> None:
    chance = random.Random(kind)
    path = tmp_path / "x.zip.age"
    if kind == "archive":
        seal_documents(path, {"a": MARK * 100, "b": MARK * 5000})
    else:
        seal(path, MARK * 5000, armor=kind == "armored")
    whole = path.read_bytes()
    (tmp_path / "words").write_text(PHRASE)
    refused = 0
    for _ in range(60):
        path.write_bytes(damaged(whole, chance))
        status = run(
            [str(path), "--passphrase-file", str(tmp_path / "words"), "--max-work-factor", "15"],
            Talk(Language.FR, lambda: None),
        )
        said = capsys.readouterr()
        if status == 0:  # the damage changed nothing, such as the end of the armor's last line
            assert kind == "armored" or path.read_bytes() == whole
            (tmp_path / "x.zip").unlink()
            continue
        refused += 1
        assert status in EXPECTED, said.err
        assert len(said.err.splitlines()) == 2
        assert names(tmp_path) == ["words", "x.zip.age"]
        assert clear_text_in(tmp_path) == []
    assert refused > 50
