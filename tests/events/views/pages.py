"""What tests read off a page."""

import html
import json
import re
from typing import Any


def words(page_text: str) -> str:
    """The words of a page as people read them: without tags, one blank between words."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page_text, flags=re.DOTALL)
    body = re.sub(r"<[^>]+>", " ", body)
    return " ".join(html.unescape(body).split())


def titles(page_text: str) -> list[str]:
    """The titles of a list of events, in order."""
    found = re.findall(r'<h3><a href="/events/[^"]*">(.*?)</a></h3>', page_text, flags=re.DOTALL)
    return [html.unescape(title) for title in found]


def heading(page_text: str) -> str:
    """The h1 of a page."""
    found = re.findall(r"<h1[^>]*>(.*?)</h1>", page_text, flags=re.DOTALL)
    assert len(found) == 1, f"{len(found)} first headings"
    return words(found[0])


def section(page_text: str, start: str, end: str = "</section>") -> str:
    """The words from one piece of markup to another."""
    return words(page_text.split(start, 1)[1].split(end, 1)[0])


def linked_data(page_text: str) -> dict[str, Any]:
    """What search engines read."""
    block = page_text.split('<script type="application/ld+json">', 1)[1].split("</script>", 1)[0]
    read = json.loads(block)
    assert isinstance(read, dict)
    return read


def ticked(page_text: str, name: str = "session") -> list[str]:
    """The values of the ticked boxes of this name."""
    boxes = re.findall(rf'<input type="checkbox"[^>]*name="{name}"[^>]*>', page_text)
    checked = [box for box in boxes if " checked" in box]
    return [box.split('value="', 1)[1].split('"', 1)[0] for box in checked]
