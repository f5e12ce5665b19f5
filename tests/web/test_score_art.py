import re
from xml.etree import ElementTree

import pytest

from netapp.web.score_art import score_art

MODES = ("routes", "chaos", "meet", "calm")


@pytest.mark.parametrize("mode", MODES)
def test_the_same_id_always_gives_the_same_drawing(mode):
    first = score_art("k7q4", mode=mode)
    score_art.cache_clear()

    assert score_art("k7q4", mode=mode) == first
    assert score_art("k7q5", mode=mode) != first


@pytest.mark.parametrize("mode", MODES)
def test_a_drawing_has_five_lines_and_is_hidden_from_readers(mode):
    drawing = ElementTree.fromstring(score_art("k7q4", mode=mode, notes=9))  # noqa: S314

    lines = [part for part in drawing if part.get("class", "").startswith("ln ")]
    notes = [part for part in drawing if part.get("class", "").startswith("nt ")]
    assert drawing.get("aria-hidden") == "true"
    assert [line.get("class") for line in lines] == [
        "ln l-coral",
        "ln l-indigo",
        "ln l-teal",
        "ln l-sky",
        "ln l-magenta",
    ]
    assert len(notes) == 9


def test_notes_keep_out_of_the_box_for_text():
    drawing = score_art("home", width=1000, height=500, notes=20, keep=(0, 0, 0.5, 1))

    centres = re.findall(r'<ellipse class="nt[^"]*" cx="(\d+)"', drawing)
    assert centres
    assert min(int(x) for x in centres) > 500


def test_an_id_is_never_written_into_the_drawing():
    assert "script" not in score_art('"><script>')


def test_a_drawing_costs_a_page_little():
    assert len(score_art("k7q4", mode="chaos", notes=13)) < 7000


def spread_in_the_middle(svg: str) -> float:
    """How far apart the outer two lines are half way, in units of the drawing."""
    heights = []
    for path in re.findall(r'class="ln [^"]*" stroke-width="[^"]*" d="([^"]*)"', str(svg)):
        begin, *curves = path.split("c")
        steps = [float(curve.split()[-1]) for curve in curves[: len(curves) // 2]]
        heights.append(float(begin.split()[-1]) + sum(steps))
    return max(heights) - min(heights)


@pytest.mark.parametrize("seed", ["a", "k3v9", "7kq4x9pd"])
def test_lines_that_meet_come_together_and_calm_ones_stay_apart(seed):
    cover = {"width": 460, "height": 150, "gap": 16}
    meet, calm = (
        spread_in_the_middle(score_art(seed, mode=mode, **cover)) for mode in ("meet", "calm")
    )
    assert meet < 20
    assert calm > 50
