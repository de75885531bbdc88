"""The use case: who it is for, the words drawn, the intent recorded, sealed, handed over.

The order is the security argument, and `preparing` is the only place that knows it.
"""

from secshare.sharing.addressing import Addressed, address
from secshare.sharing.carding import Card, check_card, draw_card, revoke_card
from secshare.sharing.desk import Desk, create_practice
from secshare.sharing.forms import check_form
from secshare.sharing.handing import handover
from secshare.sharing.preparing import Prepared, prepare
from secshare.sharing.receiving import Opened, receive

__all__ = [
    "Addressed",
    "Card",
    "Desk",
    "Opened",
    "Prepared",
    "address",
    "check_card",
    "check_form",
    "create_practice",
    "draw_card",
    "handover",
    "prepare",
    "receive",
    "revoke_card",
]
