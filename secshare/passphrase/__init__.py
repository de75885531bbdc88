"""Words: drawing them, saying what they are worth, and understanding what a person typed."""

from __future__ import annotations

from secshare.passphrase.drawing import carried, draw, entropy
from secshare.passphrase.lists import word_list
from secshare.passphrase.stop import stop_list
from secshare.passphrase.understanding import understand
from secshare.passphrase.understood import Corrected, Understood, Unread

__all__ = [
    "Corrected",
    "Understood",
    "Unread",
    "carried",
    "draw",
    "entropy",
    "stop_list",
    "understand",
    "word_list",
]
