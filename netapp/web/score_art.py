"""Score art: a stave whose five lines become five routes, drawn from the id of a thing.

The same id always gives the same drawing, so nobody has to find a picture, and none shows a young
person. This module, `netapp.web.markup` and `netapp.web.markdown` are the only ones that make
`Markup` of text they put together: they are reviewed for that. Nothing a person typed reaches the
drawing; the id only seeds the generator, and every number written is formatted here.
"""

import hashlib
import math
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from markupsafe import Markup

from netapp.web.themes import Colour, ShapeKind

Mode = Literal["routes", "chaos", "meet", "calm"]
Point = tuple[float, float]
Box = tuple[float, float, float, float]

LINES: Final[tuple[Colour, ...]] = ("coral", "indigo", "teal", "sky", "magenta")
SHAPES: Final[tuple[ShapeKind, ...]] = ("circle", "square", "triangle", "diamond", "plus")
STEM_OFFSET: Final = (0.98, 0.98, 0.62, 0.62, 0.8)  # where a stem meets each shape, in radii
OVERHANG: Final = 20  # units drawn beyond each side, so that line ends never show
PIECES: Final = 18  # curves in each line
MEETING: Final = 0.25  # what is left of the gap between the lines where they meet


@dataclass(frozen=True, slots=True)
class Score:
    """How one drawing is made. Lengths are in units of the drawing, shares are 0 to 1.

    `keep` is a box (left, top, right, bottom, as shares) that stays free of notes, for text.
    """

    mode: Mode = "routes"
    width: int = 1440
    height: int = 210
    gap: float = 17
    base: float = 0.5
    thickness: float = 5
    notes: int = 14
    radius: float = 15
    spread: float = 1.0
    fan_from: float = 0.28
    rise: float = 0.0
    hold: float = 0.1
    tangle: float = 1.0
    keep: Box | None = None


@dataclass(frozen=True, slots=True)
class _Stave:
    """The five lines as functions of t, 0 at the left edge and 1 at the right."""

    score: Score
    phases: tuple[float, ...]
    rates: tuple[float, ...]
    tilt: float

    def apart(self, t: float) -> float:
        """How far the lines leave the stave at t."""
        match self.score.mode:
            case "routes":
                way = (t - self.score.fan_from) / (1 - self.score.fan_from)
                return math.pow(max(0.0, way), 1.25)
            case "chaos":
                return math.pow(max(0.0, 1 - t / 0.72), 0.9)
            case "meet":
                return math.pow(abs(t - 0.5), 1.4) * 2.4
            case "calm":
                return 0.12

    def point(self, line: int, t: float) -> Point:
        score, e = self.score, self.apart(t) * self.score.spread
        u = min(1.0, max(0.0, (t - score.hold) / (1 - score.hold)))
        middle = score.height * (score.base - score.rise * u * u * (3 - 2 * u))
        middle += math.sin(t * 3.1 + self.tilt) * score.height * 0.03
        turn = t * math.tau * self.rates[line]
        chaos = score.mode == "chaos"
        gap = score.gap
        if score.mode == "meet":  # Lines that stay a stave's width apart do not meet.
            gap *= MEETING + (1 - MEETING) * min(1.0, e)
        fan = (line - 2) * (gap if chaos else gap + e * score.height * 0.155)
        wave = math.sin(turn + self.phases[line]) * score.height * (0.17 if chaos else 0.07) * e
        if chaos:
            knot = math.sin(2.6 * turn + 2 * self.phases[line])
            wave += knot * score.height * 0.2 * e * score.tangle
        x = -OVERHANG + (score.width + 2 * OVERHANG) * t
        return x, middle + fan + wave


@lru_cache(maxsize=1024)
def score_art(seed: str, score: Score | None = None, **options: Any) -> Markup:
    """Draw the art of `seed`, hidden from screen readers. `options` are the fields of `Score`."""
    made = Score(**options) if score is None else score
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8])
    chance = random.Random(number)  # noqa: S311 - a picture, nothing secret
    stave = _Stave(
        made,
        phases=tuple(chance.uniform(0, math.tau) for _ in LINES),
        rates=tuple(chance.uniform(0.8, 1.35) for _ in LINES),
        tilt=chance.uniform(0, math.tau),
    )
    lines = [_line(stave, index) for index in range(len(LINES))]
    return Markup(  # noqa: S704 - numbers and our own words only
        f'<svg class="score" viewBox="0 0 {made.width} {made.height}" '
        'preserveAspectRatio="xMidYMid slice" aria-hidden="true" focusable="false">'
        + "".join(lines + _notes(stave, chance))
        + "</svg>"
    )


