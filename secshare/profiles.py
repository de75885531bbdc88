"""Every strength and limit that somebody chose, each with its reason and its source."""

from __future__ import annotations

from typing import Final

# --- scrypt (work factor N: 2**N iterations, 1 KiB of memory each) -----------------------------

WORK_FACTOR_DRAWN: Final = 14
"""For words that `passphrase.draw()` made: 16 MiB and some 40 ms, so that any phone opens the file.
Ten drawn words are about 110 bits; a heavier factor punishes the patient and stops no attacker."""

WORK_FACTOR_CHOSEN: Final = 18
"""For any other string: 256 MiB and about a second, the default of age itself."""

WORK_FACTOR_READ: Final = 20
"""The heaviest factor read without being asked: 1 GiB. Other readers stop here too (the npm
package age-encryption), and a stranger's file must not take the machine away."""

WORK_FACTOR_READ_MOST: Final = 22
"""The heaviest factor read on request: 4 GiB, where age itself stops."""

# --- the header of an age file ------------------------------------------------------------------

HEADER_BYTES: Final = 1 << 20
"""A header of 1,000 X25519 recipients takes 100 kB; one of 600 hybrid recipients 1 MB."""

HEADER_STANZAS: Final = 1_000
"""Each stanza may cost a key agreement: a header must not be a way to keep us busy."""

KEY_FILE_BYTES: Final = 1 << 20
"""Identity and recipient files, 500 hybrid recipients and more."""

ARMOR_MEMORY: Final = 64 << 20
"""An armored file that is opened for reading at any place is first decoded in memory. Text that
somebody pasted is smaller by far; anything larger is decrypted forwards."""

PLUGINS: Final = frozenset({"fido2-hmac", "se", "tpm", "yubikey"})
"""Hardware plugins that a key may name. A key in a file names the program that is run for it
(`age-plugin-NAME`), so a stranger's key must not choose freely."""

# --- words --------------------------------------------------------------------------------------

WORDS: Final = 10
"""Ten words of 2,048: 110 bits before the stop list, what `age -p` draws."""

WORDS_STRONG: Final = 12
"""Twelve words: 132 bits, for a practice whose rules ask for 128. More would not fit in one SMS."""

PDF_BITS: Final = 121
"""Bits of the words of a password PDF: its key derivation is fast, some 250 guesses a second on one
core against 1.5 for scrypt at 2^18, which is 7 to 8 bits; and whole words are what is drawn."""

CANDIDATES: Final = 32
"""Readings of a mistyped phrase that are tried at most, some 40 ms each: about a second."""

TYPED_CHARACTERS: Final = 20_000
"""The longest text in which words are looked for; a pasted message with its history has 5,000."""

TRIES: Final = 3
"""How often the patient's command asks for the words."""

# --- roads --------------------------------------------------------------------------------------

SMS_SEPTETS: Final = 160
"""One GSM-7 message (3GPP TS 23.038). A second part may come late, or never."""

PUBLIC_NAME_CHARACTERS: Final = 30
"""What leaves room for twelve words in one SMS."""

QR_VERSION: Final = 20
"""97 modules, 666 bytes at level M: a millimetre each on a code 10 cm wide, which any telephone
reads. Ten words take version 6; a post-quantum recipient would take 36, and is not for paper."""

MAIL_BYTES: Final = 18_000_000
"""Mail systems stop near 25 MB; base64 adds 37 %."""

PAGE_CHARACTERS: Final = 60
"""The address of a practice's page: typed by hand from a letter, and a third of an SMS."""

HTML_BYTES: Final = 50_000_000
"""A sealed file inside a page is base64 in the text of it, which a telephone reads whole."""

# --- files --------------------------------------------------------------------------------------

NAME_BYTES: Final = 255
"""The longest file name of Linux and macOS file systems, in bytes; Windows counts characters."""

