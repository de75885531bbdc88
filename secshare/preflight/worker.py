"""The reading process: one document after another, from its stdin, until that closes.

Run as `python -m secshare.preflight.worker` by `Checker`, and by nobody else.
"""

from __future__ import annotations

import gc
import signal
from typing import TYPE_CHECKING

from secshare import profiles
from secshare.files import processes
from secshare.model import Place
from secshare.preflight import wire
from secshare.preflight.content import Unread, Why
from secshare.preflight.examining import examine
from secshare.preflight.facts import Facts
from secshare.preflight.readers import read

if TYPE_CHECKING:
    from typing import BinaryIO


def main() -> None:
    """Answer questions until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, who ends this process
    questions, answers = processes.pipes()
    processes.bound(profiles.PREFLIGHT_MEMORY)
    if not processes.waiting(questions):
        # The practice is being opened, or a recipient chosen: most documents are PDF.
        from secshare.preflight.readers import pdf  # noqa: F401  # to have it loaded
    _serve(questions, answers)


def _serve(questions: BinaryIO, answers: BinaryIO) -> None:
    gc.freeze()  # what was loaded stays: it need not be looked through again for each document
    while question := wire.asked(questions):
        name, region, seconds, data = question
        del question
        processes.end_after(seconds)
        gc.disable()  # a table makes millions of strings and no cycle: a tenth of its time
        try:
            facts, last = _read(name, region, data), False
        except MemoryError:  # the libraries may not have given all of it back
            facts, last = Facts(name, unread=(Unread(Why.TOO_LONG, Place(name)),)), True
        del data
        wire.answer(answers, facts, last=last)
        gc.enable()  # once the answer is there: whoever waits for it need not wait for this
        processes.end_after(0)


def _read(name: str, region: str, data: bytes) -> Facts:
    facts: Facts = examine(name, read(name, data), region=region)
    return facts


if __name__ == "__main__":
    main()
