"""What a batch reports of each share: a line of JSON as soon as it is known, no personal data.

First a header, then a line a share in the order they end, last the summary. A name of a file may
be a name of a person, and a message may quote one: lines have rows, codes and the names of rules.
"""

from __future__ import annotations

import json
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from secshare import files
from secshare.batch.results import State
from secshare.errors import OutputRefused
from secshare.files.platform import WINDOWS

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from secshare.batch.results import Outcome, Result
    from secshare.errors import SecshareError

__all__ = ["Report", "cause", "check_report", "header", "line", "summary"]

VERSION: Final = 1
"""Of the lines' form: a field may be added to it, and none changes its meaning."""

_NAME: Final = "secshare batch"
_HEADER_BYTES: Final = 4096
_LINE_BYTES: Final = 1 << 16


def header(
    run: str,
    manifest: str,
    *,
    rows: int,
    shares: int,
    documents: int,
    dry_run: bool,
    begun: datetime,
) -> dict[str, Any]:
    """Return the first line.

    Args:
        manifest: its name, see `identity.manifest_name`.
        begun: with its time zone.
    """
    return {
        "report": _NAME,
        "version": VERSION,
        "run": run,
        "manifest": manifest,
        "rows": rows,
        "shares": shares,
        "documents": documents,
        "dry_run": dry_run,
        "begun": begun.isoformat(timespec="seconds"),
    }


def line(result: Result) -> dict[str, Any]:
    """Return the line of one share: what became of it, and how its findings were gone past."""
    answers = {(each.rule, each.severity): each.answer.value for each in result.answered}
    found = dict.fromkeys((each.rule, each.severity) for each in result.findings)
    return {
        "row": result.number,
        "last_row": result.last,
        "state": result.state.value,
        "code": result.code,
        "error": result.error.key if result.error else None,
        "reference": str(result.reference) if result.reference else None,
        "changed": str(result.changed) if result.changed else None,
        "findings": [
            {"rule": rule, "severity": severity.value, "answer": answers.get((rule, severity))}
            for rule, severity in found
        ],
        "seconds": round(result.seconds, 3),
    }


def summary(run: str, outcome: Outcome, shares: int, code: int, *, standing: int) -> dict[str, Any]:
    """Return the last line.

    Args:
        shares: how many the manifest asks for.
        code: the exit status that the command ends with.
        standing: how many shares of the run stand by now, whichever start of it sealed them.
    """
    return {
        "summary": _NAME,
        "run": run,
        "code": code,
        **{state.value: outcome.states[state] for state in State},
        "not_done": shares - outcome.done,
        "standing": standing,
        "changed": outcome.changed,
        "former": len(outcome.unasked),
        "twice": outcome.twice,
        "differing": len(outcome.doubled),
        "unasked": [str(reference) for reference in outcome.unasked],
        "doubled": [
            [str(each.reference), each.twin.run, str(each.twin.reference)]
            for each in outcome.doubled
        ],
        "codes": {str(each): count for each, count in sorted(outcome.codes.items())},
        "stopped": outcome.stopped,
        "seconds": round(outcome.seconds, 3),
        "stages": {stage: round(spent, 3) for stage, spent in outcome.stages.items()},
    }


def cause(error: SecshareError) -> dict[str, Any]:
    """Return what the summary says besides, of a batch that an error stopped.

    `moved` has pairs: a row that holds another's document or address, and the row whose it is.
    `elsewhere` names the runs that have rows of the manifest.
    """
    fields: Any = error.fields
    elsewhere = []
    if error.key.startswith("running.elsewhere"):
        elsewhere = list(fields["runs"].rows)
    pairs = [list(each) for each in fields.get("pairs", ())]
    return {"error": error.key, "moved": pairs, "elsewhere": elsewhere}


def check_report(path: Path) -> dict[str, Any] | None:
    """Return the header of the report that stands at `path`, None where nothing does.

    An empty file is nothing: scripts make one with `mktemp`.

    Raises:
        OutputRefused: something else stands there, and is not replaced: a link, too.
    """
    with files.writing(path):
        try:
            status = path.lstat()
        except FileNotFoundError:
            return None
        if not stat.S_ISREG(status.st_mode):
            raise OutputRefused("batch.report_other", path=path)
        if not status.st_size:
            return None
        with path.open("rb") as file:
            first = file.readline(_HEADER_BYTES)
    try:
        held = json.loads(first)
    except ValueError:
        held = None
    if not isinstance(held, dict) or held.get("report") != _NAME:
        raise OutputRefused("batch.report_other", path=path)
    return held


class Report:
    """A report that is being written; each line reaches the system before the next share.

    A run that goes on adds to the report it left: nothing that was said is lost, and of two lines
    for one row the later one holds. Once a run has come to its end, only what it said then stays,
    since that is of every row.
    """

    def __init__(self, path: Path, file: io.FileIO, begins: int) -> None:
        """Take a file that `begin` opened; nobody else calls this."""
        self._path = path
        self._file = file
        self._begins = begins

    @classmethod
    @contextmanager
    def begin(cls, path: Path, header: Mapping[str, Any]) -> Iterator[Report]:
        """Make the file, or go on with that of the same run, and write the header.

        Raises:
            OutputRefused: another run's report, or something else, stands there; a dry run's would
                follow that of shares; another batch writes to it; it cannot be written.
        """
        file = files.growing_file(path)
        try:
            held = check_report(path)  # now that nobody else changes it
            if held is not None and _is_of_nothing(file):
                held = None
                file.truncate(0)  # as where it was asked which run this is
            if held is not None:
                if held.get("run") != header["run"]:
                    raise OutputRefused("batch.report_other_run", path=path)
                if header["dry_run"] and not held.get("dry_run"):
                    raise OutputRefused("batch.report_of_shares", path=path)
            with files.writing(path):
                if held is not None and held.get("dry_run") and not header["dry_run"]:
                    file.truncate(0)  # it says nothing that the shares will not
                report = cls(path, file, _end_of_lines(file))
            report.write(header)
            yield report
        finally:
            file.close()

    def write(self, document: Mapping[str, Any]) -> None:
        """Add a line.

        Raises:
            OutputRefused: the disk is full, or gone.
        """
        with files.writing(self._path):
            self._file.write(json.dumps(document).encode("ascii") + b"\n")

    def end(self, document: Mapping[str, Any], *, whole: bool) -> None:
        """Write the summary, and close.

        Args:
            whole: whether every row is told since the header: then what was there before it goes.

        Raises:
            OutputRefused: as `write`.
        """
        self.write(document)
        if not whole or not self._begins:
            self._file.close()
            return
        with files.publish(self._path, overwrite=True) as sink:
            self._file.seek(self._begins)
            files.copy(self._file, sink)
            if WINDOWS:  # where what is open keeps its name; elsewhere it is ours until it has gone
                self._file.close()
        self._file.close()


def _is_of_nothing(file: io.FileIO) -> bool:
    """Return whether a report is of one start that told of no row, in a run without any share."""
    file.seek(0)
    lines = file.read(_LINE_BYTES).splitlines()
    try:
        _, end = map(json.loads, lines)
    except ValueError:  # other lines, or another number of them
        return False
    return isinstance(end, dict) and end.get("summary") == _NAME and end.get("standing") == 0


def _end_of_lines(file: io.FileIO) -> int:
    """Go to the end of the last whole line, cut off what a kill left after it; return where."""
    end = file.seek(0, 2)
    begins = max(0, end - _LINE_BYTES)
    file.seek(begins)
    whole = begins + file.read().rfind(b"\n") + 1
    file.truncate(whole)
    return file.seek(whole)
