"""Display settings: text size and a calm look, kept in a cookie, without account or script."""

from dataclasses import dataclass
from typing import Final

COOKIE: Final = "display"
KEPT_SECONDS: Final = 365 * 24 * 3600
TEXT_SIZES: Final = ("", "l", "xl")
LOOKS: Final = ("", "calm")


@dataclass(frozen=True, slots=True)
class Display:
    """Empty means as designed; `l` is 115 % and `xl` 130 % of the text size."""

    text: str = ""
    look: str = ""

    def as_cookie(self) -> str:
        return f"{self.text}.{self.look}"


def display_from(cookie: str | None) -> Display:
    """Read the cookie; whatever we did not write counts as not set."""
    text, _, look = (cookie or "").partition(".")
    return choose_display(text, look)


def choose_display(text: str, look: str) -> Display:
    """Return the settings asked for; an unknown value is left as designed."""
    return Display(text if text in TEXT_SIZES else "", look if look in LOOKS else "")
