"""The words of forms and letters that say that a name follows, and whose."""

# ruff: noqa: E501 - a pattern of many words is read more easily whole

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from secshare.preflight.content import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "LABEL",
    "RELATION",
    "ROLES",
    "SLOTS",
    "TITLED",
    "Slot",
    "labels",
    "role_in",
    "role_of_word",
    "slot_of",
    "titles",
]


class Slot(Enum):
    """What a label asks for."""

    FAMILY = auto()
    BIRTH_FAMILY = auto()
    USED_FAMILY = auto()
    GIVEN = auto()
    WHOLE = auto()
    WHO = auto()
    """A role: `Patient :`, `Mère :`. A whole name follows, or the fields of one."""
    SUBJECT = auto()
    """`Objet :`, `Concerne :`, `Re:`: a sentence, in which somebody may be named."""


# More specific ones first: `médecin traitant de l'enfant` is a physician.
ROLES: Final[tuple[tuple[Role, str], ...]] = (
    (
        Role.PROFESSIONAL,
        r"m[ée]decins?|praticiens?|prescripteurs?|prescriptrice|biologistes?|op[ée]rateurs?|anesth[ée]sistes?"
        r"|radiologues?|chirurgiens?|sages?[- ]femmes?|infirmi[èe]re?s?|infirmiers?|pharmaciens?"
        r"|valid[ée]s? par|sign[ée] (?:[ée]lectroniquement )?par|r[ée]dig[ée] par|r[ée]dacteur|auteur"
        r"|correspondants?|demandeur|demand[ée] par|adress[ée]e? par|copies?(?: [àa])?|destinataires?"
        r"|enseignante?|r[ée]f[ée]rente?|chef de service|interne|secr[ée]taire|docteur|aide op[ée]ratoire|vaccinateur|kin[ée]sith[ée]rapeute"
        r"|referring physician|physician|consultant|gp|approved by|signed by|ordered by|doctor|provider",
    ),
    (
        Role.CONTACT,
        r"personnes? [àa] (?:pr[ée]venir|contacter)|personne de confiance|contact(?: d['’ ]urgence)?"
        r"|emergency contact|next of kin|conjointe?|[ée]poux|[ée]pouse|mari|aidante?|accompagnante?"
        r"|spouse|husband|wife|proche",
    ),
    (Role.HOLDER, r"titulaires?(?: du compte)?|account holder"),
    (
        Role.INSURED,
        r"assur[ée](?:\(e\)|e)?(?: social(?:e)?)?|ouvrant[ -]droits?|adh[ée]rente?|insured|policy ?holder",
    ),
    (
        Role.PARENT,
        r"m[èe]re|p[èe]re|parents?|repr[ée]sentante?s?(?: l[ée]ga(?:le?|ux))?|tuteurs?|tutrice|curateur|curatrice"
        r"|mandataire|responsable l[ée]gale?|mother|father|guardian",
    ),
    (
        Role.CHILD,
        r"nouveau[- ]n[ée](?:e|\(e\))?|enfant|b[ée]b[ée]|jume(?:au|lle)s?(?: [12ab])?|newborn|baby|child|fils|fille",
    ),
    (
        Role.PATIENT,
        r"patient(?:\(e\)|·e|\.e|e)?(?: concern[ée]e?)?|b[ée]n[ée]ficiaire(?: des soins)?|malade|usager|int[ée]ress[ée](?:\(e\)|e)?"
        r"|r[ée]sident(?:\(e\)|e)?|personne (?:recevant les soins|concern[ée]e|prise en charge)|sujet|client",
    ),
)
_ANY_ROLE: Final = "|".join(pattern for _, pattern in ROLES)
_ROLE_PATTERNS: Final = tuple(
    (role, re.compile(rf"(?:{pattern})(?!\w)", re.IGNORECASE)) for role, pattern in ROLES
)

