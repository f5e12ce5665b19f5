"""An event that asks, and what is asked."""

from datetime import timedelta

from netapp.events.models import QuestionKind
from tests.events.asked import ask
from tests.factories import NOW

STARTS = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm.
INSTRUMENT = "Which instrument do you bring?"
EATS = "Do you have lunch with us?"
MEAL = "Which meal?"
YES_NO, CHOICE, CONSENT = QuestionKind.YES_NO, QuestionKind.CHOICE, QuestionKind.CONSENT
MEALS = ("Soup", "Salad")


def lunch(session, event, **plan):
    """Whether, and if yes what."""
    eats = ask(session, event, EATS, YES_NO, **plan)
    return eats, ask(
        session, event, MEAL, CHOICE, *MEALS,
        only_if=eats, only_if_value="yes", required=True, **plan,
    )  # fmt: skip
