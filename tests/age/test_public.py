"""The public names are what they are said to be, load late, and let no foreign error out."""

from __future__ import annotations

import inspect as python
import subprocess
import sys

import pytest

from secshare import age
from tests.tools import ROOT


def test_every_public_name_is_there_and_every_other_is_not() -> None:
    for name in age.__all__:
        assert getattr(age, name) is not None
        assert getattr(age, name).__doc__ or name == "Progress"
    assert sorted(age.__all__) == age.__all__ == dir(age)
    declared = [name for names in age._MODULES.values() for name in names]
    assert sorted(declared) == age.__all__
    with pytest.raises(AttributeError):
        age.encript  # noqa: B018


def test_the_signatures_are_the_promised_ones() -> None:
    def parameters(call: object) -> list[str]:
        return list(python.signature(call).parameters)  # type: ignore[arg-type]

    assert parameters(age.encrypt) == ["source", "sink", "recipients", "armor", "progress"]
    assert parameters(age.decrypt) == [
        *("source", "sink", "identities", "max_work_factor", "progress")
    ]
    assert parameters(age.inspect) == ["source"]
    assert parameters(age.parse_recipient) == parameters(age.parse_identity) == ["text"]
    assert parameters(age.ScryptRecipient) == ["passphrase", "work_factor"]
    assert parameters(age.ScryptIdentity) == ["passphrase"]


def test_the_docstring_of_decrypt_says_that_its_sink_is_not_to_be_trusted() -> None:
    assert "not to be trusted until this returns" in (age.decrypt.__doc__ or "")


def test_the_example_of_the_package_runs() -> None:
    import doctest

    assert doctest.testmod(age).attempted == 8
    assert doctest.testmod(age).failed == 0


@pytest.mark.parametrize(
    ("use", "absent"),
    [
        ("", ["cryptography", "secshare.age.engine"]),
        ("age.ScryptIdentity('x'); age.decrypt", ["hpke", "mlkem", "kdf.scrypt", "age.hybrid"]),
        ("age.X25519Identity.generate(); age.encrypt", ["hpke", "kdf.scrypt", "age.hybrid"]),
        ("age.decrypt_file", ["pyrage", "hpke", "kdf.scrypt", "typer", "rich"]),
        ("age.HybridIdentity.generate()", ["kdf.scrypt", "pyrage"]),
    ],
)
def test_a_name_loads_only_what_it_needs(use: str, absent: list[str]) -> None:
    program = f"import sys; from secshare import age; {use}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert [name for name in loaded for part in absent if name.endswith(part)] == []