EXTENSIONS: Final = frozenset(
    [
        ".csv",
        ".doc",
        ".docx",
        ".eml",
        ".htm",
        ".html",
        ".jpeg",
        ".jpg",
        ".ods",
        ".odt",
        ".pdf",
        ".png",
        ".rtf",
        ".tif",
        ".tiff",
        ".txt",
        ".xls",
        ".xlsx",
        ".xml",
        ".zip",
    ]
)
"""What a sealed file's name may say of its document: kinds of file that anybody has. Not `.dcm`
(imaging), and nothing that somebody wrote after a point (`bilan M.Dupont`)."""

ARCHIVE_DOCUMENTS: Final = 1_000
"""Documents in one archive that is opened."""

ARCHIVE_RATIO: Final = 200
"""Unpacked size over packed size of one archive member. A spreadsheet reaches 20; a bomb 1,000."""

ARCHIVE_BYTES: Final = 4 << 30
"""Unpacked size of one archive that is opened."""

SECRETS_HOURS: Final = 24
"""How long a file in `secrets/` stays before any command removes it."""

# --- photos of a code ---------------------------------------------------------------------------

PHOTO_BYTES: Final = 20_000_000
"""A photo of 12 megapixels takes 3 to 6 MB, a screenshot of a large screen up to 15."""

PHOTO_PIXELS: Final = 50_000_000
"""What the telephones of 2026 take at most unless they are asked for more; a JPEG is reduced while
it is decoded, so that so many are never held."""

PHOTO_PIXELS_WHOLE: Final = 9_500_000
"""Where the whole picture is held, 4 to 6 bytes a pixel: a screenshot of 3,840 by 2,400 pixels."""

PHOTO_TEXT: Final = 1 << 20
"""Bytes of comments in a PNG, unpacked: a decompression bomb fits in one."""

PHOTO_READS: Final = 30_000
"""Reads from one picture: 20 MB of PNG in pieces of 8 kB take 10,000, some microseconds each."""

PHOTO_SCANS: Final = 64
"""Passes over a progressive JPEG: cameras write 10, and one of no bytes costs milliseconds."""

# --- asking -------------------------------------------------------------------------------------

NEAREST: Final = 5
"""How many near names are proposed when nobody has the name that was typed."""

# --- the practice's database --------------------------------------------------------------------

STORE_WAIT: Final = 5.0
"""Seconds to wait for another command's transaction, which takes milliseconds."""

SCRUB_WAIT: Final = 5.0
"""Seconds to wait for whoever reads the database, when what was destroyed has to leave its log."""

PRACTICE_NAME_CHARACTERS: Final = 100
"""A practice's legal name, on one line of a sheet of paper."""

SETTINGS_BYTES: Final = 64 << 10
"""secshare.toml holds a dozen lines; more is not a file of settings."""

# --- retention ----------------------------------------------------------------------------------

WORDS_DAYS: Final = 30
"""How long the register keeps its copy of the words of a share: a patient who lost them asks within
days, and what is kept longer only waits for a thief of both the register and the practice's key."""

OUTBOX_DAYS: Final = 7
"""How long a share's folder stays in the outbox once it was marked as sent: a mail that comes back
does so within days (RFC 5321 4.5.4.1: a server tries for four or five), and can be sent again."""

JOURNAL_FAULTS: Final = 1_000
"""Faults of a journal that are listed one by one: of one that is nothing but faults, enough."""

DATABASE_SMALL: Final = 64 << 20
"""Bytes of a database whose indexes are compared with their tables when the journal is verified:
some hundred thousand entries, a second at most."""

JOURNAL_REASON: Final = 200
"""Characters of why a journal was begun anew: a sentence, kept in it for good."""

JOURNAL_LINE: Final = 16 << 20
"""Bytes of one line of an exported journal. An entry takes some hundred; that of a cut which spares
the entries of a thousand incidents takes one million."""

JOURNAL_ENTRIES: Final = 5_000_000
"""Entries of an exported journal: a practice that seals 100 documents a day writes 200,000 a year,
and a journal is cut after three years at the latest."""

