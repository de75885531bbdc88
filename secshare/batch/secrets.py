"""The words of a run, taken out of the register: for a gateway's upload, or to be printed.

In this order: what there is to give, and what not, is known before the practice's own key is asked
for; all is unsealed and drawn, in memory, before the register says that anything is given; it says
so of every share before the file has a name. Whatever stops on the way, no words count as held that
somebody may have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from secshare import files, profiles
from secshare.batch import uploads
from secshare.batch.choosing import Choice
from secshare.batch.forms import Form, Left
from secshare.errors import (
    FileDamaged,
    IdentityMismatch,
    NotAgeFile,
    ShareState,
    WorkRefused,
    WrongKind,
)
from secshare.model import Reference, Road, SecretState
from secshare.register import Operation, Runs
from secshare.roads import sheet, slip
from secshare.roads.mail import write_whole
from secshare.sharing import check_words, handover

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from secshare.age import Identity
    from secshare.model import Share
    from secshare.sharing import Desk

__all__ = ["Taking"]


_DAMAGED: Final = IdentityMismatch, FileDamaged, NotAgeFile, WrongKind, WorkRefused
"""What sealed words that somebody altered or exchanged come out as."""


@dataclass(slots=True)
class _Taken:
    """A share whose words are to be given.

    Attributes:
        phone: the number that was looked at, and the only one that they may go to.
    """

    reference: Reference
    operation: Operation
    phone: str | None = field(repr=False)
    content: tuple[uploads.Message, ...] | slip.Slip | None = field(default=None, repr=False)


class Taking:
    """One taking out of the words of many shares: `choose`, `unseal`, then `write`.

    Args:
        again: also those that were given before.
        any_road: also those whose words were to go by another road than this form's.
        changed_phones: also to numbers that changed since the share was sealed.

    Attributes:
        left: which shares are left out, by why.
        committed: of how many the register says by now that they are given.
    """

    def __init__(
        self,
        desk: Desk,
        form: Form,
        *,
        again: bool = False,
        changed_phones: bool = False,
        any_road: bool = False,
    ) -> None:
        self._desk = desk
        self._runs = Runs(desk.store)
        self._form = form
        self._choice = Choice(
            desk, form, again=again, changed_phones=changed_phones, any_road=any_road
        )
        self._taken: list[_Taken] = []
        self.left: dict[Left, list[Reference]] = {}
        self.committed = 0

    @property
    def count(self) -> int:
        """Return how many shares there are whose words are to be given, or were."""
        return len(self._taken)

    @property
    def illegible(self) -> tuple[Reference, ...]:
        """Return the shares whose recipient's name could not be printed whole."""
        return tuple(
            each.reference
            for each in self._taken
            if isinstance(each.content, slip.Slip) and not each.content.legible
        )

    def choose(self, references: Iterable[Reference]) -> None:
        """Look which words can be given; nothing is unsealed yet.

        Raises:
            ShareUnknown: there is no such share.
        """
        for reference in references:
            share = self._desk.register.share(reference)
            why = self._choice.why_not(share)
            if why is not None:
                self._leave(why, reference)
                continue
            held = share.states.secret is SecretState.HELD
            operation = Operation.RELEASE if held else Operation.SECRET
            self._taken.append(_Taken(reference, operation, self._choice.phone(share)))

    def unseal(
        self, identities: Sequence[Identity], progress: Callable[[int], None] = lambda _: None
    ) -> None:
        """Unseal the words, and make of each what goes into the file, in memory.

        Args:
            progress: is told how many are done.

        Raises:
            PracticeInvalid: the public name or the page's address cannot be sent or printed.
            ExtraMissing: the library that draws codes is not installed.
        """
        chosen, self._taken = self._taken, []
        for done, each in enumerate(chosen, start=1):
            share = self._desk.register.share(each.reference)
            try:
                words = self._desk.register.words(each.reference, identities)
            except ShareState:  # recalled since, or it reached its age this moment
                share = self._desk.register.share(each.reference)
                self._leave(self._choice.why_not(share) or Left.FORGOTTEN, each.reference)
            except _DAMAGED:
                self._leave(Left.DAMAGED, each.reference)
            else:
                each.content = self._made(share, each.phone, words)
                self._taken.append(each)
            progress(done)

    def write(self, path: Path, progress: Callable[[int], None] = lambda _: None) -> None:
        """Have the register say that the words are given, then write them to a new file.

        That it can be written is found before. What was recalled in between is in no file: one
        that was finished already is removed, and written again without it.

        Args:
            progress: is told how many the register knows as given.

        Raises:
            OutputRefused: the file exists, or cannot be written.
            ShareState: nothing is left to be given.
            JournalBroken, RegisterUnwritable: as `Handing.commit`; there is no file.
            ExtraMissing: the library that writes such files is not installed.
        """
        with files.publish(path) as sink:
            self._commit(progress)
            self._fill(sink)
        while self._leave_recalled():
            files.remove(path)
            with files.publish(path) as sink:
                self._fill(sink)

    def _leave(self, why: Left, reference: Reference) -> None:
        self.left.setdefault(why, []).append(reference)

    # --- what -----------------------------------------------------------------------------------

    def _made(
        self, share: Share, phone: str | None, words: str
    ) -> tuple[uploads.Message, ...] | slip.Slip:
        found = self._desk.directory.by_uid(share.recipient)
        language = self._runs.language(share.reference)
        carried = handover(self._desk.practice, share, found, phone, words, language=language)
        if self._form is Form.QR_SHEET:
            return slip.draw(share.name, carried)
        made = tuple(
            uploads.Message(phone or "", text, share.reference) for text in carried.messages()
        )
        if self._form is Form.SMS_CSV:
            uploads.check(made)
        return made

    def _fill(self, sink: io.FileIO) -> None:
        """Write what is to be given.

        Raises:
            ShareState: nothing is.
        """
        self._leave_recalled()
        if not self._taken:
            raise ShareState("batch_secrets.nothing")
        language = self._desk.practice.settings.language
        if self._form is Form.QR_SHEET:
            slips = (each.content for each in self._taken if isinstance(each.content, slip.Slip))
            sheet.write(slips, sink, language)
            return
        messages = [
            message
            for each in self._taken
            if isinstance(each.content, tuple)
            for message in each.content
        ]
        csv = self._form is Form.SMS_CSV
        write_whole(sink, uploads.to_csv(messages, language) if csv else uploads.to_xlsx(messages))

    # --- the register ---------------------------------------------------------------------------

    def _commit(self, progress: Callable[[int], None]) -> None:
        """Have the register say of each share that its words are given; many a transaction.

        What another command gave or recalled since `choose` is left out here.
        """
        chosen, self._taken = self._taken, []
        for start in range(0, len(chosen), profiles.BATCH_GIVEN):
            given, refused = self._commit_some(chosen[start : start + profiles.BATCH_GIVEN])
            self._taken += given
            self.committed += len(given)
            for each, why in refused:
                self._leave(why, each.reference)
            progress(self.committed)

    def _commit_some(
        self, some: Sequence[_Taken]
    ) -> tuple[list[_Taken], list[tuple[_Taken, Left]]]:
        given, refused = [], []
        register = self._desk.register
        with self._desk.store.transaction() as connection:
            for each in some:
                why = self._why_no_more(each)
                if why is not None:  # nothing of it was written yet
                    refused.append((each, why))
                    continue
                road = self._form.road.value
                register.changed(connection, each.reference, each.operation, given_as=road)
                given.append(each)
        return given, refused

    def _why_no_more(self, each: _Taken) -> Left | None:
        """Return why words that were to be given are not, by what is recorded now.

        A number that changed since `choose` is another than the one in the message, also where it
        is the share's again.
        """
        share = self._desk.register.share(each.reference)
        why = self._choice.why_not(share)
        if why is None and self._form.road is Road.SMS and self._choice.phone(share) != each.phone:
            return Left.CHANGED_PHONE
        if why is None:
            try:
                check_words(self._desk, share, each.operation)
            except ShareState:
                return Left.GIVEN
        return why

    def _leave_recalled(self) -> bool:
        """Leave out whose words the register no longer has; return whether there was any."""
        share = self._desk.register.share
        kept = [each for each in self._taken if share(each.reference).words_kept]
        if len(kept) == len(self._taken):
            return False
        stay = {each.reference for each in kept}
        for each in self._taken:
            if each.reference not in stay:
                self._leave(Left.RECALLED, each.reference)
        self._taken = kept
        return True
