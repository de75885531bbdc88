"""Who is timed: cp, other programs on the same bytes, and ours with a key and with words."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from secshare import age

WORDS = "acier-bonbon-citron-douche-encre-fable-gomme-hiver-image-jardin"
"""Ten fixed words: a benchmark seals nothing that matters."""


@dataclass(frozen=True)
class Competitor:
    """A pair of commands, each made from a source and a target."""

    name: str
    seal: Callable[[Path, Path], list[str]]
    open: Callable[[Path, Path], list[str]]
    ours: bool = False


def competitors(folder: Path) -> list[Competitor]:
    """Return everybody; a program that is not installed stops the benchmark."""
    for program in ("cp", "age", "7z", "gpg"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not installed")
    identity = age.X25519Identity.generate()
    hybrid = age.HybridIdentity.generate()
    key, hybrid_key, words = folder / "key", folder / "hybrid", folder / "words"
    for path, text in ((key, identity.reveal()), (hybrid_key, hybrid.reveal()), (words, WORDS)):
        path.write_text(text + "\n")
    (folder / "gnupg").mkdir(mode=0o700)
    gpg = ["gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase-file"]
    gpg += [str(words)]
    gpg_options = ["--cipher-algo", "AES256", "--compress-algo", "none"]
    seven = ["7z", "-bd", f"-p{WORDS}"]
    return [
        Competitor("cp", lambda s, t: ["cp", str(s), str(t)], lambda s, t: ["cp", str(s), str(t)]),
        ours("secshare.age, key", "key", key),
        ours("secshare.age, words", "words", words),
        ours("secshare.age, hybrid key", "hybrid", hybrid_key),
        Competitor(
            "pyrage.encrypt_file, key",
            lambda s, t: python("pyrage-seal", key, s, t),
            lambda s, t: python("pyrage-open", key, s, t),
        ),
        Competitor(
            f"age {version('age', '--version')}, key",
            lambda s, t: ["age", "-r", str(identity.recipient()), "-o", str(t), str(s)],
            lambda s, t: ["age", "-d", "-i", str(key), "-o", str(t), str(s)],
        ),
        Competitor(
            "7z, ZIP with AES-256, stored",
            # A name that ends in a dot gets no `.zip` added, and loses the dot.
            lambda s, t: [*seven, "a", "-tzip", "-mem=AES256", "-mx=0", f"{t}.", str(s)],
            lambda s, t: ["sh", "-c", '"$@" > "$0"', str(t), *seven, "x", "-so", str(s)],
        ),
        Competitor(
            "gpg -c, AES-256, stored",
            lambda s, t: [*gpg, *gpg_options, "-o", str(t), "-c", str(s)],
            lambda s, t: [*gpg, "-o", str(t), "-d", str(s)],
        ),
    ]


def ours(name: str, kind: str, secret: Path) -> Competitor:
    """Return ourselves with one kind of secret."""
    return Competitor(
        name,
        lambda s, t: python(f"{kind}-seal", secret, s, t),
        lambda s, t: python(f"{kind}-open", secret, s, t),
        ours=True,
    )


def python(verb: str, *paths: Path) -> list[str]:
    """Return the command of one call in a fresh interpreter."""
    return [sys.executable, "-m", "tests.bench.child", verb, *map(str, paths)]


def version(*command: str) -> str:
    """Return what a program says its version is."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
