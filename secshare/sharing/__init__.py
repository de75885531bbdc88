"""The use case: who it is for, the words drawn, the intent recorded, sealed, handed over.

The order is the security argument, and `preparing` is the only place that knows it.
"""

from secshare.sharing.addressing import Addressed, address
from secshare.sharing.desk import Desk, create_practice
from secshare.sharing.handing import handover
from secshare.sharing.preparing import Prepared, prepare
from secshare.sharing.receiving import Opened, receive

__all__ = [
    "Addressed",
    "Desk",
    "Opened",
    "Prepared",
    "address",
    "create_practice",
    "handover",
    "prepare",
    "receive",
]
