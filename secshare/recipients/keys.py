"""Recipients' public keys: `keys/ID.pub`, in age's recipients-file format: `age -R` reads it.

A key file is named by the id and holds nothing else about a person.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from secshare import age, files, profiles
from secshare.errors import ExtraMissing, InputUnreadable, RecipientDataInvalid, SecshareError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from secshare.model import Recipient

__all__ = [
    "fingerprint",
    "key_lines",
    "key_path",
    "parse_keys",
    "put_back_on_failure",
    "read_cards",
    "read_keys",
    "split_keys",
    "spoken_fingerprint",
    "unchecked_keys",
    "write_keys",
]

_BETWEEN: Final = re.compile(r"[\n,;|]+|\s+(?=age1|ssh-)")

_CARD: Final = "# card "
"""Before a key that a card holds, with the card's drawn name: no name of a person."""


def split_keys(cell: str) -> list[str]:
    """Return the keys that stand in one cell of a table, whatever separates them."""
    return [part for part in _BETWEEN.split(cell) if part]


def parse_keys(texts: Iterable[str], *, whose: str = "") -> tuple[str, ...]:
    """Read keys, each text a key or a whole file of them; comments of SSH keys are left out.

    Returns:
        The keys as age writes them, in order, each once.

    Raises:
        RecipientDataInvalid: not a public key (the line is named), a private one, none at all,
            too many, or hybrid keys beside others: no file could be sealed to both.
        ExtraMissing: an SSH or plugin key, and the part that reads it is not installed.
    """
    found: dict[str, str] = {}
    for text in texts:
        if "SECRET-KEY-" in text.upper() or "PRIVATE KEY" in text.upper():
            raise RecipientDataInvalid("recipients.key_private")
        for line in key_lines(text):
            recipient = _parse(line)
            found[str(recipient)] = recipient.label
    if not found:
        raise RecipientDataInvalid("recipients.key_none")
    if len(found) > profiles.RECIPIENT_KEYS:
        raise RecipientDataInvalid("recipients.key_many", most=profiles.RECIPIENT_KEYS)
    if len(set(found.values())) > 1:
        raise RecipientDataInvalid("recipients.key_mixed", id=whose or "ID")
    return tuple(found)


def key_path(folder: Path, identifier: str) -> Path:
    """Return where a recipient's keys are."""
    return folder / f"{identifier}.pub"


def read_keys(folder: Path, identifier: str) -> tuple[str, ...]:
    """Return a recipient's keys, none where there is no file. Each is checked to be one.

    Raises:
        RecipientDataInvalid: the file cannot be read, holds no key, or a line of it is none.
    """
    text = _text(folder, identifier)
    if text is None:
        return ()
    for number, line in enumerate(text.splitlines(), start=1):
        if key_lines(line):
            try:
                _parse(line)
            except RecipientDataInvalid as error:
                raise RecipientDataInvalid(
                    "recipients.key_file", id=identifier, line=number
                ) from error
    lines = key_lines(text)
    if not lines:  # emptied by accident: words would be drawn for somebody who has keys
        raise RecipientDataInvalid("recipients.key_file_unreadable", id=identifier)
    return lines


def unchecked_keys(folder: Path, identifier: str) -> tuple[str, ...]:
    """Return the lines of a recipient's file that should be keys, for a list of many people.

    Raises:
        RecipientDataInvalid: the file cannot be read.
    """
    return key_lines(_text(folder, identifier) or "")


def write_keys(
    folder: Path, identifier: str, keys: Sequence[str], cards: Mapping[str, str] | None = None
) -> None:
    """Write a recipient's keys, or remove the file where there are none any more.

    Which key is a card's stays written before it, as long as the key does.

    Args:
        cards: the drawn names of new cards, by their keys.

    Raises:
        OutputRefused: it cannot be written.
    """
    path = key_path(folder, identifier)
    if not keys:
        files.remove(path)
        return
    named = read_cards(folder, identifier) | dict(cards or {})
    lines = [f"# {identifier}"]
    for key in keys:
        if key in named:
            lines.append(f"{_CARD}{named[key]}")
        lines.append(key)
    with files.publish(path, overwrite=True) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())


@contextmanager
def put_back_on_failure(folder: Path, recipient: Recipient, keys: Sequence[str]) -> Iterator[None]:
    """Write somebody's former keys again where what is done with new ones fails.

    Also after the file was written: the commit that says so may fail, or Ctrl-C come. A file that
    holds others than `keys` by then is somebody else's work, and stays.
    """
    cards = read_cards(folder, recipient.id)
    try:
        yield
    except BaseException:
        with suppress(SecshareError):
            if recipient.keys != keys and read_keys(folder, recipient.id) == keys:
                write_keys(folder, recipient.id, recipient.keys, cards)
        raise


def read_cards(folder: Path, identifier: str) -> dict[str, str]:
    """Return the drawn names of a recipient's cards by their keys; none of what cannot be read."""
    text = None
    with suppress(RecipientDataInvalid):
        text = _text(folder, identifier)
    found, name = {}, ""
    for line in map(str.strip, (text or "").splitlines()):
        if key_lines(line) and name:
            found[line] = name
        name = line.removeprefix(_CARD) if line.startswith(_CARD) else ""
    return found


def fingerprint(keys: Iterable[str]) -> str:
    """Return what is remembered of keys to notice that they changed; their order does not count."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()


def spoken_fingerprint(key: str) -> str:
    """Return what two people compare over the telephone: eight groups of four characters.

    The first half of the SHA-256 of the key as age writes it; any machine gives it without us.
    """
    digest = hashlib.sha256(key.encode()).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def key_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a recipients file that are neither comments nor blank."""
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _parse(line: str) -> age.Recipient:
    try:
        return age.parse_recipient(line)
    except ExtraMissing:
        raise
    except RecipientDataInvalid as error:
        raise RecipientDataInvalid("recipients.key") from error


def _text(folder: Path, identifier: str) -> str | None:
    path = key_path(folder, identifier)
    try:
        with files.open_source(path) as source:
            if source.size > profiles.KEY_FILE_BYTES:
                raise RecipientDataInvalid("recipients.key_file_unreadable", id=identifier)
            return source.file.read().decode("utf-8-sig")
    except InputUnreadable as error:
        if error.key in {"files.missing", "files.missing_ending"}:
            return None
        raise RecipientDataInvalid("recipients.key_file_unreadable", id=identifier) from error
    except (OSError, UnicodeDecodeError) as error:
        raise RecipientDataInvalid("recipients.key_file_unreadable", id=identifier) from error
