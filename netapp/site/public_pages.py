"""The pages that are always there, with what people call them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PublicPage:
    """``called``: other words by which it is looked for, former names among them."""

    path: str
    title: str
    about: str
    called: str = ""

    def has(self, words: str) -> bool:
        """All of them; never for no word."""
        said = f"{self.title} {self.about} {self.called}".casefold()
        asked = words.casefold().split()
        return bool(asked) and all(word in said for word in asked)


PAGES: Final = (
    PublicPage(
        "/network",
        "The network",
        "What it is, and how people belong to it. Formerly the Challenging Circumstances Music "
        "Network.",
        "membership CCMN Music and Social Justice Network",
    ),
    PublicPage("/about", "About us", "Who we are, and why.", "contact history"),
    PublicPage("/join", "Join us", "A few questions, and a code by email.", "member sign up"),
    PublicPage("/events", "What is coming up", "Events to book.", "training courses dates"),
    PublicPage("/events/past", "What happened before", "Every event so far.", "archive past"),
    PublicPage(
        "/calendar", "Put our events in your calendar", "Addresses to subscribe to.", "ical feed"
    ),
    PublicPage(
        "/taking-off/organisations",
        "Organisations",
        "Who makes music with young people who face barriers.",
        "register music services hubs who works where",
    ),
    PublicPage("/groups", "Groups", "Working groups, programmes and committees."),
    PublicPage(
        "/bookings/links",
        "Find my booking",
        "Have the links to your bookings mailed again.",
        "lost link cancel change booking reference",
    ),
    PublicPage(
        "/safeguarding", "Safeguarding", "Whom to talk to when you worry about somebody.", "safety"
    ),
    PublicPage("/accessibility", "Accessibility", "How this site can be used.", "access needs"),
    PublicPage("/display", "Text size and colours", "Make it easier to read.", "contrast large"),
    PublicPage(
        "/privacy", "Privacy and cookies", "What we know about you, and when it goes.", "data gdpr"
    ),
)
