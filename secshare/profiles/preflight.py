"""Limits of what is read before a document is sealed, and of what is told of it."""

from __future__ import annotations

from typing import Final

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
