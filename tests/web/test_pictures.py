"""The pictures of docs/: each is taken, shown and described. How they look, people judge."""

import re
from pathlib import Path

import pytest

from tools.screenshots import IMAGES, PICTURES, ROOT, files_of

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


def shown_on(page: Path) -> list[tuple[str, Path]]:
    """The description and the file of each picture."""
    return [(words, page.parent / target) for words, target in SHOWN.findall(page.read_text())]


def test_every_picture_is_taken_and_shown():
    files = sorted(IMAGES.glob("*.png"))
    assert files == sorted(files_of(PICTURES.values()))
    assert files == sorted({file for page in PAGES for _, file in shown_on(page)})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_picture_is_described_in_its_own_words(page):
    described = [words for words, _ in shown_on(page)]
    assert [words for words in described if len(words) < 10] == []
    assert sorted(set(described)) == sorted(described)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_chapter_that_a_page_leads_to_is_there(page):
    text = page.read_text()
    chapters = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert sorted(set(re.findall(r"\]\(#([^)]+)\)", text)) - chapters) == []
