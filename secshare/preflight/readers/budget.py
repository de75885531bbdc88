"""What reading one document may cost, with all that lies inside it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from secshare import profiles

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Budget", "OverBudget"]


class OverBudget(Exception):
    """A document, or one inside it, goes beyond a limit of `profiles`.

    Readers let it pass: `readers.read_into` turns it into `Why.TOO_LARGE`.
    """


class Budget:
    """What is left to spend on one document: one for the whole of it, archives and mails included.

    Every `spend_*` raises OverBudget once there is not enough left, and then for ever, so that a
    document made of a thousand others ends as soon as one would.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.members = profiles.PREFLIGHT_MEMBERS
        self.unpacked = profiles.PREFLIGHT_UNPACKED
        self.characters = profiles.PREFLIGHT_CHARACTERS
        self.pages = profiles.PREFLIGHT_PAGES

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Go one document deeper for the length of the block.

        Raises:
            OverBudget: deeper than `profiles.PREFLIGHT_DEPTH`.
        """
        if self.depth > profiles.PREFLIGHT_DEPTH:
            raise OverBudget
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def spend_members(self, count: int = 1) -> None:
        """Count documents, or parts of one, that lie inside another: attachments, ZIP members.

        Raises:
            OverBudget: more than `profiles.PREFLIGHT_MEMBERS`.
        """
        self.members -= count
        if self.members < 0:
            raise OverBudget

    def spend_unpacked(self, size: int) -> None:
        """Count bytes that were unpacked or decoded: call it before they are kept.

        Raises:
            OverBudget: more than `profiles.PREFLIGHT_UNPACKED`.
        """
        self.unpacked -= size
        if self.unpacked < 0:
            raise OverBudget

    def spend_characters(self, count: int) -> None:
        """Count characters of text taken out.

        Raises:
            OverBudget: more than `profiles.PREFLIGHT_CHARACTERS`.
        """
        self.characters -= count
        if self.characters < 0:
            raise OverBudget

    def spend_pages(self, count: int = 1) -> None:
        """Count pages.

        Raises:
            OverBudget: more than `profiles.PREFLIGHT_PAGES`.
        """
        self.pages -= count
        if self.pages < 0:
            raise OverBudget
