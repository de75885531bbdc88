"""The register: which shares were prepared, the sealed words that open them, and what came back."""

from secshare.register.received import Inbox, Received
from secshare.register.register import Register
from secshare.register.words import seal_words, unseal_words

__all__ = ["Inbox", "Received", "Register", "seal_words", "unseal_words"]
