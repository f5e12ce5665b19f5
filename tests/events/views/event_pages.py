"""What several tests read on the page of an event."""

from datetime import timedelta

from sqlalchemy import update

from netapp.events.models import Event
from tests.events.views.pages import section
from tests.factories import NOW

AHEAD = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm in London.


def panel(page_text):
    return section(page_text, 'id="book"', "</section>").partition(">")[2].strip()


def change(session, event, **values):
    """Write to an event as operations do: with a new revision."""
    values["revision"], values["page_revision"] = Event.revision + 1, Event.page_revision + 1
    session.execute(update(Event).where(Event.id == event.id).values(**values))
    session.commit()
