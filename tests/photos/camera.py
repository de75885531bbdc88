"""A telephone's photograph of a sheet: turned, seen from the side, in a shadow, blurred, noisy.

Every number is drawn from the seed, by Python's own generator, so that a seed is a photograph.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

LONG, SHORT = 1200, 900
Point = tuple[float, float]


@dataclass(frozen=True)
class Shot:
    """How one photograph is taken.

    Attributes:
        share: of the picture's short side that the sheet's long side takes.
        turn: degrees that the sheet lies turned, -30 to 30.
        tilt: how much each corner is pushed inwards by the view from the side, of the sheet's side.
        blur: standard deviation of the focus, in pixels.
        shake: pixels that the hand moved while the picture was taken.
        shadow: light that is left inside the shadow, 1 without one.
        light: of the whole scene.
        noise: amplitude of the sensor's noise, of 255.
        quality: of the JPEG.
    """

    share: float
    turn: float
    tilt: tuple[float, float, float, float]
    blur: float
    shake: int
    shadow: float
    light: float
    noise: float
    quality: int

    @classmethod
    def drawn(cls, chance: Random) -> Shot:
        """Return a shot of the kind that people send, from a good one to one that is hard."""
        return cls(
            share=chance.uniform(0.6, 1.0),
            turn=chance.uniform(-30, 30),
            tilt=tuple(chance.uniform(0, 0.12) for _ in range(4)),  # type: ignore[arg-type]
            blur=chance.uniform(0.3, 2.6),
            shake=chance.choice((0, 0, 0, 3, 5)),
            shadow=chance.choice((1.0, chance.uniform(0.35, 0.8))),
            light=chance.uniform(0.55, 1.0),
            noise=chance.uniform(2, 26),
            quality=chance.randrange(35, 90),
        )

    def harder(self, factor: float) -> Shot:
        """Return the same shot from farther away, with so many times the blur and the noise."""
        return replace(
            self,
            share=self.share / factor**0.5,
            blur=self.blur * factor,
            noise=self.noise * factor,
        )


def photograph(sheet: Image.Image, seed: int, shot: Shot) -> bytes:
    """Return a JPEG of a sheet on a table, 1,200 pixels high."""
    chance = Random(seed)
    size = (SHORT, LONG)
    scene = _table(size, chance)
    paper, mask = _laid(sheet.convert("RGB"), size, shot, chance)
    scene.paste(paper, (0, 0), mask)
    scene = ImageChops.multiply(scene, _light(size, shot, chance))
    scene = scene.filter(ImageFilter.GaussianBlur(shot.blur))
    if shot.shake:
        scene = _shaken(scene, shot.shake, chance)
    scene = _noisy(scene, shot.noise, chance)
    taken = io.BytesIO()
    scene.save(taken, "JPEG", quality=shot.quality)
    return taken.getvalue()


def _table(size: tuple[int, int], chance: Random) -> Image.Image:
    """A wooden table: stripes of near colours."""
    tone = chance.randrange(70, 190)
    grain = Image.frombytes("L", (1, size[1] // 6), chance.randbytes(size[1] // 6))
    grain = grain.resize(size).point(lambda value: tone + (value - 128) // 12)
    return Image.merge(
        "RGB", [grain.point(lambda value, part=part: int(value * part)) for part in (1, 0.82, 0.62)]
    )


def _laid(
    sheet: Image.Image, size: tuple[int, int], shot: Shot, chance: Random
) -> tuple[Image.Image, Image.Image]:
    """The sheet as it lies in the picture, and where it is."""
    scale = shot.share * size[0] / max(sheet.size)
    half = sheet.width * scale / 2, sheet.height * scale / 2
    turn = math.radians(shot.turn)
    centre = (
        size[0] / 2 + chance.uniform(-0.04, 0.04) * size[0],
        size[1] / 2 + chance.uniform(-0.06, 0.06) * size[1],
    )
    corners = []
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    for (across, down), tilt in zip(signs, shot.tilt, strict=True):
        x, y = across * half[0] * (1 - tilt), down * half[1] * (1 - tilt)
        corners.append(
            (
                centre[0] + x * math.cos(turn) - y * math.sin(turn),
                centre[1] + x * math.sin(turn) + y * math.cos(turn),
            )
        )
    # Reduced first: a transformation drops far modules instead of blurring them.
    least = round(sheet.width * scale), round(sheet.height * scale)
    reduced = sheet.resize(least, Image.Resampling.BOX)
    back = _perspective(corners, reduced.size)
    paper = reduced.transform(
        size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC, fillcolor="white"
    )
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    return paper, mask


def _perspective(corners: list[Point], size: tuple[int, int]) -> tuple[float, ...]:
    """The eight numbers that lead from a place in the picture to one on the sheet."""
    width, height = size
    sheet = ((0, 0), (width, 0), (width, height), (0, height))
    rows = []
    for (x, y), (u, v) in zip(corners, sheet, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return tuple(_solved(rows))


def _solved(rows: list[list[float]]) -> list[float]:
    """The solution of linear equations, by elimination."""
    count = len(rows)
    for column in range(count):
        best = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        pivot = rows[column][column]
        rows[column] = [value / pivot for value in rows[column]]
        for other in range(count):
            if other != column:
                factor = rows[other][column]
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[column], strict=True)
                ]
    return [row[-1] for row in rows]


def _light(size: tuple[int, int], shot: Shot, chance: Random) -> Image.Image:
    """A lamp to one side, warm, and a hand's shadow with a soft edge."""
    fall = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270))).resize(size)
    base = round(255 * shot.light)
    light = fall.point(lambda value: base - (255 - value) * base // 700)
    if shot.shadow < 1:
        shadow = Image.new("L", size, 255)
        x, y = chance.uniform(0.2, 0.8) * size[0], chance.uniform(0.2, 0.8) * size[1]
        angle = chance.uniform(0, 2 * math.pi)
        across, along = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
        far = 3 * size[1]
        edge = [
            (
                x + sign * far * along[0] + out * across[0],
                y + sign * far * along[1] + out * across[1],
            )
            for sign, out in ((-1, 0), (1, 0), (1, far), (-1, far))
        ]
        ImageDraw.Draw(shadow).polygon(edge, fill=round(255 * shot.shadow))
        light = ImageChops.multiply(
            light, shadow.filter(ImageFilter.GaussianBlur(chance.uniform(3, 40)))
        )
    return Image.merge(
        "RGB", [light, light.point(lambda v: v * 97 // 100), light.point(lambda v: v * 88 // 100)]
    )


def _shaken(scene: Image.Image, pixels: int, chance: Random) -> Image.Image:
    """Moved along a line while it was taken."""
    line = [0.0] * 25
    dx, dy = chance.choice(((1, 0), (0, 1), (1, 1), (1, -1)))
    for step in range(-(pixels // 2), pixels // 2 + 1):
        line[(2 + dy * step) * 5 + 2 + dx * step] = 1
    return scene.filter(ImageFilter.Kernel((5, 5), line))


def _noisy(scene: Image.Image, amplitude: float, chance: Random) -> Image.Image:
    """Noise as of a small sensor in a dark room: the same in the three colours, and none in two."""
    grain = Image.frombytes("L", scene.size, chance.randbytes(scene.width * scene.height))
    grain = grain.filter(ImageFilter.GaussianBlur(0.5))  # the camera's own smoothing
    noise = grain.point(lambda value: 128 + round((value - 128) * amplitude / 64))
    return Image.merge("RGB", [ImageChops.add(band, noise, offset=-128) for band in scene.split()])