_OF: Final = rf"(?: (?:du |de la |de l['’ ]|des? )?(?:{_ANY_ROLE}))?"
_GIVEN: Final = (
    r"(?:1er |premier )?pr[ée]nom(?:\(s\)|s)?(?: (?:de naissance|utilis[ée]|usuel|principal))?"
)
_FAMILY: Final = (
    r"nom (?:de naissance|patronymique|de jeune fille|naiss\w*)",
    r"nom (?:d['’ ]?[ée]pou(?:se|x)(?:\(se\)|\(x\))?(?: ou (?:nom )?d['’ ]?usage)?|d['’ ]?usage|usuel|utilis[ée]|marital"
    r"|d['’ ]?[ée]pouse|usage)",
    r"nom(?: de famille)?",
)
SLOTS: Final[tuple[tuple[Slot, str], ...]] = (
    (
        Slot.WHOLE,
        rf"noms?(?: de naissance)?(?:,| et| -| ?/| ?&)? ?{_GIVEN}{_OF}|{_GIVEN}(?:,| et| -| ?/| ?&)? ?noms?{_OF}"
        r"|identit[ée](?: d[ue] patient(?:e)?| patient)?|(?:full |patient(?:'s)? |patient )name|name of patient"
        rf"|noms? (?:complet|(?:du |de la |de l['’ ])(?:{_ANY_ROLE}))",
    ),
    (Slot.BIRTH_FAMILY, _FAMILY[0] + r"|birth name|maiden name"),
    (Slot.USED_FAMILY, _FAMILY[1]),
    (Slot.GIVEN, rf"{_GIVEN}{_OF}|given names?|first names?|forenames?"),
    (Slot.FAMILY, rf"{_FAMILY[2]}|surname|last name|family name"),
    (
        Slot.SUBJECT,
        r"concerne|concernant|objet|re|ref(?:[ée]rence)?|subject|about|(?:identification du )?(?:dossier|compte[- ]rendu) de",
    ),
    (
        Slot.WHO,
        rf"(?:identification (?:du |de la |de l['’ ]))?(?:{_ANY_ROLE})(?: (?:traitante?|prescripteur|demandeur|référent|en cas d['’ ]urgence))?",
    ),
)
_SLOT_PATTERNS: Final = tuple((slot, re.compile(pattern)) for slot, pattern in SLOTS)

LABEL: Final = re.compile(
    rf"(?<![^\W\d_'’-])(?=[1abcdefghijklmnoprstuvwéèê])(?P<label>{'|'.join(pattern for _, pattern in SLOTS)})(?!\w)"
    r"(?P<aside>[ \u00a0]?\([^()\n]{1,80}\))?[ \u00a0]*(?P<sign>[:=\t|;]|\u2026|\.{3,}|$|(?=[ \u00a0][ \u00a0]))?",
    re.MULTILINE,
)
"""A label, and what ends it: a sign, a cell, the end of the line, or nothing. In lower case."""

# How every label begins: only where such a word begins is a label tried.
_BEGINS: Final = re.compile(
    r"(?<![^\W\d_'’-])(?:1er|about|accomp|account|adh[ée]r|adres|aid(?:e|ant)|anesth|appro|assur|auteu|b[ée]b[ée]|b[ée]n[ée]f"
    r"|baby|biologiste|birth|chef|child|chiru|clien|compte|concern|conjo|consultant|conta|copie|corres|curat|dema|desti|doct"
    r"|dossi|enseig|[ée]pou[sx]|emerg|enfan|famil|fathe|fil(?:s|le)|first|foren|full|given|gp|guard|husba|ident|infir|insur|intern"
    r"|int[ée]re|jume|kin[ée]|last|maiden|malad|manda|mari(?!\w)|m[ée]dec|m[èe]re|mothe|name|newb|next|nom|nouve|obj|op[ée]ra"
    r"|order|ouvra|p[èe]re|paren|patie|perso|pharm|physician|polic|prati|premi|pr[ée]no|presc|proche(?!\w)|provi|radiolo|r[ée]dac"
    r"|r[ée]dig|r[ée]f|re(?!\w)|r[ée]pr|r[ée]sid|respo|sage|secr|sign|spous|suj|subj|surn|titul|tut(?:e|r)|usage|vaccinateur|valid"
    r"|wife)"
)
_MOST: Final = 60  # different words of a page that begin so; what has more is searched whole


def labels(low: str) -> Iterator[re.Match[str]]:
    """Yield the labels of a text in lower case, in their order."""
    words = [word for word in set(low.split()) if _beginnings(word)]
    if len(words) > _MOST:
        yield from LABEL.finditer(low)
        return
    places: set[int] = set()
    for word in words:
        at = low.find(word)
        while at >= 0:
            places.update(at + begin for begin in _beginnings(word))
            at = low.find(word, at + len(word))
    end = 0
    for place in sorted(places):
        if place >= end and (label := LABEL.match(low, place)):
            yield label
            end = label.end()


@lru_cache(4096)
def _beginnings(word: str) -> tuple[int, ...]:
    """Return where in a word, with the signs around it, a label may begin."""
    return tuple(seen.start() for seen in _BEGINS.finditer(word))


