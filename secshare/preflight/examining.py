"""From what was read to what is known: identifiers and whose they are, people, kind, exports."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from secshare import profiles
from secshare.model import Place
from secshare.model.folding import fold
from secshare.preflight import contexts, kinds
from secshare.preflight.cells import in_table, owned
from secshare.preflight.content import Part
from secshare.preflight.exports import analyse
from secshare.preflight.facts import Facts, Found
from secshare.preflight.identifiers import find
from secshare.preflight.people import stated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from secshare.preflight.content import Content, Role, Table
    from secshare.preflight.facts import IdentifierKind
    from secshare.preflight.identifiers import Match

__all__ = ["examine"]

_LINE_END: Final = re.compile("\n")


def examine(file: str, content: Content, *, region: str) -> Facts:
    """Return what is known of one document, its name included; its digest is for the caller.

    At most `profiles.PREFLIGHT_FOUND` different identifiers of a kind are given for each text and
    each column of a table, each at the first place where it stands there, and names are looked for
    in at most `profiles.PREFLIGHT_TEXT` characters: `Facts.cut` says that there were more.

    Args:
        file: the document's name, as it was given.
        region: by which national telephone numbers are read, two letters.
    """
    parts = [*content.parts, *_named(file, content)]
    matches = [seen for part in parts for seen in _in_part(part, region)]
    found = dict.fromkeys(_placed(matches))
    for table in content.tables:
        found.update(dict.fromkeys(in_table(table, region=region)))
    texts, cut = _texts(parts, content)
    exports = tuple(export for table in content.tables if (export := analyse(table)) is not None)
    kind, sure = kinds.guess(content)
    return Facts(
        file=file,
        texts=texts,
        cut=cut,
        found=tuple(islice(found, profiles.PREFLIGHT_FOUND + 1)),  # one more says so
        people=(*content.people, *stated(_naming(parts, content), matches, content.tables)),
        structured=content.structured,
        unread=tuple(content.unread),
        exports=exports,
        kind=kind,
        kind_sure=sure,
    )


def _named(file: str, content: Content) -> list[Part]:
    """Return the names of the document and of those inside it, as texts."""
    members = dict.fromkeys(
        place.member
        for place in chain(
            (part.place for part in content.parts),
            (table.place for table in content.tables),
            (unread.place for unread in content.unread),
        )
        if place.member
    )
    places = [Place(file, field="file name")]
    places += [Place(file, member=member, field="file name") for member in members]
    return [Part(place, (place.member or file).replace("_", " ")) for place in places]


def _naming(parts: Sequence[Part], content: Content) -> Sequence[Part]:
    """Return the texts that may name people: the comments of a CDA explain its elements."""
    if not content.structured:
        return parts
    return [part for part in parts if not (part.place.hidden and part.place.field == "comment")]


def _in_part(part: Part, region: str) -> list[tuple[Part, Match, Role]]:
    """Return what is in a text and whose it is: each value once for each who has it there."""
    seen: dict[tuple[IdentifierKind, str, Role], tuple[Part, Match, Role]] = {}
    counts: Counter[IdentifierKind] = Counter()
    for match in find(part.text, region=region):
        if counts[match.kind] >= profiles.PREFLIGHT_FOUND_EACH:
            continue
        role = owned(match.kind, contexts.role_of(part.text, match.start, match.end))
        key = (match.kind, match.value, role)
        if key not in seen:
            seen[key] = (part, match, role)
            counts[match.kind] += 1
    return list(seen.values())


def _placed(matches: Sequence[tuple[Part, Match, Role]]) -> Iterator[Found]:
    """Yield them with their places: the line too, where neither page nor field tells."""
    lines: list[int] = []
    last = None
    for part, match, role in matches:
        place = part.place
        if place.line is None and place.page is None and place.cell is None and not place.field:
            if part is not last:
                lines = [seen.start() for seen in _LINE_END.finditer(part.text)]
                last = part
            place = replace(place, line=bisect_left(lines, match.start) + 1)
        yield Found(match.kind, match.value, place, role, match.key)


def _texts(parts: Iterable[Part], content: Content) -> tuple[tuple[tuple[Place, str], ...], bool]:
    """Return all texts folded, and whether there were more than may be."""
    texts: list[tuple[Place, str]] = []
    left = profiles.PREFLIGHT_TEXT
    rows = (Part(table.place, _rows(table)) for table in content.tables)
    for part in chain(parts, rows):
        if left <= 0:
            return tuple(texts), True
        size = len(part.text)
        if folded := part.folded if size <= left else fold(part.text[:left]):
            texts.append((part.place, folded))
        if size > left:
            return tuple(texts), True
        left -= size
    return tuple(texts), False


def _rows(table: Table) -> str:
    return "\n".join(map(" ".join, chain((table.header,), table.rows)))
