"""secshare."""
