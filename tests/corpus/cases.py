"""The whole corpus: `corpus(seed)`."""

from __future__ import annotations

from tests.corpus import awkward, fresher_files, general, merged, special, tables
from tests.corpus.maker import Maker
from tests.corpus.sample import Sample

PARTS = {
    "general": general.samples,
    "awkward": awkward.samples,
    "unreadable": awkward.unreadable,
    "numbers": special.numbers,
    "names": special.names,
    "homonyms": special.homonyms,
    "nameless": special.nameless,
    "accounts": special.accounts,
    "hidden": special.hidden,
    "hprim": special.hprim,
    "file names": special.file_names,
    "bundles": special.bundles,
    "clinical": special.clinical,
    "tables": tables.samples,
    "fresher": fresher_files.samples,
    "merged": merged.samples,
}


def corpus(seed: int = 1) -> list[Sample]:
    """Return every document, the same ones for the same seed.

    Each part has its own source of chance, so that a document more in one changes no other.
    """
    return [
        sample
        for number, part in enumerate(PARTS.values())
        for sample in part(Maker(seed * 1000 + number))
    ]
