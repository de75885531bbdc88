"""The memory of sealing and opening does not grow with the file, with a key or with words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools import ROOT

SIZE = 192 << 20
MOST = 64 << 10
"""KiB, as the profile of performance asks of a file of any size."""

PROGRAM = """
import io, sys
from secshare import age
from tests.age.words import drawn

how, kind, source, target = sys.argv[1:]
identity = age.ScryptIdentity(drawn()) if kind == "words" else age.parse_identity(kind)
recipient = age.ScryptRecipient(drawn()) if kind == "words" else identity.recipient()
if how == "seal":
    age.encrypt_file(source, target, [recipient])
elif how == "armor":
    age.encrypt_file(source, target, [recipient], armor=True)
elif how == "open":
    age.decrypt_file(source, target, [identity])
else:  # from a pipe
    age.encrypt(sys.stdin.buffer, sys.stdout.buffer, [recipient])
    sys.stdout.flush()
status = open("/proc/self/status").read()
print(status.partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


def peak(*arguments: object, **streams: object) -> int:
    """Return the largest resident memory of one call, in KiB, interpreter included."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        check=False,
        **streams,
    )
    assert done.returncode == 0, done.stderr.decode()
    return int(done.stderr.split()[-1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to read memory from")
@pytest.mark.parametrize("kind", ["words", "key"])
def test_a_large_file_takes_no_more_memory_than_a_small_one(tmp_path: Path, kind: str) -> None:
    from secshare import age

    if kind == "key":
        kind = age.X25519Identity.generate().reveal()
    source, target, back = tmp_path / "source", tmp_path / "target", tmp_path / "back"
    with open(source, "wb") as file:
        file.truncate(SIZE)
    assert peak("seal", kind, source, target) < MOST
    assert peak("open", kind, target, back) < MOST
    assert back.stat().st_size == SIZE
    back.unlink()
    target.unlink()
    with (
        subprocess.Popen(["cat", source], stdout=subprocess.PIPE) as given,
        open(target, "wb") as taken,
    ):
        assert peak("pipe", kind, "-", "-", stdin=given.stdout, stdout=taken) < MOST
    assert target.stat().st_size > SIZE


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to read memory from")
def test_armor_takes_no_more_memory_either(tmp_path: Path) -> None:
    source, target, back = tmp_path / "source", tmp_path / "target", tmp_path / "back"
    with open(source, "wb") as file:
        file.truncate(SIZE // 4)
    assert peak("armor", "words", source, target) < MOST
    assert peak("open", "words", target, back) < MOST
    assert back.stat().st_size == SIZE // 4
