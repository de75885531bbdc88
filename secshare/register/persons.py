"""What the register knows of one person: under a random identifier, or by a name that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from secshare.model.folding import name_key
from secshare.register.entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from secshare.store import Store

__all__ = ["about_nobody", "entries_about", "former"]

# Written as the indexes of the schema are, which answer it.
_ABOUT: Final = """
    SELECT number, body FROM entry WHERE reference IS NULL AND
        CASE WHEN instr(body, CAST('"recipient":"' AS BLOB)) THEN
        substr(body, instr(body, CAST('"recipient":"' AS BLOB)) + 13, 32) END = :uid
    UNION
    SELECT number, body FROM entry WHERE reference IS NULL AND
        CASE WHEN instr(body, CAST('"subject":"' AS BLOB)) THEN
        substr(body, instr(body, CAST('"subject":"' AS BLOB)) + 11, 32) END = :uid
    ORDER BY number
"""


# Of somebody who left the directory nothing says what they were.
_ABOUT_NOBODY: Final = """
    SELECT count(*) FROM recipient JOIN share ON share.recipient = uid
    WHERE recipient.kind <> 'patient' AND share.subject = uid AND status = 'prepared'
"""


def about_nobody(store: Store) -> int:
    """Return how many shares a professional or an organisation got that name no patient."""
    count: int = store.connection.execute(_ABOUT_NOBODY).fetchone()[0]
    return count


def former(store: Store, name: str) -> tuple[str, ...]:
    """Return the `uid` of everybody who bears a name in a share and is not in the directory now.

    They left it, or a manifest named them. In any order of the name's parts: manifests and people
    write it either way.
    """
    wanted = name_key(name)
    rows = store.connection.execute("SELECT uid, name FROM gone").fetchall()
    return tuple(sorted({row["uid"] for row in rows if name_key(row["name"]) == wanted}))


def entries_about(store: Store, uid: str) -> Iterator[Entry]:
    """Yield the journal's entries about somebody that are about no share, the oldest first.

    Those of a share are found by its reference.
    """
    for row in store.connection.execute(_ABOUT, {"uid": uid.encode("ascii")}):
        yield Entry.loads(row["body"])
