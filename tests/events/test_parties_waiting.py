"""Parties on a waiting list: all their places at once, and smaller ones may pass so often."""

import pytest
from sqlalchemy import select

from netapp.events.errors import EventFull, PartyTooLarge, TooManyNames
from netapp.events.models import BookedAs, Place, PlaceState
from netapp.events.operations import booking as operations
from netapp.events.operations.booking import Party
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.due import pools_that_differ
from netapp.events.operations.waiting import refuse_offer, take_offer
from tests.events.scenes import fill, positions, states, taken, wish
from tests.factories import NOW, make_event, make_person

ONE, WAITS, OFFERED, HELD = "confirmed", "waiting", "offered", "confirmed"


def book(session, event, *numbers, places=1, person=None, **more):
    """A party of so many, or one person by themselves; the booker comes along."""
    party = Party(places, **more) if places > 1 or more else None
    booking = operations.book(
        session,
        event_id=event.id,
        person=person or make_person(session),
        wish=wish(event, *numbers, party=party),
        now=NOW,
    )
    session.commit()
    return booking


def cancel(session, *bookings):
    for booking in bookings:
        cancel_booking(session, booking_id=booking.id, now=NOW)
        session.commit()


def state(session, booking):
    """The one state that all its places have."""
    session.expire_all()
    found = set(states(session, booking))
    assert len(found) == 1
    return found.pop()


def passed(session, booking):
    found = select(Place.passed).where(Place.booking_id == booking.id).order_by(Place.id)
    return list(session.scalars(found))


def test_a_party_has_a_place_for_each_of_its_people(session):
    event = make_event(session, capacity=5)
    booking = book(
        session, event, 0, places=4, names=("Sam Okoro", "Jo Field"), organisation="Example School"
    )
    session.refresh(booking, ["attendees"])
    assert [each.name for each in booking.attendees] == ["A Person", "Sam Okoro", "Jo Field", ""]
    assert [each.person_id for each in booking.attendees] == [booking.person_id, None, None, None]
    assert states(session, booking) == ["confirmed"] * 4
    assert taken(session, event) == [4]


def test_who_books_for_others_need_not_come_along(session):
    event = make_event(session)
    booking = book(session, event, 0, places=2, comes_along=False)
    session.refresh(booking, ["attendees"])
    assert [each.person_id for each in booking.attendees] == [None, None]


@pytest.mark.parametrize(
    ("party", "refusal"),
    [
        (Party(11), PartyTooLarge),
        (Party(2, names=("A", "B")), TooManyNames),
    ],
)
def test_a_party_has_bounds(session, party, refusal):
    event = make_event(session, party_most=10, capacity=None)
    with pytest.raises(refusal):
        operations.book(
            session,
            event_id=event.id,
            person=make_person(session),
            wish=wish(event, 0, party=party),
            now=NOW,
        )


def test_all_of_a_party_have_places_or_all_wait(session):
    event = make_event(session, capacity=4)
    book(session, event, 0)
    party = book(session, event, 0, places=4)
    assert state(session, party) == WAITS
    assert taken(session, event) == [1]


def test_without_a_waiting_list_a_party_that_does_not_fit_is_refused(session):
    event = make_event(session, capacity=4, has_waiting_list=False)
    with pytest.raises(EventFull):
        book(session, event, 0, places=5)
    session.rollback()
    assert taken(session, event) == [0]


def test_a_party_is_offered_all_its_places_when_so_many_are_free(session):
    event = make_event(session, capacity=3)
    alone = fill(session, event, 0, people=3)
    party = book(session, event, 0, places=3)
    seen = []
    for booking in alone:
        cancel(session, booking)
        seen.append((state(session, party), taken(session, event)))
    assert seen == [(WAITS, [2]), (WAITS, [1]), (OFFERED, [3])]
    take_offer(session, booking_id=party.id, now=NOW)
    session.commit()
    assert (state(session, party), taken(session, event)) == (HELD, [3])


