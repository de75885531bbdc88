"""The directory: who may receive, added and changed only with what can be taken."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from secshare import files
from secshare.errors import RecipientDataInvalid, RecipientUnknown
from secshare.model import Kind, Recipient
from secshare.recipients import keys as key_files
from secshare.recipients.fields import CHECKED, normalised
from secshare.recipients.homonyms import check_homonyms
from secshare.recipients.likeness import Contact
from secshare.recipients.matching import Matching
from secshare.recipients.names import check_id, fold, make_id
from secshare.recipients.recorded import Change, changed_fields, nowhere
from secshare.recipients.representing import Representing
from secshare.recipients.rows import COLUMNS, to_row
from secshare.recipients.ties import Ties
from secshare.recipients.uses import Uses, now

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Sequence
    from datetime import date
    from pathlib import Path

    from secshare.recipients.recorded import Records
    from secshare.recipients.ties import LookAlike, Relation, SharedContact
    from secshare.store import Store

__all__ = ["Directory"]

_INSERT: Final = (
    f"INSERT INTO recipient ({', '.join(COLUMNS)}, email_changed, phone_changed)"  # noqa: S608 - our own names
    f" VALUES ({', '.join(f':{column}' for column in COLUMNS)}, :now, :now)"
)
# What stands on the right of `=` is what was there before.
_UPDATE: Final = (
    f"UPDATE recipient SET {', '.join(f'{column} = :{column}' for column in COLUMNS)},"  # noqa: S608
    " email_changed = CASE WHEN email IS :email THEN email_changed ELSE :now END,"
    " phone_changed = CASE WHEN phone IS :phone THEN phone_changed ELSE :now END"
    " WHERE uid = :uid"
)


class Directory(Uses, Ties, Matching, Representing):
    """The practice's recipients.

    Args:
        store: the open database.
        keys_folder: `keys/`, one file of public keys a recipient.
        region: the practice's, by which national telephone numbers are read.
        record: is told of every change, in its transaction.
    """

    def __init__(
        self, store: Store, keys_folder: Path, *, region: str, record: Records = nowhere
    ) -> None:
        super().__init__(store, keys_folder)
        self.region = region
        self.record = record

    # --- writing --------------------------------------------------------------------------------

    def add(
        self,
        *,
        name: str,
        kind: Kind,
        id: str | None = None,
        keys: Sequence[str] = (),
        look_alikes: Sequence[LookAlike] = (),
        shared: Sequence[SharedContact] = (),
        **details: Any,  # noqa: ANN401 - the other fields of model.Recipient
    ) -> Recipient:
        """Add somebody, and write their keys. Nothing is asked here: see `look_alikes`.

        Args:
            id: made from the name where None.
            keys: age recipients; with keys, no words are drawn for this person.
            look_alikes, shared: what was answered with a yes, to be kept.
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
            self.record_ties(connection, recipient, look_alikes, shared)
            self.record(connection, Change.ADDED, recipient=recipient.uid)
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
        asked = Recipient(uid=secrets.token_hex(16), id="", name=name, kind=kind, **details)
        draft = normalised(asked, CHECKED, region=self.region)
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
                newcomers = settled()
                for recipient in newcomers:
                    self._insert(connection, recipient, written)
                if newcomers:  # one entry: a list has thousands of people
                    self.record(connection, Change.IMPORTED, count=len(newcomers))
        except BaseException:
            for path in written:
                files.remove(path)
            raise
        return len(newcomers)

    def import_file(
        self,
        path: Path,
        *,
        today: date,
        kind: Kind | None = None,
        accept: Collection[Relation] = (),
    ) -> int:
        """Add everybody in a CSV file, or nobody; return how many. See `recipients.importing`.

        Args:
            kind: of every row, where the file has no such column.
            accept: what contacts may have to do with others'; otherwise each is an error.

        Raises:
            RecipientDataInvalid: the field `problems` has every error by row and column.
            InputUnreadable, OutputRefused, RegisterUnwritable: nothing was written.
        """
        from secshare.recipients.importing import import_file

        return import_file(self, path, today=today, kind=kind, accept=accept)

    def edit(
        self,
        recipient: Recipient,
        *,
        look_alikes: Sequence[LookAlike] = (),
        shared: Sequence[SharedContact] = (),
        **changes: Any,  # noqa: ANN401 - fields of model.Recipient
    ) -> Recipient:
        """Change fields of `model.Recipient`, all but `uid`, `id`, `keys` and `represents`.

        What was answered about a contact is forgotten when it changes.

        Args:
            look_alikes, shared: what was answered with a yes about new contacts, to be kept.

        Raises:
            RecipientDataInvalid: a field, or a name that only a birth date tells apart.
            RecipientUnknown: removed meanwhile.
            RegisterUnwritable: nothing was written.
        """
        self._haystack = None
        with self.store.transaction() as connection:
            edited = self.edited(recipient, **changes)
            before = self._row("uid = ?", recipient.uid)
            if before is None:
                raise RecipientUnknown("recipients.unknown", who=recipient.id)
            connection.execute(_UPDATE, to_row(edited) | {"now": now()})
            new = [each for each in Contact if before[each] != getattr(edited, each)]
            self.forget_ties(connection, edited.uid, new)
            self.record_ties(connection, edited, look_alikes, shared)
            if fields := changed_fields(before, edited):
                what = _what(fields, edited)
                self.record(connection, what, recipient=edited.uid, changed=fields)
        return edited

    def edited(self, recipient: Recipient, **changes: Any) -> Recipient:  # noqa: ANN401
        """Return what `edit` would make of somebody, as it would be kept, and write nothing.

        Only what changes is checked: somebody whose address is no longer taken can be revoked.

        Raises:
            RecipientDataInvalid: as `edit`.
        """
        edited = normalised(replace(recipient, **changes), set(changes), region=self.region)
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
            OutputRefused, RegisterUnwritable: the file is as it was.
        """
        kept = () if replace_all else recipient.keys
        parsed = key_files.parse_keys((*kept, *keys), whose=recipient.id) if keys or kept else ()
        put = key_files.put_back_on_failure(self.keys_folder, recipient, parsed)
        with put, self.store.transaction() as connection:
            self.record(connection, Change.KEYS, recipient=recipient.uid, count=len(parsed))
            key_files.write_keys(self.keys_folder, recipient.id, parsed)
        return replace(recipient, keys=parsed)

    def remove(self, recipient: Recipient) -> None:
        """Remove somebody and their keys. The shares made for them stay in the register.

        Raises:
            RegisterUnwritable: nothing was removed.
            OutputRefused: the entry is gone, and the file of keys, which nobody uses, is not.
        """
        self._haystack = None
        with self.store.transaction() as connection:
            gone = connection.execute("DELETE FROM recipient WHERE uid = ?", (recipient.uid,))
            self.forget_ties(connection, recipient.uid, Contact)
            if gone.rowcount:  # otherwise another command removed them meanwhile
                self.record(connection, Change.REMOVED, recipient=recipient.uid)
        files.remove(key_files.key_path(self.keys_folder, recipient.id))

    def id_taken(self, identifier: str) -> bool:
        """Return whether somebody has this id, or a file of keys bears it.

        A file that a crash or a person left in `keys/` would hand its keys to a newcomer.
        """
        path = key_files.key_path(self.keys_folder, identifier)
        return self._row("id = ?", identifier) is not None or path.exists() or path.is_symlink()

    def _insert(
        self, connection: sqlite3.Connection, recipient: Recipient, written: list[Path]
    ) -> None:
        connection.execute(_INSERT, to_row(recipient) | {"now": now()})
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


def _what(fields: Sequence[str], edited: Recipient) -> Change:
    if fields != ["revoked"]:
        return Change.CHANGED
    return Change.RESTORED if edited.revoked is None else Change.REVOKED
