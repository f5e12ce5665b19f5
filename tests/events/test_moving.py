"""From one date to another, by the booker or by a coordinator: both ends at once, or nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.events.errors import (
    BookingChanged,
    ChangesClosed,
    DateNotBookable,
    NobodyWaits,
    NoPlaceToGive,
    NoPlaceToMoveTo,
    ReasonMissing,
)
from netapp.events.models import BookedAs, BookingEntry, EventSession, Place, PlaceState, Pool
from netapp.events.operations.by_hand import give_place, move_by_hand
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.due import pools_that_differ
from netapp.events.operations.moving import move_to_date
from tests.events.scenes import book, fill, forget_mails, mails, states, taken
from tests.events.test_letters import calendar_parts, opened
from tests.events.test_parties_waiting import book as book_party
from tests.factories import NOW, make_coordinator, make_event, make_person


@pytest.fixture
def desk(session) -> Actor:
    person = make_coordinator(session)
    return Actor(person.id, person.name)


def move(session, booking, event, here=0, there=1, now=NOW, **more):
    move_to_date(
        session,
        booking_id=booking.id,
        from_key=event.sessions[here].key,
        to_key=event.sessions[there].key,
        now=now,
        **more,
    )
    session.commit()


def by_hand(session, booking, event, desk, here=0, there=1, reason="She asked on the phone."):
    move_by_hand(
        session,
        booking_id=booking.id,
        from_key=event.sessions[here].key,
        to_key=event.sessions[there].key,
        reason=reason,
        actor=desk,
        now=NOW,
    )
    session.commit()


def give(session, booking, event, desk, number=0, reason="They travel far."):
    give_place(
        session,
        booking_id=booking.id,
        session_key=event.sessions[number].key,
        reason=reason,
        actor=desk,
        now=NOW,
    )
    session.commit()


def held(session, event, booking):
    """The numbers of the dates in which they are confirmed."""
    keys = [date.key for date in event.sessions]
    mine = Place.booking_id == booking.id, Place.state == PlaceState.CONFIRMED
    found = select(EventSession.key).join(Place, Place.session_id == EventSession.id).where(*mine)
    return sorted(keys.index(key) for key in session.scalars(found))


def test_a_place_moves_and_the_calendar_with_it(session):
    event, person = make_event(session, sessions=2), make_person(session)
    booking = book(session, event, 0, person=person)
    forget_mails(session)
    move(session, booking, event)
    assert (held(session, event, booking), taken(session, event)) == ([1], [0, 1])
    assert mails(session, to=person) == [
        "events/booking_changed",
        "events/invitation_cancelled",
        "events/invitation",
    ]
    uids = [f"session-{date.key}@network.example" for date in event.sessions]
    assert [part[:2] for part in calendar_parts(session)] == [
        ("CANCEL", uids[0]),
        ("REQUEST", uids[1]),
    ]


def test_nothing_moves_to_what_is_full(session):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 1)
    booking = book(session, event, 0)
    with pytest.raises(NoPlaceToMoveTo):
        move(session, booking, event)
    session.rollback()
    assert (held(session, event, booking), taken(session, event)) == ([0], [1, 1])


def test_a_party_moves_together_or_not_at_all(session):
    event = make_event(session, sessions=2, capacity=3)
    party = book_party(session, event, 0, places=3)
    single = book(session, event, 1)
    with pytest.raises(NoPlaceToMoveTo):
        move(session, party, event)
    session.rollback()
    cancel_booking(session, booking_id=single.id, now=NOW)
    session.commit()
    move(session, party, event)
    assert taken(session, event) == [0, 3]


def test_who_waits_moves_to_a_free_place_and_the_freed_one_is_offered(session):
    event = make_event(session, sessions=2, capacity=1)
    first, waits = fill(session, event, 0, people=2)
    move(session, first, event)
    assert (held(session, event, first), states(session, waits)) == ([1], ["offered"])
    assert taken(session, event) == [1, 1]


def test_nobody_moves_before_those_who_wait(session):
    event = make_event(session, sessions=2, capacity=1)
    booked, waits = (book(session, event, 1) for _ in range(2))
    booking = book(session, event, 0)
    with pytest.raises(NoPlaceToMoveTo):
        move(session, booking, event)
    session.rollback()
    assert [states(session, each) for each in (booked, waits)] == [["confirmed"], ["waiting"]]


def test_whoever_has_a_place_there_already_keeps_both(session):
    event = make_event(session, sessions=2)
    booking = book(session, event, 0, 1)
    with pytest.raises(NoPlaceToMoveTo):
        move(session, booking, event)
    session.rollback()
    assert (held(session, event, booking), taken(session, event)) == ([0, 1], [1, 1])


def test_what_cannot_be_moved(session):
    event = make_event(session, sessions=2, change_until_hours=2)
    booking = book(session, event, 0)
    start = event.sessions[0].starts_at
    with pytest.raises(ChangesClosed):
        move(session, booking, event, now=start - timedelta(hours=2))
    session.rollback()
    with pytest.raises(DateNotBookable):
        move(session, booking, event, now=start)
    session.rollback()
    with pytest.raises(BookingChanged):
        move(session, booking, event, seen_version=9)
    session.rollback()
    course = make_event(session, sessions=2, booked_as=BookedAs.WHOLE)
    with pytest.raises(DateNotBookable):
        move(session, book(session, course), course)


def test_a_coordinator_moves_somebody_with_a_reason(session, desk):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 1)
    booking = book(session, event, 0)
    with pytest.raises(ReasonMissing):
        by_hand(session, booking, event, desk, reason="")
    session.rollback()
    with pytest.raises(NoPlaceToGive):
        by_hand(session, booking, event, desk)
    session.rollback()
    pool = session.scalars(select(Pool).where(Pool.session_id == event.sessions[1].id)).one()
    pool.over_booking = 1  # Stated.
    session.commit()
    by_hand(session, booking, event, desk)
    assert (held(session, event, booking), taken(session, event)) == ([1], [0, 2])
    line = session.scalars(select(AuditLine).where(AuditLine.action == "booking.move")).one()
    assert line.reason == "She asked on the phone."
    story = session.scalars(select(BookingEntry.what).where(BookingEntry.by == desk.name)).one()
    assert story == "Moved to Wednesday 17 February 2027: She asked on the phone."


def test_whoever_is_moved_reads_why_and_that_it_was_no_cancellation(
    session, desk, visitor, sign_in
):
    event, person = make_event(session, sessions=2), sign_in(make_person(session))
    booking = book(session, event, 0, person=person)
    forget_mails(session)
    by_hand(session, booking, event, desk)
    body = opened(session)[0].get_body(("plain",))
    told = str(body.get_content()).replace("\r\n", "\n") if body else ""
    assert "The reason given:\n" in told
    assert "She asked on the phone." in told
    assert "Before: Wednesday 10 February 2027" in told
    assert "Now: Wednesday 17 February 2027" in told
    page = visitor.open(f"/bookings/{booking.reference}").text
    assert "Moved to another date" in page
    assert "Cancelled by you" not in page


def test_a_coordinator_gives_a_place_to_who_waits_whatever_the_line(session, desk):
    event = make_event(session, capacity=1)
    _, first, second = fill(session, event, 0, people=3)
    with pytest.raises(NoPlaceToGive):
        give(session, second, event, desk)
    session.rollback()
    pool = session.scalars(select(Pool).where(Pool.session_id == event.sessions[0].id)).one()
    pool.capacity, pool.kept_back = 2, 1
    session.commit()
    give(session, second, event, desk)
    assert [states(session, each) for each in (first, second)] == [["waiting"], ["confirmed"]]
    assert pools_that_differ(session) == []
    with pytest.raises(NobodyWaits):
        give(session, second, event, desk)


def test_an_offer_is_made_a_place_by_hand(session, desk):
    event = make_event(session, capacity=1)
    held_by, waits = fill(session, event, 0, people=2)
    cancel_booking(session, booking_id=held_by.id, now=NOW)
    session.commit()
    give(session, waits, event, desk)
    assert (states(session, waits), taken(session, event)) == (["confirmed"], [1])


def test_they_move_their_place_on_the_page_of_the_booking(session, visitor, sign_in):
    event = make_event(session, sessions=3, capacity=5)
    event.sessions[2].pools[0].capacity = 0
    session.commit()
    person = sign_in(make_person(session))
    booking = book(session, event, 0, person=person)
    visitor.open(f"/bookings/{booking.reference}")
    visitor.send("/move", to=event.sessions[1].key)
    assert "Your place is moved." in visitor.text
    assert held(session, event, booking) == [1]
    visitor.send("/move", to=event.sessions[2].key)
    assert "you keep this one" in visitor.text
    assert held(session, event, booking) == [1]


def test_the_desk_gives_and_moves_places_with_a_reason(session, visitor, sign_in):
    event = make_event(session, sessions=2, capacity=1)
    sign_in(make_coordinator(session))
    _, waits = fill(session, event, 0, people=2)
    pool = session.scalars(select(Pool).where(Pool.session_id == event.sessions[0].id)).one()
    pool.over_booking = 1
    session.commit()
    page = f"/desk/events/{event.key}/bookings/{waits.reference}"
    visitor.open(page)
    visitor.send("/give", reason="They travel far.")
    assert "has a place now" in visitor.text
    assert "Given a place: They travel far." in visitor.text
    visitor.send("/move", to=event.sessions[1].key, reason="A better day for them.")
    assert "is moved" in visitor.text
    assert held(session, event, waits) == [1]
    assert visitor.send("/move", to=event.sessions[0].key, reason="").status_code == 422
    assert "Say why: your colleagues read it on the list and in the log." in visitor.text
    assert "<details open><summary>Move" in visitor.text
    assert held(session, event, waits) == [1]


def test_the_desk_reads_what_speaks_against_a_move_and_keeps_what_it_typed(
    session, visitor, sign_in
):
    event = make_event(session, sessions=3, capacity=1)
    sign_in(make_coordinator(session))
    ana = make_person(session)
    booking = book(session, event, 0, person=ana)
    book(session, event, 1)
    lunch = make_event(session, title="Lunch", starts_at=event.sessions[2].starts_at)
    book(session, lunch, 0, person=ana)
    visitor.open(f"/desk/events/{event.key}/bookings/{booking.reference}")
    assert ", 2pm: none free</option>" in visitor.text
    assert ", 2pm: 1 free, clash</option>" in visitor.text
    assert "at that time they also have Lunch:" in visitor.text
    page = visitor.send("/move", to=event.sessions[1].key, reason="A better day.")
    assert (page.status_code, held(session, event, booking)) == (409, [0])
    assert "<details open><summary>Move" in visitor.text
    sent = dict(visitor.form("/move").fields)
    assert (sent["to"], sent["reason"]) == (event.sessions[1].key, "A better day.")


def test_what_was_done_by_hand_stands_on_the_waiting_list_with_its_reason(
    session, visitor, sign_in, desk
):
    event = make_event(session, sessions=2, capacity=1)
    coordinator = make_coordinator(session, name="Jo Field")
    sign_in(coordinator)
    booking = book(session, event, 0)
    by_hand(session, booking, event, Actor(coordinator.id, "Jo Field"), reason="Flooded roads.")
    visitor.open(f"/desk/events/{event.key}/waiting")
    assert "Done by hand" in visitor.text
    assert "<strong>Flooded roads.</strong>" in visitor.text
    assert "By Jo Field." in visitor.text
