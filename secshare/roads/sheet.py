"""Slips for many people on sheets of A4, four on each, to be printed and cut along the lines."""

from __future__ import annotations

import zlib
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from secshare.errors import ExtraMissing
from secshare.roads.letters import letters
from secshare.roads.slip import HEIGHT, WIDTH

if TYPE_CHECKING:
    import io
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from secshare.messages import Language
    from secshare.roads.slip import Slip

__all__ = ["SLIPS", "write"]

_COLUMNS: Final = 2
_ROWS: Final = 2
SLIPS: Final = _COLUMNS * _ROWS
"""On a sheet."""

_FONT: Final = "/SecshareLetters"
_RANGES: Final = 100  # the most that one block of a CMap may hold (Adobe Technical Note 5014)


def write(slips: Iterable[Slip], sink: BinaryIO | io.FileIO, language: Language) -> None:
    """Write slips as a PDF, in their order.

    The same slips give the same bytes: no date, no program. The reference of each stands readable
    in the file, so that a recall finds the file that holds its words.

    Args:
        language: of the practice.

    Raises:
        ExtraMissing: pikepdf is not installed.
    """
    try:
        import pikepdf
        from pikepdf import Array, Dictionary, Name
    except ImportError as error:
        raise ExtraMissing("card.missing") from error

    with pikepdf.new() as made:
        fonts = Dictionary(Font=Dictionary({"/L": made.make_indirect(_font(made))}))
        measures = Array([0, 0, round(WIDTH, 3), round(HEIGHT, 3)])
        sheet = Array([0, 0, round(_COLUMNS * WIDTH, 3), round(_ROWS * HEIGHT, 3)])
        rest = iter(slips)
        while page := list(islice(rest, SLIPS)):
            drawn = {}
            for slip in page:
                # Cut to its own measures by the reader, whatever it draws.
                drawn[f"/{slip.reference}"] = _packed(
                    made,
                    slip.content,
                    Type=Name("/XObject"),
                    Subtype=Name("/Form"),
                    BBox=measures,
                    Resources=fonts,
                )
            made.pages.append(
                pikepdf.Page(
                    Dictionary(
                        Type=Name("/Page"),
                        MediaBox=sheet,
                        Resources=Dictionary(XObject=Dictionary(drawn)),
                        Contents=made.make_stream("\n".join(_content(list(drawn))).encode("ascii")),
                    )
                )
            )
        made.Root.ViewerPreferences = Dictionary(PrintScaling=Name("/None"))
        made.Root.Lang = pikepdf.String(language.value)
        made.save(
            sink,
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )


def _content(names: list[str]) -> Iterator[str]:
    """Yield what a sheet draws: where to cut, and each slip in its own place."""
    rows = -(-len(names) // _COLUMNS)
    foot = (_ROWS - rows) * HEIGHT
    yield "0.5 G 0.5 w [4 4] 0 d"
    yield f"{WIDTH:.3f} {_ROWS * HEIGHT:.3f} m {WIDTH:.3f} {foot:.3f} l S"
    for row in range(1, min(rows, _ROWS - 1) + 1):
        y = (_ROWS - row) * HEIGHT
        yield f"0 {y:.3f} m {_COLUMNS * WIDTH:.3f} {y:.3f} l S"
    for at, name in enumerate(names):
        row, column = divmod(at, _COLUMNS)
        yield f"q 1 0 0 1 {column * WIDTH:.3f} {(_ROWS - 1 - row) * HEIGHT:.3f} cm {name} Do Q"


def _packed(made: Any, data: bytes, **entries: object) -> Any:  # noqa: ANN401 - pikepdf's own
    from pikepdf import Name, Stream

    return Stream(made, data, Filter=Name("/FlateDecode"), **entries)


def _font(made: Any) -> Any:  # noqa: ANN401 - pikepdf's own
    """Return the font, whole, with what gives the text back to whoever searches or copies it."""
    from pikepdf import Array, Dictionary, Name, String

    font = letters()
    described = Dictionary(
        Type=Name("/FontDescriptor"),
        FontName=Name(_FONT),
        Flags=4,  # more letters than those of Latin: "symbolic"
        FontBBox=Array(list(font.box)),
        ItalicAngle=0,
        Ascent=font.box[3],
        Descent=font.box[1],
        CapHeight=729,
        StemV=80,
        FontFile2=made.make_indirect(
            _packed(made, zlib.compress(font.data), Length1=len(font.data))
        ),
    )
    glyphs = Dictionary(
        Type=Name("/Font"),
        Subtype=Name("/CIDFontType2"),
        BaseFont=Name(_FONT),
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=made.make_indirect(described),
        CIDToGIDMap=Name("/Identity"),
        W=Array([0, Array(list(font.widths))]),
    )
    return Dictionary(
        Type=Name("/Font"),
        Subtype=Name("/Type0"),
        BaseFont=Name(_FONT),
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([made.make_indirect(glyphs)]),
        ToUnicode=_packed(made, zlib.compress(_to_unicode(font.characters).encode("ascii"))),
    )


def _to_unicode(characters: dict[int, int]) -> str:
    """Return which character each glyph stands for, as a CMap."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    known = sorted(characters.items())
    for start in range(0, len(known), _RANGES):
        block = known[start : start + _RANGES]
        lines += [
            f"{len(block)} beginbfchar",
            *(f"<{glyph:04x}> <{character:04x}>" for glyph, character in block),
            "endbfchar",
        ]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines)
