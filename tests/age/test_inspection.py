"""A look at a file says what anybody can see, moves nothing and needs no secret."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from secshare import age
from tests.age.files import Pipe, sealed
from tests.age.words import drawn
from tests.tools import need


def test_the_kind_the_recipients_and_the_sizes_are_seen() -> None:
    words = age.inspect(io.BytesIO(sealed(bytes(10), age.ScryptRecipient(drawn()))))
    assert (words.kind, words.stanzas, words.work_factor) == (age.Opens.WORDS, ("scrypt",), 14)
    hybrid = age.HybridIdentity.generate().recipient()
    other = age.HybridIdentity.generate().recipient()
    keys = age.inspect(Pipe(sealed(bytes(10), hybrid, other)))
    assert (keys.kind, keys.stanzas) == (age.Opens.KEYS, ("mlkem768x25519",) * 2)
    assert (keys.work_factor, keys.armor, keys.clear_size) == (None, False, 10)


def test_a_source_is_left_where_it_stood() -> None:
    for armor in (False, True):
        file = sealed(b"x", age.X25519Identity.generate().recipient(), armor=armor)
        source = io.BytesIO(b"before" + file)
        source.seek(6)
        assert age.inspect(source).size == len(file)
        assert source.tell() == 6


def test_a_work_factor_that_would_be_refused_is_still_seen() -> None:
    from secshare.age import b64, header

    stanza = header.Stanza("scrypt", (b64.encode(bytes(16)), "23"), bytes(32))
    assert age.inspect(io.BytesIO(header.build([stanza], bytes(16)))).work_factor == 23


def test_a_decoy_that_another_program_added_is_seen_among_the_stanzas(tmp_path: Path) -> None:
    """Why the number of stanzas is not called the number of recipients."""
    command = [need("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")]
    subprocess.run(command, check=True)
    (tmp_path / "document").write_bytes(b"x")
    recipient = age.parse_recipient((tmp_path / "key.pub").read_text())
    age.encrypt_file(tmp_path / "document", tmp_path / "sealed", [recipient])
    with (tmp_path / "sealed").open("rb") as file:
        stanzas = age.inspect(file).stanzas
    assert "ssh-ed25519" in stanzas and len(stanzas) > 1
    assert "decoys" in (age.Inspection.__doc__ or "")
