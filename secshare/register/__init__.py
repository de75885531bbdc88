"""The register: which shares were prepared, and the sealed words that open them."""

from secshare.register.register import Register
from secshare.register.words import seal_words, unseal_words

__all__ = ["Register", "seal_words", "unseal_words"]
