"""The reading process: one document after another, from its stdin, until that closes.

Run as `python -m secshare.preflight.worker` by `Checker`, and by nobody else.
"""

from __future__ import annotations

import gc
import os
import signal
from typing import BinaryIO

from secshare import profiles
from secshare.files import processes
from secshare.model import Place
from secshare.preflight import wire
from secshare.preflight.content import Unread, Why
from secshare.preflight.examining import examine
from secshare.preflight.facts import Facts
from secshare.preflight.readers import read


def main() -> None:
    """Answer questions until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, who ends this process
    questions, answers = _pipes()
    processes.bound(profiles.PREFLIGHT_MEMORY)
    _serve(questions, answers)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return where questions come from and answers go, and leave neither to the libraries.

    What one of them prints would stand in the middle of an answer.
    """
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    return questions, answers


def _serve(questions: BinaryIO, answers: BinaryIO) -> None:
    gc.freeze()  # what was loaded stays: it need not be looked through again for each document
    while question := wire.asked(questions):
        name, region, seconds, data = question
        del question
        processes.end_after(seconds)
        try:
            facts, last = _read(name, region, data), False
        except MemoryError:  # the libraries may not have given all of it back
            facts, last = Facts(name, unread=(Unread(Why.TOO_LONG, Place(name)),)), True
        del data
        wire.answer(answers, facts, last=last)
        processes.end_after(0)


def _read(name: str, region: str, data: bytes) -> Facts:
    facts: Facts = examine(name, read(name, data), region=region)
    return facts


if __name__ == "__main__":
    main()
