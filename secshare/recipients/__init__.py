"""Who may receive: the directory, its look-up, its keys and its imports."""

from secshare.recipients.cards import cards_of, set_card
from secshare.recipients.contacts import parse_email, parse_phone, shown_phone, takes_sms
from secshare.recipients.dates import parse_birth_date, parse_date, written_date
from secshare.recipients.differing import told_difference
from secshare.recipients.directory import Directory
from secshare.recipients.fields import FIELDS, parse_field
from secshare.recipients.homonyms import check_homonyms
from secshare.recipients.keys import parse_keys, spoken_fingerprint
from secshare.recipients.likeness import Contact
from secshare.recipients.masking import (
    is_mssante,
    is_patient_mssante,
    masked_email,
    masked_phone,
    shown_email,
)
from secshare.recipients.names import check_id, fold, one_line
from secshare.recipients.ties import LookAlike, Pair, Relation, SharedContact

__all__ = [
    "FIELDS",
    "Contact",
    "Directory",
    "LookAlike",
    "Pair",
    "Relation",
    "SharedContact",
    "cards_of",
    "check_homonyms",
    "check_id",
    "fold",
    "is_mssante",
    "is_patient_mssante",
    "masked_email",
    "masked_phone",
    "one_line",
    "parse_birth_date",
    "parse_date",
    "parse_email",
    "parse_field",
    "parse_keys",
    "parse_phone",
    "set_card",
    "shown_email",
    "shown_phone",
    "spoken_fingerprint",
    "takes_sms",
    "told_difference",
    "written_date",
]
