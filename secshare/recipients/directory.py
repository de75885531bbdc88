"""The directory: who may receive, added and changed only with what can be taken."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from secshare import files
from secshare.errors import RecipientDataInvalid, RecipientUnknown
from secshare.model import Kind, Recipient
from secshare.recipients import keys as key_files
from secshare.recipients.contacts import check_road, parse_email, parse_phone
from secshare.recipients.homonyms import check_homonyms
from secshare.recipients.lookup import Lookup
from secshare.recipients.names import check_id, fold, make_id, one_line
from secshare.recipients.rows import COLUMNS, to_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container, Sequence
    from pathlib import Path

    from secshare.store import Store

__all__ = ["Directory"]

_CHECKED: Final = frozenset(("name", "email", "phone", "road", "purposes"))
_INSERT: Final = (
    f"INSERT INTO recipient ({', '.join(COLUMNS)})"  # noqa: S608 - our own names
    f" VALUES ({', '.join(f':{column}' for column in COLUMNS)})"
)
_UPDATE: Final = (
    f"UPDATE recipient SET {', '.join(f'{column} = :{column}' for column in COLUMNS)}"  # noqa: S608
    " WHERE uid = :uid"
)


class Directory(Lookup):
    """The practice's recipients.

    Args:
        store: the open database.
        keys_folder: `keys/`, one file of public keys a recipient.
        region: the practice's, by which national telephone numbers are read.
    """

    def __init__(self, store: Store, keys_folder: Path, *, region: str) -> None:
        super().__init__(store, keys_folder)
        self.region = region

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

    def record_keys(self, connection: sqlite3.Connection, recipient: Recipient) -> None:
        """Record, in the caller's transaction, keys that the desk itself gave since the last share.

        Somebody never used has nothing that could have changed, and stays so.
        """
        connection.execute(
            "UPDATE recipient SET used_keys = ? WHERE uid = ? AND used IS NOT NULL",
            (key_files.fingerprint(recipient.keys), recipient.uid),
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
        with self.store.transaction() as connection:
            recipient = self.draft(name=name, kind=kind, id=id, keys=keys, **details)
            self._insert(connection, recipient, [])
        return recipient

    def draft(
        self,
        *,
        name: str,
        kind: Kind,
        id: str | None = None,
        keys: Sequence[str] = (),
        **details: Any,  # noqa: ANN401 - as `add`
    ) -> Recipient:
        """Return whom `add` would add, as they would be kept, and write nothing.

        Raises:
            RecipientDataInvalid: as `add`.
        """
        draft = self._normalised(
            Recipient(uid=secrets.token_hex(16), id="", name=name, kind=kind, **details)
        )
        parsed = key_files.parse_keys(keys) if keys else ()
        check_homonyms(self.namesakes(fold(draft.name)), draft.birth_date)
        return replace(draft, id=self._new_id(draft, id), keys=parsed)

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
        with self.store.transaction() as connection:
            edited = self.edited(recipient, **changes)
            if not connection.execute(_UPDATE, to_row(edited)).rowcount:
                raise RecipientUnknown("recipients.unknown", who=recipient.id)
        return edited

    def edited(self, recipient: Recipient, **changes: Any) -> Recipient:  # noqa: ANN401
        """Return what `edit` would make of somebody, as it would be kept, and write nothing.

        Only what changes is checked: somebody whose address is no longer taken can be revoked.

        Raises:
            RecipientDataInvalid: as `edit`.
        """
        edited = self._normalised(replace(recipient, **changes), set(changes))
        if {"birth_date", "name"} & set(changes):
            namesakes = self._rows("folded = ? AND uid <> ?", fold(edited.name), edited.uid)
            check_homonyms(namesakes, edited.birth_date)
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

    def _normalised(self, recipient: Recipient, fields: Container[str] = _CHECKED) -> Recipient:
        """Return the recipient with these fields checked, and as they are kept."""
        kept: dict[str, Any] = {}
        if recipient.email_consent_date is not None and recipient.email_consent is None:
            raise RecipientDataInvalid("recipients.consent_date", field="email_consent_date")
        if "name" in fields:
            kept["name"] = one_line("name", recipient.name)
        if "email" in fields and recipient.email is not None:
            kept["email"] = parse_email("email", recipient.email)
        if "phone" in fields and recipient.phone is not None:
            kept["phone"] = parse_phone("phone", recipient.phone, region=self.region)
        phone = kept.get("phone", recipient.phone)
        if phone is not None and ("phone" in fields or "road" in fields):
            check_road(phone, recipient.road)
        if "purposes" in fields:
            kept["purposes"] = tuple(one_line("purposes", each) for each in recipient.purposes)
        return replace(recipient, **kept)


def _contact(recipient: Recipient) -> dict[str, str | None]:
    """Return what is remembered of a use. Kept as it is: a digest of a number is that number."""
    return {
        "email": recipient.email,
        "phone": recipient.phone,
        "keys": key_files.fingerprint(recipient.keys),
    }
