"""A small age plugin, run as a program by pyrage: its "hardware" is a hash of the key's data.

It speaks the real protocol (c2sp.org/age-plugin): commands as stanzas on stdin, answers on stdout.
With a PIN in the environment, it asks for it before it opens anything.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys

from secshare.age import bech32


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))


def read() -> tuple[list[str], bytes]:
    words = sys.stdin.readline().split()[1:]
    body = ""
    while True:
        line = sys.stdin.readline().rstrip("\n")
        body += line
        if len(line) < 64:
            return words, unb64(body)


def write(words: list[str], body: bytes = b"") -> tuple[list[str], bytes]:
    text = b64(body)
    lines = [text[at : at + 64] for at in range(0, len(text) + 1, 64)]
    print("\n".join([" ".join(["->", *words]), *lines]), flush=True)
    return ([], b"") if words == ["done"] else read()


def device(key: str, file_key: bytes) -> bytes:
    """Wrap and unwrap alike."""
    pad = hashlib.sha256(bech32.decode(key)[1]).digest()
    return bytes(one ^ other for one, other in zip(file_key, pad, strict=False))


def commands() -> list[tuple[list[str], bytes]]:
    given = []
    while (command := read())[0] != ["done"]:
        given.append(command)
    return given


def main() -> None:
    given = commands()
    if sys.argv[1] == "--age-plugin=recipient-v1":
        keys = [words[1] for words, _ in given if words[0] == "add-recipient"]
        wanted = [body for words, body in given if words[0] == "wrap-file-key"]
        for number, file_key in enumerate(wanted):
            for key in keys:
                write(["recipient-stanza", str(number), "tpm"], device(key, file_key))
    else:
        keys = [words[1] for words, _ in given if words[0] == "add-identity"]
        stanzas = [(words, body) for words, body in given if words[0] == "recipient-stanza"]
        if pin := os.environ.get("TEST_PLUGIN_PIN"):
            answer, typed = write(["request-secret"], b"PIN of the key")
            if answer != ["ok"] or typed.decode() != pin:
                stanzas = []
        for words, body in stanzas:
            if words[2] == "tpm":
                write(["file-key", words[1]], device(keys[0], body))
    write(["done"])


if __name__ == "__main__":
    main()
