"""Titles: words that stand before a name, and are none of it."""

from __future__ import annotations

from typing import Final

__all__ = ["TITLES"]

_WORDS: Final = """
    m mr mme mlle mrs ms miss monsieur madame mademoiselle melle mm enfant bebe dr docteur
    pr professeur prof me maitre feu
"""

TITLES: Final = frozenset(_WORDS.split())
"""As `fold` writes them. Some are names of people too: Maître, Docteur, Feu."""
