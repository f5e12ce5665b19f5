"""Pages that are the same for every stranger: made once, kept, and given the tokens of each.

The whole document is kept, cut where its forms hold their tokens. Who is signed in, or is to be
told something once, gets a page of their own, of parts that are kept.
"""

import re
from collections.abc import Callable, Hashable
from typing import Any, Final

from flask import Flask, g, render_template, session
from flask_login import current_user
from markupsafe import Markup

from netapp.kernel.clock import utcnow
from netapp.kernel.kept import Kept
from netapp.web.components import current_display
from netapp.web.forms import TOKENS_LATER, form_token

MOST_PAGES: Final = 1000
_PLACE: Final = re.compile("\x00form-token-(once|plain)\x00")

_pages: Kept[Hashable, tuple[bytes, ...]] = Kept(MOST_PAGES)
_parts: Kept[Hashable, Markup] = Kept(MOST_PAGES)


def register(app: Flask) -> None:
    app.add_template_global(kept_part)


def kept_part(key: Hashable, template: str, **context: Any) -> Markup:
    """A part of a page that is the same for everybody: ``key`` names it and the revision of all
    that it shows. What Jinja made is markup already."""
    now = utcnow()
    found = _parts.find((template, key), now)
    if found is not None:
        return found
    made = Markup(render_template(template, **context))  # noqa: S704 - autoescaped by Jinja
    return _parts.keep((template, key), made, now=now)


def page_for_strangers(key: Hashable, render: Callable[[], str]) -> str | bytes:
    """The page that ``render`` makes. ``key`` names it and the revision of all that it shows:
    nothing else may make a difference between two strangers but their display settings."""
    if current_user.is_authenticated or "_flashes" in session:
        return render()
    asked = (key, current_display())
    now = utcnow()
    parts = _pages.find(asked, now) or _pages.keep(asked, _cut(render), now=now)
    tokens = [form_token(once=kind == b"once").encode() for kind in parts[1::2]]
    body = list(parts)
    body[1::2] = tokens
    return b"".join(body)


def _cut(render: Callable[[], str]) -> tuple[bytes, ...]:
    """Text, kind of token, text, …, text."""
    g.setdefault(TOKENS_LATER, True)
    try:
        return tuple(part.encode() for part in _PLACE.split(render()))
    finally:
        g.pop(TOKENS_LATER, None)
