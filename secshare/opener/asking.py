"""Asking for the words: three tries, and no try lost on what cannot be a phrase yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import (
    AnswerNeeded,
    ExtraMissing,
    InputUnreadable,
    PassphraseWrong,
    WorkRefused,
    WrongKind,
)
from secshare.opener.dropped import photo_in
from secshare.opener.given import given, photographed
from secshare.opener.words import (
    SLOW_FACTOR,
    Attempt,
    Locked,
    attempt,
    hint,
    is_phrase,
    reference_in,
    why,
)
from secshare.passphrase import understand

if TYPE_CHECKING:
    from secshare.age import ScryptIdentity
    from secshare.opener.arguments import Options
    from secshare.opener.talk import Talk
    from secshare.opener.words import Opening
    from secshare.passphrase import Understood

__all__ = ["unlock"]

_FEW: Final = 3  # words of the list: more may well be another program's passphrase
_IDLE: Final = 12  # lines that lead nowhere, between two tries


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
    if (words := given(options)) is not None:
        tried = attempt(words, locked, options)
        if tried.opening is None:
            raise why(tried.understood, locked)
        for position in tried.corrected:
            talk.say("corrected", position=position)
        return tried.opening
    if talk.terminal is None:
        raise AnswerNeeded("opener.words_needed", name=locked.name)
    with talk.terminal.unseen():
        return _Conversation(locked, options, talk).opening()


def _check_factor(locked: Locked, options: Options) -> None:
    most = min(options.max_work_factor, profiles.WORK_FACTOR_READ_MOST)
    if locked.factor > most:
        raise WorkRefused("age.work_factor_refused", factor=locked.factor, most=most)


class _Conversation:
    """What was typed so far, line by line.

    Every line is tried as it stands, as another program's passphrase can be anything. One that
    opens nothing costs a try only if it could have been the phrase; shorter ones are gathered.

    Args:
        locked: the file. One of ours, with a reference in its name, opens with ten words or more.
    """

    def __init__(self, locked: Locked, options: Options, talk: Talk) -> None:
        self._locked = locked
        self._options = options
        self._talk = talk
        self._ours = reference_in(locked.name) is not None
        self._lines: list[str] = []  # short ones, that may be a phrase together
        self._tried: list[str] = []  # ten words of as many lines: there may be two more
        self._left = profiles.TRIES
        self._idle = 0
        self._hint = ""

    def opening(self) -> Opening:
        """Return what opens the file.

        Raises:
            PassphraseWrong: no try is left.
        """
        while True:
            typed = self._ask()
            tried = self._attempt(typed)
            if tried.opening is None and self._is_short(typed, tried.understood):
                tried = self._gathered(typed, tried.understood)
            elif tried.opening is None:
                self._lines, self._tried = [], []
                self._failed(tried.understood)
            if tried.opening is not None:
                for position in tried.corrected:
                    self._talk.converse("corrected", position=position)
                return tried.opening

    def _ask(self) -> str:
        """Return a line that was typed, or the words of the photo that was dropped there."""
        if self._talk.terminal is None:
            raise AnswerNeeded("opener.words_needed", name=self._locked.name)
        while True:
            shown, self._hint = self._hint, ""
            typed = self._talk.terminal.ask_words(self._locked.question, shown)
            photo = photo_in(typed)
            if photo is None:
                return typed
            try:
                return photographed(photo)
            except (ExtraMissing, InputUnreadable, WorkRefused, WrongKind) as error:
                self._talk.tell("\n".join(error.explain(self._talk.language)))
                self._wasted(None)

    def _attempt(self, typed: str) -> Attempt:
        if typed.strip() and self._locked.factor >= SLOW_FACTOR:
            self._talk.converse("checking")
        return attempt(typed, self._locked, self._options)

    def _is_short(self, typed: str, understood: Understood | None) -> bool:
        """Return whether a line cannot be the phrase: nothing, a number, a word, a greeting."""
        if understood is None or not any(character.isalpha() for character in typed):
            return True
        if self._ours:
            return _length(understood) < profiles.WORDS or not is_phrase(understood)
        return not understood.unread and 1 <= understood.words <= _FEW

    def _gathered(self, typed: str, understood: Understood | None) -> Attempt:
        """Add a short line to those before it, and try them together once they are enough."""
        if understood is None or not understood.words or understood.unread:
            self._useless(understood)
            return Attempt(understood)
        if self._tried:
            self._tried.append(typed)
            longer = self._attempt("\n".join(self._tried))
            if longer.opening is not None:
                return longer
            if longer.understood is None or _length(longer.understood) >= profiles.WORDS_STRONG:
                self._tried = []
        self._lines.append(typed)
        together = understand("\n".join(self._lines))
        if _length(together) > profiles.WORDS_STRONG:  # the person began again
            self._lines, together = [typed], understood
            self._wasted(understood)
        if _length(together) < profiles.WORDS:
            self._count(together.words)
            return Attempt(together)
        tried = self._attempt("\n".join(self._lines))
        if tried.opening is None:
            self._failed(together)
            if _length(together) < profiles.WORDS_STRONG:
                self._talk.converse("ask_more")
                self._tried = self._lines
            self._lines = []
        return tried

    def _useless(self, understood: Understood | None) -> None:
        """Say what is wrong with a line that adds nothing, and what is kept."""
        kept = understand("\n".join(self._lines)).words if self._lines else 0
        self._wasted(understood)
        if understood is None:
            self._talk.converse("nothing_typed")
        elif not understood.words:
            self._talk.converse("no_word")
        else:
            self._talk.converse("line_unread")
        if kept:
            self._count(kept)
        self._hint = hint(understood, self._talk, after=kept)

    def _count(self, words: int) -> None:
        self._talk.converse("gathered_one" if words == 1 else "gathered", count=words)

    def _wasted(self, understood: Understood | None) -> None:
        self._idle += 1
        if self._idle == _IDLE:
            raise self._last(why(understood, self._locked))

    def _failed(self, understood: Understood | None) -> None:
        """Say what is wrong with words that could have been the phrase; a try is gone."""
        error = why(understood, self._locked)
        self._left -= 1
        self._idle = 0
        if not self._left:
            raise self._last(error)
        self._talk.tell("\n".join(error.explain(self._talk.language)))
        self._talk.converse("tries_one" if self._left == 1 else "tries", count=self._left)
        if error.key != "opener.other_reference":
            self._hint = hint(understood, self._talk)

    def _last(self, error: PassphraseWrong) -> PassphraseWrong:
        """Return an error with what to do now that nothing more is asked."""
        if error.key == "opener.other_reference":
            return PassphraseWrong("opener.other_reference_last", **error.fields)
        return PassphraseWrong("opener.tries_over", reason=error.explain(self._talk.language)[0])


def _length(understood: Understood) -> int:
    """Return how many words were typed, those that could not be read included."""
    return understood.words + len(understood.unread)
