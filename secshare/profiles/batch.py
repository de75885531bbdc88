"""Limits of manifests, of what guards them and of what runs them."""

from __future__ import annotations

from typing import Final

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

MANIFEST_NAMES: Final = 5_000
"""Addresses of a manifest whose names tell in which order they are written: more tell no more."""

MANIFEST_NAMES_TELL: Final = 10
"""Names with a first name that is known, from which on they tell it for those that have none. One
may be read the wrong way round, as a rare first name before a family name that is another first
name: not so ten, nearly all that there are."""

MANIFEST_NAMES_AGREE: Final = 0.8
"""Which part of them must tell the same. In a list to which people wrote in both ways, each name
tells for itself, or nothing does."""

MANIFEST_REACHED: Final = 40
"""People of one address or number of a manifest whom a row is compared with: more are one family's
to the letter, or the manifest was refused."""

SPOOL_CACHE: Final = 2 << 20
"""Bytes of the batch's temporary database that are kept in memory."""

SPOOL_CACHE_AFTERWARDS: Final = 256 << 10
"""And once it is written: a row is read once, in order."""

SPOOL_ROWS: Final = 500
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

GUARD_WINDOWS: Final = 20_000
"""Words in a row, of the beginnings of all documents of a share together, that are looked up as
names: half a second. A letter has two thousand; each document has an equal part."""

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

BATCH_BROKEN: Final = 8
"""Tasks that come to nothing one after the other, and nothing comes to anything between them: fewer
may be the fault of rows that stand side by side, and more are that of whatever does the work."""

RUN_CHARACTERS: Final = 60
"""The name of a run, on one line with what is said of it."""

BATCH_STORE_WAIT: Final = 120.0
"""Seconds that a batch waits for another program's lock, where one command waits for five: nobody
sits before it, and a copy or a long sweep of the register takes a minute. No more: the other may be
one that hangs."""

RUN_UNREAD: Final = 100
"""Rows whose documents cannot be read, and of which all runs are asked for the names of the files:
each goes through the whole register, and where a drive is missing the first ones tell."""

RUN_PART: Final = 0.5
"""The part of a run's shares below which a manifest that asks for them is taken for some rows of
it, and not for the whole one, corrected: who corrects a list leaves most rows as they are. No more
than a half: a list whose every row was changed has its former shares beside it, and is whole."""

BATCH_GIVEN: Final = 250
"""Shares whose words the register says to be given in one transaction: a third of a second, during
which no other command can write."""

RUNS_LISTED: Final = 20
"""Runs that are listed, the newest first: three weeks of nights."""
