"""The use case: who it is for, the words drawn, the intent recorded, sealed, handed over.

The order is the security argument, and `preparing` is the only place that knows it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from secshare.sharing.addressing import Addressed, address, address_recipient
    from secshare.sharing.carding import Card, check_card, draw_card, revoke_card
    from secshare.sharing.checking import Checked, case_of, check, examine, heaviest, owner
    from secshare.sharing.contacts import refusal
    from secshare.sharing.desk import Desk, create_practice
    from secshare.sharing.filling import Filled, fill
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
    from secshare.sharing.steps import Intent, begin, complete, intend, undo

__all__ = [
    "MARKS",
    "Addressed",
    "Card",
    "Checked",
    "Desk",
    "Filled",
    "Handing",
    "Intent",
    "Marked",
    "Opened",
    "Prepared",
    "Stopped",
    "address",
    "address_again",
    "address_recipient",
    "begin",
    "case_of",
    "check",
    "check_card",
    "check_form",
    "check_kept",
    "check_words",
    "complete",
    "contact_seen",
    "create_practice",
    "draw_card",
    "examine",
    "fill",
    "handover",
    "heaviest",
    "intend",
    "mark",
    "owner",
    "prepare",
    "recall",
    "receive",
    "refusal",
    "revoke_card",
    "same_documents",
    "sealed_copy",
    "undo",
    "unsealed",
    "writing_keys",
]

# Found when asked for: a verb loads what it needs, and a `seal` begins sooner.
_MODULES: Final = {
    "Addressed": "addressing",
    "Card": "carding",
    "Checked": "checking",
    "Desk": "desk",
    "Filled": "filling",
    "Handing": "releasing",
    "Intent": "steps",
    "MARKS": "marking",
    "Marked": "marking",
    "Opened": "receiving",
    "Prepared": "preparing",
    "Stopped": "recalling",
    "address": "addressing",
    "address_again": "resealing",
    "address_recipient": "addressing",
    "begin": "steps",
    "case_of": "checking",
    "check": "checking",
    "check_card": "carding",
    "check_form": "forms",
    "check_kept": "releasing",
    "check_words": "releasing",
    "complete": "steps",
    "contact_seen": "seeing",
    "create_practice": "desk",
    "draw_card": "carding",
    "examine": "checking",
    "fill": "filling",
    "handover": "handing",
    "heaviest": "checking",
    "intend": "steps",
    "mark": "marking",
    "owner": "checking",
    "prepare": "preparing",
    "recall": "recalling",
    "receive": "receiving",
    "refusal": "contacts",
    "revoke_card": "carding",
    "same_documents": "resealing",
    "sealed_copy": "resealing",
    "undo": "steps",
    "unsealed": "resealing",
    "writing_keys": "rekeying",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
