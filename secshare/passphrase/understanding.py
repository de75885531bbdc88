"""Understanding what people type or paste when they are asked for their words.

The caller tries the candidates against the file and says what was corrected. Nothing here knows
which phrase is the right one, so nothing here decides between two readings, and no reading ever
replaces what was typed: the text as it stands is always tried first.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import ShareUnknown
from secshare.messages import Language
from secshare.model import Reference
from secshare.passphrase.lists import fold
from secshare.passphrase.nearness import nearest
from secshare.passphrase.phrase import BREAK, Region, find_phrase, is_dash
from secshare.passphrase.understood import Corrected, Understood, Unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["understand"]

# What stands in an address is not typed: the practice's page is named beside the words. The words
# themselves come after its `#`, where a code opened it.
_ADDRESS: Final = re.compile(r"https?://[^\s#]*", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"(?<!\w)(\w{4})(\W|_)(\w{4})(\W|_)(\w)(?!\w)", re.ASCII)


def understand(text: str) -> Understood:
    """Read a phrase as people type or paste it, in any of the languages words are drawn in.

    Taken: capitals, accents, any dash, blanks, doubled separators, quotes, numbered lists, a whole
    SMS or telephone sheet of ours, forgotten spaces, words cut after four letters or more, and one
    wrong letter a word. The text as typed comes first among the candidates, as a file sealed by
    another program may open with anything. A word that cannot be read is never guessed.

    Raises:
        ExtraMissing: the word lists are not installed.
    """
    literal = _literal(text)
    if len(text) > profiles.TYPED_CHARACTERS:
        return Understood(candidates=literal)
    reference, rest = _take_reference(unicodedata.normalize("NFKC", text))
    folded = fold(_ADDRESS.sub(BREAK, rest))
    phrases = {language: find_phrase(folded, language) for language in Language}
    order = sorted(phrases, key=lambda language: _score(phrases[language]), reverse=True)
    best = phrases[order[0]]
    readable = (phrases[language] for language in order if _complete(phrases[language]))
    read = [phrase for phrase in readable if len(phrase) == len(best)]
    candidates = dict.fromkeys((*literal, *(c for phrase in read for c in _spelled(phrase))))
    return Understood(
        candidates=tuple(islice(candidates, profiles.CANDIDATES)),
        reference=reference,
        corrected=_listed(_corrected(phrase) for phrase in (read or [best])),
        completed=_listed(_completed(phrase) for phrase in (read or [best])),
        unread=_unread(best, order[0]),
        words=sum(not token.unread for token in best),
    )


def _literal(text: str) -> tuple[str, ...]:
    """Return the text as it stands, without its line end, then its plainest variants.

    A Mac types `é` as two characters where Windows types one: a passphrase that somebody chose
    elsewhere is tried in both forms.
    """
    line = text.strip("\r\n\ufeff")
    bare = line.strip()
    forms = (line, bare, unicodedata.normalize("NFC", bare), unicodedata.normalize("NFD", bare))
    return tuple(dict.fromkeys(form for form in forms if form.strip() and _encodable(form)))


def _encodable(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _take_reference(text: str) -> tuple[str | None, str]:
    """Return the first reference in a text, and the text without it.

    As it is printed: two groups of four and a check character, with dashes. Small letters are
    taken when there is a digit among them, as words can have four letters too.
    """
    for match in _REFERENCE.finditer(_plain_dashes(text)):
        found = match[0]
        if match[2] != "-" or match[4] != "-":
            continue
        if found != found.upper() and not any(c.isdigit() for c in found):
            continue
        try:
            reference = Reference.parse(found)
        except ShareUnknown:
            continue
        return str(reference), f"{text[: match.start()]}{BREAK}{text[match.end() :]}"
    return None, text


def _plain_dashes(text: str) -> str:
    return "".join("-" if is_dash(c) else c for c in text)


def _complete(phrase: Region) -> bool:
    return bool(phrase) and not any(token.unread for token in phrase)


def _score(phrase: Region) -> tuple[bool, float]:
    drawn = profiles.WORDS <= len(phrase) <= profiles.WORDS_STRONG
    return drawn and _complete(phrase), sum(token.weight for token in phrase)


def _spelled(phrase: Region) -> Iterator[str]:
    """Give the canonical forms of a phrase, those with the fewest corrections first.

    With many doubtful words the readings are too many to enumerate; those with at most a few
    corrections beyond the surest are reached, because `product` varies the last words first.
    """
    choices = [token.readings.words for token in phrase]
    yield "-".join(words[0] for words in choices)
    for at, words in enumerate(choices):  # one word read otherwise
        for word in words[1:]:
            yield "-".join(word if i == at else c[0] for i, c in enumerate(choices))
    for words in islice(product(*choices), profiles.CANDIDATES * profiles.CANDIDATES):
        yield "-".join(words)


def _unread(phrase: Region, language: Language) -> tuple[Unread, ...]:
    places = [(position, token.text) for position, token in enumerate(phrase, 1) if token.unread]
    if len(places) > profiles.WORDS_STRONG:  # not a phrase at all: nothing to propose
        return tuple(Unread(position, ()) for position, _ in places)
    return tuple(Unread(position, nearest(token, language)) for position, token in places)


def _corrected(phrase: Region) -> Iterator[Corrected]:
    for position, token in enumerate(phrase, 1):
        for word in token.readings.corrected:
            yield Corrected(position, word)


def _completed(phrase: Region) -> Iterator[Corrected]:
    for position, token in enumerate(phrase, 1):
        if token.readings.completed:
            yield Corrected(position, token.readings.completed)


def _listed(groups: Iterable[Iterable[Corrected]]) -> tuple[Corrected, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))
