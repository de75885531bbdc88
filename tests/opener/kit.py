"""What a patient has received: sealed files, words, messages; and the command to open them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from secshare import age
from secshare.files import open_source
from secshare.files.archive import ArchiveSource
from secshare.messages import Language
from secshare.model import Passphrase, Reference
from secshare.passphrase import word_list

COMMAND = [sys.executable, "-m", "secshare.opener"]
ROOT = Path(__file__).resolve().parent.parent.parent
# Ten words of the list, far from each other, so that a typing error has one nearest word.
WORDS = (
    *("acarien", "baguette", "capsule", "damier", "effigie"),
    *("fabuleux", "galerie", "honneur", "indexer", "jaguar"),
)
PHRASE = "-".join(WORDS)
OTHER_REFERENCE = str(Reference.draw(lambda below: 5))
REFERENCE = str(Reference.draw(lambda below: 23))
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
MARK = b"MARKED-CLEAR-TEXT"


def drawn(words: tuple[str, ...] = WORDS) -> Passphrase:
    """A phrase as if it had been drawn: tests need to know it."""
    assert set(words) <= set(word_list(Language.FR))
    return Passphrase._drawn(words, Language.FR, 110.0)


def seal(path: Path, content: bytes, *recipients: age.Recipient, armor: bool = False) -> Path:
    """Seal bytes, to the usual words unless recipients are given."""
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(content), sealed, recipients or [words()], armor=armor)
    path.write_bytes(sealed.getvalue())
    return path


def words() -> age.ScryptRecipient:
    return age.ScryptRecipient(drawn())


def seal_documents(path: Path, documents: dict[str, bytes]) -> Path:
    """Seal several documents as `secshare seal` does."""
    folder = path.parent / "documents to seal"
    folder.mkdir()
    with ExitStack() as stack:
        sources = []
        for name, content in documents.items():
            (folder / name).write_bytes(content)
            sources.append(stack.enter_context(open_source(folder / name)))
        archive = io.BufferedReader(ArchiveSource(sources)).read()
    for name in documents:
        (folder / name).unlink()
    folder.rmdir()
    return seal(path, archive)


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What was said on stderr."""
        return self.err.splitlines()


def environ(**changes: str) -> dict[str, str]:
    """An environment with nothing of the tester's: English, a home of its own, no screen."""
    kept = {
        name: os.environ[name] for name in ("PATH", "COVERAGE_PROCESS_START") if name in os.environ
    }
    return kept | {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"} | changes


def run(
    folder: Path, *arguments: str | Path, stdin: bytes = b"", fds: tuple[int, ...] = (), **env: str
) -> Done:
    """Run the command with no terminal at all."""
    done = subprocess.run(
        [*COMMAND, *(str(argument) for argument in arguments)],
        cwd=folder,
        env=environ(**env),
        input=stdin,
        capture_output=True,
        start_new_session=True,
        pass_fds=fds,
        check=False,
        timeout=60,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def clear_text_in(folder: Path, mark: bytes = MARK) -> list[Path]:
    """Every file below a folder that holds the mark, whatever it is called."""
    return [path for path in folder.rglob("*") if path.is_file() and mark in path.read_bytes()]
