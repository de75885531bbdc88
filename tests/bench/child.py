"""One call of one library, timed inside its own process: child.py VERB SECRET SOURCE TARGET."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def prepared(verb: str, secret: str, source: str, target: str) -> Callable[[], None]:
    """Return the call to time, its imports and keys ready, its words not yet derived."""
    kind, _, what = verb.partition("-")
    if kind == "pyrage":
        import pyrage

        identity = pyrage.x25519.Identity.from_str(secret)
        if what == "seal":
            return lambda: pyrage.encrypt_file(source, target, [identity.to_public()])
        return lambda: pyrage.decrypt_file(source, target, [identity])
    from secshare import age
    from secshare.messages import Language
    from secshare.model import Passphrase

    words = Passphrase._drawn(tuple(secret.split("-")), Language.FR, 110.0)
    if kind == "words":
        import cryptography.hazmat.primitives.kdf.scrypt  # noqa: F401
    read: dict[str, Callable[[str], Any]] = {
        "key": age.X25519Identity.parse,
        "hybrid": age.HybridIdentity.parse,
        "words": lambda _: age.ScryptIdentity(words),
    }
    ours = read[kind](secret)
    theirs = ours.recipient()
    encrypt_file, decrypt_file = age.encrypt_file, age.decrypt_file
    if what == "seal":
        return lambda: encrypt_file(source, target, [theirs])
    return lambda: decrypt_file(source, target, [ours])


def main() -> None:
    verb, secret, source, target = sys.argv[1:]
    call = prepared(verb, Path(secret).read_text("utf-8").strip(), source, target)
    start = time.perf_counter()
    call()
    print(f"call {time.perf_counter() - start:.6f}")


if __name__ == "__main__":
    main()
