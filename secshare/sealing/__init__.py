"""What a recipient can open: an age file, the page with one inside, or a password PDF."""

from secshare.sealing.agefile import seal, sealed_name, work_factor
from secshare.sealing.htmlfile import seal_html
from secshare.sealing.pdf import check_pdf, seal_pdf, words_needed
from secshare.sealing.unsealing import unseal

__all__ = [
    "check_pdf",
    "seal",
    "seal_html",
    "seal_pdf",
    "sealed_name",
    "unseal",
    "words_needed",
    "work_factor",
]
