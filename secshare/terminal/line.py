"""One line being typed: what each key does to it, without any screen."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from typing import Final

_LONGEST: Final = 8_192  # characters; a pasted message is a few hundred
_PASTE_BEGINS: Final = "[200~"
_PASTE_ENDS: Final = "[201~"
# What follows ESC: CSI parameters and a final byte, SS3 and one byte, or one byte (Alt and a key).
_SEQUENCE: Final = re.compile(r"\[[0-?]*[ -/]*[@-~]|O[ -~]|[^\[O]", re.DOTALL)
_LAST_WORD: Final = re.compile(r"\w+\W*\Z")  # words are joined by blanks or by dashes
_MOVES: Final = {
    **dict.fromkeys(("[D", "OD"), "left"),
    **dict.fromkeys(("[C", "OC"), "right"),
    **dict.fromkeys(("[H", "OH", "[1~", "[7~"), "home"),
    **dict.fromkeys(("[F", "OF", "[4~", "[8~"), "end"),
    "[3~": "delete",
}


class Key(Enum):
    """Keys that end the line, one way or another."""

    ENTER = auto()
    CANCEL = auto()  # Ctrl-C
    END = auto()  # Ctrl-D on an empty line


class Line:
    """The text and the cursor. A line feed that is pasted is a blank: it does not end the line.

    Attributes:
        text: what was typed so far.
        cursor: before which character the next one goes.
    """

    def __init__(self) -> None:
        self.text = ""
        self.cursor = 0
        self._pasting = False
        self._pending = ""

    def feed(self, typed: str) -> tuple[Key | None, str]:
        """Apply keys; return the key that ended the line, if one did, and what came after it."""
        typed, self._pending = self._pending + typed, ""
        at = 0
        while at < len(typed):
            character = typed[at]
            at += 1
            if character == "\x1b":
                found = _SEQUENCE.match(typed, at)
                if found is None:  # the rest of the sequence has not come yet
                    self._pending = typed[at - 1 :]
                    break
                self._sequence(found.group())
                at = found.end()
            elif key := self._key(character):
                return key, typed[at:]
        return None, ""

    def _sequence(self, sequence: str) -> None:
        if sequence in {_PASTE_BEGINS, _PASTE_ENDS}:
            self._pasting = sequence == _PASTE_BEGINS
            return
        move = _MOVES.get(sequence)
        if move == "left":
            self.cursor = max(0, self.cursor - 1)
        elif move == "right":
            self.cursor = min(len(self.text), self.cursor + 1)
        elif move == "home":
            self.cursor = 0
        elif move == "end":
            self.cursor = len(self.text)
        elif move == "delete":
            self._remove(self.cursor, self.cursor + 1)

    def _key(self, character: str) -> Key | None:
        if character in "\r\n\t" and self._pasting:
            self._insert(" ")
        elif character in "\r\n":
            return Key.ENTER
        elif character == "\x03":
            return Key.CANCEL
        elif character == "\x04":
            return None if self.text else Key.END
        else:
            self._edit(character)
        return None

    def _edit(self, character: str) -> None:
        if character in "\x7f\x08":
            self._remove(self.cursor - 1, self.cursor)
        elif character == "\x15":  # Ctrl-U
            self._remove(0, self.cursor)
        elif character == "\x17":  # Ctrl-W
            last = _LAST_WORD.search(self.text[: self.cursor])
            self._remove(last.start() if last else 0, self.cursor)
        elif character == "\x01":  # Ctrl-A
            self.cursor = 0
        elif character == "\x05":  # Ctrl-E
            self.cursor = len(self.text)
        elif character == "\t":
            self._insert(" ")
        elif unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Cn"}:
            self._insert(character)

    def _insert(self, character: str) -> None:
        if len(self.text) < _LONGEST:
            self.text = self.text[: self.cursor] + character + self.text[self.cursor :]
            self.cursor += 1

    def _remove(self, start: int, end: int) -> None:
        start = max(0, start)
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start

    def join(self) -> None:
        """Take back an Enter that turned out to be a line feed inside a pasted text."""
        self.cursor = len(self.text)
        self._insert(" ")
