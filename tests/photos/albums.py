"""Two albums of sixty photographs: codes of words as the practice prints them, and cards."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pypdfium2
from PIL import Image

from secshare.age.bech32 import encode
from secshare.messages import Language
from secshare.model import Reference
from secshare.roads import card, qr
from tests.opener.kit import PHRASE, REFERENCE
from tests.photos.camera import Shot, photograph

COUNT = 60


@dataclass(frozen=True)
class Album:
    """Photographs of one sheet.

    Attributes:
        name: what is on them.
        holds: what the code holds.
        sheet: what was printed.
    """

    name: str
    holds: str
    sheet: Image.Image

    def photographs(self, count: int = COUNT, harder: float = 1.0) -> Iterator[tuple[int, bytes]]:
        """Seeds and JPEG files, always the same."""
        for seed in range(count):
            shot = Shot.drawn(Random(seed)).harder(harder)
            yield seed, photograph(self.sheet, seed, shot)


def key() -> str:
    """A card's key: of no person, and never drawn for one."""
    return encode("age-secret-key-pq-", bytes(range(100, 132))).upper()


def words() -> Album:
    """The words as `roads.qr` prints them."""
    around = qr.caption("Cabinet Modele", Reference.parse(REFERENCE), Language.FR)
    drawn = qr.png(PHRASE, around.above, around.below)
    return Album("words", PHRASE, Image.open(io.BytesIO(drawn)))


def cards() -> Album:
    """A card as `roads.card` makes it, printed at 300 points an inch."""
    made = card.pdf(key(), public_name="Cabinet Modele", drawn=REFERENCE[:9], language=Language.FR)
    with pypdfium2.PdfDocument(made) as pages:
        return Album("cards", key(), pages[0].render(scale=300 / 72).to_pil())
