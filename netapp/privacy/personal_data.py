"""What is kept about people because they asked about what is kept about them."""

from typing import Final

from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Shared
from netapp.privacy.models import Ask, AskKind, Closing, RetentionRule

ASKS: Final = {
    AskKind.CORRECT: "To correct something",
    AskKind.OBJECT: "To stop using your data for something",
    AskKind.OTHER: "Something else about your data",
}

HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        Ask,
        {
            DataClass.TECHNICAL: "id key person_id answered_by_id version",
            DataClass.WORDS: "words answer",
            DataClass.ACTIVITY: "kind asked_at due_at answered_at",
        },
        (
            About(
                of=lambda person: Ask.person_id == person,
                title="What you asked us about your data",
                why="So that we answer in time, and can show that we did.",
                until="Until you close your account.",
                closing=Delete(),
                words={
                    "kind": "You asked us",
                    "words": "What you asked",
                    "asked_at": "Asked",
                    "due_at": "We answer by",
                    "answer": "Our answer",
                    "answered_at": "Answered",
                },
                says={"kind": ASKS.__getitem__},
            ),
        ),
    ),
    Holding(
        Closing,
        {
            DataClass.TECHNICAL: "id person_key",
            DataClass.ACTIVITY: "closed_at by_coordinator done",
        },
    ),
    Shared(RetentionRule),
)
