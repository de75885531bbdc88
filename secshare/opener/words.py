"""From what a person types to an identity that opens, or to what was wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.age import ScryptIdentity
from secshare.age.unlocking import find
from secshare.errors import PassphraseWrong, ShareUnknown
from secshare.model import Reference
from secshare.passphrase import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from secshare.age.header import Stanza
    from secshare.opener.arguments import Options
    from secshare.opener.talk import Talk
    from secshare.passphrase import Understood

SLOW_FACTOR: Final = 17  # from here on a try takes more than a quarter of a second
_LEAST_CANDIDATES: Final = 4
_PROPOSED: Final = 3
_LEAST_WORDS: Final = 3  # fewer may well be another program's passphrase
_HINTS: Final = 4
_REFERENCE: Final = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z](?![0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Locked:
    """A file that opens with words.

    Attributes:
        name: as it is shown to the person.
        stanzas: of its header.
        factor: scrypt's work factor.
        question: the text that asks for its words.
    """

    name: str
    stanzas: Sequence[Stanza]
    factor: int
    question: str


class Opening(ScryptIdentity):
    """Words that opened a header, with what they gave: opening the payload costs no scrypt again.

    It is for that one header; a derived key is never kept for another.
    """

    __slots__ = ("_found",)

    def __init__(self, words: str, stanzas: Sequence[Stanza], max_work_factor: int) -> None:
        super().__init__(words)
        self._found = (
            stanzas,
            find(stanzas, [ScryptIdentity(words)], max_work_factor=max_work_factor),
        )

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key of the header that was opened, without scrypt."""
        known, file_key = self._found
        return file_key if list(stanzas) == list(known) else super().unwrap(stanzas)


def reference_in(name: str) -> str | None:
    """Return the reference in a file's name, as in `document-K7Q2-M9PX-8.pdf.age`."""
    for found in _REFERENCE.findall(name.upper()):
        try:
            return str(Reference.parse(found))
        except ShareUnknown:
            continue
    return None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed, how it was read, and what that opened.

    Attributes:
        understood: None when nothing was typed.
        opening: None when no reading opens the file.
        corrected: the positions of the words that had to be corrected.
    """

    understood: Understood | None
    opening: Opening | None = None
    corrected: tuple[int, ...] = ()


def attempt(typed: str, locked: Locked, options: Options) -> Attempt:
    """Try every reading of what was typed, the literal one first.

    Raises:
        WorkRefused: the work factor is above the limit.
    """
    if not typed.strip():
        return Attempt(None)
    understood = understand(typed)
    most = max(_LEAST_CANDIDATES, profiles.CANDIDATES >> max(0, locked.factor - SLOW_FACTOR + 2))
    for number, candidate in enumerate(understood.candidates[:most]):
        try:
            opening = Opening(candidate, locked.stanzas, options.max_work_factor)
        except PassphraseWrong:
            continue
        corrected = {item.position for item in understood.corrected_in(candidate)} if number else ()
        return Attempt(understood, opening, tuple(sorted(corrected)))
    return Attempt(understood)


def why(understood: Understood | None, locked: Locked) -> PassphraseWrong:
    """Return the most useful thing to say about words that do not open."""
    if understood is None:
        return PassphraseWrong("age.passphrase_empty")
    ours, theirs = reference_in(locked.name), understood.reference
    if ours and theirs and theirs != ours:
        return PassphraseWrong("opener.other_reference", theirs=theirs, ours=ours)
    if understood.unread and is_phrase(understood):
        return PassphraseWrong("opener.words_unread", position=understood.unread[0].position)
    usual = {profiles.WORDS, profiles.WORDS_STRONG}
    if understood.words >= _LEAST_WORDS and understood.words not in usual:
        return PassphraseWrong("opener.words_count", count=understood.words)
    if understood.corrected:
        return PassphraseWrong("opener.words_doubtful", position=understood.corrected[0].position)
    return PassphraseWrong("age.passphrase_wrong")


def is_phrase(understood: Understood) -> bool:
    """Return whether most of what was typed are words of ours: else nothing can be proposed."""
    return understood.words > len(understood.unread)


def hint(understood: Understood | None, talk: Talk, *, after: int = 0) -> str:
    """Return what to propose while the person types again; it may hold words, so it is erased.

    Args:
        after: how many words came before, on lines of their own.
    """
    if understood is None or not (is_phrase(understood) or len(understood.unread) == 1):
        return ""
    lines = [
        _proposal("near", after + item.position, item.nearest, talk) for item in understood.unread
    ]
    for position, items in groupby(understood.corrected, key=lambda item: item.position):
        lines.append(_proposal("doubtful", position, (item.word for item in items), talk))
    return "\n".join(lines[:_HINTS])


def _proposal(key: str, position: int, words: Iterable[str], talk: Talk) -> str:
    proposed = list(words)[:_PROPOSED]
    if not proposed:
        return talk.text("near_none", position=position)
    return talk.text(key, position=position, words=talk.text("or").join(proposed))
