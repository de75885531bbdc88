"""passphrase."""