JOURNAL_MONTHS: Final = 12
"""The longest that CNIL's recommendation on logs takes as the rule: six months to one year
(délibération 2021-122)."""

JOURNAL_MONTHS_LEAST: Final = 6
"""The shortest of the same recommendation: what was done must be found when somebody asks."""

JOURNAL_MONTHS_MOST: Final = 36
"""The longest that it takes, three years, where a practice has a reason and writes it down."""

SHARES_MONTHS: Final = 60
"""How long it can be answered what was sent to whom. No text sets it; five years are our choice."""

INCIDENTS_MONTHS: Final = 60
"""How long the register of breaches keeps one (GDPR 33.5 sets no time): as long as shares."""

INCIDENT_CHARACTERS: Final = 1_000
"""How an incident was found, or one measure: some sentences, read by an authority."""

RETENTION_DAYS_MOST: Final = 365
"""The longest that words, and what was sent, may be kept: they are copies, not records."""

RETENTION_MONTHS_MOST: Final = 240
"""The longest that records of shares and incidents may be kept: twenty years."""

BY_CHARACTERS: Final = 60
"""The name of who acts, on one line of an entry."""

# --- recipients ---------------------------------------------------------------------------------

NAME_CHARACTERS: Final = 100
"""A person's or an organisation's name, on one line of a screen or of a sheet."""

ID_CHARACTERS: Final = 48
"""An id is a file name in keys/, a column of a list and something to type."""

PURPOSE: Final = "soins"
"""What a contact point is for unless somebody says otherwise: care."""

BIRTH_YEAR_FIRST: Final = 1900
"""Nobody alive was born before; an older year is a typing mistake."""

RECIPIENT_KEYS: Final = 20
"""Keys of one recipient: a laboratory's desks. Each costs every file a stanza."""

IMPORT_BYTES: Final = 32 << 20
"""A file of 20,000 recipients takes 2 MB."""

# --- preflight ----------------------------------------------------------------------------------

PREFLIGHT_BYTES: Final = 100_000_000
"""The largest document that is read: five times what a mail takes (`MAIL_BYTES`). A film or a whole
examination is larger, and holds no text."""

PREFLIGHT_SECONDS: Final = 10.0
"""How long one document may take, whatever its size. A report takes milliseconds, 200 pages half a
second; somebody is waiting at the counter."""

PREFLIGHT_SECONDS_PER_MB: Final = 0.5
"""What is added for each million bytes: 13 MB of CSV take 1.5 s on a quiet machine, and an
overnight batch shares its processors."""

PREFLIGHT_MEMORY: Final = 1 << 30
"""Address space of the process that reads, where the system limits it: 13 MB of CSV take 250 MiB
with the libraries, and a practice's computer has 8 GiB."""

PREFLIGHT_ANSWER: Final = 12 << 20
"""Bytes of what was found in one document, without its texts: the most that may be told takes 10,
and an answer of nothing but brackets takes thirty times its size while it is taken apart."""

PREFLIGHT_FOUND: Final = 50_000
"""Identifiers of one document that are told: a table of fifty columns full of them."""

PREFLIGHT_PEOPLE: Final = 3_000
"""People of one document that are told: `PREFLIGHT_NAMED`, and those of tables and fields."""

PREFLIGHT_SPELLINGS: Final = 16
"""Ways to write one person's name: of a patient of a clinical document, four families and four
given names."""

PREFLIGHT_NAME: Final = 200
"""Characters of one name; the longest that a civil register printed has fewer."""

PREFLIGHT_TEXTS: Final = 100_000
"""Texts of one document: its pages, and the notes on its cells."""

PREFLIGHT_FOUND_EACH: Final = 1_000
"""Different identifiers of one kind in one text, or in one column of a table, that are told: a list
of so many people says all that the next thousand would."""

PREFLIGHT_NAMED: Final = 2_000
"""People named in the texts of one document that are told: a record of 200 pages names some 600,
mostly the same physicians."""

