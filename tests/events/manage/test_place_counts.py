"""Confirmed, on offer, kept back and free: the same numbers in the same words on every page."""

from datetime import timedelta

from netapp.events.models import Pool
from netapp.events.operations import changing
from netapp.events.operations import dates as date_operations
from netapp.events.plans import PlacesPlan
from tests.events.manage.plans import ACTOR
from tests.events.scenes import book, fill
from tests.factories import NOW, make_event

PAGES = ("bookings", "dates", "booking", "waiting")
SAID = (
    "4 of 6 places confirmed, 1 on offer, 1 kept back, none free (5 and 1 over-booked), 2 waiting"
)


def test_an_over_booked_date_with_an_offer_is_counted_alike_everywhere(session, desk):
    event = make_event(session, title="Chaos", capacity=5, starts_at=NOW + timedelta(days=30))
    session.refresh(event, ["sessions"])
    date_operations.set_places(
        session,
        event_id=event.id,
        places={event.sessions[0].key: PlacesPlan(5, kept_back=1, over_booking=1)},
        reason="Two never come; one is for a speaker.",
        seen_version=1,
        actor=ACTOR,
        now=NOW,
    )
    session.commit()
    first = book(session, event, 0)
    fill(session, event, 0, people=7)
    changing.cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()

    for page in ("/desk/events", *(f"/desk/events/{event.key}/{part}" for part in PAGES)):
        desk.open(page)
        assert SAID in desk.text, page
    desk.open("/desk")
    assert desk.text.count(SAID) == 2  # What needs somebody, and what is coming up.
    desk.open(f"/desk/events/{event.key}/waiting")
    assert "Why nobody else is being offered a place" in desk.text
    assert session.query(Pool.taken).scalar() == 5
