"""The words people agree to. A changed text gets a new version; old rows keep theirs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consent:
    version: str
    question: str
    hint: str
    agreement: str


ACCESS_NEEDS = Consent(
    version="2026-12",
    question="What would help you take part?",
    hint=(
        "For example captions, BSL, a step-free route, large print, a quiet space, "
        "or someone coming with you. You do not have to say why."
    ),
    agreement=(
        "I agree that the coordinators of this event, and helpers they name for it, may read "
        "this to arrange it. It is kept apart from my booking and deleted {days} days after the "
        "last date."
    ),
)

SHARING = Consent(
    version="share-2026-11",
    question="Share what you keep with this event?",
    hint="You can stop it at any time. Nobody is told why you need anything.",
    agreement=(
        "Share my {what} with this event. Its coordinators, and helpers they name for it, may "
        "read them until its last date."
    ),
)
"""Beside a tick that nobody sets but the person; ``what``: access needs, dietary needs."""

BY_VERSION = {each.version: each for each in (ACCESS_NEEDS, SHARING)}
"""Every text that anybody may have agreed to."""
