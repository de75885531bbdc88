"""What a column of a table holds by its header, in French or English."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from secshare.model.folding import fold

__all__ = ["Sort", "Use", "named"]

_LONGEST: Final = 100  # characters: what is longer is a sentence, and names no column


class Use(Enum):
    """What a column does to the people in a table (G29, opinion 05/2014, WP216, section 2.2)."""

    DIRECT = auto()
    """Names somebody, or reaches them."""
    LINKING = auto()
    """Tells the rows of one person from those of others, without a name."""
    DESCRIBING = auto()
    """Says of somebody what others may know: alone it is little, together it singles out."""
    SENSITIVE = auto()
    """What somebody would learn: a diagnosis, a drug, an amount."""
    COUNT = auto()
    """How many people a row stands for."""


class Sort(Enum):
    """What a column holds, and how it is used."""

    NAME = auto(), Use.DIRECT
    BARE_NAME = auto(), Use.DIRECT
    """`Nom` and no more: of a person, or of an analysis or a product."""
    NUMBER = auto(), Use.DIRECT
    EMAIL = auto(), Use.DIRECT
    PHONE = auto(), Use.DIRECT
    ADDRESS = auto(), Use.DIRECT
    ACCOUNT = auto(), Use.DIRECT
    SOMEBODY = auto(), Use.LINKING
    """`Patient`, `Bénéficiaire`: a name or a number, as its values tell."""
    PERSON_ID = auto(), Use.LINKING
    ANY_ID = auto(), Use.LINKING
    """`id`: of a person, of an act, of a row."""
    TOKEN = auto(), Use.LINKING
    """A UUID or a digest, by its header or its values: of a person as a rule, or of each row."""
    BIRTH = auto(), Use.DESCRIBING
    AGE = auto(), Use.DESCRIBING
    SEX = auto(), Use.DESCRIBING
    PLACE = auto(), Use.DESCRIBING
    TIME = auto(), Use.DESCRIBING
    PROFESSIONAL = auto(), Use.DESCRIBING
    LISTED = auto(), Use.DESCRIBING
    """RPPS, specialty: of a list of professionals."""
    TRAIT = auto(), Use.DESCRIBING
    BODY = auto(), Use.DESCRIBING
    ACT = auto(), Use.SENSITIVE
    DIAGNOSIS = auto(), Use.SENSITIVE
    DRUG = auto(), Use.SENSITIVE
    RESULT = auto(), Use.SENSITIVE
    AMOUNT = auto(), Use.SENSITIVE
    FREE_TEXT = auto(), Use.SENSITIVE
    HEADCOUNT = auto(), Use.COUNT

    @property
    def use(self) -> Use:
        """Return what such a column does."""
        use: Use = self.value[1]
        return use


_PERSON: Final = (
    r"(?:patiente?s?|beneficiaires?|beneficiary|assuree?s?|adherente?s?|cliente?s?|personnes?"
    r"|person|sujets?|subject|participante?s?|residente?s?|usagers?|membres?|member|insured)"
)
_ID: Final = r"(?:id|ident\w*|code|n|no|nr|num\w*|number|cle|key|ref\w*|matricule|uid)"
_CARER: Final = (
    r"medecins?|praticiens?|prescripteurs?|docteurs?|doctors?|dr|physician|prescriber|provider"
    r"|cabinet|pharmacie|pharmacien|etablissement|hopital|hospital|clinique|clinic|laboratoire|labo"
    r"|service|executant|infirmiere?|structure|auteur|operateur|facility|ward|um|uf"
)

# The first that fits counts, so that `date de l'acte` is a date and `nom du médecin` no patient.
_HEADERS: Final[tuple[tuple[Sort, str], ...]] = (
    (
        Sort.HEADCOUNT,
        r"^(?:nb|nbre|nombre|effectifs?|count|headcount|number|total)(?: (?:de |d |of )?"
        rf"(?:{_PERSON}|individus?|cas|cases|people|sejours?))$|^(?:effectifs?|headcount|count)$",
    ),
    (
        Sort.PERSON_ID,
        r"\b(?:hash\w*|hache\w*|crypte\w*|chiffre\w*|tokens?|jetons?|pseudo\w*)\b",
    ),
    (Sort.PERSON_ID, r"\b(?:uuid|guid|sha\d*|md5|anonym\w*)\b"),
    (Sort.ANY_ID, r"\b(?:adresse ip|ip address)\b|^ip$"),
    (Sort.PROFESSIONAL, rf"\b(?:{_CARER})\b"),
    (Sort.LISTED, r"\b(?:rpps|adeli|finess|sire[nt]|specialites?|raison sociale|specialty)\b"),
    (Sort.NUMBER, r"\b(?:nir|nss|ssn|n ss|secu|ins|securite sociale|social security)\b"),
    (Sort.NUMBER, r"\b(?:nia|matricule ins|immatriculation)\b"),
    (Sort.EMAIL, r"\b(?:e ?mails?|mails?|courriels?|adresse electronique)\b"),
    (Sort.PHONE, r"\b(?:tel|tel\d|telephones?|portable|mobile|phones?|gsm|fax)\b"),
    (Sort.ACCOUNT, r"\b(?:iban|rib|compte bancaire|coordonnees bancaires|bank account)\b"),
    (
        Sort.DRUG,
        r"\b(?:nom|name)\b.*\b(?:medicaments?|produits?|commercial|molecule|dci|vaccin|drug"
        r"|product)\b",
    ),
    (
        Sort.RESULT,
        r"\b(?:nom|name)\b.*\b(?:examens?|analyses?|tests?|actes?|mesures?|parametres?)\b",
    ),
    (Sort.BARE_NAME, r"^(?:noms?|names?)$"),
    (
        Sort.NAME,
        r"\b(?:prenoms?|patronyme|surname|lastname|firstname|given names?|identite|nomprenom"
        rf"|(?:family|first|last|full|maiden) names?)\b|\bnoms? (?:de |d |du |des )?(?:famille"
        rf"|naissance|usage|usuel|jeune fille|marital|complet|prenoms?|et prenoms?|{_PERSON})\b"
        rf"|\b{_PERSON} (?:nom|name)s?\b|\bnoms? (?:naiss\w*|usag\w*|epouse)\b",
    ),
    (Sort.PLACE, r"\b(?:lieu|commune|ville|pays|place|country|city)\b"),
    (Sort.PLACE, r"\b(?:code postal|cp|zip\w*|postal|postcode|code insee|insee|iris)\b"),
    (Sort.PLACE, r"\b(?:communes|villes|town|departements?|dept|regions?|localite|quartier)\b"),
    (Sort.ADDRESS, r"\b(?:adresses?\w*|address\w*|domicile|street)\b|^(?:rue|voie)\b(?! d )"),
    (
        Sort.BIRTH,
        r"\b(?:naissance|naiss|ddn|dob|birth\w*|born|nee?)\b|\b(?:dt|date)_?nais\w*\b",
    ),
    (Sort.AGE, r"\bage[s]?\b"),
    (Sort.SEX, r"\b(?:sexe?|genre|gender|civilite)\b"),
    (
        Sort.PERSON_ID,
        rf"\b{_ID}\b.*\b(?:{_PERSON}|dossiers?|sejours?|stay)\b"
        rf"|\b(?:{_PERSON}|dossiers?|sejours?|stay) {_ID}\b"
        rf"|\b(?:ipp|iep|nip|nda|mrn|nipp|chainage|dossiers?|patientid|idpatient|numpatient)\b",
    ),
    (Sort.SOMEBODY, rf"^(?:le |la |the )?{_PERSON}$"),
    (Sort.TIME, r"\b(?:dates?|jours?|days?|mois|month|annees?|year|heures?|hour)\b"),
    (Sort.TIME, r"\btime(?:s|stamp\w*)?\b"),
    (
        Sort.TIME,
        r"\b(?:entree|sortie|admission|discharge|debut|fin|start|end|duree|sejours?)\b",
    ),
    (
        Sort.DIAGNOSIS,
        r"\b(?:diag\w*|cim\d*|icd\d*|patholog\w*|maladies?|diseases?|conditions?|motifs?|ald"
        r"|antecedents?|allerg\w*|sympt\w*|ghm|grossesse|vih|hiv|handicap|deces|death)\b",
    ),
    (
        Sort.DRUG,
        r"\b(?:medica\w*|drugs?|cip\d*|ucd|atc|molecules?|dci|traitements?|treatments?"
        r"|prescriptions?|posologies?|vaccin\w*|dosages?|doses?|produits?|products?)\b",
    ),
    (
        Sort.ACT,
        r"\b(?:actes?|ccam|ngap|nabm|prestations?|procedures?|consultations?|soins?|acts?)\b",
    ),
    (
        Sort.AMOUNT,
        r"\b(?:montants?|amounts?|prix|prices?|tarifs?|honoraires?|rembours\w*|total|base|payee?"
        r"|revenus?|salaires?|income|salary|couts?|costs?|reste a charge|amo|amc|stock"
        r"|quantites?)\b",
    ),
    (
        Sort.RESULT,
        r"\b(?:resultats?|results?|valeurs?|values?|mesures?|analyses?|examens?|loinc|glyc\w*"
        r"|hba1c|taux|tension|cholesterol|scores?|conclusions?|tests?|unites?|units?|normes?"
        r"|parametres?)\b",
    ),
    (Sort.BODY, r"\b(?:poids|weight|taille|height|imc|bmi)\b"),
    (
        Sort.TRAIT,
        r"\b(?:professions?|csp|metiers?|occupation|situation|marital|nationalites?|langues?"
        r"|ethni\w*|religion|diplomes?|employeurs?|mutuelles?|regimes?|caisses?|enfants)\b",
    ),
    (
        Sort.FREE_TEXT,
        r"\b(?:commentaires?|observations?|notes?|remarques?|comments?|texte|descriptions?)\b",
    ),
    (Sort.ANY_ID, rf"\bid\b|^{_ID}$|\bidentif\w*\b"),
)


@lru_cache(1024)
def named(header: str) -> Sort | None:
    """Return what a column holds by its header, None where the header says nothing known."""
    if len(header) > _LONGEST:
        return None
    words = fold(re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", " ", header))
    return next((sort for sort, pattern in _patterns() if pattern.search(words)), None)


@lru_cache(1)
def _patterns() -> list[tuple[Sort, re.Pattern[str]]]:
    """Compile them once there is a table: most documents have none."""
    return [(sort, re.compile(pattern)) for sort, pattern in _HEADERS]
