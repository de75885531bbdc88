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
from secshare.sharing.preparing import Prepared, prepare
from secshare.sharing.receiving import Opened, receive
from secshare.sharing.rekeying import writing_keys
from secshare.sharing.seeing import contact_seen

__all__ = [
    "Addressed",
    "Card",
    "Checked",
    "Desk",
    "Opened",
    "Prepared",
    "address",
    "case_of",
    "check",
    "check_card",
    "check_form",
    "contact_seen",
    "create_practice",
    "draw_card",
    "examine",
    "handover",
    "heaviest",
    "owner",
    "prepare",
    "receive",
    "refusal",
    "revoke_card",
    "writing_keys",
]
