"""Reading one document through a checker, and what its process cost."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from secshare.files import open_source
from secshare.preflight.checker import Checker
from secshare.preflight.content import Why
from secshare.preflight.facts import Facts

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="bounds are Linux's")


def facts_of(checker: Checker, path: Path, data: bytes | None = None) -> Facts:
    """Return what a checker knows of a file, written first where `data` is given."""
    if data is not None:
        path.write_bytes(data)
    with open_source(path) as source:
        return checker.facts(source)


def whys(facts: Facts) -> list[Why]:
    """Return why parts of it are unread, each once, sorted."""
    return sorted({one.why for one in facts.unread})


def texts(facts: Facts) -> list[str]:
    """Return the texts of a document, but for its name and those of what is in it."""
    return [text for place, text in facts.texts if place.field != "file name"]


def process(checker: Checker) -> int | None:
    """Return the number of the process that reads, if there is one."""
    reader = checker._reader
    return reader._process.pid if reader is not None and reader.alive else None


def peak(checker: Checker) -> int:
    """Return the most memory, in bytes, that the process ever had."""
    status = Path(f"/proc/{process(checker)}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024
