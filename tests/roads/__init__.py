"""Tests of secshare.roads."""
