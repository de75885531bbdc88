"""A scanned page: a slightly crooked picture of typed lines, with specks, and no text in it."""

from __future__ import annotations

import unicodedata
from itertools import groupby

from secshare.cli.demo_documents import pdf_file

_WIDTH, _HEIGHT = 1240, 1754  # A4 at 150 dots an inch
_DOT = 3  # a dot of the letters below, in pixels

# Seven rows of five dots each, one base-32 digit a row: "E" is 01110.
_LETTERS = {
    " ": "0000000", "A": "EHHVHHH", "B": "UHHUHHU", "C": "EHGGGHE", "D": "UHHHHHU",
    "E": "VGGUGGV", "F": "VGGUGGG", "G": "EHGJHHE", "H": "HHHVHHH", "I": "E44444E",
    "J": "72222IC", "K": "HIKOKIH", "L": "GGGGGGV", "M": "HRLLHHH", "N": "HHPLJHH",
    "O": "EHHHHHE", "P": "UHHUGGG", "Q": "EHHHLID", "R": "UHHUKIH", "S": "FGGE11U",
    "T": "V444444", "U": "HHHHHHE", "V": "HHHHHA4", "W": "HHHLLRH", "X": "HHA4AHH",
    "Y": "HHA4444", "Z": "V1248GV", "0": "EHJLPHE", "1": "4C4444E", "2": "EH1248V",
    "3": "V2421HE", "4": "26AIV22", "5": "VGU11HE", "6": "68GUHHE", "7": "V124888",
    "8": "EHHEHHE", "9": "EHHF12C", ".": "00000CC", ",": "0000C48", "/": "01248G0",
    ":": "0CC0CC0", "-": "000V000", "'": "4480000",
}  # fmt: skip
_ACCENTS = {"\N{COMBINING ACUTE ACCENT}": "24", "\N{COMBINING GRAVE ACCENT}": "84"}

_LINES = (
    "CABINET DE DÉMONSTRATION - DOCUMENT FICTIF",
    "",
    "CERTIFICAT MÉDICAL",
    "",
    "JE SOUSSIGNÉE, DR GAELLE MODÈLE, CERTIFIE",
    "AVOIR EXAMINÉ CE JOUR M. NOEL FICTIF,",
    "NÉ LE 06/02/1951, ET N'AVOIR CONSTATÉ",
    "AUCUNE CONTRE-INDICATION À LA PRATIQUE",
    "DE LA NATATION.",
    "",
    "FAIT LE 12/10/2026.",
)


def scanned_page() -> bytes:
    """A PDF of one page that holds one image of 1 bit a pixel."""
    page = [bytearray(_WIDTH // 8) for _ in range(_HEIGHT)]
    for number, line in enumerate(_LINES):
        _type(page, line, left=150, top=200 + number * 54)
    _speckle(page)
    image = (
        b"/Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 /Decode [1 0] "
        b"/Filter /RunLengthDecode" % (_WIDTH, _HEIGHT)
    )
    data = b"".join(_packed(bytes(row)) for row in page) + b"\x80"
    return pdf_file("Page scannée", [b"q 595 0 0 842 0 0 cm /Im1 Do Q"], image=(image, data))


def _type(page: list[bytearray], line: str, left: int, top: int) -> None:
    at = left - 6 * _DOT
    for character in unicodedata.normalize("NFD", line):
        accent = _ACCENTS.get(character)
        if accent is None:
            at += 6 * _DOT
        rows, above = (accent, top - 3 * _DOT) if accent else (_LETTERS[character], top)
        for down, digit in enumerate(rows):
            for across in range(5):
                if int(digit, 32) >> (4 - across) & 1:
                    _dot(page, at + across * _DOT, above + down * _DOT)


def _dot(page: list[bytearray], left: int, top: int) -> None:
    for y in range(top, top + _DOT):
        for x in range(left, left + _DOT):
            _ink(page, x, y + x // 120)  # half a degree: nobody lays a page down straight


def _speckle(page: list[bytearray]) -> None:
    state = 1
    for _ in range(900):
        state = (state * 1103515245 + 12345) % 2**31  # not random: the same specks at every run
        _ink(page, (state >> 8) % _WIDTH, (state >> 4) % _HEIGHT)


def _ink(page: list[bytearray], x: int, y: int) -> None:
    page[y][x // 8] |= 0x80 >> x % 8


def _packed(row: bytes) -> bytes:
    """Run-length coding as PDF has it: 257 less the length, then the byte; a literal is 0, byte."""
    out = bytearray()
    for value, group in groupby(row):
        left = sum(1 for _ in group)
        while left:
            run = min(left, 128)
            out += bytes((257 - run, value)) if run > 1 else bytes((0, value))
            left -= run
    return bytes(out)
