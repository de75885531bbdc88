"""A document before it is a file: blocks, which every writer lays out in its own way."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Heading:
    """A title in the page."""

    text: str


@dataclass
class Text:
    """A paragraph."""

    text: str


@dataclass
class Fields:
    """Labels and values: a line each, or several on one line."""

    pairs: list[tuple[str, str]]
    one_line: bool = False


@dataclass
class Columns:
    """Two columns side by side: the letterhead on the left, the patient on the right."""

    left: list[str]
    right: list[str]


@dataclass
class Rows:
    """A table."""

    header: list[str]
    rows: list[list[str]]


@dataclass
class Break:
    """A new page."""


Block = Heading | Text | Fields | Columns | Rows | Break


@dataclass
class Doc:
    """A document, and where identifiers may hide in it.

    Attributes:
        title: the file's own title, in its properties.
        running: what is repeated at the top of every page, or in its header.
        footer: at the foot of every page.
        author: in its properties.
    """

    blocks: list[Block]
    title: str = ""
    running: str = ""
    footer: str = ""
    author: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    def lines(self, separator: str = " : ") -> list[str]:
        """Return the document as lines of text, as a program without layout prints it."""
        out = [self.running] if self.running else []
        for block in self.blocks:
            out.extend(flat(block, separator))
            out.append("")
        return [*out, self.footer] if self.footer else out


def flat(block: Block, separator: str = " : ") -> list[str]:
    """Return a block as lines."""
    match block:
        case Heading(text):
            return [text, "-" * len(text)]
        case Text(text):
            return text.split("\n")
        case Fields(pairs, one_line):
            lines = [f"{label}{separator}{value}" for label, value in pairs]
            return ["   ".join(lines)] if one_line else lines
        case Columns(left, right):
            tall = max(len(left), len(right))
            left, right = left + [""] * (tall - len(left)), right + [""] * (tall - len(right))
            return [f"{a:<44}{b}".rstrip() for a, b in zip(left, right, strict=True)]
        case Rows(header, rows):
            widths = [max(len(row[at]) for row in [header, *rows]) + 2 for at in range(len(header))]
            return [
                "".join(
                    f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)
                ).rstrip()
                for row in [header, *rows]
            ]
        case Break():
            return ["", "-" * 60, ""]