def draw_shape(kind: ShapeKind, x: float, y: float, r: float, css: str) -> str:
    """Return one note head of about radius `r` at (x, y) as SVG."""
    match kind:
        case "circle":
            turn = f'transform="rotate(-18 {x:.0f} {y:.0f})"'
            size = f'rx="{r * 1.18:.1f}" ry="{r * 0.92:.1f}"'
            return f'<ellipse class="{css}" cx="{x:.0f}" cy="{y:.0f}" {size} {turn}/>'
        case "square":
            s = r * 0.94
            box = f'x="{x - s:.1f}" y="{y - s:.1f}" width="{2 * s:.1f}" height="{2 * s:.1f}"'
            return f'<rect class="{css}" {box} rx="{r * 0.14:.1f}"/>'
        case "triangle":
            s = r * 1.2
            path = f"M{x:.1f} {y - s:.1f}l{s * 1.04:.1f} {s * 1.8:.1f}h{-s * 2.08:.1f}z"
        case "diamond":
            s = r * 1.28
            path = f"M{x:.1f} {y - s:.1f}l{s:.1f} {s:.1f}l{-s:.1f} {s:.1f}l{-s:.1f} {-s:.1f}z"
        case "plus":
            a, b = r * 1.12, r * 0.42
            arm, width = a - b, 2 * b
            path = (
                f"M{x - b:.1f} {y - a:.1f}h{width:.1f}v{arm:.1f}h{arm:.1f}v{width:.1f}"
                f"h{-arm:.1f}v{arm:.1f}h{-width:.1f}v{-arm:.1f}h{-arm:.1f}v{-width:.1f}h{arm:.1f}z"
            )
    return f'<path class="{css}" d="{path}"/>'


def _line(stave: _Stave, index: int) -> str:
    points = [stave.point(index, k / PIECES) for k in range(PIECES + 1)]
    width = stave.score.thickness
    return f'<path class="ln l-{LINES[index]}" stroke-width="{width:g}" d="{_smooth(points)}"/>'


def _smooth(points: list[Point]) -> str:
    """Catmull-Rom through the points, as cubic Béziers in whole and tenth units."""
    drawn = [f"M{points[0][0]:.0f} {points[0][1]:.1f}"]
    for i in range(len(points) - 1):
        before, here, there = points[max(i - 1, 0)], points[i], points[i + 1]
        after = points[min(i + 2, len(points) - 1)]
        lead = (there[0] - before[0]) / 6, (there[1] - before[1]) / 6
        tail = (after[0] - here[0]) / 6, (after[1] - here[1]) / 6
        dx, dy = there[0] - here[0], there[1] - here[1]
        drawn.append(
            f"c{lead[0]:.0f} {lead[1]:.1f} {dx - tail[0]:.0f} {dy - tail[1]:.1f} {dx:.0f} {dy:.1f}"
        )
    return "".join(drawn)


def _notes(stave: _Stave, chance: random.Random) -> list[str]:
    """Place notes on the lines by chance, apart from each other and out of the kept box."""
    score, r = stave.score, stave.score.radius
    drawn: list[str] = []
    placed: list[Point] = []
    for _ in range(900):
        if len(placed) == score.notes:
            break
        t, line = chance.uniform(0.06, 0.97), chance.randrange(len(LINES))
        x, y = stave.point(line, t)
        crowded = any((x - a) ** 2 + (y - b) ** 2 < (r * 4.3) ** 2 for a, b in placed)
        if crowded or not r * 2 < y < score.height - r * 2 or _is_kept(score, x, y):
            continue
        placed.append((x, y))
        if chance.random() < 0.62:
            drawn.append(_stem(score, line, x, y, up=chance.random() < 0.62))
        hollow = " hollow" if chance.random() < 0.22 else ""
        drawn.append(draw_shape(SHAPES[line], x, y, r, f"nt n-{LINES[line]}{hollow}"))
    return drawn


def _is_kept(score: Score, x: float, y: float) -> bool:
    if score.keep is None:
        return False
    left, top, right, bottom = score.keep
    return left <= x / score.width <= right and top <= y / score.height <= bottom


def _stem(score: Score, line: int, x: float, y: float, *, up: bool) -> str:
    """A stem of 3.6 radii, turned or cut short where it would leave the drawing or enter `keep`."""
    r, length = score.radius, score.radius * 3.6
    under_text = score.keep is not None and score.keep[0] <= x / score.width <= score.keep[2]
    floor = (score.keep[3] + 0.02) * score.height if score.keep and under_text else 5.0
    if up and y - length < floor:
        up = not under_text
    if not up and y + length > score.height - 6:
        up = True
    length = max(r, min(length, y - floor) if up else min(length, score.height - 5 - y))
    side = r * STEM_OFFSET[line] * (1 if up else -1)
    width = max(3, score.thickness * 0.75)
    path = f"M{x + side:.1f} {y:.1f}v{-length if up else length:.1f}"
    return f'<path class="stem" stroke-width="{width:.1f}" d="{path}"/>'
