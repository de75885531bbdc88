"""The records of a ZIP file (PKWARE, APPNOTE.TXT 6.3.10), as far as this product uses them."""

from __future__ import annotations

import re
import struct
from typing import Final

LOCAL: Final = struct.Struct("<4s5H3L2H")  # 4.3.7
LOCAL_MARK: Final = b"PK\x03\x04"
CENTRAL: Final = struct.Struct("<4s6H3L5H2L")  # 4.3.12
CENTRAL_MARK: Final = b"PK\x01\x02"
END64: Final = struct.Struct("<4sQ2H2L4Q")  # 4.3.14
END64_MARK: Final = b"PK\x06\x06"
LOCATOR64: Final = struct.Struct("<4sLQL")  # 4.3.15
LOCATOR64_MARK: Final = b"PK\x06\x07"
END: Final = struct.Struct("<4s4H2LH")  # 4.3.16
END_MARK: Final = b"PK\x05\x06"

EXTRA64: Final = 0x0001  # 4.5.3
FULL16: Final = 0xFFFF  # "look in the ZIP64 record"
FULL32: Final = 0xFFFFFFFF
VERSION: Final = 20
VERSION64: Final = 45
ENCRYPTED: Final = 0x0001
NAMES_UTF8: Final = 0x0800
STORED: Final = 0
DEFLATED: Final = 8

COMMENT: Final = b"secshare documents"
"""What marks an archive as made by `ArchiveSource`: several documents, to be opened as such."""

ANSWER: Final = b"secshare answer"
"""What marks what the page sealed to a practice; the reference that it answers may follow."""

MARKS: Final = re.compile(COMMENT + b"|" + ANSWER + b"(?: [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z])?")
"""Everything that our archives end with."""

MARK_BYTES: Final = len(ANSWER) + 12
"""The longest of them."""
