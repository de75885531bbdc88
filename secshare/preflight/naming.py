"""Reading a person's name where a text is known to have one: how many words of it are the name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from secshare.model.folding import fold
from secshare.model.titles import TITLES

__all__ = ["BESIDE", "PARTICLES", "TITLES", "Name", "alone", "is_upper", "read"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES: Final = _words(
    """
    de du des la le les l d del della di da dos van von der den ter ten el al ben bin abd
    abou mac mc o n m saint sainte st ste
    """
)
"""Words that begin a family name, and may be written apart from it, or in lower case."""

# Words of forms and letters that stand beside a name and are none of it.
_STOP: Final = _words(
    """
    nom noms prenom prenoms ne nee nees nes naissance date dates sexe age ans adresse tel
    telephone mobile fax mail email courriel ipp nip iep nir ins nss numero no secu securite
    sociale dossier sejour service chambre lit entree sortie le la les a au aux en et ou par
    pour sur sous avec dans chez vers patient patiente patients assure assuree beneficiaire
    matricule immatriculation medecin traitant prescripteur docteur dr pr professeur
    monsieur madame mademoiselle mme mlle m mr mrs ms page objet concerne cher chere chers
    cheres nous vous je il elle on votre vos son sa ses ce cette est etait a ete se presente
    presentant souffre souffrant age agee ainsi que qui dont demeurant domicilie domiciliee
    habitant rpps adeli finess siret iban rib bic code cp ville commune pays identite usage
    usuel utilise marital epouse epoux veuve non communique communiquee inconnu inconnue
    anonyme voir cf idem neant aucun aucune neant ci joint dessus dessous lien lieu qualite
    porteur titulaire profession poids taille imc groupe sanguin resultat resultats examen analyse
    compte rendu signature cachet mere pere fils fille conjoint enfant tuteur mandataire
    representant dn ddn dob birth born sex gender address phone surname name first last
    given family father mother re dear the of and for with is was has ssn social security
    number no yes oui lu approuve majeur majeure mineur mineure protege residant medical
    medicale centre cabinet laboratoire hopital clinique rue avenue boulevard place chemin
    impasse allee route quai lotissement residence janvier fevrier mars avril mai juin
    juillet aout septembre octobre novembre decembre
    """
)
# A family name may be any of these, where a label says that a name follows: written in capitals,
# "Mme PLACE", "LE PAGE", "AVRIL", "LA RUE". These alone never are names, in whatever letters.
_FAMILY_TOO: Final = _words(
    """
    page place rue lit mars avril mai juin juillet aout janvier decembre route ville commune
    chambre le la les des son fils cher chere usage mere pere enfant groupe oui non a au en
    est et residence born birth father mother dear m me no epoux voir
    """
)
_NEVER: Final = _STOP - _FAMILY_TOO

BESIDE: Final = _STOP | TITLES
"""Words that stand before a name and are none of it, folded."""

_ALSO: Final = _words(
    """
    nee ne epouse ep epse veuve vve divorcee usage
    """
)

_LETTERS: Final = (
    r"(?:[^\W\d_][\u0300-\u036f]*)+"  # with their accents apart, as some PDFs have them
)
_WORD: Final = re.compile(rf"{_LETTERS}(?:['’ʼ`´‐‑-]{_LETTERS})*")
_GIVEN_ENDS: Final = re.compile(r"[ \u00a0]*(?:[,;()\n.-]|$|n[ée]e?\b|\d)")
_GAP: Final = re.compile(r"(?:\.-|\.?[ \u00a0\u202f]{1,2}|[ \u00a0]?,[ \u00a0]{0,2}| ?- ?)?")
_ALT: Final = re.compile(
    r"\s?[(,]?[ \u00a0]?(?:n[ée]e?|n[ée]\(e\)|[ée]p(?:ouse|se)?\.?|v(?:eu)?ve|divorc[ée]e|"
    r"nom d['’ ]usage|usage)(?: :)?[ \u00a0]+(?=[^\W\d_])"
    # `née le 7 mars`, `NÉE LE 07/03`; but `née LE BIHANNIC`
    r"(?!(?-i:le)\b|le\b(?![ \u00a0]+[^\W\d_]{2})|en\b|à\b)",
    re.IGNORECASE,
)
_BLANKS: Final = re.compile(r"[ \u00a0]+")
_AFTER_TITLE: Final = re.compile(r"\.?[ \u00a0\u202f]+(?:l[ea] )?")
_MOST: Final = 8  # words of a name: "Jean Marie Philippe de la Tour d'Auvergne Lauraguais"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text.

    Attributes:
        words: as they are written, in their order.
        also: another family name of the same person: at birth, in use.
    """

    words: tuple[str, ...] = field(repr=False)
    also: tuple[str, ...] = field(default=(), repr=False)
    start: int = 0
    end: int = 0

    @property
    def spellings(self) -> tuple[str, ...]:
        """Return the ways to write the person's name, the one in the text first."""
        whole = " ".join(self.words)
        if not self.also:
            return (whole,)
        other = " ".join(self.also)
        if len(self.words) == 1 and _count(self.also) > 1:  # MOREL née DURAND JEANNE
            return (f"{whole} {self.also[-1]}", other)
        rest = [word for word in self.also if word not in self.words]
        if self.also[0] in self.words and rest:  # MOREL DURAND née DURAND JEANNE
            return (f"{whole} {' '.join(rest)}", other)
        given = [word for word in self.words if not is_upper(word)]
        if given and len(given) < len(self.words):
            return (whole, f"{other} {' '.join(given)}")
        return (whole, f"{other} {self.words[0]}", f"{other} {self.words[-1]}")


