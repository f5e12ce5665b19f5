"""What can be said about access: each kind of fact with its words and its drawing.

An event keeps ``[{"kind": "captions", "text": "at every session"}]``; the order here is the order
of the list on its page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class FactKind:
    """``label`` begins the sentence on the page, ``ask`` is the tick in the editor."""

    slug: str
    label: str
    ask: str
    icon: str


@dataclass(frozen=True, slots=True)
class AccessFact:
    """One fact of one event, ready to be shown."""

    kind: str
    icon: str
    label: str
    text: str


UNCHECKED: Final = "unchecked"
MOST_OF_A_TEXT: Final = 200

KINDS: Final[tuple[FactKind, ...]] = (
    FactKind("captions", "Live captions", "Live captions", "captions-duo"),
    FactKind("bsl", "BSL interpreter", "British Sign Language (BSL) interpreter", "sign-duo"),
    FactKind("hearing-loop", "Hearing loop", "Hearing loop", "ear-duo"),
    FactKind("step-free", "Step-free route", "Step-free route from the street", "step-free-duo"),
    FactKind("toilet", "Accessible toilet", "Accessible toilet", "door"),
    FactKind("parking", "Parking", "Parking for Blue Badge holders", "pin-duo"),
    FactKind("quiet-space", "Quiet space", "Quiet space to step out to", "quiet-duo"),
    FactKind("breaks", "Breaks", "Breaks, with their times", "coffee-duo"),
    FactKind("large-print", "Large print", "Large print on the day", "eye-duo"),
    FactKind("slides-before", "Slides sent before", "Slides sent before", "slides-duo"),
    FactKind("camera-off", "Camera off is fine", "Camera off is fine", "video-duo"),
    FactKind("companion", "Companion comes free", "A companion comes free", "people-duo"),
    FactKind("other", "Also", "Something else", "heart-duo"),
    FactKind(UNCHECKED, "Not checked yet", "We have not checked access yet", "info"),
)
BY_SLUG: Final = {kind.slug: kind for kind in KINDS}


def facts_of(kept: Iterable[Mapping[str, Any]]) -> list[AccessFact]:
    """The facts an event keeps, in the order of ``KINDS``; a kind we do not know is left out."""
    texts = {str(fact.get("kind")): str(fact.get("text") or "") for fact in kept}
    return [
        AccessFact(kind.slug, kind.icon, kind.label, texts[kind.slug])
        for kind in KINDS
        if kind.slug in texts
    ]
