import re
from pathlib import Path

import pytest

from netapp.web.assets import STATIC, file_version, static_url
from netapp.web.icons import ICONS
from netapp.web.markup import SPRITE, icon, shape
from netapp.web.themes import THEMES, theme_of

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_icon_points_into_the_sprite_and_is_hidden_from_readers():
    drawn = icon("calendar")

    assert f'<use href="/static/{SPRITE}?v={file_version(STATIC / SPRITE)}#calendar">' in drawn
    assert 'aria-hidden="true"' in drawn


@pytest.mark.parametrize(("name", "css"), [("no-such", ""), ("calendar", '"><script>')])
def test_icon_refuses_what_is_not_listed(name, css):
    with pytest.raises(ValueError, match="No icon"):
        icon(name, css)


def test_every_icon_is_in_the_sprite():
    drawn = re.findall(r'<symbol id="([^"]+)"', (STATIC / SPRITE).read_text())

    assert drawn == sorted(ICONS)


def test_every_icon_that_a_template_names_exists():
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'\bicon\("([^"]+)"', path.read_text())
    }

    assert named - set(ICONS) == set()


def test_shapes_go_round_and_can_be_named():
    assert shape(0) == shape(5) == shape("circle") == shape("inclusion") == shape(THEMES[0])
    with pytest.raises(ValueError, match="No theme"):
        shape("hexagon")


def test_five_themes_have_five_colours_and_five_shapes():
    assert len({theme.colour for theme in THEMES}) == len({theme.shape for theme in THEMES}) == 5


def test_theme_of_what_is_not_ours_is_none():
    assert (theme_of(None), theme_of("gardening")) == (None, None)


def test_static_url_changes_with_the_file_and_refuses_what_is_not_there():
    assert re.fullmatch(r"/static/css/site\.css\?v=[0-9a-f]{10}", static_url("css/site.css"))
    with pytest.raises(FileNotFoundError):
        static_url("css/no-such.css")
