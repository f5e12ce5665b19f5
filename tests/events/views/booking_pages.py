"""What several tests read on the page of a booking."""

from datetime import timedelta

from netapp.events.models import Booking
from tests.events.scenes import states
from tests.events.views.pages import section
from tests.factories import NOW

AHEAD = NOW + timedelta(days=30, hours=2)


def errors(page_text):
    return section(page_text, 'id="error-summary-title">', "</div>")


def fresh(session, booking):
    session.expire_all()
    return states(session, session.get_one(Booking, booking.id))


def said(page_text):
    """The note about what was done."""
    return section(page_text, '<div class="before-split" role="status">', "</div>\n</div>")
