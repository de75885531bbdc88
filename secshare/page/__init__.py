"""The browser page: one HTML file, built from the TypeScript beside it, filled for a practice.

Whoever has a sealed file and its words opens it there, with nothing to install and no network.
"""

from secshare.page.filling import PracticeOnPage, available, sealed_inside, sealing_into, write

__all__ = ["PracticeOnPage", "available", "sealed_inside", "sealing_into", "write"]