PREFLIGHT_NAMED_IN: Final = 300_000
"""Characters of a page or a file in which names are read in their context. A page has 5,000; what
is longer is a table, whose columns say it better."""

PREFLIGHT_DOCUMENTS: Final = 1_000
"""Documents that one process reads before another takes its place: what libraries do not free is
freed then, for a tenth of a millisecond each."""

PREFLIGHT_DEPTH: Final = 3
"""Documents inside documents: a PDF attached to a mail inside an archive. Nobody sends a fourth."""

PREFLIGHT_NESTING: Final = 200
"""Elements inside elements of an XML document. Clinical documents reach 30, tables in tables of
Word 60; a file of nothing but opening tags takes the stack of whoever walks it."""

PREFLIGHT_MEMBERS: Final = 1_000
"""Documents inside one, at every depth together: `ARCHIVE_DOCUMENTS`."""

PREFLIGHT_UNPACKED: Final = 200_000_000
"""Bytes unpacked or decoded out of one document: a spreadsheet of 13 MB holds 100 MB of XML."""

PREFLIGHT_CHARACTERS: Final = 50_000_000
"""Characters of text taken out of one document; the Bible has 4 million."""

PREFLIGHT_TEXT: Final = 20_000_000
"""Characters of text in which names are looked for: 13 MB of CSV, and half as much again."""

PREFLIGHT_PAGES: Final = 2_000
"""Pages of one PDF, with those attached to it: 200 dense pages take half a second."""

PREFLIGHT_UNREAD: Final = 200
"""Places that are said to be unread: a scan of 300 pages is told by its first ones."""

PREFLIGHT_PAGE_CHARACTERS: Final = 20
"""A page with fewer letters than this has no text but its number: what is drawn on it is what there
is to read. Tried on 15 awkward PDFs (docs/decisions/081-what-a-pdf-says.md)."""

PREFLIGHT_PICTURE_SHARE: Final = 0.1
"""Which part of such a page its pictures cover when it is said to be a picture: a card that was
photographed takes 0.08 of a sheet of A4 and more, a logo 0.02."""

PREFLIGHT_PAGE_SEGMENTS: Final = 150
"""Lines and curves on such a page: a word drawn as curves has 100, a frame and some rules 30."""

PREFLIGHT_HEADER_CHARACTERS: Final = 100
"""Letters that a fax or a scanner writes over a picture: date, number, page, name of a program."""

PREFLIGHT_SCAN_SHARE: Final = 0.5
"""Which part of a page with as few letters its pictures cover when it is a scan."""

PREFLIGHT_UNMAPPED_SHARE: Final = 0.3
"""Which part of a page's letters may be signs that are no letter, before it is called unreadable:
a page of symbols is not text, a bullet before each line is a twentieth."""

PREFLIGHT_BLANK_BYTES: Final = 100
"""What an office program writes to draw a blank page takes fewer bytes, packed."""

PREFLIGHT_CELLS: Final = 3_000_000
"""Cells of the tables of one document, empty ones included: some 80 bytes each in memory. 13 MB of
CSV hold 300,000, and 60,000 claims of 40 columns 2.4 million."""

# --- exports ------------------------------------------------------------------------------------

EXPORT_ROWS: Final = 5
"""Fewer rows are no export: the rules about people and numbers see them one by one."""

EXPORT_PEOPLE: Final = 3
"""Different people at least: a parent's statement of reimbursements names one child or two."""

EXPORT_COLUMNS: Final = 200
"""Columns of a table that are looked at as such; every cell is searched for identifiers anyway."""

EXPORT_HEADER: Final = 40
"""Characters of a header that is shown; a longer one is a sentence, and may be about somebody."""

EXPORT_WORK: Final = 1_500_000
"""Rows that may be looked at to find which two or three columns single out most: 0.2 s."""

# --- batch --------------------------------------------------------------------------------------

MANIFEST_ROWS: Final = 1_000_000
"""Rows of a manifest in CSV: a hundred nights of a large hospital."""

