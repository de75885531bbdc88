"""What a batch says at its end: what to do about what failed, and with what was sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from secshare.batch.corrected import is_part
from secshare.batch.results import State
from secshare.cli.batch_told import counted, giving
from secshare.cli.pasting import ends, pasted
from secshare.errors import BatchIncomplete
from secshare.model import SealFormat
from secshare.register import Runs

if TYPE_CHECKING:
    from pathlib import Path

    from secshare.batch.results import Outcome
    from secshare.batch.running import Options
    from secshare.cli.batch_told import Failures
    from secshare.cli.session import Session
    from secshare.store import Store

__all__ = ["Next"]


class Next:
    """Says what to do now.

    Args:
        shares: how many the manifest asks for.
        practice: as it was named on the command line, for the commands that are suggested.
    """

    def __init__(
        self, session: Session, store: Store, options: Options, shares: int, practice: Path | None
    ) -> None:
        self._session = session
        self._runs = Runs(store)
        self._options = options
        self._shares = shares
        self._practice = practice

    def say(self, tally: Outcome, failures: Failures) -> None:
        """Say it of a batch that came to its end.

        Raises:
            BatchIncomplete: some shares failed, or were not copied.
        """
        session, failed = self._session, tally.failed
        commands = failures.advise(session)
        if self._options.dry_run:
            self._say_practice(commands=commands)
            if failed:
                shares = counted(self._shares)
                raise BatchIncomplete("batch.would_fail", failed=counted(failed), shares=shares)
            session.say("batch.checked_only")
            return
        if former := bool(tally.changed or tally.unasked):
            self._say_former(tally)
        if tally.doubled:
            session.say("batch.doubled")
        self._say_practice(commands=commands or former or bool(tally.doubled))
        if tally.standing:
            session.say("batch.nothing_left")
            self._say_words()
            self._say_files()
        self._check(tally)

    def _say_former(self, tally: Outcome) -> None:
        """Say what to do with shares that no row asks for."""
        asked = tally.states[State.ALREADY] + tally.changed  # of what it had before
        if is_part(asked, asked + tally.lone):
            self._session.say("batch.former_part", run=pasted(self._options.run))
        else:
            self._session.say("batch.former_stay")
        if self._runs.has_unasked_keys(self._options.run):
            self._session.say("batch.former_keys")

    def say_stopped(self, failures: Failures) -> None:
        """Say it of a batch that an error stopped."""
        self._say_practice(commands=failures.advise(self._session))

    def _say_practice(self, *, commands: bool) -> None:
        """Say what the commands lack that were said by now, where the practice was named."""
        if commands and self._practice is not None:
            self._session.say("batch.in_practice", ends=ends(self._practice))

    def _say_words(self) -> None:
        run = self._options.run
        self._session.write(*giving(run, self._runs.roads(run), self._practice))

    def _say_files(self) -> None:
        """Say how the sealed files travel."""
        forms = self._runs.forms(self._options.run)
        if SealFormat.HTML in forms:
            self._session.say("batch.html_by_hand")
        if forms - {SealFormat.HTML}:
            key = "batch.drafted" if self._options.drafts else "batch.drafts"
            self._session.say(key, ends=ends(self._practice))

    def _check(self, tally: Outcome) -> None:
        run = pasted(self._options.run)
        if failed := tally.failed:
            others = tally.standing or self._runs.count_standing(self._options.run)
            raise BatchIncomplete(
                "batch.incomplete" if others > 0 else "batch.none_done",
                failed=counted(failed),
                shares=counted(self._shares),
                others=counted(others),
                run=run,
            )
        if uncopied := tally.codes.total():
            raise BatchIncomplete(
                "batch.uncopied", count=counted(uncopied), path=self._options.out, run=run
            )
