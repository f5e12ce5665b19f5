"""Acts of a coordinator that reach many at once: how long each holds the event, and with SQLite the
database, from its first statement to the end of its commit."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date as date_type
from datetime import datetime, timedelta
from datetime import time as time_of_day

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench import filling
from bench.servers import Site
from netapp.audit.operations import Actor
from netapp.demo.operations.bulk import insert_rows
from netapp.events.models import (
    Attendee,
    Booking,
    BookingSource,
    Event,
    EventSession,
    Place,
    PlaceState,
    Rhythm,
    SentInvitation,
)
from netapp.events.operations import patterns
from netapp.events.operations.cancelling import cancel_event
from netapp.events.pattern_plans import PatternPlan
from netapp.events.queries import manage
from netapp.events.queries import patterns as queries
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from netapp.kernel.tokens import new_reference
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person

DESK = Actor(None, "Bench")
BOOKINGS = 1000
DATES = 200
PEOPLE = 50  # Each has a place in every tenth of the dates: a thousand places in all.


@dataclass(frozen=True, slots=True)
class Act:
    """``seconds`` by the clock, ``processor`` of it at work here; ``mails`` that it queued."""

    name: str
    seconds: float
    processor: float
    mails: int


def measure(site: Site) -> list[Act]:
    """Alone on the database: neither a server nor a worker runs."""
    return [_cancel(site), _move(site)]


def _cancel(site: Site) -> Act:
    key = filling.add_booked_event(site, "to-cancel", BOOKINGS)
    with filling.database_of(site) as session:
        event = session.scalars(select(Event).where(Event.key == key)).one()
        _invite_all(session, event.id)
        return _timed(
            f"cancel an event of {BOOKINGS:,} bookings",
            session,
            lambda now: cancel_event(
                session,
                event_id=event.id,
                reason="The trainer is ill.",
                seen_version=event.version,
                actor=DESK,
                now=now,
            ),
        )


def _move(site: Site) -> Act:
    filling.add_event(site, "to-move", capacity=None)
    filling.add_signed_in_members(site, PEOPLE, "to-move")
    with filling.database_of(site) as session:
        event_id = session.scalars(select(Event.id).where(Event.slug == "to-move")).one()
        _repeat(session, event_id, clock.utcnow())
        session.commit()
        session.expire_all()
        _book_by_turns(session, event_id)
        _invite_all(session, event_id)
        event = _event(session, event_id)
        pattern = queries.pattern_by_key(
            session, event, queries.pattern_lines(session, event)[-1].key
        )
        assert pattern is not None
        later = replace(
            queries.plan_of(pattern), starts=time_of_day(15, 5), ends=time_of_day(17, 5)
        )
        acts = queries.acts_of_changed_pattern(
            session, event, pattern, later, along=(), now=clock.utcnow()
        )
        assert len(acts.moved) == DATES
        return _timed(
            f"move {DATES} dates with {BOOKINGS:,} places",
            session,
            lambda now: patterns.change_pattern(
                session,
                event_id=event.id,
                pattern_key=pattern.key,
                plan=later,
                seen=acts.digest,
                seen_version=pattern.version,
                actor=DESK,
                now=now,
            ),
        )


def _timed(name: str, session: Session, act: Callable[[datetime], object]) -> Act:
    before = _mails(session)
    session.commit()
    began, used = time.perf_counter(), time.process_time()
    with unit_of_work(session):
        act(clock.utcnow())
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    return Act(name, seconds, processor, _mails(session) - before)


def _mails(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def _event(session: Session, event_id: int) -> Event:
    key = session.scalars(select(Event.key).where(Event.id == event_id)).one()
    event = manage.event_by_key(session, key)
    assert event is not None
    return event


def _repeat(session: Session, event_id: int, now: datetime) -> None:
    """As many dates as a pattern can have, one a week."""
    first: date_type = (now + timedelta(days=30)).date()
    plan = PatternPlan(
        rhythm=Rhythm.WEEKLY,
        every=1,
        weekdays=(first.weekday(),),
        nth=None,
        starts=time_of_day(14, 5),
        ends=time_of_day(16, 5),
        second=None,
        first_day=first,
        number=DATES,
        join_link="https://meet.example.org/other",
        capacity=40,
    )
    seen = queries.acts_of_new_pattern(session, _event(session, event_id), plan, now=now).digest
    patterns.add_pattern(session, event_id=event_id, plan=plan, seen=seen, actor=DESK, now=now)


def _book_by_turns(session: Session, event_id: int) -> None:
    now = clock.utcnow()
    dates = _event(session, event_id).sessions[-DATES:]
    people = session.scalars(
        select(Person).where(Person.email.startswith("to-move-")).order_by(Person.id)
    ).all()
    for number, person in enumerate(people):
        attendee = Attendee(person_id=person.id, name=person.name)
        theirs = dates[number % 10 :: 10]
        session.add(
            Booking(
                reference=new_reference(),
                event_id=event_id,
                person_id=person.id,
                source=BookingSource.MEMBER,
                name=person.name,
                booked_at=now,
                attendees=[attendee],
                places=[_place(attendee, person, date, now) for date in theirs],
            )
        )
    session.commit()
    session.expire_all()


def _place(attendee: Attendee, person: Person, date: EventSession, now: datetime) -> Place:
    pool = date.pools[0]
    pool.taken += 1
    return Place(
        attendee=attendee,
        person_id=person.id,
        session_id=date.id,
        pool_id=pool.id,
        mode=pool.mode,
        state=PlaceState.CONFIRMED,
        created_at=now,
        confirmed_at=now,
    )


def _invite_all(session: Session, event_id: int) -> None:
    """Everybody has the invitation for what they booked in their calendar."""
    rows = session.execute(
        select(Place.session_id, Place.person_id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(Booking.event_id == event_id)
    ).all()
    insert_rows(
        session,
        SentInvitation,
        (
            {"session_id": date, "person_id": person, "messages": 1, "standing": True}
            for date, person in rows
        ),
    )
    session.commit()