MANIFEST_SHEET_ROWS: Final = 100_000
"""Rows of a manifest that is a workbook: it is in memory whole while it is read, and nobody looks
through more in a spreadsheet."""

MANIFEST_SHEET_BYTES: Final = 64 << 20
"""A workbook of 100,000 rows and 15 columns takes 10 MB."""

MANIFEST_SHEET_UNPACKED: Final = 512 << 20
"""What its parts take unpacked, as the archive says: ten times what such a workbook has."""

MANIFEST_LINE: Final = 1 << 20
"""Characters of one row, all its lines together. A row of a manifest has some hundred."""

MANIFEST_COLUMNS: Final = 200
"""Columns of a manifest: there are fifteen that mean something."""

MANIFEST_DOCUMENTS: Final = 100
"""Documents of one share: rows of one group."""

MANIFEST_PROBLEMS: Final = 1_000
"""Errors of a manifest that are listed one by one; all are counted. Nobody corrects more by hand,
and a column that is wrong from top to bottom is known by its first rows."""

MANIFEST_SHARED: Final = 4
"""From how many families on one address or number of a manifest is taken for a column that was
dragged down. A couple and the child of one of them bear two names, or three."""

SPOOL_CACHE: Final = 2 << 20
"""Bytes of the batch's temporary database that are kept in memory."""

SPOOL_ROWS: Final = 2_000
"""Rows that are written to it at once."""

GUARD_ROWS: Final = 256
"""Shares after one that were checked before it is sealed, so that a column that slipped there is
known. From where it slipped, one document that tells whom it is about is enough: where one in fifty
does, 256 hold one with 99.4 %, and where one in ten does, two with all but certainty. They are read
in some seconds, which is what the first share waits."""

GUARD_SAID: Final = 16
"""Shares that are still told once a column is known to have slipped: they say by how many rows."""

GUARD_STRANGERS: Final = 8
"""Documents of people who are in no row, among the first `GUARD_ROWS` with none that is right, from
which on the files are taken for those of another manifest. Fewer are errors of their rows."""

GUARD_NEIGHBOURS: Final = 3
"""Shares on each side whose people a document is compared with, however it spells them: a column
slips by one row, and by two or three where cells were pasted or deleted."""

GUARD_ADDRESSES: Final = 40
"""Shares on each side whose names an address is compared with; whole names are looked up in the
manifest besides. Sorted by address, a short list turns round within itself."""

GUARD_CANDIDATES: Final = 24
"""People of other rows that one document is compared with; each takes some milliseconds. A letter
names two or three people, and a list of more says nothing."""

BATCH_FAILURES_SAID: Final = 200
"""Shares that failed and are told one by one while a batch runs: nobody reads more as they scroll.
The report has each."""

BATCH_PACE: Final = 60
"""Seconds that the rate of a batch is taken over: shares that were sealed before go by at once, and
a mean over the whole night would promise its end too early."""

BATCH_JOB_MEMORY: Final = 600 << 20
"""Free memory that is left for each process of a batch: it takes 100 MiB with the process that
reads for it, and a document of the largest size some 400 more."""

BATCH_TOGETHER: Final = 8
"""Shares that one process looks at, or seals, before it answers: they are synced together, which
takes a disk little more than one of them."""

BATCH_WAITING: Final = 2 * BATCH_TOGETHER
"""Shares that are being sealed for each process, or wait for it: while one commit lasts no process
has nothing to do, and a Ctrl-C waits for no more than these."""

BATCH_SYNCS: Final = 4
"""Syncs that a process has the disk do at a time: four took it a tenth of the time of one after the
other, and more were no faster."""

BATCH_AGAIN: Final = 2
"""How often a share is begun whose process ended in the middle of it: once more than once, since
another share may have taken the memory."""

BATCH_GIVEN: Final = 250
"""Shares whose words the register says to be given in one transaction: a third of a second, during
which no other command can write."""

RUNS_LISTED: Final = 20
"""Runs that are listed, the newest first: three weeks of nights."""
