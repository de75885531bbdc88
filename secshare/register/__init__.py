"""The register: what was shared and how far it went, the sealed words, what came back."""

from secshare.register.elsewhere import Doubled, Elsewhere, Twin, telling, twins
from secshare.register.entries import Actor
from secshare.register.forgetting import Recalled, Worth
from secshare.register.journal import Journal
from secshare.register.received import Inbox, Received
from secshare.register.register import Register
from secshare.register.runs import Run, Runs
from secshare.register.states import Operation
from secshare.register.words import Bound, SealedWords, seal_words, unseal_words

__all__ = [
    "Actor",
    "Bound",
    "Doubled",
    "Elsewhere",
    "Inbox",
    "Journal",
    "Operation",
    "Recalled",
    "Received",
    "Register",
    "Run",
    "Runs",
    "SealedWords",
    "Twin",
    "Worth",
    "seal_words",
    "telling",
    "twins",
    "unseal_words",
]
