"""Tests of secshare.sealing."""
