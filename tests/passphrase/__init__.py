"""Tests of secshare.passphrase."""