# A letter first: most places are passed over at once.
_TITLE: Final = (
    r"(?P<title>[{letters}](?<![\w.'’-].)(?:(?<=M)(?:\.|r\.?|(?= [A-ZÀ-Ý][\w'’-])|me|ME|lle|LLE|elle|onsieur|ONSIEUR|adame"
    r"|ADAME|ademoiselle|rs\.?|s\.?|iss)|(?<=D)(?:r\.?|R\.?|octeur|OCTEUR|re)|(?<=P)(?:r\.?|R|rofesseur|rof\.?)"
    r"|(?<=[Ll])['’]enfant|(?<=[Ee])nfant|(?<=B)(?:[ée]b[ée]|EBE|[ÉE]B[ÉE])))[ \u00a0\u202f]+(?=[^\W\d_])"
)
TITLED: Final = re.compile(_TITLE.format(letters="MDPLlEeB"))
_OF_NO_CHILD: Final = re.compile(_TITLE.format(letters="MDPB"))


def titles(text: str) -> Iterator[re.Match[str]]:
    """Return an iterator over what `TITLED` finds. `l` and `e` are tried only for a child."""
    return (TITLED if "nfant" in text else _OF_NO_CHILD).finditer(text)


RELATION: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = tuple(
    (role, re.compile(rf"(?<!\w){pattern}[ ,:(\u00a0]*$", re.IGNORECASE))
    for role, pattern in (
        (
            Role.CONTACT,
            r"(?:(?:son|sa|ses|leur|de son|avec son) (?:mari|[ée]poux|[ée]pouse|femme|compagne|compagnon|conjointe?|fr[èe]re"
            r"|s[œo]e?ur|voisine?|amie?|proche|oncle|tante|cousine?|grand[- ]m[èe]re|grand[- ]p[èe]re|aidante?)"
            r"|[ée]pou(?:x|se) de|fr[èe]re de|s[œo]e?ur de|accompagn[ée]e? (?:de|par)|vient avec|en pr[ée]sence de"
            r"|conjointe? de|veuf de|veuve de|his wife|her husband)",
        ),
        (
            Role.PARENT,
            r"(?:(?:son|sa|ses) (?:m[èe]re|p[èe]re|parents?|tuteur|tutrice)|(?:fils|fille|enfant|n[ée]e?) de|his mother|her mother)",
        ),
        (
            Role.CHILD,
            r"(?:(?:son|sa|ses) (?:fils|filles?|enfants?|b[ée]b[ée])|m[èe]re de(?: l['’]enfant)?|p[èe]re de(?: l['’]enfant)?)",
        ),
        (
            Role.PROFESSIONAL,
            r"(?:adress[ée]e? par|demand[ée]e? (?:de|par)|prescrit(?:e|es)? par|r[ée]alis[ée]e? par|vue? par|suivie? par"
            r"|confr[èe]re|coll[èe]gue|le|au|par le|soussign[ée]e?)",
        ),
        (
            Role.PATIENT,
            r"(?:votre patiente?,?|(?:je|nous) vous (?:adresse|confie|remercie de m['’]avoir (?:adress[ée]|confi[ée]))"
            r"|j['’]ai (?:re)?(?:vu|re[çc]u|examin[ée])(?: ce jour| en consultation| aujourd['’]hui| le [\d/.]+)*"
            r"|(?:certifie|atteste)(?: que| avoir (?:examin[ée]|vu|re[çc]u)| ce jour)*|prendre en charge|(?:re)?voir"
            r"|[ée]tat de sant[ée] de|hospitalisation de|suivi de|dossier de|au sujet de|concernant|concerne|patiente?"
            r"|thank you for (?:referring|seeing)|i (?:saw|reviewed)|la demande de)(?: ce jour| l['’]enfant)*",
        ),
    )
)
"""What stands right before somebody with a title, in a sentence, and says who they are in it."""


@lru_cache(512)
def slot_of(label: str) -> Slot:
    """Return what a label that `LABEL` found asks for."""
    return next(slot for slot, pattern in _SLOT_PATTERNS if pattern.fullmatch(label))


@lru_cache(512)
def role_in(label: str) -> Role | None:
    """Return whose name a label asks for, None where it does not say."""
    return next((role for role, pattern in _ROLE_PATTERNS if pattern.search(label)), None)


def role_of_word(line: str) -> Role | None:
    """Return the role that a line begins with, None for none: `ASSURÉ(E) (à remplir si ...)`."""
    text = line.strip()
    for role, pattern in _ROLE_PATTERNS:
        if pattern.match(text):
            return role
    return None
