"""What a person sees of a page: where the focus is, whether something sticks out."""

from playwright.sync_api import Page

FOCUSED = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const label = at.labels && at.labels[0] ? at.labels[0].innerText : at.innerText;
  return {
    name: (at.getAttribute("aria-label") || label || at.id || at.tagName).trim().split("\\n")[0],
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def tab(page: Page) -> str:
    """Press Tab; the name of what has the focus now. Fails where the focus cannot be seen."""
    page.keyboard.press("Tab")
    now = page.evaluate(FOCUSED)
    assert now["ring"], f"no ring around {now['name']}"
    assert now["seen"], f"{now['name']} has the focus but is out of sight"
    return str(now["name"])


def tab_to(page: Page, name: str, *, most: int = 60) -> list[str]:
    """Press Tab until this has the focus; returns what was passed, this included."""
    passed: list[str] = []
    while not passed or passed[-1] != name:
        assert len(passed) < most, f"{name} is not reached by Tab: {passed}"
        passed.append(tab(page))
    return passed


def sticks_out(page: Page) -> int:
    """By how many CSS pixels the page is wider than the window: what one scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
