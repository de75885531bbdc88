"""What a document is: as it says itself, or by its title and its words.

A guess only: a person confirms it. It decides what is asked (`mssante-kind`), never what is sealed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from secshare.model import DocumentKind
from secshare.model.folding import fold
from secshare.preflight.phrases import Phrases, Words

if TYPE_CHECKING:
    from secshare.preflight.content import Content

__all__ = ["SIGNS", "TITLES", "guess"]

_READ: Final = 20_000
"""Characters that are read: what a document is stands on its first pages."""
_HEAD: Final = 800
"""Characters of a text that count as its title, where no reader says which is."""
_SURE: Final = 6
_TITLE, _SIGN = 5, 1
_TABLE_ROWS: Final = 5

# Folded. A title weighs five, a word one; each counts once.
TITLES: Final = {
    DocumentKind.LABORATORY: r"resultats? (?:d |de |des |du )?(?:analyses?|examens?|laboratoire"
    r"|biologi\w+)|analyses? (?:de biologie|medicales?|biologiques?)|biologie medicale"
    r"|compte rendu d(?:e|es)? (?:biologie|analyses?|examens? biologiques?)|hemogramme"
    r"|numeration (?:formule|globulaire)|examen cytobacteriologique|ecbu|anatomopathologi\w+"
    r"|laboratory (?:report|results)|blood test",
    DocumentKind.IMAGING: r"compte rendu (?:d |de |du |des )?(?:radio\w*|scanner|irm"
    r"|echo\w*|imagerie"
    r"|mammographie"
    r"|tomodensitometrie|scintigraphie|doppler)|imagerie medicale|radiographies?"
    r"|scanner|irm|echographies?|mammographies?|tomodensitometrie|scintigraphie|echo doppler"
    r"|x ray|mri|ct scan|ultrasound",
    DocumentKind.PRESCRIPTION: r"ordonnances?|prescriptions?(?: medicales?)?|bizone|prescription",
    DocumentKind.CERTIFICATE: r"certificats?(?: medical| medicaux)?|avis d arret de travail"
    r"|arret de travail|attestation medicale|certificate|je soussigne e?",
    DocumentKind.LETTER: r"cher(?:e)? (?:confrere|consoeur|ami|amie|collegue)|chers confreres"
    r"|courrier|lettre (?:de liaison|d adressage|de sortie)"
    r"|madame monsieur|dear (?:colleague|doctor)",
    DocumentKind.INVOICE: r"factures?|notes? d honoraires|devis|invoice|recu de paiement",
    DocumentKind.CLAIMS: r"feuilles? de soins|bordereau\w*"
    r"|releve de (?:prestations|remboursements?)"
    r"|demande de remboursement|remboursements?|decompte|prestations"
    r"|teletransmission|tiers payant",
    DocumentKind.REPORT: r"compte rendu (?:d |de |du )?(?:operatoire|hospitalisation|consultation"
    r"|sejour|anesthesi\w+|accouchement|passage|urgences)|compte rendu|rapport medical"
    r"|protocole operatoire|synthese medicale|volet de synthese|discharge summary|operative report"
    r"|medical report|dossier medical",
}
SIGNS: Final = {
    DocumentKind.LABORATORY: r"g dl|g l|mmol l|μmol l|ui l|mui l|10 9 l|valeurs? (?:de reference"
    r"|usuelles)|prelevements?|hemoglobine|leucocytes|plaquettes|creatinine|glycemie|tsh|crp"
    r"|biologiste|automate|cholesterol|preleve le",
    DocumentKind.IMAGING: r"technique|indication|incidence|injection|produit de contraste"
    r"|gadolinium"
    r"|coupes|sequences|parenchyme|radiologue|hypersignal|opacite|face et profil|pdl|dosimetrie",
    DocumentKind.PRESCRIPTION: r"comprimes?|gelules?|par jour|matin|midi|soir|posologie|mg|qsp"
    r"|renouvel\w+|non substituable|pendant \d+ (?:jours|mois)|ald|sachets?|medicaments?",
    DocumentKind.CERTIFICATE: r"certifie|soussigne|apte|contre indication|jours d arret"
    r"|remis en mains"
    r"|fait valoir ce que de droit|inaptitude|pratique du sport|sortie autorisee",
    DocumentKind.LETTER: r"je vous (?:remercie|adresse|prie)|salutations|cordialement"
    r"|confraternelle\w*"
    r"|bien a vous|votre patiente?|j ai (?:vu|recu)|sincerely|regards",
    DocumentKind.INVOICE: r"total|ttc|ht|tva|net a payer|montant|echeance|reglement|iban|euros"
    r"|acquittee",
    DocumentKind.CLAIMS: r"caisse|regime|ngap|ccam|base de remboursement|part (?:obligatoire"
    r"|complementaire)|cpam|mutuelle|ouvrant droit|numero de lot|mandatement|rang|taux|amo|amc",
    DocumentKind.REPORT: r"motif d (?:admission|hospitalisation)|antecedents|histoire de la maladie"
    r"|conclusion|au total|evolution|examen clinique|traitement (?:de sortie|a l entree)|anesthesie"
    r"|operateur|date (?:d entree|de sortie)|diagnostic",
}
_TITLE_WORDS: Final = {kind: Phrases({"title": words}) for kind, words in TITLES.items()}
_SIGN_WORDS: Final = {kind: Phrases({"sign": words}) for kind, words in SIGNS.items()}
_CLAIM_COLUMNS: Final = re.compile(
    r"\b(?:ngap|ccam|acte|actes|rembours\w*|montant|honoraires|taux|caisse|lot|code acte|amo|amc)\b"
)


def guess(content: Content) -> tuple[DocumentKind, bool]:
    """Return what a document is, and whether it says so itself or the signs agree."""
    if content.declared is not None:
        return content.declared, True
    titles, body = _texts(content)
    if table := _table(content, body):
        return table
    above, below = Words(titles), Words(body)
    scores = {
        kind: _TITLE * len({seen[0] for seen in _TITLE_WORDS[kind].finditer(above)})
        + _SIGN * len({seen[0] for seen in _SIGN_WORDS[kind].finditer(below)})
        for kind in TITLES
    }
    first = _first_title(above)
    if first is not None:
        scores[first] += _TITLE
    (best, most), (_, next_) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if most < 2:
        return DocumentKind.OTHER, False
    return best, most >= _SURE and most >= 2 * next_


def _texts(content: Content) -> tuple[str, str]:
    """Return the titles, or the beginning where nothing is one, and all that is read, folded."""
    titles = [part for part in content.parts if part.title]
    start, body, left = "", [part.folded for part in titles], _READ
    for part in content.parts:
        if part.title or part.place.hidden:
            continue
        if left <= 0:
            break
        if len(start) < _HEAD:
            start += part.text[:_HEAD] + "\n"
        body.append(part.folded if len(part.text) <= left else fold(part.text[:left]))
        left -= len(part.text)
    above = "\n".join([*(part.text for part in titles), start[:_HEAD]])
    return fold(above), " ".join(filter(None, body))


def _first_title(titles: Words) -> DocumentKind | None:
    """Return the kind whose title stands first, the longer one where two begin together."""
    seen = [
        (kind, found)
        for kind, words in _TITLE_WORDS.items()
        if (found := next(words.finditer(titles), None))
    ]
    if not seen:
        return None
    return min(seen, key=lambda item: (item[1].start(), -item[1].end()))[0]


def _table(content: Content, body: str) -> tuple[DocumentKind, bool] | None:
    """Return what a document that is mostly tables is."""
    rows = sum(len(table.rows) for table in content.tables)
    if rows < _TABLE_ROWS or len(body) > 40 * rows:
        return None
    heads = fold(" ".join(" ".join(table.header) for table in content.tables))
    if len(set(_CLAIM_COLUMNS.findall(heads))) >= 2:
        return DocumentKind.CLAIMS, False
    return DocumentKind.EXPORT, any(table.header for table in content.tables)
