"""opener."""
