"""Small drawings that templates call by name: icons and the five shapes.

With `netapp.web.score_art` and `netapp.web.markdown` the only module that makes `Markup` of text it
put together. Names are checked against fixed lists and `css` against a pattern, so nothing a person
typed is written here.
"""

import re
from functools import lru_cache

from markupsafe import Markup

from netapp.web.assets import static_url
from netapp.web.icons import ICONS
from netapp.web.score_art import SHAPES, draw_shape
from netapp.web.themes import THEMES, Theme

SPRITE = "vendor/phosphor/sprite.svg"
_CLASSES = re.compile(r"[a-z0-9 -]*")


@lru_cache(maxsize=512)
def icon(name: str, css: str = "") -> Markup:
    """Return an icon of the sprite, hidden from screen readers: the words beside it say it.

    ValueError for a name that is not in `netapp.web.icons`.
    """
    if name not in ICONS or not _CLASSES.fullmatch(css):
        raise ValueError(f"No icon is called {name!r} with the classes {css!r}.")
    classes = f"i {css}".strip()
    return Markup(  # noqa: S704 - names from fixed lists
        f'<svg class="{classes}" viewBox="0 0 256 256" aria-hidden="true" focusable="false">'
        f'<use href="{static_url(SPRITE)}#{name}"></use></svg>'
    )


@lru_cache(maxsize=64)
def shape(which: str | int | Theme, css: str = "") -> Markup:
    """Return a theme's shape in its colour: by theme, its slug, its shape, or a number (0 to 4).

    Numbers go round, so `shape(loop.index0)` gives lists their ticks in turn.
    """
    theme = _theme_for(which)
    if not _CLASSES.fullmatch(css):
        raise ValueError(f"Not class names: {css!r}")
    classes = f"g {css}".strip()
    drawn = draw_shape(theme.shape, 50, 50, 37, f"n-{theme.colour}")
    return Markup(  # noqa: S704 - numbers and our own words only
        f'<svg class="{classes}" viewBox="0 0 100 100" aria-hidden="true" focusable="false">'
        f"{drawn}</svg>"
    )


def _theme_for(which: str | int | Theme) -> Theme:
    if isinstance(which, Theme):
        return which
    if isinstance(which, int):
        return THEMES[which % len(SHAPES)]
    for theme in THEMES:
        if which in (theme.slug, theme.shape, theme.colour):
            return theme
    raise ValueError(f"No theme or shape is called {which!r}.")
