"""Moving dates, giving more places, removing: what happens to people, mails and calendars."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.events.errors import (
    CourseBooked,
    DateInThePast,
    DateOver,
    DatePublic,
    MarginsNeedReason,
    TooFewPlaces,
)
from netapp.events.models import (
    BookedAs,
    Event,
    EventSession,
    EventStatus,
    Mode,
    Place,
    PlaceState,
    SentInvitation,
)
from netapp.events.operations import dates as operations
from netapp.events.operations.revising import Outcome
from netapp.events.plans import DatePlan, PlacesPlan
from netapp.kernel.errors import StaleEdit
from netapp.kernel.revisions import revision_of
from tests.events.manage.plans import ACTOR, lines, plan_of, segment
from tests.events.scenes import book, fill, forget_mails, mails, states, taken
from tests.factories import NOW, make_event, make_person

DAY = timedelta(days=1)


def move(session, event, plan, number=0, **more):
    date = event.sessions[number]
    outcome = operations.change_date(
        session,
        event_id=event.id,
        session_key=date.key,
        plan=plan,
        **{"seen_version": date.version, "actor": ACTOR, "now": NOW, **more},
    )
    session.commit()
    return outcome


def moved(date, by):
    return plan_of(date, starts_at=date.starts_at + by, ends_at=date.ends_at + by)


def test_a_moved_date_tells_everybody_once_and_raises_its_sequence(session):
    event = make_event(session, capacity=2)
    confirmed = fill(session, event, 0, people=2)
    waiting = book(session, event, 0)
    forget_mails(session)
    date = event.sessions[0]
    before = date.starts_at

    outcome = move(session, event, moved(date, DAY), message="The hall is closed.")

    assert outcome == Outcome(told=3)
    assert (date.starts_at, date.sequence, date.revised_at) == (before + DAY, 1, NOW)
    assert (date.version, event.version) == (2, 2)
    assert mails(session) == ["events/session_moved"] * 3
    assert [states(session, b) for b in [*confirmed, waiting]] == [
        ["confirmed"],
        ["confirmed"],
        ["waiting"],
    ]
    assert session.scalars(select(SentInvitation.messages)).all() == [2, 2]
    assert lines(session) == [
        (
            "date.change",
            f"Changed Wednesday 10 February 2027, 2pm to 5:30pm GMT of {event.title}: time. "
            "3 told.",
            "The hall is closed.",
        )
    ]


def test_calendars_learn_of_the_move(session):
    event = make_event(session)
    person = make_person(session)
    book(session, event, 0, person=person)
    public = revision_of(session, "events")[0]
    own = revision_of(session, f"person:{person.id}")[0]

    move(session, event, moved(event.sessions[0], DAY))

    assert revision_of(session, "events")[0] == public + 1
    assert revision_of(session, f"person:{person.id}")[0] == own + 1


def test_a_move_made_from_an_older_page_is_refused(session):
    event = make_event(session)
    date = event.sessions[0]
    move(session, event, moved(date, DAY))

    with pytest.raises(StaleEdit):
        move(session, event, moved(date, DAY), seen_version=1)


def test_a_note_changes_calendars_without_a_mail_or_a_sequence(session):
    event = make_event(session)
    book(session, event, 0)
    forget_mails(session)
    date = event.sessions[0]
    later = NOW + timedelta(hours=1)

    outcome = move(session, event, plan_of(date, note="Bring headphones."), now=later)

    assert outcome == Outcome()
    assert (date.note, date.sequence, date.revised_at) == ("Bring headphones.", 0, later)
    assert mails(session) == []


def test_a_segment_with_an_open_end_is_kept(session):
    event = make_event(session)
    date = event.sessions[0]
    social = segment("Social time", date.ends_at)

    move(session, event, plan_of(date, segments=(social,)))

    assert [(s.title, s.starts_at, s.ends_at) for s in date.segments] == [
        ("Social time", date.ends_at, None)
    ]


def test_another_place_is_told_as_such(session):
    event = make_event(session, mode=Mode.IN_PERSON)
    book(session, event, 0)
    forget_mails(session)
    date = event.sessions[0]

    outcome = move(session, event, plan_of(date, place="Town Hall"))

    assert outcome == Outcome(told=1)
    assert (date.sequence, mails(session)) == (1, ["events/place_changed"])


def test_a_first_link_tells_nobody_and_a_new_one_those_who_booked(session):
    event = make_event(session)
    date = event.sessions[0]
    date.join_link = None
    session.commit()
    book(session, event, 0)
    forget_mails(session)

    first = move(session, event, plan_of(date, join_link="https://meet.example.org/one"))
    second = move(session, event, plan_of(date, join_link="https://meet.example.org/two"))

    assert (first, second) == (Outcome(), Outcome(told=1))
    assert date.sequence == 0
    assert mails(session) == ["events/session_moved"]


def test_an_offer_ends_by_the_new_start(session):
    event = make_event(session, capacity=1)
    book(session, event, 0)
    waiting = book(session, event, 0)
    operations.set_places(
        session,
        event_id=event.id,
        places={event.sessions[0].key: PlacesPlan(2)},
        seen_version=1,
        actor=ACTOR,
        now=NOW,
    )
    session.commit()
    date = event.sessions[0]
    earlier = plan_of(date, starts_at=NOW + timedelta(hours=3), ends_at=NOW + timedelta(hours=5))

    move(session, event, earlier)

    offered = session.scalars(select(Place).where(Place.booking_id == waiting.id)).one()
    assert (offered.state, offered.offer_ends_at) == (
        PlaceState.OFFERED,
        NOW + timedelta(hours=3),
    )


def test_a_date_moved_to_a_later_day_is_reminded_of_again(session):
    event = make_event(session)
    booking = book(session, event, 0)
    place = session.scalars(select(Place).where(Place.booking_id == booking.id)).one()
    place.reminded_at = NOW
    session.commit()
    date = event.sessions[0]

    move(session, event, moved(date, timedelta(hours=1)))
    same_day = place.reminded_at
    move(session, event, moved(date, DAY))

    assert (same_day, place.reminded_at) == (NOW, None)


def test_a_published_date_cannot_be_moved_into_the_past(session):
    event = make_event(session)

    with pytest.raises(DateInThePast):
        move(session, event, moved(event.sessions[0], -40 * DAY))


def test_a_date_that_has_begun_stays_as_it_was(session):
    event = make_event(session, starts_at=NOW - timedelta(hours=1))

    with pytest.raises(DateOver):
        move(session, event, moved(event.sessions[0], DAY))


def test_a_draft_moves_without_mails_or_sequence(session):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)
    public = revision_of(session, "events")[0]

    outcome = move(session, event, moved(event.sessions[0], DAY))

    assert (outcome, event.sessions[0].sequence) == (Outcome(), 0)
    assert revision_of(session, "events")[0] == public


def test_more_places_are_offered_to_the_waiting_list_in_order(session):
    event = make_event(session, capacity=1)
    book(session, event, 0)
    waiting = fill(session, event, 0, people=3)
    forget_mails(session)

    outcome = operations.set_places(
        session,
        event_id=event.id,
        places={event.sessions[0].key: PlacesPlan(3)},
        seen_version=1,
        actor=ACTOR,
        now=NOW,
    )
    session.commit()

    assert outcome == Outcome(offered=2)
    assert [states(session, b) for b in waiting] == [["offered"], ["offered"], ["waiting"]]
    assert mails(session) == ["events/offer", "events/offer"]
    assert taken(session, event) == [3]
    assert lines(session) == [
        (
            "date.places",
            f"Set the places of {event.title} on Wednesday 10 February 2027: 3 places.",
            "",
        )
    ]


def test_places_are_never_fewer_than_taken(session):
    event = make_event(session, capacity=3)
    fill(session, event, 0, people=2)
    key = event.sessions[0].key

    with pytest.raises(TooFewPlaces):
        operations.set_places(
            session,
            event_id=event.id,
            places={key: PlacesPlan(1)},
            seen_version=1,
            actor=ACTOR,
            now=NOW,
        )
    session.rollback()
    stated = {key: PlacesPlan(1, over_booking=1)}
    with pytest.raises(MarginsNeedReason):
        operations.set_places(
            session, event_id=event.id, places=stated, seen_version=1, actor=ACTOR, now=NOW
        )
    session.rollback()
    operations.set_places(
        session,
        event_id=event.id,
        places=stated,
        seen_version=1,
        reason="One never comes.",
        actor=ACTOR,
        now=NOW,
    )
    session.commit()

    line = session.scalars(select(AuditLine).where(AuditLine.action == "date.places")).one()
    assert line.reason == "One never comes."
    pool = event.sessions[0].pools[0]
    assert (pool.capacity, pool.over_booking, pool.taken) == (1, 1, 2)


def test_places_kept_back_are_offered_once_they_are_let_go(session):
    event = make_event(session, capacity=2)
    event.sessions[0].pools[0].kept_back = 1
    session.commit()
    book(session, event, 0)
    waiting = book(session, event, 0)
    places = {event.sessions[0].key: PlacesPlan(2, kept_back=0)}

    outcome = operations.set_places(
        session, event_id=event.id, places=places, seen_version=1, actor=ACTOR, now=NOW
    )
    session.commit()

    assert (outcome, states(session, waiting)) == (Outcome(offered=1), ["offered"])


def new_plan(starts_at=NOW + 60 * DAY):
    return DatePlan(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))


def add(session, event, plan):
    date = operations.add_date(
        session, event_id=event.id, plan=plan, capacity=12, actor=ACTOR, now=NOW
    )
    session.commit()
    return date


def test_an_added_date_can_be_booked(session):
    event = make_event(session)

    date = add(session, event, new_plan())
    booking = book(session, event, 1)

    assert event.sessions[1] is date
    assert (date.pools[0].capacity, date.pools[0].mode) == (12, Mode.ONLINE)
    assert states(session, booking) == ["confirmed"]
    assert event.version == 2


def test_a_published_event_gets_no_past_date(session):
    event = make_event(session)

    with pytest.raises(DateInThePast):
        add(session, event, new_plan(NOW - DAY))


def test_a_course_that_is_booked_gets_no_further_date(session):
    event = make_event(session, sessions=2, booked_as=BookedAs.WHOLE)
    book(session, event)

    with pytest.raises(CourseBooked):
        add(session, event, new_plan())


def remove(session, event, number):
    operations.remove_date(
        session,
        event_id=event.id,
        session_key=event.sessions[number].key,
        actor=ACTOR,
        now=NOW,
    )
    session.commit()


def test_a_date_of_a_draft_can_be_removed(session):
    event = make_event(session, sessions=2, status=EventStatus.DRAFT, published_at=None)

    remove(session, event, 0)

    assert len(session.scalars(select(EventSession.id)).all()) == 1
    assert session.scalars(select(Event.version)).all() == [2]


def test_what_was_published_stays_for_calendars(session):
    event = make_event(session, sessions=2)

    with pytest.raises(DatePublic):
        remove(session, event, 0)


def test_a_move_over_the_clock_change_keeps_utc_right(session):
    event = make_event(session, starts_at=datetime(2027, 3, 27, 14, tzinfo=UTC))
    date = event.sessions[0]
    summer = datetime(2027, 3, 29, 13, tzinfo=UTC)  # 2pm British Summer Time.

    move(session, event, plan_of(date, starts_at=summer, ends_at=summer + timedelta(hours=2)))

    assert lines(session)[0][1].startswith("Changed Saturday 27 March 2027, 2pm to 5:30pm GMT of")
    assert date.starts_at == summer
