"""The BIP-39 word lists, folded once to lower-case ASCII.

They are data files of the library `mnemonic`, of which nothing else is used. A list is checked
against a digest, because every promise about entropy and about near words rests on exactly these
2,048 words.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from secshare.errors import ExtraMissing
from secshare.messages import Language

__all__ = ["LONGEST", "PREFIX", "completed", "fold", "index", "word_list"]

LONGEST: Final = 8
"""Letters of the longest word, in both lists."""

PREFIX: Final = 4
"""Letters that are enough to name a word: no two words of a list share their first four."""

_FILES: Final = {Language.FR: "french.txt", Language.EN: "english.txt"}
_SHA256: Final = {  # of the folded words, one a line
    Language.FR: "b590d1fce0c31212bac489ffb5c809952b54cf7f5e4befce4d623b503dc6988f",
    Language.EN: "187db04a869dd9bc7be80d21a86497d692c0db6abd3aa8cb6be5d618ff757fae",
}
_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ı": "i"})


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, ligatures, width or invisible characters.

    The soft hyphen stays: programs that break lines put it where a dash was.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LIGATURES)
    kept = (c for c in plain if c == "\u00ad" or unicodedata.category(c) not in {"Mn", "Cf"})
    return "".join(kept).casefold()  # once more: "ℂ" becomes a capital by compatibility


@cache
def word_list(language: Language) -> tuple[str, ...]:
    """Return the 2,048 words of a language in the order of BIP-39, lower-case ASCII.

    Raises:
        ExtraMissing: the list is not installed, or is not the list we know.
    """
    words = tuple(fold(_read(_FILES[language])).split())
    if hashlib.sha256("\n".join(words).encode()).hexdigest() != _SHA256[language]:
        raise ExtraMissing("passphrase.list_altered", language=language)
    return words


@cache
def index(language: Language) -> frozenset[str]:
    """Return the words of a language as a set."""
    return frozenset(word_list(language))


def completed(token: str, language: Language) -> str | None:
    """Return the one word that begins with `token`, if four letters or more were typed."""
    if len(token) < PREFIX:
        return None
    word = _prefixes(language).get(token[:PREFIX])
    return word if word is not None and word.startswith(token) else None


@cache
def _prefixes(language: Language) -> dict[str, str]:
    return {word[:PREFIX]: word for word in word_list(language)}


def _read(name: str) -> str:
    try:
        import mnemonic

        return files(mnemonic).joinpath("wordlist", name).read_text("utf-8")
    except (ImportError, OSError, UnicodeDecodeError) as error:
        raise ExtraMissing("passphrase.list_missing") from error
