"""Looking up the directory: an id or a whole name finds one person or nobody, without a guess."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from secshare import files, profiles
from secshare.errors import RecipientUnknown
from secshare.model import Kind
from secshare.recipients import keys as key_files
from secshare.recipients.names import fold
from secshare.recipients.rows import COLUMNS, described, from_row, representation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from secshare.model import Recipient, Representation
    from secshare.store import Store

__all__ = ["Lookup"]

_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM recipient"  # noqa: S608 - our own names


class Lookup:
    """The reading side of `Directory`."""

    def __init__(self, store: Store, keys_folder: Path) -> None:
        self.store = store
        self.keys_folder = keys_folder
        self._haystack: dict[str, str] | None = None
        self._correspondents: tuple[str, ...] = ()
        self._correspondents_state = b""

    def find(self, who: str) -> Recipient:
        """Return the one recipient whose id or whole name is `who`; accents and case do not count.

        Someone revoked is found too: what may be sealed for them is for the caller to say.

        Raises:
            RecipientUnknown: nobody, or several; the text lists id, birth date, masked contact.
            RecipientDataInvalid: the recipient's file of keys is damaged.
        """
        if any("\ud800" <= character <= "\udfff" for character in who):
            raise RecipientUnknown("recipients.unknown", who=who)  # bytes that are no text
        row = self._row("id = ?", who)
        named = self.namesakes(folded) if (folded := fold(who)) else []
        if row is None and not named:
            row = self._row("id = ?", who.strip().lower())
        if row is not None and named and row["uid"] not in {other["uid"] for other in named}:
            # The id of one person is the name of another.
            raise RecipientUnknown(
                "recipients.several", who=who, candidates=described([row, *named])
            )
        if row is None and len(named) == 1:
            row = named[0]
        if row is not None:
            return self._recipient(row)
        if named:
            raise RecipientUnknown("recipients.several", who=who, candidates=described(named))
        near = self._near(who)
        if near:
            raise RecipientUnknown("recipients.unknown_near", who=who, near=described(near))
        raise RecipientUnknown("recipients.unknown", who=who)

    def by_uid(self, uid: str) -> Recipient | None:
        """Return the recipient the register knows as `uid`, None where there is none any more."""
        row = self._row("uid = ?", uid)
        return None if row is None else self._recipient(row)

    def by_id(self, identifier: str) -> Recipient | None:
        """Return the recipient with exactly this id, or None."""
        row = self._row("id = ?", identifier)
        return None if row is None else self._recipient(row)

    def same_name(self, name: str) -> tuple[Recipient, ...]:
        """Return everybody who bears a name, as `fold` reads it. Their keys are not read."""
        return tuple(from_row(row, (), ()) for row in self.namesakes(fold(name)))

    def representatives(self, subject: Recipient) -> tuple[Recipient, ...]:
        """Return who may open what is about somebody, on record. Their keys are not read."""
        rows = self._rows(
            "uid IN (SELECT recipient FROM representation WHERE subject = ?)", subject.uid
        )
        return tuple(from_row(row, (), ()) for row in rows)

    def correspondents(self) -> tuple[str, ...]:
        """Return the names of the professionals and organisations of the directory."""
        if (state := self.state()) != self._correspondents_state:
            rows = self.store.connection.execute(
                "SELECT name FROM recipient WHERE kind <> ?", (Kind.PATIENT.value,)
            )
            self._correspondents = tuple(row["name"] for row in rows)
            self._correspondents_state = state
        return self._correspondents

    def state(self) -> bytes:
        """Return another value than before whenever somebody's name, contact or kind changed."""
        row = self.store.connection.execute("SELECT state FROM directory_state").fetchone()
        state: bytes = row["state"]
        return state

    def all(self) -> Iterator[Recipient]:
        """Yield everybody, by name. Their files of keys are read, and not checked."""
        represents: dict[str, list[Representation]] = defaultdict(list)
        for row in self.store.connection.execute("SELECT * FROM representation"):
            represents[row["recipient"]].append(representation(row))
        with files.reading(self.keys_folder):
            with_keys = {path.stem for path in self.keys_folder.glob("*.pub")}
        for row in self.store.connection.execute(f"{_SELECT} ORDER BY folded, id"):
            lines: tuple[str, ...] = ()
            if row["id"] in with_keys:
                lines = key_files.unchecked_keys(self.keys_folder, row["id"])
            yield from_row(row, tuple(represents[row["uid"]]), lines)

    def names(self) -> tuple[str, ...]:
        """Return what completion may offer: for each of these, `find` answers with one person.

        It is the name, or the id of those who share theirs; nobody who is revoked.
        """
        rows = self.store.connection.execute(
            "SELECT id, name, folded, revoked FROM recipient ORDER BY folded, id"
        ).fetchall()
        shared = Counter(row["folded"] for row in rows)
        ids = {row["id"] for row in rows}
        return tuple(
            row["id"] if shared[row["folded"]] > 1 or row["name"] in ids else row["name"]
            for row in rows
            if row["revoked"] is None
        )

    def search(self, typed: str, limit: int = 10) -> tuple[Recipient, ...]:
        """Return those whose name or id resembles `typed`, the nearest first: to propose only.

        The list is read once; somebody added meanwhile is not in it. Nobody who is revoked is.
        """
        from rapidfuzz import fuzz, process

        if self._haystack is None:
            rows = self.store.connection.execute(
                "SELECT uid, id, folded FROM recipient WHERE revoked IS NULL ORDER BY folded, id"
            )
            self._haystack = {row["uid"]: f"{row['folded']} {fold(row['id'])}" for row in rows}
        uids = list(self._haystack)[:limit]
        if wanted := fold(typed):
            nearest = process.extract(
                wanted, self._haystack, scorer=fuzz.partial_ratio, limit=limit, score_cutoff=60
            )
            uids = [uid for _, _, uid in nearest]
        return tuple(found for uid in uids if (found := self.by_uid(uid)) is not None)

    def namesakes(self, folded: str) -> list[sqlite3.Row]:
        """Return the rows of everybody with this folded name."""
        return self._rows("folded = ?", folded)

    def _row(self, where: str, *values: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.store.connection.execute(
            f"{_SELECT} WHERE {where}", values
        ).fetchone()
        return row

    def _rows(self, where: str, *values: str) -> list[sqlite3.Row]:
        return list(
            self.store.connection.execute(f"{_SELECT} WHERE {where} ORDER BY id", values).fetchall()
        )

    def _recipient(self, row: sqlite3.Row) -> Recipient:
        lines = key_files.read_keys(self.keys_folder, row["id"])
        return from_row(row, self._represents(row["uid"]), lines)

    def _represents(self, uid: str) -> tuple[Representation, ...]:
        rows = self.store.connection.execute(
            "SELECT * FROM representation WHERE recipient = ? ORDER BY subject", (uid,)
        )
        return tuple(representation(found) for found in rows.fetchall())

    def _near(self, who: str) -> list[sqlite3.Row]:
        from rapidfuzz import fuzz, process

        names = {
            row["uid"]: row["folded"]
            for row in self.store.connection.execute("SELECT uid, folded FROM recipient")
        }
        found = process.extract(
            fold(who), names, scorer=fuzz.token_sort_ratio, limit=profiles.NEAREST, score_cutoff=70
        )
        rows = (self._row("uid = ?", uid) for _, _, uid in found)
        return [row for row in rows if row is not None]
