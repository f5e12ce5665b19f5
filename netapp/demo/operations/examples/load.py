"""Everything there is to try around a booking, added to the sample season."""

from collections.abc import Sequence
from datetime import date, datetime

from netapp.demo.operations.examples.events import (
    add_hybrid,
    add_idea,
    add_minimum,
    add_repeating,
    add_windows,
    keep_profile,
)
from netapp.demo.operations.examples.scene import set_scene
from netapp.demo.operations.examples.season import (
    ask_and_answer,
    book_school,
    event_called,
    keep_places_back,
)
from netapp.kernel.db import DbSession
from netapp.people.models import Person

NEW_EVENTS = (add_hybrid, add_minimum, add_windows, add_repeating)


def load_examples(
    session: DbSession, *, guests: Sequence[Person], first_day: date, now: datetime
) -> int:
    """Returns how many events were added. The season, the sign-ins and the made-up school
    holidays must be there; ``first_day`` is that of the season."""
    scene = set_scene(session, guests, first_day, now)
    keep_profile(scene)
    keep_places_back(scene, event_called(scene, "bollo-brook-sessions"))
    book_school(scene, event_called(scene, "i-speak-music"))
    ask_and_answer(scene, event_called(scene, "inclusive-practice"))
    for add in NEW_EVENTS:
        add(scene)
    add_idea(scene)
    return len(NEW_EVENTS)
