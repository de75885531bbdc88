"""What each version of the database's schema changes: a tuple of statements, each run once."""

from __future__ import annotations

from typing import Final

__all__ = ["MIGRATIONS"]

# What is released is never edited, only followed.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """
        CREATE TABLE recipient (
            uid TEXT PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            kind TEXT NOT NULL,
            email TEXT,
            phone TEXT,
            birth_date TEXT,
            road TEXT,
            language TEXT,
            email_consent INTEGER,
            email_consent_date TEXT,
            purposes TEXT NOT NULL,
            revoked TEXT,
            used TEXT,
            used_email TEXT,
            used_phone TEXT,
            used_keys TEXT
        ) STRICT
        """,
        "CREATE INDEX recipient_folded ON recipient (folded)",
        """
        CREATE TABLE representation (
            recipient TEXT NOT NULL REFERENCES recipient (uid) ON DELETE CASCADE,
            subject TEXT NOT NULL REFERENCES recipient (uid) ON DELETE CASCADE,
            ground TEXT NOT NULL,
            until TEXT,
            PRIMARY KEY (recipient, subject)
        ) STRICT
        """,
        "CREATE INDEX representation_subject ON representation (subject)",
        # A share outlives its recipient's entry: it keeps the name and contact it was made with.
        """
        CREATE TABLE share (
            reference TEXT PRIMARY KEY,
            status TEXT NOT NULL,
            created TEXT NOT NULL,
            recipient TEXT NOT NULL,
            subject TEXT NOT NULL,
            name TEXT NOT NULL,
            about TEXT NOT NULL,
            email TEXT,
            phone TEXT,
            road TEXT,
            format TEXT NOT NULL,
            work_factor INTEGER,
            documents INTEGER NOT NULL,
            size INTEGER,
            sha256 TEXT,
            draft TEXT
        ) STRICT
        """,
        "CREATE INDEX share_recipient ON share (recipient, created)",
        "CREATE INDEX share_created ON share (created)",
        # What every command looks for first: nearly always empty, whatever the number of shares.
        "CREATE INDEX share_preparing ON share (reference) WHERE status = 'preparing'",
        """
        CREATE TABLE sealed_words (
            reference TEXT PRIMARY KEY REFERENCES share (reference) ON DELETE CASCADE,
            blob BLOB NOT NULL
        ) STRICT
        """,
    ),
    (
        # What came back. It outlives the share that it answers, as a share outlives its recipient.
        """
        CREATE TABLE received (
            reference TEXT PRIMARY KEY,
            status TEXT NOT NULL,
            received TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            size INTEGER NOT NULL,
            documents INTEGER NOT NULL,
            share TEXT REFERENCES share (reference) ON DELETE SET NULL,
            folder TEXT NOT NULL UNIQUE,
            draft TEXT
        ) STRICT
        """,
        "CREATE INDEX received_sha256 ON received (sha256)",
        "CREATE INDEX received_share ON received (share)",
        "CREATE INDEX received_when ON received (received)",
        "CREATE INDEX received_receiving ON received (reference) WHERE status = 'receiving'",
    ),
    (
        "ALTER TABLE share ADD COLUMN kind TEXT",
        "ALTER TABLE share ADD COLUMN purpose TEXT",
        # What the preflight found and what was answered: neither a place nor a sentence, which
        # name documents and people.
        """
        CREATE TABLE share_finding (
            reference TEXT NOT NULL REFERENCES share (reference) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            rule TEXT NOT NULL,
            severity TEXT NOT NULL,
            answer TEXT NOT NULL,
            reason TEXT,
            PRIMARY KEY (reference, number)
        ) STRICT
        """,
        # When an address or a number was last changed: one that was changed and changed back is
        # not what it was when it was last used.
        "ALTER TABLE recipient ADD COLUMN email_changed TEXT",
        "ALTER TABLE recipient ADD COLUMN phone_changed TEXT",
        # An answer that is given once: two people share a contact, or two contacts look alike.
        # `other` is a recipient, or a common provider.
        """
        CREATE TABLE contact_tie (
            recipient TEXT NOT NULL REFERENCES recipient (uid) ON DELETE CASCADE,
            other TEXT NOT NULL,
            contact TEXT NOT NULL,
            relation TEXT NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY (recipient, other, contact)
        ) STRICT
        """,
        "CREATE INDEX contact_tie_other ON contact_tie (other)",
        # Every contact is compared with those of somebody new: read from here, not from the rows.
        "CREATE INDEX recipient_contacts ON recipient (uid, email, phone)",
    ),
    (
        # The two states of a share, each since when. A share of before has a prepared file, and
        # its words were written to `secrets/`.
        "ALTER TABLE share ADD COLUMN file TEXT NOT NULL DEFAULT 'prepared'",
        "ALTER TABLE share ADD COLUMN file_known INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE share ADD COLUMN file_since TEXT",
        "ALTER TABLE share ADD COLUMN secret TEXT",
        "ALTER TABLE share ADD COLUMN secret_known INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE share ADD COLUMN secret_since TEXT",
        "UPDATE share SET file_since = created, secret_since = created,"
        " secret = CASE WHEN road IS NOT NULL THEN 'written' END",
        # When it was last sent, and when its folder left the outbox.
        "ALTER TABLE share ADD COLUMN sent TEXT",
        "ALTER TABLE share ADD COLUMN cleared TEXT",
        "ALTER TABLE share ADD COLUMN seals_again TEXT",
        "CREATE INDEX share_subject ON share (subject, created)",
        "CREATE INDEX share_outbox ON share (sent) WHERE sent IS NOT NULL AND cleared IS NULL",
        # When the practice forgets its copy of the words; those of before are kept 30 days, too.
        "ALTER TABLE sealed_words ADD COLUMN expires TEXT NOT NULL DEFAULT ''",
        "UPDATE sealed_words SET expires = (SELECT"
        " strftime('%Y-%m-%dT%H:%M:%S+00:00', created, '+30 days') FROM share"
        " WHERE share.reference = sealed_words.reference)",
        "CREATE INDEX sealed_words_expires ON sealed_words (expires)",
        # The journal: `body` is the entry, as it was hashed; the other columns only find it.
        """
        CREATE TABLE entry (
            number INTEGER PRIMARY KEY,
            reference TEXT,
            body BLOB NOT NULL,
            hash BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX entry_reference ON entry (reference) WHERE reference IS NOT NULL",
        # Those of no share, by whom they are about: the 32 characters after the name of the fact,
        # which a canonical text has there only. Bytes that somebody altered are about nobody.
        """
        CREATE INDEX entry_recipient ON entry (
            CASE WHEN instr(body, CAST('"recipient":"' AS BLOB)) THEN
            substr(body, instr(body, CAST('"recipient":"' AS BLOB)) + 13, 32) END
        ) WHERE reference IS NULL
        """,
        """
        CREATE INDEX entry_subject ON entry (
            CASE WHEN instr(body, CAST('"subject":"' AS BLOB)) THEN
            substr(body, instr(body, CAST('"subject":"' AS BLOB)) + 11, 32) END
        ) WHERE reference IS NULL
        """,
        """
        CREATE TABLE head (
            only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
            number INTEGER NOT NULL,
            hash BLOB NOT NULL,
            signature BLOB NOT NULL
        ) STRICT
        """,
        # The breach register of article 33.5 of the GDPR: one incident a share.
        """
        CREATE TABLE incident (
            reference TEXT PRIMARY KEY REFERENCES share (reference),
            recorded TEXT NOT NULL,
            found TEXT NOT NULL,
            how TEXT,
            wrong_address TEXT,
            people INTEGER,
            measures TEXT,
            decision TEXT
        ) STRICT
        """,
        # Whom shares name and the directory does not any more, as long as they do: somebody who
        # was removed may still ask what was shared with them, by name.
        """
        CREATE TABLE gone (
            uid TEXT NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (uid, name)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO gone
        SELECT recipient, name FROM share WHERE recipient NOT IN (SELECT uid FROM recipient)
        UNION SELECT subject, about FROM share WHERE subject NOT IN (SELECT uid FROM recipient)
        """,
        """
        CREATE TRIGGER recipient_gone AFTER DELETE ON recipient BEGIN
            INSERT OR IGNORE INTO gone
            SELECT recipient, name FROM share WHERE recipient = OLD.uid
            UNION SELECT subject, about FROM share WHERE subject = OLD.uid;
        END
        """,
        """
        CREATE TRIGGER share_gone AFTER DELETE ON share BEGIN
            DELETE FROM gone WHERE uid IN (OLD.recipient, OLD.subject)
            AND name NOT IN (SELECT share.name FROM share WHERE recipient = gone.uid)
            AND name NOT IN (SELECT about FROM share WHERE subject = gone.uid);
        END
        """,
        # What a busy database kept from being done at once: done by the next command that can.
        "CREATE TABLE pending (what TEXT PRIMARY KEY) STRICT",
        # The journal begins once: one that is empty and not to begin was emptied.
        "INSERT INTO pending VALUES ('journal')",
    ),
    (
        # What a batch sealed, so that the same run goes on where it stopped. `unfinished` while it
        # does, and where it did not come to its end since.
        """
        CREATE TABLE run (
            name TEXT PRIMARY KEY,
            manifest TEXT NOT NULL,
            begun TEXT NOT NULL,
            unfinished INTEGER NOT NULL
        ) STRICT
        """,
        # Keyed digests: `identity` of a row with its documents, `slot` of who gets which files,
        # `content` of who gets which documents, whatever they are called and however they go.
        """
        CREATE TABLE run_row (
            run TEXT NOT NULL REFERENCES run (name) ON DELETE CASCADE,
            identity BLOB NOT NULL,
            slot BLOB NOT NULL,
            content BLOB NOT NULL,
            number INTEGER NOT NULL,
            language TEXT NOT NULL,
            unasked INTEGER NOT NULL DEFAULT 0,
            reference TEXT NOT NULL UNIQUE REFERENCES share (reference) ON DELETE CASCADE,
            PRIMARY KEY (run, identity)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX run_row_slot ON run_row (run, slot)",
        "CREATE INDEX run_row_content ON run_row (content)",
        # Another value whenever anybody's name, contact or kind changes, by whatever program: what
        # was read of the directory need not be read again for each of ten thousand shares. No
        # counter: after a transaction that is taken back it would come to the same number again.
        "CREATE TABLE directory_state (state BLOB NOT NULL) STRICT",
        "INSERT INTO directory_state VALUES (randomblob(8))",
        """
        CREATE TRIGGER recipient_added AFTER INSERT ON recipient BEGIN
            UPDATE directory_state SET state = randomblob(8);
        END
        """,
        """
        CREATE TRIGGER recipient_removed AFTER DELETE ON recipient BEGIN
            UPDATE directory_state SET state = randomblob(8);
        END
        """,
        """
        CREATE TRIGGER recipient_changed
        AFTER UPDATE OF uid, id, name, folded, kind, email, phone ON recipient BEGIN
            UPDATE directory_state SET state = randomblob(8);
        END
        """,
    ),
    (
        # What each run sealed for whom, document by document, under a keyed digest: a group that
        # is made, or taken apart, is no other mailing.
        """
        CREATE TABLE run_document (
            content BLOB NOT NULL,
            reference TEXT NOT NULL REFERENCES share (reference) ON DELETE CASCADE,
            PRIMARY KEY (content, reference)
        ) STRICT, WITHOUT ROWID
        """,
        "INSERT INTO run_document SELECT content, reference FROM run_row",
        "CREATE INDEX run_document_reference ON run_document (reference)",
        "DROP INDEX run_row_content",
        "ALTER TABLE run_row DROP COLUMN content",
    ),
)
