"""What a recipient can open: an age file, or the page with one inside."""

from secshare.sealing.agefile import seal, sealed_name, work_factor
from secshare.sealing.htmlfile import seal_html

__all__ = ["seal", "seal_html", "sealed_name", "work_factor"]
