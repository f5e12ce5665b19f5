"""The words people agree to. A changed text gets a new version; old rows keep theirs."""

from dataclasses import dataclass
from typing import Final

WHO_READS: Final = (
    "Only the coordinators of the event, and helpers they name for it, can read it: what is shared "
    "from a profile until the last date is over, and what is written or asked for with a booking "
    "until it is deleted, {days} days after that date."
)
"""Who sees it, until when, and when it goes: the one sentence for every page that says so.
``days``: ``Site.needs_keep_days``. Part of each consent below, so a change of it is a new version
of them all."""


@dataclass(frozen=True, slots=True)
class Consent:
    """``agreement``: all that the page said, the words of the tick first."""

    version: str
    tick: str
    agreement: str


def _with_who_reads(version: str, tick: str) -> Consent:
    return Consent(version, tick, f"{tick} {WHO_READS}")


QUESTION: Final = "What would help you take part?"
HINT: Final = (
    "For example a step-free route, large print, a quiet space, or someone coming with you. You do "
    "not have to say why."
)

ACCESS_NEEDS: Final = _with_who_reads(
    "2026-12-2", "I agree that what I wrote here is kept to arrange it, apart from my booking."
)
SHARING: Final = _with_who_reads("share-2026-12", "Share my {what} with this event.")
"""A tick that nobody sets but the person; ``what``: access needs, dietary needs."""
ASKING: Final = _with_who_reads("ask-2026-12", "I ask this event to arrange it.")

_EARLIER: Final = (
    Consent(
        "2026-12",
        "",
        "I agree that the coordinators of this event, and helpers they name for it, may read "
        "this to arrange it. It is kept apart from my booking and deleted {days} days after the "
        "last date.",
    ),
    Consent(
        "share-2026-11",
        "",
        "Share my {what} with this event. Its coordinators, and helpers they name for it, may "
        "read them until its last date.",
    ),
)

BY_VERSION: Final = {each.version: each for each in (ACCESS_NEEDS, SHARING, ASKING, *_EARLIER)}
"""Every text that anybody may have agreed to."""
