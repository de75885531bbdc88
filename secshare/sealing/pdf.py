"""The password PDF: for a person with a telephone and no page."""

import pikepdf  # noqa: F401
