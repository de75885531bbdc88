"""Every strength and limit that somebody chose, each with its reason and its source."""

from __future__ import annotations

from typing import Final

from secshare.profiles.batch import *  # noqa: F403 - one place to look them up
from secshare.profiles.preflight import *  # noqa: F403

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

LINES_SORTED: Final = 150
"""Searches of everybody's contacts after which they are sorted. One share takes some thirty, of
0.3 ms each among 20,000 people; sorting takes as long as a hundred to two hundred."""
