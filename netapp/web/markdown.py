"""Markdown that people typed, as HTML that is safe to show.

Two gates, one after the other: markdown-it makes HTML of markdown and none of the HTML that was
typed; nh3 then lets through a fixed list of elements and three kinds of address. One of the few
modules that return `Markup`, with markup, score_art and kept_pages; they are reviewed for that.
"""

from functools import lru_cache
from typing import Final

import nh3
from flask import Flask
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

ELEMENTS: Final = frozenset(
    {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "code", "pre", "hr"}
    | {"h3", "h4", "h5", "h6"}
)
ATTRIBUTES: Final[dict[str, set[str]]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
FIRST_HEADING: Final = 3  # The page has its own h1 and h2.


def register(app: Flask) -> None:
    app.add_template_filter(markdown)


@lru_cache(maxsize=512)
def markdown(text: str | None) -> Markup:
    """Paragraphs, emphasis, lists, quotations, links and headings (from h3); nothing else.

    No pictures, no HTML, no address but http, https, mailto and those within the site.
    """
    html = nh3.clean(
        _parser.render(text or ""),
        tags=set(ELEMENTS),
        attributes={name: set(allowed) for name, allowed in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener nofollow",
        strip_comments=True,
    )
    return Markup(html)  # noqa: S704 - cleaned on the line above


def _lower_headings(state: StateCore) -> None:
    """Begin at h3 and go down one step at a time, whatever was typed."""
    level = FIRST_HEADING - 1
    for token in state.tokens:
        if token.type == "heading_open":
            level = min(6, level + 1, int(token.tag[1]) + FIRST_HEADING - 1)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"


_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
_parser.core.ruler.push("lower_headings", _lower_headings)
# The parser sorts its rules at the first use, and two threads that do so at once read half of
# them. Once sorted, they are only read.
_parser.render("*ready*")
