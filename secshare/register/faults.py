"""What verifying a journal finds, each fault with the entry, the share or the line it is about."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.errors import JournalBroken, ShareState

if TYPE_CHECKING:
    from datetime import datetime

    from secshare.register.chain import Head
    from secshare.register.found import Cut, Removed

__all__ = ["Fault", "Faults", "Kind", "Verified", "compare_head"]


class Kind(StrEnum):
    """What is wrong. The texts are `journal.fault_…`."""

    ALTERED = "altered"
    """An entry's bytes, its hash or its place in the chain are not what was written."""
    MISSING = "missing"
    MISPLACED = "misplaced"
    """An entry stands under another number or in another line than its own."""
    EXTRA = "extra"
    """Entries that are not of this chain, or that were cut and stand there again."""
    REFERENCE = "reference"
    """The column that finds the entries of a share says another share than the entry."""
    HEAD = "head"
    """The signed end is not that of these entries, or not signed by this key."""
    SENSELESS = "senseless"
    """An entry that does not follow from the earlier ones of its share."""
    SHARE_STATES = "share_states"
    """A share stands otherwise in the register than its entries say."""
    SHARE_ROW = "share_row"
    """What an entry says of a share besides its states is not what the register says."""
    INCIDENT_MISSING = "incident_missing"
    INCIDENT_EXTRA = "incident_extra"
    """An incident that no entry tells of."""
    SHARE_MISSING = "share_missing"
    SHARE_BACK = "share_back"
    """A share that came to nothing stands in the register."""
    SHARES_ADOPTED = "shares_adopted"
    """The shares without entries are not those that were there."""
    WORDS = "words"
    """The sealed words of a share are not those that were sealed."""
    WORDS_MISSING = "words_missing"
    WORDS_BACK = "words_back"
    """Sealed words that were destroyed stand there again."""
    EXPECTED_ABSENT = "expected_absent"
    """The journal ends before the head that somebody wrote down."""
    EXPECTED_OTHER = "expected_other"
    """The entry of that number is another."""
    FILE_HEADER = "file_header"
    FILE_KEY = "file_key"
    """The file is another practice's."""
    FILE_SIGNATURE = "file_signature"
    FILE_TRUNCATED = "file_truncated"
    FILE_TRAILING = "file_trailing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        number: of the entry, in its own words where it stands elsewhere.
        last: of the last entry, where several that follow each other are missing or extra.
        reference: of the share.
        line: of the exported file.
    """

    kind: Kind
    number: int | None = None
    last: int | None = None
    reference: str | None = None
    line: int | None = None

    @property
    def key(self) -> str:
        """The text that says it."""
        if self.last not in {None, self.number}:
            missing = self.kind is Kind.MISSING
            return "journal.fault_missing_several" if missing else "journal.fault_extra_several"
        return f"journal.fault_{self.kind}"

    @property
    def fields(self) -> dict[str, object]:
        """What fills that text."""
        return {
            "number": self.number,
            "last": self.last,
            "reference": self.reference,
            "line": self.line,
        }

    def error(self) -> JournalBroken:
        """Return the error that ends a command on it."""
        return JournalBroken(self.key, **self.fields)


_OF_A_FILE: Final = frozenset(kind for kind in Kind if kind.startswith("file_"))
_SEVERAL: Final = frozenset({Kind.MISSING, Kind.EXTRA})

_OF_A_SHARE: Final = frozenset(
    {
        Kind.SENSELESS,
        Kind.SHARE_STATES,
        Kind.SHARE_ROW,
        Kind.INCIDENT_MISSING,
        Kind.INCIDENT_EXTRA,
        Kind.SHARE_MISSING,
        Kind.SHARE_BACK,
        Kind.WORDS,
        Kind.WORDS_MISSING,
        Kind.WORDS_BACK,
    }
)


@dataclass
class Faults:
    """The faults found so far; of a file that is nothing but faults, the first many.

    Attributes:
        more: how many faults are not listed.
        torn: shares of which an entry is not what was written: what follows from that is no fault
            of its own.
    """

    found: list[Fault] = field(default_factory=list)
    more: int = 0
    torn: set[str] = field(default_factory=set)

    def add(
        self,
        kind: Kind,
        number: int | None = None,
        *,
        last: int | None = None,
        reference: bytes | str | None = None,
        line: int | None = None,
    ) -> None:
        """Note one."""
        if len(self.found) >= profiles.JOURNAL_FAULTS:
            self.more += 1
            return
        if isinstance(reference, bytes):
            reference = reference.decode("utf-8", "replace")
        if kind in {Kind.ALTERED, Kind.MISPLACED} and reference is not None:
            self.torn.add(reference)
            reference = None
        last = (last or number) if kind in _SEVERAL else None
        self.found.append(Fault(kind, number, last, reference, line))

    def is_missing(self, number: int | None) -> bool:
        """Return whether this entry, and none beside it, was found missing."""
        return any(
            fault.kind is Kind.MISSING and fault.number == fault.last == number
            for fault in self.found
        )

    def end_at(self, last: int) -> int:
        """Leave out that entries are missing after the last one; return the first number there."""
        after, first = [], last + 1
        for fault in self.found:
            if fault.kind is Kind.MISSING and (fault.number or 0) > last:
                if fault.number == first:
                    first = (fault.last or first) + 1
                after.append(fault)
        self.found = [fault for fault in self.found if fault not in after]
        return first

    def told(self) -> tuple[Fault, ...]:
        """Return them as somebody reads; what follows from another is left out."""
        elsewhere = {fault.number for fault in self.found if fault.kind is Kind.MISPLACED}
        holes = self.torn or any(fault.kind is Kind.MISSING for fault in self.found)
        return tuple(
            sorted(
                (
                    fault
                    for fault in self.found
                    if not (fault.kind in _OF_A_SHARE and fault.reference in self.torn)
                    and not (fault.kind is Kind.SHARES_ADOPTED and holes)
                    and not (
                        fault.kind is Kind.MISSING
                        and fault.number == fault.last
                        and fault.number in elsewhere
                    )
                ),
                key=_place,
            )
        )


def _place(fault: Fault) -> tuple[int, int]:
    """Order faults as somebody reads: by line, then by entry, then what is about neither."""
    end = sys.maxsize
    return (fault.line or end, end if fault.number is None else fault.number)


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying a journal found.

    Attributes:
        head: as it is signed; None where there is none that could be read.
        entries: how many were read.
        begun: when the chain was begun, where its first entry is still there.
        former: the SHA-256 of the file that keeps a journal that was broken, where this one was
            begun anew after it.
        cut: the number of the entry that cut it, if it was.
        faults: everything that is wrong, at most `profiles.JOURNAL_FAULTS`.
        more: how many faults there are beside these.
        uncompared: the number of a head that somebody wrote down before the last cut: what it
            stands for was removed. That is no fault.
        adopted: how many shares its first entry took over, from before it.
        removed: what the cut says that it removed; None where there is none, or it does not say.
        of_file: whether this is a file that was exported.
    """

    head: Head | None
    entries: int
    begun: datetime | None
    former: str | None
    cut: int | None
    faults: tuple[Fault, ...]
    more: int = 0
    uncompared: int | None = None
    adopted: int = 0
    removed: Removed | None = None
    of_file: bool = False

    @property
    def anew(self) -> bool:
        """Whether it was begun anew, after a journal that was broken."""
        return self.former is not None

    def check(self) -> None:
        """Raise the first fault, if there is one.

        Raises:
            JournalBroken: it does not verify. Of a file, that says to ask for another one: it is
                not the reader's to mend.
            ShareState: it verifies, and the head that was written down is older than the cut.
        """
        if self.faults:
            first = self.faults[0]
            if self.of_file and first.kind not in _OF_A_FILE:
                raise JournalBroken("journal.file_unsound")
            raise first.error()
        if self.uncompared is not None:
            raise ShareState("journal.expected_cut", number=self.uncompared)


def compare_head(faults: Faults, expect: Head, hashed: bytes | None, cut: Cut | None) -> int | None:
    """Compare a head that somebody wrote down with what the journal has at its number.

    Args:
        hashed: the hash that stands there; None where no entry does.

    Returns:
        The number, where it is older than the cut and can no longer be compared.
    """
    if hashed is None and cut and expect.number == cut.through:
        hashed = cut.through_hash
    if hashed is None:
        if cut is not None and 0 < expect.number < cut.number:
            return expect.number
        faults.add(Kind.EXPECTED_ABSENT, expect.number)
    elif hashed != expect.hash:
        faults.add(Kind.EXPECTED_OTHER, expect.number)
    return None
