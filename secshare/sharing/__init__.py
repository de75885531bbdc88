"""The use case: who it is for, the words drawn, the intent recorded, sealed, handed over.

The order is the security argument, and `preparing` is the only place that knows it.
"""

from secshare.sharing.addressing import Addressed, address
from secshare.sharing.carding import Card, check_card, draw_card, revoke_card
from secshare.sharing.checking import Checked, case_of, check, examine, heaviest, owner
from secshare.sharing.contacts import refusal
from secshare.sharing.desk import Desk, create_practice
from secshare.sharing.forms import check_form
from secshare.sharing.handing import handover
from secshare.sharing.marking import MARKS, Marked, mark
from secshare.sharing.preparing import Prepared, prepare
from secshare.sharing.recalling import Stopped, recall
from secshare.sharing.receiving import Opened, receive
from secshare.sharing.rekeying import writing_keys
from secshare.sharing.releasing import Handing, check_kept, check_words
from secshare.sharing.resealing import address_again, same_documents, sealed_copy, unsealed
from secshare.sharing.seeing import contact_seen

__all__ = [
    "MARKS",
    "Addressed",
    "Card",
    "Checked",
    "Desk",
    "Handing",
    "Marked",
    "Opened",
    "Prepared",
    "Stopped",
    "address",
    "address_again",
    "case_of",
    "check",
    "check_card",
    "check_form",
    "check_kept",
    "check_words",
    "contact_seen",
    "create_practice",
    "draw_card",
    "examine",
    "handover",
    "heaviest",
    "mark",
    "owner",
    "prepare",
    "recall",
    "receive",
    "refusal",
    "revoke_card",
    "same_documents",
    "sealed_copy",
    "unsealed",
    "writing_keys",
]
