"""What tables of people have in common: their columns' names, and how spreadsheets damage a cell.

Lists of recipients and manifests are read alike.
"""

from __future__ import annotations

import re
from typing import Final

from secshare.errors import RecipientDataInvalid
from secshare.recipients.names import fold

__all__ = ["HEADERS", "SEPARATORS", "damage", "is_nir"]

SEPARATORS: Final = (";", ",", "\t")

HEADERS: Final = {
    **dict.fromkeys(("nom", "name", "nom complet", "full name", "last name", "surname"), "name"),
    **dict.fromkeys(("nom de famille", "nom usuel", "raison sociale"), "name"),
    **dict.fromkeys(
        ("nom et prenom", "nom prenom", "nom et prenoms", "nom prenoms", "prenom nom"), "name"
    ),
    **dict.fromkeys(
        ("prenom et nom", "patient", "patiente", "nom patient", "nom du patient"), "name"
    ),
    **dict.fromkeys(("prenom", "prenoms", "first name", "given name"), "first_name"),
    **dict.fromkeys(("type", "kind", "categorie"), "kind"),
    **dict.fromkeys(("id", "identifiant", "code"), "id"),
    **dict.fromkeys(
        ("email", "e mail", "mail", "courriel", "adresse email", "adresse e mail", "adresse mail"),
        "email",
    ),
    **dict.fromkeys(("email address", "e mail address", "adresse electronique"), "email"),
    **dict.fromkeys(
        ("telephone", "tel", "portable", "mobile", "phone", "phone number", "mobile phone"),
        "phone",
    ),
    **dict.fromkeys(("numero de telephone", "telephone portable", "tel portable"), "phone"),
    **dict.fromkeys(
        (  # the sign of N° is a blank, or an o
            f"{number} {phone}"
            for number in ("n", "no", "n de", "no de", "numero", "numero de")
            for phone in ("telephone", "tel", "portable", "mobile")
        ),
        "phone",
    ),
    **dict.fromkeys(
        ("date de naissance", "naissance", "ne e le", "ne le", "nee le", "ddn"), "birth_date"
    ),
    **dict.fromkeys(("date naissance", "date naiss", "date de naiss"), "birth_date"),
    **dict.fromkeys(("birth date", "birthdate", "date of birth", "dob"), "birth_date"),
    **dict.fromkeys(("road", "voie", "voie des mots"), "road"),
    **dict.fromkeys(("language", "langue"), "language"),
    **dict.fromkeys(
        ("accord email", "accord e mail", "consentement", "consentement email"), "email_consent"
    ),
    **dict.fromkeys(
        ("consent", "email consent", "e mail consent", "consentement e mail"), "email_consent"
    ),
    **dict.fromkeys(
        ("date accord", "date de l accord", "date du consentement", "date consentement"),
        "email_consent_date",
    ),
    **dict.fromkeys(("consent date", "email consent date"), "email_consent_date"),
    **dict.fromkeys(("finalite", "finalites", "usages", "purpose", "purposes"), "purposes"),
    **dict.fromkeys(("cle", "cles", "cle publique", "key", "keys", "public key"), "key"),
}

# A column that can only hold a social-security number, by its folded name.
_NIR_COLUMN: Final = re.compile(
    r"securite sociale|social security|\b(?:secu|nir|nss|ssn|ins|insee|s ?s)\b"
)

_SPREADSHEET_ERROR: Final = re.compile(r"#[A-Z0-9/_ÉÈ]+[!?]?|#+")
_BROKEN_ACCENT: Final = re.compile(
    "[\u00c3\u00c5][\u0080-\u00bf\u0152-\u0192\u2013-\u2122]|\u00e2\u20ac"
)


def is_nir(name: str) -> bool:
    """Return whether a column can only hold social-security numbers, by its name."""
    return _NIR_COLUMN.search(fold(name)) is not None


def damage(value: str) -> RecipientDataInvalid | None:
    """Return what happened to a cell before it reached us, None where nothing did."""
    if _SPREADSHEET_ERROR.fullmatch(value):
        return RecipientDataInvalid("recipients.cell_spreadsheet")
    if _BROKEN_ACCENT.search(value) or "\ufffd" in value:
        return RecipientDataInvalid("recipients.cell_accents")
    return None
