"""Cancelling a date or an event: places end, people are told, calendars keep a trace."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.errors import (
    DateCancelled,
    EventCancelled,
    EventOver,
    LastDate,
    OnlyPublished,
    ReasonMissing,
)
from netapp.events.models import (
    BookedAs,
    Booking,
    EventStatus,
    SentInvitation,
    SessionStatus,
)
from netapp.events.operations import cancelling
from netapp.events.operations.revising import Outcome
from netapp.kernel.errors import StaleEdit
from tests.events.manage.plans import ACTOR, lines
from tests.events.scenes import book, fill, forget_mails, mails, states, taken
from tests.factories import NOW, make_event


def cancel_date(session, event, number, **more):
    date = event.sessions[number]
    values = {"reason": "The hall is closed.", "seen_version": date.version, "actor": ACTOR}
    outcome = cancelling.cancel_date(
        session,
        event_id=event.id,
        session_key=date.key,
        **(values | {"now": NOW} | more),
    )
    session.commit()
    return outcome


def cancel_event(session, event, **more):
    values = {"reason": "The trainer is ill.", "seen_version": event.version, "actor": ACTOR}
    outcome = cancelling.cancel_event(session, event_id=event.id, **(values | {"now": NOW} | more))
    session.commit()
    return outcome


def test_a_cancelled_date_ends_its_places_and_leaves_the_others(session):
    event = make_event(session, sessions=2, capacity=1)
    both = book(session, event, 0, 1)
    one = book(session, event, 0)
    forget_mails(session)

    outcome = cancel_date(session, event, 0)

    date = event.sessions[0]
    assert outcome == Outcome(told=2)
    assert states(session, both) == ["cancelled", "confirmed"]
    assert states(session, one) == ["cancelled"]
    assert (session.get(Booking, both.id).live, session.get(Booking, one.id).live) == (True, False)
    assert taken(session, event) == [0, 1]
    assert (date.status, date.sequence, date.cancel_reason) == (
        SessionStatus.CANCELLED,
        1,
        "The hall is closed.",
    )
    assert (event.sessions[1].sequence, event.version) == (0, 2)
    assert mails(session) == ["events/session_cancelled"] * 2
    assert lines(session) == [
        (
            "date.cancel",
            f"Cancelled Wednesday 10 February 2027 of {event.title}. 2 told.",
            "The hall is closed.",
        )
    ]


def test_only_who_had_it_in_their_calendar_gets_a_cancellation(session):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 0)
    book(session, event, 0)  # Waits.

    cancel_date(session, event, 0)

    sent = session.execute(select(SentInvitation.messages, SentInvitation.standing)).all()
    assert [tuple(row) for row in sent] == [(2, False)]


def test_the_full_date_of_a_course_is_cancelled_and_the_waiting_list_moves(session):
    event = make_event(session, sessions=2, capacity=5, booked_as=BookedAs.WHOLE)
    event.sessions[0].pools[0].capacity = 1
    session.commit()
    book(session, event)
    waiting = book(session, event)

    cancel_date(session, event, 0)

    assert states(session, waiting) == ["cancelled", "offered"]


def test_a_date_is_cancelled_once(session):
    event = make_event(session, sessions=2)
    cancel_date(session, event, 0)

    with pytest.raises(DateCancelled):
        cancel_date(session, event, 0)


def test_the_only_date_is_not_cancelled_alone(session):
    event = make_event(session)

    with pytest.raises(LastDate):
        cancel_date(session, event, 0)


def test_cancelling_asks_for_a_reason(session):
    event = make_event(session, sessions=2)

    with pytest.raises(ReasonMissing):
        cancel_date(session, event, 0, reason="")
    with pytest.raises(ReasonMissing):
        cancel_event(session, event, reason="")


def test_a_cancellation_from_an_older_page_is_refused(session):
    event = make_event(session, sessions=2)

    with pytest.raises(StaleEdit):
        cancel_date(session, event, 0, seen_version=9)
    session.rollback()
    with pytest.raises(StaleEdit):
        cancel_event(session, event, seen_version=9)


def test_a_cancelled_event_ends_every_booking_with_one_mail_each(session):
    event = make_event(session, sessions=2, capacity=1)
    both = book(session, event, 0, 1)
    waiting = book(session, event, 1)
    forget_mails(session)

    outcome = cancel_event(session, event)

    assert outcome == Outcome(told=2)
    assert states(session, both) == ["cancelled", "cancelled"]
    assert states(session, waiting) == ["cancelled"]
    assert taken(session, event) == [0, 0]
    assert session.scalars(select(Booking.live)).all() == [False, False]
    assert (event.status, event.cancel_reason) == (EventStatus.CANCELLED, "The trainer is ill.")
    assert [date.sequence for date in event.sessions] == [1, 1]
    assert [date.status for date in event.sessions] == [SessionStatus.CANCELLED] * 2
    assert mails(session) == [
        "events/booking_cancelled",
        "events/invitation_cancelled",
        "events/invitation_cancelled",
        "events/booking_cancelled",
    ]
    assert lines(session) == [
        ("event.cancel", f"Cancelled {event.title}. 2 told.", "The trainer is ill.")
    ]


def test_dates_that_are_over_keep_who_was_there(session):
    event = make_event(session, sessions=2, starts_at=NOW + timedelta(hours=1))
    booking = book(session, event, 0, 1)

    cancel_event(session, event, now=NOW + timedelta(days=1))

    assert states(session, booking) == ["confirmed", "cancelled"]
    assert [date.status.value for date in event.sessions] == ["scheduled", "cancelled"]


def test_an_event_is_cancelled_once(session):
    event = make_event(session)
    cancel_event(session, event)

    with pytest.raises(EventCancelled):
        cancel_event(session, event)


def test_what_is_over_is_not_cancelled(session):
    event = make_event(session, starts_at=NOW - timedelta(days=3))

    with pytest.raises(EventOver):
        cancel_event(session, event)


def test_a_draft_is_not_cancelled(session):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)

    with pytest.raises(OnlyPublished):
        cancel_event(session, event)


def test_nobody_is_told_of_a_date_that_nobody_booked(session):
    event = make_event(session, sessions=2)
    fill(session, event, 1, people=2)
    forget_mails(session)

    outcome = cancel_date(session, event, 0)

    assert (outcome, mails(session)) == (Outcome(), [])
