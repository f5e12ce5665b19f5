"""Who may book first: members, people of one area, people new to our events, then everyone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.events.errors import BookingNotOpen, OpensTooLate, WindowsNeedAnOpening
from netapp.events.models import Event, Place, WindowFor
from netapp.events.operations import booking as operations
from netapp.events.operations.booking import Party
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.creating import copy_event
from netapp.events.operations.windows import save_windows
from netapp.events.plans import WindowPlan
from netapp.vocabulary.operations import load_terms
from tests.events.scenes import book, positions, states, wish
from tests.factories import (
    NOW,
    make_coordinator,
    make_event,
    make_member,
    make_membership,
    make_person,
)

MONDAY = NOW  # 11 January 2027, noon.
WEDNESDAY = NOW + timedelta(days=2)
THURSDAY = NOW + timedelta(days=3)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(session) -> Actor:
    person = make_coordinator(session)
    return Actor(person.id, person.name)


def opened(session, desk, *windows: WindowPlan, **options) -> Event:
    """An event that opens for everyone on Thursday, and earlier for these."""
    load_terms(session, now=NOW)
    event = make_event(session, booking_opens_at=THURSDAY, **options)
    save_windows(
        session, event_id=event.id, windows=windows, seen_version=event.version, actor=desk, now=NOW
    )
    session.commit()
    return event


MEMBERS = WindowPlan(WindowFor.MEMBERS, MONDAY)
LONDON = WindowPlan(WindowFor.AREA, WEDNESDAY, "area-london")
NEWCOMERS = WindowPlan(WindowFor.FIRST_TIMERS, WEDNESDAY)


def can_book(session, event, person, at) -> bool:
    try:
        operations.book(session, event_id=event.id, person=person, wish=wish(event, 0), now=at)
    except BookingNotOpen:
        return False
    finally:
        session.rollback()
    return True


def test_each_may_book_from_their_window_on(session, desk):
    event = opened(session, desk, MEMBERS, LONDON)
    member, londoner = make_member(session), make_person(session, area="area-london")
    other = make_person(session, area="area-wales")
    moments = [MONDAY - MINUTE, MONDAY, WEDNESDAY - MINUTE, WEDNESDAY, THURSDAY - MINUTE, THURSDAY]
    seen = {
        name: [can_book(session, event, person, at) for at in moments]
        for name, person in (("member", member), ("londoner", londoner), ("other", other))
    }
    assert seen == {
        "member": [False, True, True, True, True, True],
        "londoner": [False, False, False, True, True, True],
        "other": [False, False, False, False, False, True],
    }


def test_who_has_been_here_is_new_no_more(session, desk):
    event = opened(session, desk, NEWCOMERS)
    regular, newcomer, booked = (make_person(session) for _ in range(3))
    past = make_event(session, starts_at=NOW - timedelta(days=20))
    book(session, past, 0, person=regular, now=NOW - timedelta(days=30))
    book(session, make_event(session), 0, person=booked)  # Still to come: not been there yet.
    seen = [can_book(session, event, each, WEDNESDAY) for each in (regular, newcomer, booked)]
    assert seen == [False, True, True]


def test_a_member_whose_term_ran_out_keeps_the_window_for_the_days_of_grace(session, desk):
    event = opened(session, desk, MEMBERS)
    lately, long_ago, sent_away = (make_person(session) for _ in range(3))
    for person, ended, early in (
        (lately, date(2026, 12, 14), False),  # 28 days before.
        (long_ago, date(2026, 12, 13), False),
        (sent_away, date(2027, 1, 10), True),
    ):
        early_end: dict[str, Any] = {"ended_early": True, "rights_until": ended} if early else {}
        make_membership(session, person_id=person.id, ends_on=ended, **early_end)
    seen = [can_book(session, event, each, MONDAY) for each in (lately, long_ago, sent_away)]
    assert seen == [True, False, False]


def test_a_guest_books_with_everyone_whatever_address_they_type(session, desk):
    event = opened(session, desk, MEMBERS)
    member = make_member(session)
    with pytest.raises(BookingNotOpen):
        operations.book_as_guest(
            session, event_id=event.id, email=member.email, wish=wish(event, 0), now=MONDAY
        )


def test_the_waiting_list_goes_in_the_order_of_the_windows(session, desk):
    event = opened(session, desk, MEMBERS, LONDON, capacity=1)
    first = book(session, event, 0, person=make_member(session), now=MONDAY)
    everyone = book(session, event, 0, now=THURSDAY)
    londoner = book(
        session, event, 0, person=make_person(session, area="area-london"), now=THURSDAY
    )
    member = book(session, event, 0, person=make_member(session), now=THURSDAY + MINUTE)
    assert [positions(session, each) for each in (everyone, londoner, member)] == [[3], [2], [1]]

    cancel_booking(session, booking_id=first.id, now=THURSDAY + timedelta(hours=1))
    session.commit()
    assert [states(session, each) for each in (everyone, londoner, member)] == [
        ["waiting"],
        ["waiting"],
        ["offered"],
    ]


def test_who_is_first_in_the_line_never_waits_behind_a_party_that_is_after_them(session, desk):
    event = opened(session, desk, MEMBERS, capacity=1, pass_limit=0)
    party = wish(event, 0, party=Party(2))
    waits = operations.book(
        session, event_id=event.id, person=make_person(session), wish=party, now=THURSDAY
    )
    session.commit()
    stranger = book(session, event, 0, now=THURSDAY)
    member = book(session, event, 0, person=make_member(session), now=THURSDAY)
    assert states(session, waits) == ["waiting"] * 2
    assert [states(session, each) for each in (stranger, member)] == [["waiting"], ["confirmed"]]
    passed = select(Place.passed).where(Place.booking_id == waits.id)
    assert set(session.scalars(passed)) == {0}  # The member was before them.


def test_who_asked_first_is_first_also_where_the_other_was_written_first(session, desk):
    event = make_event(session, capacity=1, pass_limit=0)
    late = operations.book(
        session,
        event_id=event.id,
        person=make_person(session),
        wish=wish(event, 0, party=Party(2)),
        now=NOW + timedelta(seconds=1),
    )
    session.commit()
    early = book(session, event, 0, now=NOW)
    assert states(session, late) == ["waiting"] * 2
    assert states(session, early) == ["confirmed"]


def test_new_windows_put_those_who_wait_in_a_new_order(session, desk):
    event = opened(session, desk, MEMBERS, capacity=0)
    other, member = make_person(session), make_member(session)
    waits = [book(session, event, 0, person=each, now=THURSDAY) for each in (other, member)]
    assert [positions(session, each) for each in waits] == [[2], [1]]
    session.refresh(event)
    save_windows(
        session, event_id=event.id, windows=[], seen_version=event.version, actor=desk, now=THURSDAY
    )
    session.commit()
    assert [positions(session, each) for each in waits] == [[1], [2]]


def test_a_line_in_the_log_says_what_was_changed(session, desk):
    opened(session, desk, MEMBERS, LONDON)
    line = session.scalars(select(AuditLine).where(AuditLine.action == "event.windows")).one()
    assert line.detail == {
        "before": [],
        "after": [
            "members from 2027-01-11T12:00:00+00:00",
            "area-london from 2027-01-13T12:00:00+00:00",
        ],
    }


def test_windows_lie_before_the_opening_for_everyone(session, desk):
    event = opened(session, desk)
    late = WindowPlan(WindowFor.MEMBERS, THURSDAY)
    with pytest.raises(OpensTooLate):
        save_windows(
            session, event_id=event.id, windows=[late], seen_version=1, actor=desk, now=NOW
        )
    always_open = make_event(session)
    with pytest.raises(WindowsNeedAnOpening):
        save_windows(
            session,
            event_id=always_open.id,
            windows=[MEMBERS],
            seen_version=1,
            actor=desk,
            now=NOW,
        )


def test_a_copy_has_its_windows_moved_with_its_dates(session, desk):
    event = opened(session, desk, MEMBERS)  # First date: 10 February 2027.
    copy = copy_event(
        session,
        event_id=event.id,
        title="Again",
        first_day=date(2027, 6, 9),
        actor=desk,
        now=NOW,
    )
    session.refresh(copy, ["windows"])
    assert [(w.who, w.opens_at) for w in copy.windows] == [
        (WindowFor.MEMBERS, datetime(2027, 5, 10, 11, tzinfo=UTC))  # Noon, in summer time.
    ]


def test_the_page_says_who_books_from_when(session, desk, visitor, sign_in, at):
    event = opened(session, desk, MEMBERS, LONDON)
    with at(MONDAY + MINUTE):
        page = visitor.open(f"/events/{event.slug}").text
    assert [
        words in page
        for words in (
            "can book now",
            "from Wednesday 13 January 2027, midday GMT",
            "from Thursday 14 January 2027, midday GMT",
            "Sign in to book early",
            "Confirm booking",
        )
    ] == [True, True, True, True, False]


def test_the_page_lets_a_member_book_early_and_tells_others_from_when(
    session, desk, visitor, sign_in, at
):
    event = opened(session, desk, MEMBERS, LONDON)
    seen = []
    for person in (make_member(session), make_person(session, area="area-london")):
        sign_in(person)
        with at(MONDAY + MINUTE):
            page = visitor.open(f"/events/{event.slug}").text
        seen.append(("Confirm booking" in page, "You can book from <strong>Wednesday 13" in page))
    assert seen == [(True, False), (False, True)]
