"""What pyrage is given instead of our files, so that no failure of either side is lost or reworded.

pyrage makes a text of what a reader or a writer raises, Ctrl-C and a full disk included. Here the
first such exception is kept and raised again unchanged; what is left is pyrage's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from secshare.age.intake import Intake, Outlet
from secshare.errors import (
    ExtraMissing,
    HeaderDamaged,
    HeaderMacWrong,
    PassphraseWrong,
    SecshareError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from secshare.age.protocols import Progress

_MAC_WRONG: Final = "Header MAC is invalid"
_STANZA_DAMAGED: Final = "Decryption failed"  # for us by its tag, and yet it does not open
_NO_PROGRAM: Final = "on the PATH"


class Ends:
    """Both files as pyrage sees them, remembering the first thing that went wrong on our side."""

    def __init__(
        self, source: BinaryIO, sink: BinaryIO, total: int | None, progress: Progress | None
    ) -> None:
        self._error: BaseException | None = None
        self._done = 0
        intake, outlet = Intake(source), Outlet(sink)

        def read(size: int) -> bytes:
            data = intake.take(size)
            self._done += len(data)
            if progress is not None and data:
                progress(self._done, total)
            return data

        self.reader = _Reader(self.kept(read))
        self.writer = _Writer(self.kept(outlet.write))

    def kept(self, call: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return `call`, what it raises kept; after that it is not called again."""

        def kept(argument: object) -> object:
            if self._error is not None:
                raise OSError
            try:
                return call(argument)
            except BaseException as error:
                self._error = error  # pyrage would make a text of it
                raise OSError from None

        return kept

    def run(
        self, work: Callable[[], None], *, otherwise: SecshareError, broken: SecshareError
    ) -> None:
        """Do `work`, and turn whatever pyrage raises into an error of ours; an OSError is `broken`.

        Nothing of pyrage's own hangs on that error: it may quote what it was given, a PIN too.
        """
        theirs: BaseException | None = None
        try:
            work()
        except BaseException as error:  # a panic of pyrage's Rust is one
            theirs = error
        if self._error is not None:
            raise self._error
        if theirs is None:
            return
        if isinstance(theirs, (SecshareError, KeyboardInterrupt, SystemExit)):
            raise theirs
        text = str(theirs)
        if _NO_PROGRAM in text:
            raise ExtraMissing("age.plugin_missing")
        if isinstance(theirs, OSError):
            raise broken
        if text == _MAC_WRONG:
            raise HeaderMacWrong("age.header_mac_wrong")
        if text == _STANZA_DAMAGED:
            raise HeaderDamaged("age.stanza_damaged", type="ssh")
        raise otherwise


class _Reader:
    def __init__(self, read: Callable[[Any], Any]) -> None:
        self.read = read


class _Writer:
    def __init__(self, write: Callable[[Any], Any]) -> None:
        self._write = write

    def write(self, data: bytes) -> int:
        self._write(data)
        return len(data)

    def flush(self) -> None:
        """Leave it: the sink is published, or flushed by whoever owns it."""


class Dialogue:
    """What a plugin may say and ask. Nothing is printed here; only a PIN can be asked for."""

    def __init__(self, ask: Callable[[str], str] | None = None) -> None:
        self._ask = ask

    def display_message(self, message: str) -> None:
        """Drop it: "touch your key" is for the command to say beforehand."""

    def confirm(self, message: str, yes: str, no: str | None) -> None:
        """Leave it unanswered."""

    def request_public_string(self, question: str) -> None:
        """Leave it unanswered."""

    def request_passphrase(self, question: str) -> str | None:
        """Pass the question on, if there is somebody to ask."""
        return None if self._ask is None else self._ask(question)


def answering(ask: Callable[[str], str]) -> Callable[[str], str]:
    """Return `ask`, refusing an answer that is not text: pyrage would panic and print it."""

    def answer(question: str) -> str:
        pin = ask(question)
        if any("\ud800" <= character <= "\udfff" for character in pin):
            raise PassphraseWrong("age.passphrase_not_text")
        return pin

    return answer
