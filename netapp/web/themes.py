"""The five themes: each a colour and a shape, so that colour never says anything alone."""

import enum
from dataclasses import dataclass
from typing import Final, Literal

Colour = Literal["coral", "indigo", "teal", "sky", "magenta"]
ShapeKind = Literal["circle", "square", "triangle", "diamond", "plus"]


@dataclass(frozen=True, slots=True)
class Theme:
    """What a theme looks like and is called."""

    slug: str
    label: str
    colour: Colour
    shape: ShapeKind


THEMES: Final[tuple[Theme, ...]] = (
    Theme("inclusion", "Inclusion in practice", "coral", "circle"),
    Theme("workforce", "Workforce and training", "indigo", "square"),
    Theme("progression", "Progression routes", "teal", "triangle"),
    Theme("evidence", "Evidence and evaluation", "sky", "diamond"),
    Theme("partnership", "Partnership and advocacy", "magenta", "plus"),
)
_BY_SLUG: Final = {theme.slug: theme for theme in THEMES}


def theme_of(slug: str | enum.Enum | None) -> Theme | None:
    """Return the theme with this slug (or enum member); None for one that is not ours, or none."""
    return _BY_SLUG.get(str(slug.value if isinstance(slug, enum.Enum) else slug or ""))
