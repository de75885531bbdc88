"""The engine of the page, for every test of this folder that wants it."""

from tests.page.engine import engine

__all__ = ["engine"]
