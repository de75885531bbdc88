"""The key on a patient's card: from a photo of its code, a file, or as somebody typed it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import ExtraMissing, IdentityMismatch, InputUnreadable, WorkRefused, WrongKind
from secshare.opener.dropped import path_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from secshare.age import Identity
    from secshare.opener.arguments import Options
    from secshare.opener.talk import Talk

__all__ = ["ask", "load", "typed"]

_DATA: Final = 58  # characters after the prefix: 32 bytes and a checksum, in bech32
_BEGINNING: Final = re.compile(r"AGE\W*SECRET\W*KEY\W*(PQ\W*)?[1IL]")
_SYMBOLS: Final = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_LOOKALIKES: Final = str.maketrans("OI1B", "0LL8")  # that bech32 does without (BIP 173)


def load(path: Path, options: Options, talk: Talk) -> tuple[Identity, ...]:
    """Return the identity of a card, from a photo of its code or from a text file.

    An identity file as age writes it is taken too, itself protected by words or not.

    Raises:
        InputUnreadable, WorkRefused, ExtraMissing: as `photo.code_in`.
        IdentityMismatch: the file or the code holds no key, or more than one character is wrong.
        WrongKind: the photo shows words.
    """
    from secshare.age import parse_identities
    from secshare.files import open_source
    from secshare.opener.identities import is_protected, text_of
    from secshare.opener.identities import load as load_file
    from secshare.opener.photo import HEAD_BYTES, code_in, is_picture

    with open_source(path) as source:
        head = source.file.read(HEAD_BYTES)
        data = b""
        if not is_picture(head) and source.size <= profiles.KEY_FILE_BYTES:
            data = head + source.file.read()
    if is_picture(head):
        code = code_in(path)
        if not _is_key(code):
            raise WrongKind("opener.photo_is_no_card", name=path.name)
        return (typed(code, talk),)
    if not data or is_protected(data):
        return load_file(path, options, talk)
    if not _is_key(text := _plain(text_of(data))):
        raise IdentityMismatch("opener.card_none", name=path.name)
    try:
        return parse_identities(text)
    except (IdentityMismatch, ExtraMissing):  # on lines, in groups, with other lines around it
        return (typed(text, talk),)


def typed(text: str, talk: Talk) -> Identity:
    """Return the identity in a text that a person typed, in small letters, in groups, on lines.

    One wrong character, or two in each other's place, is put right and announced: the checksum
    leaves no doubt about which (a chance of 1 in 500,000 to accept another).

    Raises:
        IdentityMismatch: no key, a part is missing, or more is wrong.
    """
    from secshare.age import parse_identity

    found = _BEGINNING.search(text := _folded(text))
    if found is None:
        raise IdentityMismatch("age.no_identity")
    prefix = f"AGE-SECRET-KEY-{'PQ-' if found[1] else ''}1"
    data = re.sub(r"[^0-9A-Z]", "", text[found.end() :])[:_DATA].translate(_LOOKALIKES)
    if len(data) < _DATA:
        raise IdentityMismatch(
            "opener.card_short", count=len(prefix) + len(data), whole=len(prefix) + _DATA
        )
    for number, attempt in enumerate(_readings(data)):
        if _checks(prefix + attempt):
            if number:
                talk.say("card_corrected")
            return parse_identity(prefix + attempt)
    raise IdentityMismatch("opener.card_wrong")


def ask(name: str, options: Options, talk: Talk) -> tuple[Identity, ...]:
    """Ask for the card that opens a file: a photo dropped into the window, or its key typed.

    Raises:
        IdentityMismatch, InputUnreadable, WrongKind ...: of the last try.
        Declined, KeyboardInterrupt: the person gave up.
    """
    assert talk.terminal is not None  # noqa: S101
    talk.converse("card_intro", name=name)
    talk.converse("card_how")
    left = profiles.TRIES
    while True:
        answer = talk.terminal.ask_words(talk.text("card_ask"))
        try:
            if _is_key(answer):
                return (typed(answer, talk),)
            return load(path_in(answer), options, talk)
        except (ExtraMissing, IdentityMismatch, InputUnreadable, WorkRefused, WrongKind) as error:
            left -= 1
            if not left:
                raise
            talk.tell("\n".join(error.explain(talk.language)))


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", text).upper()


def _is_key(text: str) -> bool:
    return _BEGINNING.search(_folded(text)) is not None


def _plain(text: str) -> str:
    """Return the lines of a file that are not comments."""
    lines = text.removeprefix("\ufeff").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def _readings(data: str) -> Iterator[str]:
    """Give what was typed, then everything that is one mistake away from it."""
    yield data
    for at in range(_DATA - 1):
        yield data[:at] + data[at + 1] + data[at] + data[at + 2 :]
    for at in range(_DATA):
        for symbol in _SYMBOLS:
            yield data[:at] + symbol + data[at + 1 :]


def _checks(key: str) -> bool:
    from secshare.age.bech32 import decode

    try:
        decode(key)
    except ValueError:
        return False
    return True
