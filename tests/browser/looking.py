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

STICKS_OUT = """() => {
  const pixels = document.documentElement.scrollWidth - innerWidth;
  if (pixels <= 0) return "";
  const wide = [...document.querySelectorAll("body *")].filter((element) =>
    !element.closest("svg") && element.getBoundingClientRect().right > innerWidth + 0.5 &&
    ![...element.children].some((child) => child.getBoundingClientRect().right > innerWidth + 0.5));
  const named = wide.map((element) => element.outerHTML.slice(0, 120).split("\\n")[0]);
  return `sticks out by ${pixels} px: ${named.slice(0, 3).join(" and ")}`;
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


def sticks_out(page: Page) -> str:
    """Empty where one need not scroll sideways; else by how much, and what is too wide."""
    return str(page.evaluate(STICKS_OUT))
