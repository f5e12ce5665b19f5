"""What the look promises and a machine can check. Pictures are looked at by people."""

import re
from pathlib import Path

import pytest

from tools.build_css import CSS, build

ROOT = Path(__file__).parents[2]
TOKENS = (CSS / "tokens.css").read_text()
NORMAL = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6})", TOKENS.split(":root[data-look=calm]")[0]))
CALM = NORMAL | dict(
    re.findall(
        r"--([\w-]+): (#[0-9A-F]{6})",
        TOKENS.split(":root[data-look=calm]")[1].split("@media")[0],
    )
)
TINTS = ("coral-tint", "indigo-tint", "teal-tint", "sky-tint", "magenta-tint", "marigold-tint")
TEXT_PAIRS = [
    *[("ink", ground) for ground in ("page", "surface", "sand", "marigold", *TINTS)],
    *[("ink-soft", ground) for ground in ("page", "surface", "sand")],
    *[("surface", ground) for ground in ("indigo", "indigo-deep", "ink", "teal", "error", "coral")],
    *[("indigo", ground) for ground in ("page", "surface", "sand", *TINTS)],
    *[(word, ground) for word in ("ok", "error") for ground in ("page", "surface")],
    ("ok", "ok-tint"),
    ("error", "error-tint"),
    ("marigold", "ink"),
    ("marigold", "indigo-deep"),
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("look", [NORMAL, CALM], ids=["as designed", "calm"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(look, text, ground):
    assert contrast(look[text], look[ground]) >= 4.5


@pytest.mark.parametrize("look", [NORMAL, CALM], ids=["as designed", "calm"])
@pytest.mark.parametrize("ground", ["page", "surface"])
def test_borders_of_fields_stand_out(look, ground):
    assert contrast(look["edge"], look[ground]) >= 3


def test_the_joined_stylesheet_is_current():
    assert (CSS / "site.css").read_text() == build(), "run: python -m tools.build_css"


def test_stylesheet_loads_nothing_from_elsewhere():
    addresses = re.findall(r"url\(\"?([^\")]+)", (CSS / "site.css").read_text())

    assert addresses
    assert [a for a in addresses if not a.startswith(("../vendor/", "data:image/svg+xml"))] == []


def test_templates_hold_no_style_script_or_unescaped_text():
    forbidden = re.compile(
        r"\bstyle=|<style|<script(?! type=)|\son(?!ce=)[a-z]+=|javascript:"
        r"|\|\s*safe\b|autoescape false"
    )
    pages = [p for p in (ROOT / "templates").rglob("*.html") if "mail" not in p.parts]
    found = {p.name: forbidden.findall(p.read_text()) for p in pages}

    assert {name: hits for name, hits in found.items() if hits} == {}


def test_first_view_of_a_page_fits_the_budget(client):
    """120 kB with fonts, as a phone fetches it."""
    packed = {"Accept-Encoding": "gzip"}
    page = client.get("/", headers=packed)
    text = client.get("/").text
    static = set(re.findall(r'"(/static/[^"#]+)', text))
    fonts = [a for a in static if "woff2" in a]
    total = len(page.data)
    for address in static:
        with client.get(address, headers=packed) as answer:
            total += len(answer.data)

    assert len(fonts) == 2
    assert total <= 120_000
