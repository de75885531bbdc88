"""Many shares from a manifest: reading it, knowing that it fits its documents, running it."""
