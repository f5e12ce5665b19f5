"""When booking opens for somebody, they are told, once."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from netapp.events.errors import IdeaOver
from netapp.events.models import (
    Audience,
    BookingWindow,
    EventKind,
    EventMode,
    EventSession,
    EventStatus,
    Mode,
    Pool,
    WindowFor,
)
from netapp.events.operations import editing, ideas, interest, interest_letters, telling
from netapp.jobs.worker import Worker
from netapp.mail.models import OutboxMessage
from netapp.membership.models import Membership
from tests.events.interest.topics import (
    LATER,
    actor_of,
    closed_event,
    give,
    interests,
    make_idea,
)
from tests.events.scenes import book, fill, forget_mails, mails
from tests.factories import (
    NOW,
    make_coordinator,
    make_event,
    make_event_session,
    make_member,
    make_person,
)


def tell(session, now=LATER):
    """Until nothing is left, as the worker does; how many were told."""
    total = 0
    while done := telling.tell_interested(session, now):
        session.commit()
        total += done
    return total


def give_room(session, event, capacity):
    dates = select(EventSession.id).where(EventSession.event_id == event.id)
    session.execute(
        update(Pool).where(Pool.session_id.in_(dates)).values(capacity=capacity),
        execution_options={"synchronize_session": False},
    )
    session.commit()


def become_event(session, idea):
    boss = actor_of(make_coordinator(session))
    event = ideas.make_event(
        session,
        idea_id=idea.id,
        kind=EventKind.TRAINING,
        mode=EventMode.ONLINE,
        seen_version=1,
        actor=boss,
        now=NOW,
    )
    session.commit()
    return event, boss


def publish(session, event):
    """With a date, and booking that opens in a week."""
    date = make_event_session(LATER + timedelta(days=30), 2, Mode.ONLINE, 10)
    date.event_id = event.id
    session.add(date)
    event.status, event.published_at = EventStatus.PUBLISHED, NOW
    event.booking_opens_at = LATER
    session.commit()


def test_each_is_told_once(session):
    event = closed_event(session)
    people = [make_person(session) for _ in range(3)]
    for person in people:
        give(session, event, person)
    assert tell(session, LATER - timedelta(seconds=1)) == 0
    assert tell(session) == 3
    assert tell(session, LATER + timedelta(days=1)) == 0
    assert [mails(session, to=person) for person in people] == [["events/booking_open"]] * 3


def test_the_worker_tells_within_a_minute_of_the_opening(app, session, at):
    event, person = closed_event(session), make_person(session)
    give(session, event, person)
    worker = Worker(app)
    worker.prepare()
    for seconds in (-31, -1):
        with at(LATER + timedelta(seconds=seconds)):
            worker.round(only={"interest.tell"})
        assert mails(session) == []
    with at(LATER + timedelta(minutes=1)):
        worker.round(only={"interest.tell"})
    assert mails(session, to=person) == ["events/booking_open"]


def test_many_are_told_in_helpings(session, monkeypatch):
    monkeypatch.setattr(telling, "AT_A_TIME", 2)
    event = closed_event(session)
    for _ in range(5):
        give(session, event, make_person(session))
    assert telling.tell_interested(session, LATER) == 2
    session.commit()
    assert tell(session) == 3
    assert mails(session) == ["events/booking_open"] * 5


def test_members_before_everyone(session):
    event = closed_event(session)
    window = BookingWindow(
        event_id=event.id, who=WindowFor.MEMBERS, opens_at=LATER - timedelta(days=2)
    )
    session.add(window)
    session.commit()
    member, other = make_member(session), make_person(session)
    give(session, event, other)
    give(session, event, member)
    assert tell(session, LATER - timedelta(days=2)) == 1
    assert mails(session, to=member) == ["events/booking_open"]
    assert mails(session, to=other) == []
    assert tell(session) == 1
    assert mails(session, to=other) == ["events/booking_open"]


def test_whoever_cannot_book_is_not_told(session):
    event = closed_event(session, audience=Audience.MEMBERS)
    member = make_member(session)
    give(session, event, member)
    session.execute(delete(Membership), execution_options={"synchronize_session": False})
    session.commit()
    assert tell(session) == 0
    assert mails(session, to=member) == []


def test_a_crash_loses_neither_mail_nor_mark(session, monkeypatch):
    event, person = closed_event(session), make_person(session)
    give(session, event, person)
    real = interest_letters.booking_open

    def crash(*args, **kwargs):
        real(*args, **kwargs)
        raise RuntimeError("killed")

    monkeypatch.setattr(interest_letters, "booking_open", crash)
    with pytest.raises(RuntimeError):
        telling.tell_interested(session, LATER)
    session.rollback()
    assert (mails(session), [each.told_at for each in interests(session)]) == ([], [None])
    monkeypatch.setattr(interest_letters, "booking_open", real)
    assert tell(session) == 1
    assert mails(session) == ["events/booking_open"]


def test_whoever_has_booked_is_not_told(session):
    event, person = closed_event(session), make_person(session)
    give(session, event, person)
    book(session, event, 0, person=person, now=LATER)
    forget_mails(session)
    assert tell(session) == 0
    assert mails(session) == []


def test_a_place_that_comes_free_is_told(session):
    event = make_event(session, capacity=1, has_waiting_list=False)
    booking = fill(session, event, 0, people=1)[0]
    person = make_person(session)
    give(session, event, person)
    assert tell(session, NOW) == 0
    give_room(session, event, 2)
    assert tell(session, NOW) == 1
    assert mails(session, to=person) == ["events/booking_open"]
    assert booking.live


def test_asked_once_more_it_is_told_once_more(session):
    event, person = make_event(session, capacity=1, has_waiting_list=False), make_person(session)
    fill(session, event, 0, people=1)
    give(session, event, person)
    give_room(session, event, 2)
    assert tell(session, NOW) == 1
    fill(session, event, 0, people=1)
    give(session, event, person, now=NOW + timedelta(days=1))
    give_room(session, event, 3)
    assert tell(session, NOW + timedelta(days=2)) == 1
    assert mails(session, to=person) == ["events/booking_open"] * 2


def test_the_mail_says_when_only_the_waiting_list_is_open(session):
    event, person = closed_event(session, capacity=1), make_person(session)
    give(session, event, person)
    book(session, event, 0, now=LATER)
    forget_mails(session)
    tell(session)
    assert mails(session) == ["events/booking_open"]
    assert session.scalars(select(OutboxMessage)).one().subject == (
        f"{event.title}: booking is open for you"
    )


def test_the_interest_in_an_idea_follows_it_to_its_event(session):
    idea, person = make_idea(session), make_person(session)
    give(session, idea, person)
    event, _ = become_event(session, idea)
    assert (event.title, event.summary) == (idea.title, idea.words)
    later = make_person(session)
    give(session, idea, later)  # It is still shown, for the event is a draft.
    assert tell(session) == 0
    publish(session, event)
    assert tell(session, NOW) == 0
    assert tell(session) == 2
    assert mails(session, to=person) == mails(session, to=later) == ["events/booking_open"]


def test_an_idea_whose_event_was_cancelled_can_be_opened_again(session):
    idea, person = make_idea(session), make_person(session)
    give(session, idea, person)
    event, boss = become_event(session, idea)
    publish(session, event)
    with pytest.raises(IdeaOver):
        ideas.reopen_idea(session, idea_id=idea.id, seen_version=2, actor=boss, now=NOW)
    session.rollback()
    event.status = EventStatus.CANCELLED
    session.commit()
    ideas.reopen_idea(session, idea_id=idea.id, seen_version=2, actor=boss, now=NOW)
    session.commit()
    assert [(each.event_id, each.idea_id) for each in interests(session)] == [(None, idea.id)]


def test_a_draft_deleted_gives_the_interest_back_to_its_idea(session):
    idea, person = make_idea(session), make_person(session)
    give(session, idea, person)
    event, boss = become_event(session, idea)
    editing.delete_draft(session, event_id=event.id, seen_version=1, actor=boss, now=NOW)
    session.commit()
    assert [(each.event_id, each.idea_id) for each in interests(session)] == [(None, idea.id)]
    assert interest.lock_idea(session, idea.id).state.value == "open"
