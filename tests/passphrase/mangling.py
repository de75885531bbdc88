"""What happens to a phrase between a sheet of paper and a keyboard, kind by kind, from a seed."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from secshare.messages import Language
from secshare.model import Reference
from secshare.passphrase import word_list
from secshare.roads import phone, qr, sms

REFERENCE = Reference.draw(random.Random(7).randrange)
NAMES = (
    "Cabinet Martin",
    "Cabinet du Soleil",
    "MAISON DE SANTE",
    "Dr Voisin",
    "Open Door Practice",
)
DASHES = "-‐‑‒–—―−－_·\u00ad"
BLANKS = " \t\u00a0\u202f\u2009\n"
ACCENTED = {
    "a": "àâä",
    "e": "éèêë",
    "i": "îï",
    "o": "ôö",
    "u": "ùûü",
    "c": "ç",
}

Words = list[str]
Written = Callable[[random.Random, Words], str]


def capitals(rng: random.Random, words: Words) -> str:
    return rng.choice((str.upper, str.title, str.capitalize, str.swapcase))("-".join(words))


def accents(rng: random.Random, words: Words) -> str:
    def accented(letter: str) -> str:
        return rng.choice(ACCENTED[letter]) if letter in ACCENTED and rng.random() < 0.4 else letter

    written = unicodedata.normalize("NFC", "".join(map(accented, "-".join(words))))
    return unicodedata.normalize("NFD", written) if rng.random() < 0.5 else written


def dashes(rng: random.Random, words: Words) -> str:
    joined = words[0]
    for word in words[1:]:
        dash = rng.choice(DASHES)
        joined += rng.choice((dash, f" {dash} ", f"{dash}\n")) + word
    return joined


def blanks(rng: random.Random, words: Words) -> str:
    joined = "".join(word + rng.choice(BLANKS) * rng.randint(1, 3) for word in words)
    return rng.choice(("", "  ", "\ufeff")) + joined


def doubled(rng: random.Random, words: Words) -> str:
    return rng.choice(("--", " - - ", ", ", "; ", "  ", ". ", " / ", "|")).join(words)


def quotes(rng: random.Random, words: Words) -> str:
    opening, closing = rng.choice(("“”", "«»", "‘’", "„“", '""', "''", "<>", "()"))
    joined = rng.choice("- ").join(words)
    if rng.random() < 0.3:
        return " ".join(f"{opening}{word}{closing}" for word in words)
    return f"{opening}{rng.choice(('', chr(0xA0)))}{joined}{closing}"


def numbered(rng: random.Random, words: Words) -> str:
    mark = rng.choice((". ", ") ", " - ", ": ", " ", ".\t", "° "))
    between = rng.choice(("\n", "\r\n", "\n\n", " "))
    return between.join(f"{at}{mark}{word}" for at, word in enumerate(words, 1))


def one_a_line(rng: random.Random, words: Words) -> str:
    return rng.choice(("\n", "\r\n", "\n\n", ",\n", " \n")).join(words) + "\n"


def forgotten_space(rng: random.Random, words: Words) -> str:
    at = rng.randrange(1, len(words))
    if not _french(words):  # English words join in several ways: `reportmanage`
        return " ".join(words)
    return " ".join([*words[: at - 1], words[at - 1] + words[at], *words[at + 1 :]])


def no_space_at_all(rng: random.Random, words: Words) -> str:
    """Join French words without anything between; English words join in several ways."""
    return "".join(words) if _french(words) else rng.choice("- ").join(words)


def _french(words: Words) -> bool:
    return set(words) <= set(word_list(Language.FR))


def invisible(rng: random.Random, words: Words) -> str:
    def hidden(letter: str) -> str:
        return letter + rng.choice("\u200b\u2060\ufeff\u200e") if rng.random() < 0.1 else letter

    return "".join(map(hidden, "-".join(words)))


def wide(rng: random.Random, words: Words) -> str:
    del rng
    return " ".join("".join(chr(ord(c) + 0xFEE0) for c in word) for word in words)


def whole_sms(rng: random.Random, words: Words) -> str:
    written = sms.message(rng.choice(NAMES), REFERENCE, "-".join(words), rng.choice(list(Language)))
    return rng.choice(("{}", "{}\n", "SMS 21/11 10:42\n{}", "Transmis : « {} »")).format(written)


def sms_with_blanks(rng: random.Random, words: Words) -> str:
    written = sms.message("Cabinet Martin", REFERENCE, "-".join(words), rng.choice(list(Language)))
    return written.replace("-".join(words), " ".join(words))


def whole_sheet(rng: random.Random, words: Words) -> str:
    return phone.sheet(
        "-".join(words),
        reference=REFERENCE,
        public_name=rng.choice(NAMES),
        phone=rng.choice((None, "+33639980000", "+262692000000")),
        language=rng.choice(list(Language)),
    )


def card_read_aloud(rng: random.Random, words: Words) -> str:
    """Write what a telephone copies out of a photo of the card: every line of it."""
    caption = qr.caption(rng.choice(NAMES), REFERENCE, rng.choice(list(Language)))
    return "\n".join([*caption.above, *qr.broken("-".join(words)), *caption.below])


def chatter(rng: random.Random, words: Words) -> str:
    before = rng.choice(("Bonjour, voici les mots : ", "mes mots\n", "Words: ", "> "))
    after = rng.choice(("", "\nMerci et bonne journee", ".", " !"))
    return before + "-".join(words) + after


SAME_LETTERS: tuple[Written, ...] = (
    capitals,
    accents,
    dashes,
    blanks,
    doubled,
    quotes,
    numbered,
    one_a_line,
    forgotten_space,
    no_space_at_all,
    invisible,
    wide,
    whole_sms,
    sms_with_blanks,
    whole_sheet,
    card_read_aloud,
    chatter,
)
"""Kinds that change no letter: the phrase, and no other, must come out."""


def cut_short(rng: random.Random, words: Words) -> Words:
    """Keep four letters or more of some words."""
    return [w[: rng.randint(4, len(w))] if len(w) > 4 and rng.random() < 0.7 else w for w in words]


def one_wrong_letter(rng: random.Random, words: Words) -> Words:
    """Mistype one to three words by one letter each."""
    mistyped = list(words)
    for at in rng.sample(range(len(words)), rng.randint(1, 3)):
        mistyped[at] = typo(rng, words[at])
    return mistyped


def one_wrong_letter_in_a_cut_word(rng: random.Random, words: Words) -> Words:
    """Mistype the four letters that were to stand for a word."""
    mistyped = cut_short(rng, words)
    at = rng.randrange(len(words))
    mistyped[at] = typo(rng, words[at][:4])
    return mistyped


def typo(rng: random.Random, word: str) -> str:
    """Return `word` with one wrong letter, never a word of a list: that would be another word.

    Whoever types exactly `utile` for `tuile` has typed another phrase, which no reader can tell.
    """
    while True:
        at = rng.randrange(len(word))
        letter = rng.choice("abcdefghijklmnopqrstuvwxyz0135")
        wrong = rng.choice(
            (
                word[:at] + letter + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            )
        )
        if wrong != word and not any(wrong in word_list(language) for language in Language):
            return wrong


def bare(text: str) -> str:
    """Return a text without the differences of writing one literal text."""
    return unicodedata.normalize("NFC", text.strip("\ufeff \t\r\n\u00a0\u202f\u2009"))
