"""What lies where in a practice folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Layout"]


@dataclass(frozen=True)
class Layout:
    """The places of a practice folder, whether or not anything is there.

    Attributes:
        folder: absolute.
    """

    folder: Path

    @property
    def keys(self) -> Path:
        """Public keys, one file a recipient, in age's recipients-file format."""
        return self.folder / "keys"

    @property
    def private(self) -> Path:
        """The database and the identities, owner only."""
        return self.folder / "private"

    @property
    def outbox(self) -> Path:
        """What may leave by mail; never a secret."""
        return self.folder / "outbox"

    @property
    def secrets(self) -> Path:
        """What somebody asked to print or copy; never a document."""
        return self.folder / "secrets"

    @property
    def inbox(self) -> Path:
        """What the practice received and opened."""
        return self.folder / "inbox"

    @property
    def database(self) -> Path:
        """The SQLite file of `secshare.store`."""
        return self.private / "practice.db"

    @property
    def practice_key(self) -> Path:
        """The identities that unseal."""
        return self.private / "practice.key"

    @property
    def journal_key(self) -> Path:
        """What signs the journal; unseals nothing."""
        return self.private / "journal.key"

    @property
    def practice_pub(self) -> Path:
        """The practice's own public keys."""
        return self.keys / "practice.pub"

    def part_of(self, path: Path) -> str | None:
        """Return which part of this practice a path lies in: `outbox`, `secrets` ..., its root as
        an empty text, or None where it lies outside. Links are followed.
        """
        try:
            within = path.resolve().relative_to(self.folder.resolve())
        except (OSError, RuntimeError, ValueError):
            return None
        return within.parts[0] if within.parts else ""
