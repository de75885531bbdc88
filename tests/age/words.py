"""Drawn words for tests: the light work factor is for these alone."""

from __future__ import annotations

from secshare.messages import Language
from secshare.model import Passphrase


def drawn(*words: str) -> Passphrase:
    """Return a passphrase as if it had been drawn."""
    return Passphrase._drawn(words or ("acier", "bonbon", "citron"), Language.FR, 110.0)
