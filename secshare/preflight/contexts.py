"""Whose something is, by the words around it.

The nearest word counts: before it on its line, then after it, then on the lines above, up to the
end of the block. Accents and case do not count.
"""

from __future__ import annotations

import re
from typing import Final

from secshare.model.folding import fold
from secshare.preflight.content import Role
from secshare.preflight.phrases import Phrases, Words

__all__ = ["WORDS", "role_of", "role_under"]

_LINE: Final = 160
"""Characters before something on its line that are read: a line may be a whole page."""
_AFTER: Final = 40
_ABOVE: Final = 12
"""Lines above that are read: a letterhead, an address."""
_ABOVE_CHARACTERS: Final = 1_000

# Several words first: `bénéficiaire du virement` holds an account, `bénéficiaire` has an insurance.
WORDS: Final = {
    Role.HOLDER: r"titulaires?(?: du| de)?|beneficiaire du (?:virement|paiement|cheque)|compte"
    r"|iban|rib|bic|domiciliation|account holder|account|virement|banque",
    Role.PARENT: r"la mere(?! et)|sa mere(?! et)|de la mere(?! et)|mere(?! et)|pere"
    r"|parents?|maman|papa"
    r"|representants? lega(?:l|ux)|representante legale|tut(?:eur|rice|elle)|curat(?:eur|rice|elle)"
    r"|mandataire|mother|father|guardian|responsable legale?|autorite parentale",
    Role.CHILD: r"enfants?|nouveau nes?|nouveau nee|bebe|nourrisson|fils|fille|jumeaux|jumelles?"
    r"|newborn|child|son fils|sa fille",
    Role.CONTACT: r"personnes? (?:a )?(?:prevenir|contacter|joindre)"
    r"|a (?:prevenir|contacter|joindre)"
    r"|personnes? de confiance|prevenir|contact d urgence|en cas d urgence"
    r"|urgences? contact|contact"
    r"|proche aidant|aidante?|conjointe?|epoux|epouse|mari|emergency contact|next of kin|voisine?",
    Role.INSURED: r"assure(?:e|s|es| e)?(?: sociale?)?|ouvrant(?:e)? (?:de )?droits?|ouvrant"
    r"|beneficiaires?|insured|policy holder|adherente?",
    Role.PATIENT: r"patient(?:e|s|es| e)?|personne recevant les soins|beneficiaire des soins"
    r"|identite(?: nationale)?|usager|usagere|malade|hospitalise e?|resident e?|residente?|ins"
    r"|identite du patient|mon patient|ma patiente|votre patiente?|concerne|concernant|objet",
    Role.PROFESSIONAL: r"drs?|docteurs?|pr|professeure?|medecins?|prescript(?:eur|rice)"
    r"|correspondante?|rpps|finess|adeli|siret|secretariat|cabinet|laboratoires?|biologistes?"
    r"|radiologue|pharmacien(?:ne)?|pharmacie|infirmier|infirmiere|ide|sage femme|kinesitherapeute"
    r"|chirurgien(?:ne)?|anesthesiste|cardiologue|specialiste|praticien(?:ne)?|hopital|clinique"
    r"|centre hospitalier|chu|service|consultations?|standard|accueil|rendez vous|rdv|confrere"
    r"|consoeur|physician|doctor|practice|clinic|hospital|prescriber|signature|signe par|auteur"
    r"|interne|chef de (?:service|clinique)|exercice|conventionne|maison de sante|centre de sante",
}
_ORDER: Final = {role: f"g{number}" for number, role in enumerate(WORDS)}
_ROLES: Final = {name: role for role, name in _ORDER.items()}
_SAYS: Final = Phrases(
    {
        "several": r"beneficiaire du (?:virement|paiement|cheque)",
        "care": r"beneficiaire des soins|personne recevant les soins",
        "person": r"mme|madame|mlle|monsieur|mr|m",
        **{_ORDER[role]: words for role, words in WORDS.items()},
    }
)
_NAMED: Final = {"several": Role.HOLDER, "care": Role.PATIENT}
# "Médecin traitant : Dr X  Patient : Y": a title says that somebody else begins.
_TITLE: Final = "person"


def role_of(text: str, start: int, end: int) -> Role:
    """Return whose the thing at `text[start:end]` is; `UNKNOWN` where no word says so."""
    line_start = text.rfind("\n", 0, start) + 1
    before = fold(text[max(line_start, start - _LINE) : start])
    role, titled = _last(before)
    if role is not None:
        return role
    line_end = text.find("\n", end, end + _AFTER)
    after = fold(text[end : end + _AFTER if line_end < 0 else line_end])
    if not titled and (seen := next(_SAYS.finditer(Words(after)), None)) and seen.start() < 12:
        found = _role(seen)
        if found in {Role.PARENT, Role.CHILD, Role.CONTACT, Role.INSURED}:
            return found
    return _above(text, line_start, titled=titled)


def role_under(heading: str) -> Role:
    """Return whose the cells of a column are, by its title."""
    role, _ = _last(fold(heading))
    return role or Role.UNKNOWN


def _above(text: str, line_start: int, *, titled: bool) -> Role:
    floor = max(0, line_start - _ABOVE_CHARACTERS)
    for _ in range(_ABOVE):
        if line_start <= floor:
            break
        line_end = line_start - 1
        line_start = max(floor, text.rfind("\n", floor, line_end) + 1)
        line = text[line_start:line_end]
        if not line.strip():
            break
        role, named = _last(fold(line))
        if role is Role.PROFESSIONAL and titled:
            return Role.UNKNOWN
        if role is not None:
            return role
        titled = titled or named
    return Role.UNKNOWN


def _last(folded: str) -> tuple[Role | None, bool]:
    """Return the role that the last word gives, and whether somebody is named after it.

    `Dr Martin a vu Mme Dupont`: what follows is not the doctor's.
    """
    role, titled = None, False
    for seen in _SAYS.finditer(Words(folded)):
        if seen.lastgroup == _TITLE:
            titled = True
            if role is Role.PROFESSIONAL:
                role = None
        else:
            role, titled = _role(seen), False
    return role, titled


def _role(seen: re.Match[str]) -> Role | None:
    name = seen.lastgroup or ""
    return _NAMED.get(name) or _ROLES.get(name)
