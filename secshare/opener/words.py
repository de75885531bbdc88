"""From what a person types to an identity that opens: three tries, and what was wrong with each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.age import ScryptIdentity
from secshare.age.unlocking import find
from secshare.errors import (
    AnswerNeeded,
    InputUnreadable,
    PassphraseWrong,
    ShareUnknown,
    WorkRefused,
)
from secshare.files import open_source
from secshare.model import Reference
from secshare.passphrase import understand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from secshare.age.header import Stanza
    from secshare.opener.arguments import Options
    from secshare.opener.talk import Talk
    from secshare.passphrase import Understood

_GIVEN_BYTES: Final = 4 * profiles.TYPED_CHARACTERS
_SLOW_FACTOR: Final = 17  # from here on a try takes more than a quarter of a second
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


class _Opening(ScryptIdentity):
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
        known, file_key = self._found
        return file_key if list(stanzas) == list(known) else super().unwrap(stanzas)


def unlock(locked: Locked, options: Options, talk: Talk) -> ScryptIdentity:
    """Return an identity that opens the file, from the words that are given or asked for.

    Raises:
        AnswerNeeded: no words are given, and there is no terminal.
        PassphraseWrong: the words do not open it, three times if they were asked for.
        WorkRefused: its work factor is above the limit; found before anything is asked.
        InputUnreadable: the words cannot be read from where the options say.
        Declined, KeyboardInterrupt: the person gave up.
    """
    _check_factor(locked, options)
    if (given := _given(options)) is not None:
        attempt = _attempt(given, locked, options)
        if attempt.opening is None:
            raise _why(attempt.understood, locked)
        for position in attempt.corrected:
            talk.say("corrected", position=position)
        return attempt.opening
    if talk.terminal is None:
        raise AnswerNeeded("opener.words_needed", name=locked.name)
    with talk.terminal.unseen():
        return _ask(locked, options, talk)


def _ask(locked: Locked, options: Options, talk: Talk) -> _Opening:
    """Ask for the words as often as the profile says."""
    hint = ""
    for left in range(profiles.TRIES - 1, -1, -1):
        attempt = _asked(locked, options, talk, hint)
        if attempt.opening is not None:
            return attempt.opening
        error = _why(attempt.understood, locked)
        if not left:
            break
        talk.tell("\n".join(error.explain(talk.language)))
        talk.converse("tries_one" if left == 1 else "tries", count=left)
        hint = "" if error.key == "opener.other_reference" else _hint(attempt.understood, talk)
    raise error


def reference_in(name: str) -> str | None:
    """Return the reference in a file's name, as in `document-K7Q2-M9PX-8.pdf.age`."""
    for found in _REFERENCE.findall(name.upper()):
        try:
            return str(Reference.parse(found))
        except ShareUnknown:
            continue
    return None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What was typed, how it was read, and what that opened.

    Attributes:
        understood: None when nothing was typed.
        opening: None when no reading opens the file.
        corrected: the positions of the words that had to be corrected.
    """

    understood: Understood | None
    opening: _Opening | None = None
    corrected: tuple[int, ...] = ()


def _asked(locked: Locked, options: Options, talk: Talk, hint: str) -> _Attempt:
    """Ask for the words once, and try them; say what was corrected in them."""
    if talk.terminal is None:
        raise AnswerNeeded("opener.words_needed", name=locked.name)
    typed = talk.terminal.ask_words(locked.question, hint)
    if locked.factor >= _SLOW_FACTOR:
        talk.converse("checking")
    attempt = _attempt(typed, locked, options)
    for position in attempt.corrected:
        talk.converse("corrected", position=position)
    return attempt


def _attempt(typed: str, locked: Locked, options: Options) -> _Attempt:
    """Try every reading of what was typed, the literal one first."""
    if not typed.strip():
        return _Attempt(None)
    understood = understand(typed)
    most = max(_LEAST_CANDIDATES, profiles.CANDIDATES >> max(0, locked.factor - _SLOW_FACTOR + 2))
    for number, candidate in enumerate(understood.candidates[:most]):
        try:
            opening = _Opening(candidate, locked.stanzas, options.max_work_factor)
        except PassphraseWrong:
            continue
        corrected = {item.position for item in understood.corrected_in(candidate)} if number else ()
        return _Attempt(understood, opening, tuple(sorted(corrected)))
    return _Attempt(understood)


def _why(understood: Understood | None, locked: Locked) -> PassphraseWrong:
    """Return the most useful thing to say about words that do not open."""
    if understood is None:
        return PassphraseWrong("age.passphrase_empty")
    ours, theirs = reference_in(locked.name), understood.reference
    if ours and theirs and theirs != ours:
        return PassphraseWrong("opener.other_reference", theirs=theirs, ours=ours)
    if understood.unread and _is_phrase(understood):
        return PassphraseWrong("opener.words_unread", position=understood.unread[0].position)
    usual = {profiles.WORDS, profiles.WORDS_STRONG}
    if understood.words >= _LEAST_WORDS and understood.words not in usual:
        return PassphraseWrong("opener.words_count", count=understood.words)
    if understood.corrected:
        return PassphraseWrong("opener.words_doubtful", position=understood.corrected[0].position)
    return PassphraseWrong("age.passphrase_wrong")


def _is_phrase(understood: Understood) -> bool:
    """Return whether most of what was typed are words of ours: else nothing can be proposed."""
    return understood.words > len(understood.unread)


def _hint(understood: Understood | None, talk: Talk) -> str:
    """Return what to propose while the person types again; it may hold words, so it is erased."""
    if understood is None or not _is_phrase(understood):
        return ""
    lines = [_proposal("near", item.position, item.nearest, talk) for item in understood.unread]
    for position, items in groupby(understood.corrected, key=lambda item: item.position):
        lines.append(_proposal("doubtful", position, (item.word for item in items), talk))
    return "\n".join(lines[:_HINTS])


def _proposal(key: str, position: int, words: Iterable[str], talk: Talk) -> str:
    proposed = list(words)[:_PROPOSED]
    if not proposed:
        return talk.text("near_none", position=position)
    return talk.text(key, position=position, words=talk.text("or").join(proposed))


def _check_factor(locked: Locked, options: Options) -> None:
    most = min(options.max_work_factor, profiles.WORK_FACTOR_READ_MOST)
    if locked.factor > most:
        raise WorkRefused("age.work_factor_refused", factor=locked.factor, most=most)


def _given(options: Options) -> str | None:
    """Return the words from the file or the descriptor that was named; None if none was."""
    if options.words_file is not None:
        with open_source(options.words_file) as source:
            if source.size > _GIVEN_BYTES:
                raise InputUnreadable("opener.words_large")
            data = source.file.read()
    elif options.words_descriptor is not None:
        data = _read_descriptor(options.words_descriptor)
    else:
        return None
    if len(data) > _GIVEN_BYTES:
        raise InputUnreadable("opener.words_large")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # Notepad, or PowerShell's `>`
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "surrogateescape")


def _read_descriptor(number: int) -> bytes:
    try:
        with open(number, "rb", buffering=0, closefd=False) as file:
            data = b""
            while len(data) <= _GIVEN_BYTES and (piece := file.read(1 << 16)):
                data += piece
    except OSError as error:
        raise InputUnreadable("opener.fd_unreadable", number=number) from error
    return data
