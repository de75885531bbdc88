"""What an element or an attribute is called, in the words that a page would have for it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["BIRTH_DATE", "GENERIC", "NAMING", "PROSE", "known", "label", "readable_date", "role"]

BIRTH_DATE: Final = "Date de naissance"

_WORDS: Final[dict[str, str]] = {
    "Nom": "nom lastname familyname surname family nomfamille nomdefamille nomusuel nompatient",
    "Nom de naissance": "nomnaissance nomdenaissance birthname nompatronymique nompatronyme "
    "nomjeunefille nomdejeunefille maidenname nomnai",
    "Nom d'usage": "nomusage nomdusage nomutilise nommarital nomepouse",
    "Prénom": "prenom prenoms firstname givenname given forename prenomusuel prenomnaissance "
    "prenomdenaissance prenomutilise premierprenom",
    BIRTH_DATE: "datenaissance datedenaissance datenais datenaiss dtnaissance dnaissance naissance "
    "ddn birthdate dateofbirth dob birthtime birthday birth",
    "N° de sécurité sociale": "nir nss numss numsecu numsecuritesociale numerosecuritesociale "
    "numerodesecuritesociale numerosecu nosecu matriculeins ins insnir insnia insee ssn nia "
    "socialsecuritynumber numeroassure numassure",
}
_ROLES: Final[dict[str, str]] = {
    "Médecin": "medecin medecintraitant praticien prescripteur prescriber doctor physician author "
    "auteur provider practitioner executant professionnel professional redacteur signataire "
    "intervenant correspondant biologiste radiologue performer",
    "Assuré": "assure assureouvrantdroit ouvrantdroit insured subscriber policyholder",
    "Représentant légal": "mere pere parent tuteur curateur guardian mother father "
    "representantlegal representant responsablelegal",
    "Personne à prévenir": "personneaprevenir contacturgence emergencycontact personnedeconfiance "
    "aprevenir",
    "Enfant": "enfant nouveaune child newborn",
    "Patient": "patient beneficiaire usager malade subject",
}
_LABELS: Final = {word: said for said, words in _WORDS.items() for word in words.split()}
_CARRIERS: Final = {word: said for said, words in _ROLES.items() for word in words.split()}

GENERIC: Final = frozenset(
    [
        "value",
        "val",
        "v",
        "text",
        "texte",
        "valeur",
        "content",
        "contenu",
        "date",
        "data",
        "extension",
        "string",
        "item",
        "libelle",
        "#",
    ]
)
"""Names that say nothing: what stands in them is called as what they stand in."""

PROSE: Final = frozenset(
    [
        *("line", "ligne", "l", "p", "para", "paragraph", "paragraphe", "div", "li", "section"),
        *("title", "titre", "note", "comment", "commentaire", "body", "corps", "conclusion"),
    ]
)
"""Names of pieces of a page: what stands in them is a line as it is."""

NAMING: Final = frozenset(["nom", "name", "key", "cle", "label", "libelle", "champ", "field"])
"""Names of what says how a value beside it is called: `<libelle>Prénom</libelle>`, `name="DDN"`."""

_HUMPS: Final = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-.:]+")
_PLAIN_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{0,10}(?:[+-]\d{4})?)?")
_CACHED: Final = 4096


@lru_cache(_CACHED)
def label(name: str) -> str:
    """Return the words for a name: `dateNaissance` and `DOB` are `Date de naissance`."""
    return _LABELS.get(_bare(name)) or " ".join(_HUMPS.sub(" ", name).split())


def known(said: str) -> bool:
    """Say whether a label is one of those that forms have for who somebody is."""
    return said in _WORDS


@lru_cache(_CACHED)
def role(name: str) -> str | None:
    """Return what somebody is whose fields stand in an element of this name, in French."""
    return _CARRIERS.get(_bare(name))


def readable_date(text: str) -> str:
    """Return a date with hyphens, where it is one without, as HL7 writes them; else the text."""
    found = _PLAIN_DATE.fullmatch(text.strip())
    return "-".join(found.groups()[:3]) if found else text


def _bare(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in folded if character.isalnum())
