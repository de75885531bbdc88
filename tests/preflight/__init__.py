"""Tests of secshare.preflight."""
