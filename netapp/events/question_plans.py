"""What a coordinator typed about a question: values that are not rows yet.

Texts have passed the text gate.
"""

from dataclasses import dataclass

from netapp.events.models import QuestionKind


@dataclass(frozen=True, slots=True)
class WordingPlan:
    """``options`` only of a choice or of several."""

    words: str
    hint: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewQuestion:
    kind: QuestionKind
    wording: WordingPlan


@dataclass(frozen=True, slots=True)
class AskPlan:
    """How one event asks a question: see ``EventQuestion``. ``only_if``: the key of the event's
    question that it hangs on, or empty."""

    required: bool = False
    ask_from_days: int | None = None
    needed_by_days: int = 0
    only_if: str = ""
    only_if_value: str = ""