def test_smaller_ones_pass_a_party_only_so_often(session):
    event = make_event(session, capacity=4, pass_limit=2)
    alone = fill(session, event, 0, people=4)
    party = book(session, event, 0, places=3)
    behind = [book(session, event, 0) for _ in range(3)]
    cancel(session, alone[0])
    cancel(session, alone[1])
    assert [state(session, each) for each in [party, *behind]] == [WAITS, OFFERED, OFFERED, WAITS]
    assert passed(session, party) == [2, 2, 2]

    cancel(session, alone[2])  # One is free, and kept for the party now.
    assert [state(session, each) for each in [party, *behind]] == [WAITS, OFFERED, OFFERED, WAITS]
    refuse_offer(session, booking_id=behind[0].id, now=NOW)
    session.commit()
    assert state(session, party) == WAITS
    refuse_offer(session, booking_id=behind[1].id, now=NOW)
    session.commit()
    assert [state(session, each) for each in (party, behind[2])] == [OFFERED, WAITS]
    assert taken(session, event) == [4]


def test_somebody_new_may_pass_a_party_that_does_not_fit(session):
    event = make_event(session, capacity=2, pass_limit=1)
    book(session, event, 0)
    party = book(session, event, 0, places=2)
    assert state(session, book(session, event, 0)) == HELD
    assert passed(session, party) == [1, 1]


def test_nobody_new_passes_a_party_that_was_passed_often_enough(session):
    event = make_event(session, capacity=3, pass_limit=1)
    book(session, event, 0)
    party = book(session, event, 0, places=3)
    seen = [state(session, book(session, event, 0)) for _ in range(2)]
    assert seen == [HELD, WAITS]
    assert (passed(session, party), taken(session, event)) == ([1, 1, 1], [2])


def test_nobody_new_passes_one_person_who_waits(session):
    event = make_event(session, capacity=1)
    held = book(session, event, 0)
    first = book(session, event, 0)
    cancel(session, held)
    newcomer = book(session, event, 0)
    assert [state(session, each) for each in (first, newcomer)] == [OFFERED, WAITS]


def test_a_party_gets_a_course_in_all_its_dates_or_waits_for_all(session):
    event = make_event(session, sessions=2, capacity=3, booked_as=BookedAs.WHOLE)
    first = book(session, event, places=2)
    party = book(session, event, places=2)
    single = book(session, event)
    assert [state(session, each) for each in (first, party, single)] == [HELD, WAITS, HELD]
    assert taken(session, event) == [3, 3]
    cancel(session, first)
    assert state(session, party) == OFFERED
    assert taken(session, event) == [3, 3]


def test_cancelling_a_party_gives_all_its_places_back(session):
    event = make_event(session, sessions=2, capacity=5)
    party = book(session, event, 0, 1, places=5)
    assert taken(session, event) == [5, 5]
    cancel(session, party)
    assert taken(session, event) == [0, 0]
    assert pools_that_differ(session) == []


def test_guests_are_told_alike_whether_or_not_they_have_a_booking(session):
    event = make_event(session, capacity=3)
    known = make_person(session)
    book(session, event, 0, person=known)
    answers = []
    for email in (known.email, "new@example.org"):
        answers.append(
            operations.book_as_guest(
                session,
                event_id=event.id,
                email=email,
                wish=wish(event, 0, party=Party(3)),
                now=NOW,
            )
        )
        session.rollback()
    assert answers[0] == answers[1]
    assert answers[0].waiting == (event.sessions[0].key,)


def test_a_party_counts_once_in_the_line(session):
    event = make_event(session, capacity=0)
    first, party, last = (book(session, event, 0, places=n) for n in (1, 3, 1))
    assert [positions(session, each)[0] for each in (first, party, last)] == [1, 2, 3]


def test_nothing_is_offered_to_a_party_that_asks_for_more_than_there_is(session):
    event = make_event(session, capacity=2)
    party = book(session, event, 0, places=3)
    assert state(session, party) == WAITS
    assert session.scalars(select(Place.state).distinct()).all() == [PlaceState.WAITING]
