"""Book, be refused, wait: what one person after the other gets."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.errors import (
    AlreadyBooked,
    BookingClosed,
    BookingNotOpen,
    BookingRefused,
    DateNotBookable,
    EventCancelled,
    EventChanged,
    EventFull,
    MembersOnly,
    NotBookable,
    NothingChosen,
    SomeDatesFull,
)
from netapp.events.models import AccessNeed, Audience, BookedAs, Booking, EventStatus
from netapp.events.operations.booking import book as book_operation
from netapp.events.operations.booking import book_as_guest
from netapp.events.operations.by_hand import add_by_hand
from netapp.events.operations.due import pools_that_differ
from netapp.events.plans import Telling
from tests.events.scenes import book, fill, mails, states, taken, wish
from tests.factories import NOW, make_event, make_member, make_membership, make_person


def test_a_booking_confirms_the_chosen_dates_and_mails_once_with_an_invitation_each(session):
    event, person = make_event(session, sessions=3), make_person(session)

    booking = book(session, event, 0, 2, person=person)

    assert states(session, booking) == ["confirmed", "confirmed"]
    assert taken(session, event) == [1, 0, 1]
    assert mails(session, to=person) == [
        "events/booking_confirmed",
        "events/invitation",
        "events/invitation",
    ]


def test_one_date_needs_one_mail(session):
    person = make_person(session)
    book(session, make_event(session), 0, person=person)
    assert mails(session, to=person) == ["events/booking_confirmed"]


def test_a_course_gives_a_place_in_every_date(session):
    event = make_event(session, sessions=3, booked_as=BookedAs.WHOLE)
    assert states(session, book(session, event)) == ["confirmed"] * 3
    assert taken(session, event) == [1, 1, 1]


def test_a_course_with_one_full_date_is_waited_for_as_a_whole(session):
    event = make_event(session, sessions=3, booked_as=BookedAs.WHOLE)
    event.sessions[1].pools[0].capacity = 0
    session.commit()

    booking = book(session, event)

    assert states(session, booking) == ["waiting"] * 3
    assert taken(session, event) == [0, 0, 0]
    assert mails(session) == ["events/waiting"]


def test_some_dates_may_be_confirmed_and_others_waited_for(session):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 1)
    assert states(session, book(session, event, 0, 1)) == ["confirmed", "waiting"]


def test_without_limit_there_is_always_a_place(session):
    event = make_event(session, capacity=None)
    assert [states(session, b) for b in fill(session, event, 0, people=3)] == [["confirmed"]] * 3


def test_a_newcomer_never_overtakes_the_waiting_list(session):
    event = make_event(session, capacity=1, offer_hours=336)
    fill(session, event, 0, people=2)
    # A place that appears without being offered, as after a change by hand in the database.
    event.sessions[0].pools[0].kept_back = 1
    event.sessions[0].pools[0].capacity = 2
    session.commit()
    assert states(session, book(session, event, 0)) == ["waiting"]


def test_places_kept_back_are_not_for_the_public(session):
    event = make_event(session, capacity=2)
    event.sessions[0].pools[0].kept_back = 1
    session.commit()
    assert [states(session, b) for b in fill(session, event, 0, people=2)] == [
        ["confirmed"],
        ["waiting"],
    ]


def test_stated_over_booking_gives_so_many_more(session):
    event = make_event(session, capacity=1)
    event.sessions[0].pools[0].over_booking = 1
    session.commit()
    assert [states(session, b) for b in fill(session, event, 0, people=3)] == [
        ["confirmed"],
        ["confirmed"],
        ["waiting"],
    ]


STARTS = NOW + timedelta(days=30, hours=2)


@pytest.mark.parametrize(
    ("values", "now", "refusal"),
    [
        ({"status": EventStatus.DRAFT}, NOW, NotBookable),
        ({"is_record": True}, NOW, NotBookable),
        ({"status": EventStatus.CANCELLED}, NOW, EventCancelled),
        ({"booking_opens_at": NOW + timedelta(seconds=1)}, NOW, BookingNotOpen),
        ({"booking_closes_at": NOW}, NOW, BookingClosed),
        ({}, STARTS, BookingClosed),
        ({"audience": Audience.MEMBERS}, NOW, MembersOnly),
    ],
    ids=["draft", "record", "cancelled", "not open", "closed", "started", "members only"],
)
def test_booking_is_refused(session, values, now, refusal):
    event = make_event(session, **values)
    with pytest.raises(refusal):
        book(session, event, 0, now=now)
    session.rollback()
    assert session.scalars(select(Booking.id)).all() == []
    assert taken(session, event) == [0]


@pytest.mark.parametrize(
    ("values", "now"),
    [
        ({"booking_opens_at": NOW}, NOW),
        ({"booking_closes_at": NOW}, NOW - timedelta(seconds=1)),
        ({}, STARTS - timedelta(seconds=1)),
    ],
    ids=["at opening", "just before closing", "just before the start"],
)
def test_booking_is_open_to_the_second(session, values, now):
    assert states(session, book(session, make_event(session, **values), 0, now=now)) == [
        "confirmed"
    ]


def test_members_book_what_is_for_members(session):
    event = make_event(session, audience=Audience.MEMBERS)
    assert states(session, book(session, event, 0, person=make_member(session))) == ["confirmed"]


@pytest.mark.parametrize(
    ("ends_on", "member"), [(date(2026, 12, 14), True), (date(2026, 12, 13), False)]
)
def test_a_membership_counts_to_the_end_of_its_28_days_of_grace(session, ends_on, member):
    event, person = make_event(session, audience=Audience.MEMBERS), make_person(session)
    make_membership(session, person_id=person.id, ends_on=ends_on)
    if member:
        assert states(session, book(session, event, 0, person=person)) == ["confirmed"]
    else:
        with pytest.raises(MembersOnly):
            book(session, event, 0, person=person)


def test_a_second_booking_leads_to_the_first(session):
    event, person = make_event(session), make_person(session)
    first = book(session, event, 0, person=person)
    with pytest.raises(AlreadyBooked) as refusal:
        book(session, event, 0, person=person)
    assert refusal.value.reference == first.reference


def test_a_form_made_before_the_event_changed_books_nothing(session):
    event, person = make_event(session, version=3), make_person(session)
    stale = wish(event, 0, seen_version=2)
    with pytest.raises(EventChanged):
        book_operation(session, event_id=event.id, person=person, wish=stale, now=NOW)


@pytest.mark.parametrize(("keys", "refusal"), [([], NothingChosen), (["unknown"], DateNotBookable)])
def test_dates_must_be_chosen_from_those_there_are(session, keys, refusal):
    event, person = make_event(session), make_person(session)
    with pytest.raises(refusal):
        book_operation(
            session,
            event_id=event.id,
            person=person,
            wish=wish(event).__class__(session_keys=keys, name="A"),
            now=NOW,
        )


def test_a_date_that_has_begun_is_not_booked_with_the_others(session):
    event = make_event(session, sessions=2)
    with pytest.raises(DateNotBookable):
        book(session, event, 0, 1, now=event.sessions[0].starts_at)


def test_without_waiting_list_full_is_full(session):
    event = make_event(session, capacity=1, has_waiting_list=False)
    book(session, event, 0)
    with pytest.raises(EventFull):
        book(session, event, 0)


def test_without_waiting_list_one_full_date_refuses_the_wish(session):
    event = make_event(session, sessions=2, capacity=1, has_waiting_list=False)
    book(session, event, 1)
    with pytest.raises(SomeDatesFull):
        book(session, event, 0, 1)
    session.rollback()
    assert taken(session, event) == [0, 1]


def test_needs_are_sealed_apart_from_the_booking(session):
    event, person = make_event(session), make_person(session)
    asked = wish(event, 0, telling=Telling("A BSL interpreter"))
    book_operation(session, event_id=event.id, person=person, wish=asked, now=NOW)
    session.commit()

    need = session.scalars(select(AccessNeed)).one()
    assert (need.consent_version, need.person_id) == ("2026-12-2", person.id)
    assert b"interpreter" not in need.sealed
    columns = [str(value) for row in session.execute(select(Booking.__table__)) for value in row]
    assert [value for value in columns if "interpreter" in value] == []


def test_a_guest_is_confirmed_at_once(session):
    event = make_event(session)
    answer = book_as_guest(
        session, event_id=event.id, email="guest@example.org", wish=wish(event, 0), now=NOW
    )
    assert (answer.confirmed, answer.waiting) == ((event.sessions[0].key,), ())
    assert taken(session, event) == [1]


@pytest.mark.parametrize("capacity", [1, 2])
def test_a_guest_with_a_booking_is_answered_like_a_newcomer(session, capacity):
    """Only the mail tells the owner of the address that there is a booking already."""
    event, known = make_event(session, capacity=capacity), make_person(session)
    book(session, event, 0, person=known)

    def ask(email: str) -> object:
        return book_as_guest(session, event_id=event.id, email=email, wish=wish(event, 0), now=NOW)

    for_known = ask(known.email)
    session.commit()
    assert mails(session, to=known)[-1] == "events/already_booked"
    assert for_known == ask("newcomer@example.org")


def test_a_guest_keeps_the_name_they_gave_only_on_the_booking(session):
    event, known = make_event(session), make_person(session, name="Amara Osei")
    book_as_guest(
        session, event_id=event.id, email=known.email, wish=wish(event, 0, name="X"), now=NOW
    )
    session.commit()
    session.refresh(known)
    assert known.name == "Amara Osei"


def test_guests_cannot_book_what_is_for_members_even_with_a_members_address(session):
    event, member = make_event(session, audience=Audience.MEMBERS), make_member(session)
    with pytest.raises(MembersOnly):
        book_as_guest(session, event_id=event.id, email=member.email, wish=wish(event, 0), now=NOW)


@pytest.mark.parametrize("numbers", [(0, 1), (0,)])
def test_full_is_told_alike_to_known_and_unknown_guests(session, numbers):
    event = make_event(session, sessions=2, capacity=1, has_waiting_list=False)
    known = make_person(session)
    book(session, event, 0, 1, person=known)
    refusals = []
    for email in (known.email, "new@example.org"):
        with pytest.raises(BookingRefused) as refused:
            book_as_guest(
                session, event_id=event.id, email=email, wish=wish(event, *numbers), now=NOW
            )
        session.rollback()
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]


def test_nobody_is_added_to_a_draft(session):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)
    with pytest.raises(NotBookable):
        add_by_hand(
            session,
            event_id=event.id,
            email="sam@example.org",
            wish=wish(event, 0),
            reason="",
            actor=Actor(None, "Jo"),
            now=NOW,
        )


def test_pools_count_what_the_places_hold(session):
    event = make_event(session, sessions=2, capacity=2)
    fill(session, event, 0, 1, people=3)
    assert pools_that_differ(session) == []
    event.sessions[0].pools[0].taken = 1
    session.commit()
    assert [(pool.taken, held) for pool, held in pools_that_differ(session)] == [(1, 2)]
