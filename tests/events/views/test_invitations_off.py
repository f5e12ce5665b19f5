"""Whoever turns invitations off is told what becomes of the dates in their calendar."""

import pytest

from netapp.events.links import booking_key
from tests.events.scenes import book
from tests.factories import make_event, make_guest, make_person

STAY = (
    "dates that are in your calendar already stay there, and do not move any more when we change "
    "them."
)


@pytest.mark.parametrize(
    ("make", "way"), [(make_guest, "/calendar"), (make_person, "/account/calendar")]
)
def test_the_page_of_a_booking_says_it_before_and_after(app, session, visitor, sign_in, make, way):
    person = make(session)
    booking = book(session, make_event(session), 0, person=person)
    if make is make_person:
        sign_in(person)
        visitor.open(f"/bookings/{booking.reference}")
    else:
        key = booking_key(app.extensions["site"], booking)
        visitor.open(f"/bookings/{booking.reference}?key={key}")
    assert f"If you turn them off, {STAY}" in visitor.text
    assert f'<a href="{way}">' in visitor.text

    visitor.send("/invitations", wanted="no")

    assert STAY.replace("dates", "Dates", 1) in visitor.text
    assert "If you turn them off" not in visitor.text


def test_my_details_say_it_beside_the_choice(session, visitor, sign_in):
    sign_in(make_person(session))

    visitor.open("/account/details")

    assert f"If you turn them off, {STAY}" in visitor.text
    assert '<a href="/account/calendar">Your own calendar address</a>' in visitor.text