def _count(words: tuple[str, ...]) -> int:
    """Return how many words a name has, each particle with what follows it: LE GOFF is one."""
    return sum(_folded(word) not in PARTICLES for word in words[:-1]) + 1


def is_upper(word: str) -> bool:
    """Return whether a word is written in capitals, as family names are; an initial is not."""
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and all(not c.islower() for c in letters)


def read(  # noqa: PLR0912 - a branch for each way to write a name
    text: str, start: int, *, loose: bool = False
) -> Name | None:
    """Return the name that begins at `start`, or None where the words there are no name.

    Args:
        loose: a label said that a name follows: commas between its words, and lower case.
    """
    position = _skip_titles(text, start)
    words: list[str] = []
    also: tuple[str, ...] = ()
    end = position
    while len(words) < _MOST:
        if words and not also and (other := _ALT.match(text, end)):
            also, end = _also(text, other.end())
            if not also:
                break
            continue
        gap = _GAP.match(text, end) if words or also else None
        if gap is not None and not gap[0]:
            break
        at = end if gap is None else gap.end()
        word = _WORD.match(text, at)
        if word is None or not _belongs(word[0], words, loose=loose):
            break
        if gap is not None and ("," in gap[0] or "-" in gap[0] or "." in gap[0]):
            if "." in gap[0]:
                if len(words[-1]) > 2:
                    break
            elif not _after_comma(text, word, words, loose=loose):
                break
        if not also or not is_upper(word[0]) or not words:
            words.append(word[0])
        end = word.end()
    while words and _folded(words[-1]) in PARTICLES and not words[-1][0].isupper():
        words.pop()  # "Madame Morel de" ...
    if not words or not any(len(word) > 1 for word in words):
        return None
    if all(_folded(word) in _STOP for word in words) and (
        len(words) == 1 or not any(map(is_upper, words))
    ):
        return None
    return Name(tuple(words), also, position, end)


def alone(line: str) -> Name | None:
    """Return the name that is all of a line, or None where the line holds anything else."""
    begin = len(line) - len(line.lstrip())
    name = read(line, begin, loose=True)
    return name if name is not None and not line[name.end :].strip(" \t,;|") else None


_folded = lru_cache(4096)(fold)  # a name is read word by word, and its titles at each of them


def _belongs(word: str, before: list[str], *, loose: bool) -> bool:
    folded = _folded(word)
    if folded in _NEVER or (folded in _STOP and not (is_upper(word) or folded in PARTICLES)):
        return False
    if word[0].isupper() or folded in PARTICLES:
        return True
    if re.match(r"[dl]['’][A-ZÀ-Ý]", word):
        return True
    # "nom : durand": a hurried typist. Never after a word with a capital, where a sentence goes on.
    return loose and not any(other[0].isupper() for other in before) and len(before) < 4


def _after_comma(text: str, word: re.Match[str], before: list[str], *, loose: bool) -> bool:
    """Return whether a word after a comma is one more of a name: `MOREL, Jeanne, née le`."""
    if not word[0][0].isupper():
        return False
    return loose or (
        all(map(is_upper, before))
        and not is_upper(word[0])
        and _GIVEN_ENDS.match(text, word.end()) is not None
    )


def _also(text: str, start: int) -> tuple[tuple[str, ...], int]:
    words: list[str] = []
    end = start
    while len(words) < 4:
        gap = _BLANKS.match(text, end) if words else None
        if words and gap is None:
            break
        word = _WORD.match(text, gap.end() if gap else end)
        if word is None or not _belongs(word[0], words, loose=False):
            break
        if words and is_upper(words[-1]) and not is_upper(word[0]):
            break  # the given name, after the family name at birth
        words.append(word[0])
        end = word.end()
    while words and _folded(words[-1]) in PARTICLES:
        words.pop()  # `née LE GOFF le 12/03/1979`
    if words and text[end : end + 1] == ")":
        end += 1
    return tuple(words), end


def _skip_titles(text: str, start: int) -> int:
    position = start
    for _ in range(3):
        word = _WORD.match(text, position)
        if word is None or _folded(word[0]) not in TITLES:
            break
        after = _AFTER_TITLE.match(text, word.end())
        if after is None:
            break
        position = after.end()
    return position
