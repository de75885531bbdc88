"""The directory: who may receive, found by an id or a whole name, and never guessed."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from secshare import files, profiles
from secshare.errors import RecipientDataInvalid, RecipientUnknown
from secshare.model import Kind, Recipient
from secshare.recipients import keys as key_files
from secshare.recipients.contacts import parse_email, parse_phone
from secshare.recipients.homonyms import check_homonyms
from secshare.recipients.names import check_id, fold, make_id, one_line
from secshare.recipients.rows import COLUMNS, described, from_row, representation, to_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from secshare.model import Representation
    from secshare.store import Store

__all__ = ["Directory"]

_SELECT: Final = f"SELECT {', '.join(COLUMNS)} FROM recipient"  # noqa: S608 - our own names
_INSERT: Final = (
    f"INSERT INTO recipient ({', '.join(COLUMNS)})"  # noqa: S608 - our own names
    f" VALUES ({', '.join(f':{column}' for column in COLUMNS)})"
)
_UPDATE: Final = (
    f"UPDATE recipient SET {', '.join(f'{column} = :{column}' for column in COLUMNS)}"  # noqa: S608
    " WHERE uid = :uid"
)


class Directory:
    """The practice's recipients.

    Args:
        store: the open database.
        keys_folder: `keys/`, one file of public keys a recipient.
        region: the practice's, by which national telephone numbers are read.
    """

    def __init__(self, store: Store, keys_folder: Path, *, region: str) -> None:
        self.store = store
        self.keys_folder = keys_folder
        self.region = region
        self._haystack: dict[str, str] | None = None

    # --- finding --------------------------------------------------------------------------------

    def find(self, who: str) -> Recipient:
        """Return the one recipient whose id or whole name is `who`; accents and case do not count.

        Someone revoked is found too: what may be sealed for them is for the caller to say.

        Raises:
            RecipientUnknown: nobody, or several; the text lists id, birth date, masked contact.
            RecipientDataInvalid: the recipient's file of keys is damaged.
        """
        row = self._row("id = ?", who)
        named = self._rows("folded = ?", fold(who))
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

    # --- changes since the last use -------------------------------------------------------------

    def changed_since_use(self, recipient: Recipient) -> tuple[str, ...]:
        """Return which of `email`, `phone`, `keys` are not what they were at the last share.

        Somebody never used has nothing that changed.
        """
        used = self.store.connection.execute(
            "SELECT used, used_email, used_phone, used_keys FROM recipient WHERE uid = ?",
            (recipient.uid,),
        ).fetchone()
        if used is None or used["used"] is None:
            return ()
        now = _contact(recipient)
        return tuple(name for name in now if now[name] != used[f"used_{name}"])

    def record_use(self, connection: sqlite3.Connection, recipient: Recipient) -> None:
        """Record, in the caller's transaction, what a share for `recipient` is made with."""
        now = _contact(recipient)
        connection.execute(
            "UPDATE recipient SET used = ?, used_email = ?, used_phone = ?, used_keys = ?"
            " WHERE uid = ?",
            (
                datetime.now(UTC).date().isoformat(),
                now["email"],
                now["phone"],
                now["keys"],
                recipient.uid,
            ),
        )

    # --- writing --------------------------------------------------------------------------------

    def add(
        self,
        *,
        name: str,
        kind: Kind,
        id: str | None = None,
        keys: Sequence[str] = (),
        **details: Any,  # noqa: ANN401 - the other fields of model.Recipient
    ) -> Recipient:
        """Add somebody, and write their keys.

        Args:
            id: made from the name where None.
            keys: age recipients; with keys, no words are drawn for this person.
            details: `email`, `phone`, `birth_date`, `road`, `language`, `email_consent`,
                `email_consent_date`, `purposes`, as in `model.Recipient`.

        Raises:
            RecipientDataInvalid: a field, a taken id, a name that only a birth date tells apart.
            OutputRefused, RegisterUnwritable: nothing was written.
        """
        self._haystack = None
        draft = self._normalised(
            Recipient(uid=secrets.token_hex(16), id="", name=name, kind=kind, **details)
        )
        parsed = key_files.parse_keys(keys) if keys else ()
        with self.store.transaction() as connection:
            check_homonyms(self._rows("folded = ?", fold(draft.name)), draft.birth_date)
            recipient = replace(draft, id=self._new_id(draft, id), keys=parsed)
            self._insert(connection, recipient, [])
        return recipient

    def add_all(self, settled: Callable[[], Sequence[Recipient]]) -> int:
        """Add many, all of them or none; return how many.

        Args:
            settled: called while nobody else can write; returns recipients whose fields, names and
                ids are in order among themselves and with the directory, or raises.

        Raises:
            OutputRefused, RegisterUnwritable: nothing was written.
        """
        self._haystack = None
        written: list[Path] = []
        try:
            with self.store.transaction() as connection:
                recipients = settled()
                for recipient in recipients:
                    self._insert(connection, recipient, written)
        except BaseException:
            for path in written:
                files.remove(path)
            raise
        return len(recipients)

    def import_file(self, path: Path, *, today: date, kind: Kind | None = None) -> int:
        """Add everybody in a CSV file, or nobody; return how many. See `recipients.importing`.

        Args:
            kind: of every row, where the file has no such column.

        Raises:
            RecipientDataInvalid: the field `problems` has every error by row and column.
            InputUnreadable, OutputRefused, RegisterUnwritable: nothing was written.
        """
        from secshare.recipients.importing import import_file

        return import_file(self, path, today=today, kind=kind)

    def edit(self, recipient: Recipient, **changes: Any) -> Recipient:  # noqa: ANN401
        """Change fields of `model.Recipient`, all but `uid`, `id`, `keys` and `represents`.

        Raises:
            RecipientDataInvalid: a field, or a name that only a birth date tells apart.
            RecipientUnknown: removed meanwhile.
            RegisterUnwritable: nothing was written.
        """
        self._haystack = None
        edited = self._normalised(replace(recipient, **changes))
        with self.store.transaction() as connection:
            namesakes = self._rows("folded = ? AND uid <> ?", fold(edited.name), edited.uid)
            if fold(edited.name) != fold(recipient.name) or {"birth_date", "name"} & set(changes):
                check_homonyms(namesakes, edited.birth_date)
            if not connection.execute(_UPDATE, to_row(edited)).rowcount:
                raise RecipientUnknown("recipients.unknown", who=recipient.id)
        return edited

    def revoke(self, recipient: Recipient, day: date | None) -> Recipient:
        """Let nothing be sealed for somebody from `day` on; None allows it again."""
        return self.edit(recipient, revoked=day)

    def set_keys(
        self, recipient: Recipient, keys: Sequence[str], *, replace_all: bool
    ) -> Recipient:
        """Add public keys to somebody's, or put them in the place of all; none removes the file.

        Raises:
            RecipientDataInvalid: not public keys, or kinds that cannot stand together.
            OutputRefused: the file cannot be written; it is as it was.
        """
        kept = () if replace_all else recipient.keys
        parsed = key_files.parse_keys((*kept, *keys), whose=recipient.id) if keys or kept else ()
        key_files.write_keys(self.keys_folder, recipient.id, parsed)
        return replace(recipient, keys=parsed)

    def represent(
        self, recipient: Recipient, subject: Recipient, ground: str, until: date | None = None
    ) -> None:
        """Record that somebody may open what is about `subject`: a parent, a guardian, a home.

        Args:
            ground: why, as the practice writes it; a former one for the same person is replaced.
            until: the last day it holds, None where it does not end.

        Raises:
            RecipientDataInvalid: the same person, or a ground that cannot be taken.
            RegisterUnwritable: nothing was written.
        """
        if recipient.uid == subject.uid:
            raise RecipientDataInvalid("recipients.represents_self", id=recipient.id)
        written = one_line("ground", ground)
        with self.store.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO representation VALUES (?, ?, ?, ?)",
                (recipient.uid, subject.uid, written, until.isoformat() if until else None),
            )

    def stop_representing(self, recipient: Recipient, subject: Recipient) -> None:
        """Take a representation back.

        Raises:
            RecipientDataInvalid: there is none.
        """
        with self.store.transaction() as connection:
            gone = connection.execute(
                "DELETE FROM representation WHERE recipient = ? AND subject = ?",
                (recipient.uid, subject.uid),
            ).rowcount
        if not gone:
            raise RecipientDataInvalid(
                "recipients.represents_nobody", id=recipient.id, about=subject.id
            )

    def remove(self, recipient: Recipient) -> None:
        """Remove somebody and their keys. The shares made for them stay in the register.

        Raises:
            RegisterUnwritable: nothing was removed.
            OutputRefused: the entry is gone, and the file of keys, which nobody uses, is not.
        """
        self._haystack = None
        with self.store.transaction() as connection:
            connection.execute("DELETE FROM recipient WHERE uid = ?", (recipient.uid,))
        files.remove(key_files.key_path(self.keys_folder, recipient.id))

    def id_taken(self, identifier: str) -> bool:
        """Return whether somebody has this id, or a file of keys bears it.

        A file that a crash or a person left in `keys/` would hand its keys to a newcomer.
        """
        path = key_files.key_path(self.keys_folder, identifier)
        return self._row("id = ?", identifier) is not None or path.exists() or path.is_symlink()

    def namesakes(self, folded: str) -> list[sqlite3.Row]:
        """Return the rows of everybody with this folded name."""
        return self._rows("folded = ?", folded)

    # --- inside ---------------------------------------------------------------------------------

    def _insert(
        self, connection: sqlite3.Connection, recipient: Recipient, written: list[Path]
    ) -> None:
        connection.execute(_INSERT, to_row(recipient))
        if recipient.keys:
            path = key_files.key_path(self.keys_folder, recipient.id)
            key_files.write_keys(self.keys_folder, recipient.id, recipient.keys)
            written.append(path)

    def _new_id(self, draft: Recipient, chosen: str | None) -> str:
        if chosen is None:
            return make_id(draft.name, draft.kind, self.id_taken)
        identifier = check_id(chosen)
        if self.id_taken(identifier):
            raise RecipientDataInvalid("recipients.id_taken", id=identifier)
        return identifier

    def _normalised(self, recipient: Recipient) -> Recipient:
        if recipient.email_consent_date is not None and recipient.email_consent is None:
            raise RecipientDataInvalid("recipients.consent_date", field="email_consent_date")
        email, phone = recipient.email, recipient.phone
        return replace(
            recipient,
            name=one_line("name", recipient.name),
            email=None if email is None else parse_email("email", email),
            phone=None if phone is None else parse_phone("phone", phone, region=self.region),
            purposes=tuple(one_line("purposes", purpose) for purpose in recipient.purposes),
        )

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
        represents = self.store.connection.execute(
            "SELECT * FROM representation WHERE recipient = ? ORDER BY subject", (row["uid"],)
        ).fetchall()
        lines = key_files.read_keys(self.keys_folder, row["id"])
        return from_row(row, tuple(representation(found) for found in represents), lines)

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


def _contact(recipient: Recipient) -> dict[str, str | None]:
    """Return what is remembered of a use. Kept as it is: a digest of a number is that number."""
    return {
        "email": recipient.email,
        "phone": recipient.phone,
        "keys": key_files.fingerprint(recipient.keys),
    }
