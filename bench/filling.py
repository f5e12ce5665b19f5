"""The data that is measured on, and what came of it: everything the bench does in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.servers import Site
from config import load_settings
from netapp import create_app
from netapp.demo.operations.bulk import insert_rows, reserve_ids
from netapp.demo.operations.load import load
from netapp.demo.sizes import Size
from netapp.events.models import (
    Art,
    Attendee,
    BookedAs,
    Booking,
    BookingSource,
    Event,
    EventKind,
    EventMode,
    EventSession,
    EventStatus,
    Mode,
    Place,
    PlaceState,
    Pool,
    Theme,
)
from netapp.events.operations.due import pools_that_differ
from netapp.extensions import db
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from netapp.kernel.revisions import raise_revision
from netapp.kernel.tokens import hash_token, new_key, new_reference, new_token
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations.kinds import CORE, load_kinds
from netapp.people.models import Authenticator, Person, Role, RoleGrant, SignIn


@contextmanager
def database_of(site: Site) -> Iterator[Session]:
    """A session on the site's database, in this process; committed at the end."""
    app: Flask = create_app(load_settings(site.environ()))
    with app.app_context():
        try:
            with unit_of_work(db.session):
                yield db.session()
        finally:
            db.session.remove()
            db.engine.dispose()


def load_network(site: Site, size: Size) -> None:
    with database_of(site) as session:
        load(session, size=size, now=clock.utcnow())


def add_coming_dates(site: Site, number: int) -> None:
    """Events of two dates each until there are this many dates to come."""
    now = clock.utcnow()
    with database_of(site) as session:
        coming = select(func.count()).select_from(EventSession)
        present = session.scalar(coming.where(EventSession.starts_at > now)) or 0
        for each in range((number - present) // 2):
            _add_event(session, f"measured-{each}", now, days=30 + each % 300, dates=2)
        raise_revision(session, "events", now)


def add_event(site: Site, slug: str, capacity: int | None) -> None:
    """One date in a month, booked by members in two requests."""
    now = clock.utcnow()
    with database_of(site) as session:
        _add_event(session, slug, now, days=30, dates=1, capacity=capacity)
        raise_revision(session, "events", now)


def _add_event(
    session: Session,
    slug: str,
    now: datetime,
    *,
    days: int,
    dates: int,
    capacity: int | None = 40,
) -> None:
    first = (now + timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    session.add(
        Event(
            key=new_key(),
            slug=slug,
            title=f"Sample: {slug.replace('-', ' ')}",
            summary="An afternoon on leading music sessions when nothing runs to plan.",
            description="We start by accepting that, and look at how to turn it to *use*.\n\n" * 3,
            kind=EventKind.TRAINING,
            status=EventStatus.PUBLISHED,
            mode=EventMode.ONLINE,
            theme=Theme.INCLUSION,
            art=Art.CHAOS,
            zone="Europe/London",
            access_facts=[{"kind": "captions", "text": ""}],
            access_contact_name="Sample coordinator",
            access_contact_email="access@demo.example",
            booked_as=BookedAs.BY_SESSION,
            is_sample=True,
            created_at=now,
            published_at=now,
            sessions=[
                EventSession(
                    key=new_key(),
                    starts_at=first + timedelta(weeks=week),
                    ends_at=first + timedelta(weeks=week, hours=2),
                    join_link="https://meet.example.org/sample",
                    created_at=now,
                    revised_at=now,
                    pools=[Pool(mode=Mode.ONLINE, capacity=capacity)],
                )
                for week in range(dates)
            ],
        )
    )
    session.flush()


def add_signed_in_members(site: Site, number: int, prefix: str) -> list[str]:
    """So many members, each signed in on one browser; returns the tokens of their cookies."""
    now = clock.utcnow()
    tokens = [new_token() for _ in range(number)]
    with database_of(site) as session:
        ids = list(reserve_ids(session, Person, number))
        common: dict[str, Any] = {"created_at": now, "is_demo": True}
        insert_rows(
            session,
            Person,
            (
                {
                    "id": person_id,
                    "key": new_key(),
                    "email": f"{prefix}-{n}@bench.example",
                    "name": f"Sample Member {n}",
                    "email_confirmed_at": now,
                    "registered_at": now,
                    **common,
                }
                for n, person_id in enumerate(ids)
            ),
        )
        load_kinds(session)
        core = session.scalars(select(MembershipKind).where(MembershipKind.slug == CORE)).one()
        insert_rows(
            session,
            Membership,
            (
                {
                    "key": new_key(),
                    "kind_id": core.id,
                    "person_id": i,
                    "starts_on": now.date(),
                    "granted_at": now,
                }
                for i in ids
            ),
        )
        insert_rows(
            session,
            SignIn,
            (
                {
                    "token_hash": hash_token(token),
                    "key": new_key(),
                    "person_id": person_id,
                    "device": "Bench",
                    "created_at": now,
                    "last_used_at": now,
                    "proved_at": now,
                    "ends_at": now + timedelta(days=1),
                }
                for person_id, token in zip(ids, tokens, strict=True)
            ),
        )
    return tokens


def add_signed_in_coordinator(site: Site) -> str:
    """A coordinator with a second factor, signed in with it; returns the token of their cookie."""
    now, token, key = clock.utcnow(), new_token(), new_key()
    with database_of(site) as session:
        person = Person(
            key=new_key(),
            email="coordinator@bench.example",
            name="Sample Coordinator",
            created_at=now,
            email_confirmed_at=now,
            registered_at=now,
            is_demo=True,
        )
        session.add(person)
        session.flush()
        session.add_all(
            [
                RoleGrant(person_id=person.id, role=Role.COORDINATOR, granted_at=now),
                Authenticator(
                    key=key, person_id=person.id, sealed=b"", created_at=now, confirmed_at=now
                ),
                SignIn(
                    token_hash=hash_token(token),
                    key=new_key(),
                    person_id=person.id,
                    device="Bench",
                    created_at=now,
                    last_used_at=now,
                    proved_at=now,
                    is_strong=True,
                    ends_at=now + timedelta(days=1),
                ),
            ]
        )
    return token


def add_booked_event(site: Site, slug: str, bookings: int) -> str:
    """An event of one date with so many confirmed bookings; returns its key."""
    now = clock.utcnow()
    add_event(site, slug, capacity=None)
    add_signed_in_members(site, bookings, slug)
    with database_of(site) as session:
        date = session.scalars(
            select(EventSession).join(EventSession.event).where(Event.slug == slug)
        ).one()
        pool = session.scalars(select(Pool).where(Pool.session_id == date.id)).one()
        people = session.scalars(
            select(Person).where(Person.email.startswith(f"{slug}-")).order_by(Person.id)
        ).all()
        for person in people:
            attendee = Attendee(person_id=person.id, name=person.name)
            place = Place(
                attendee=attendee,
                person_id=person.id,
                session_id=date.id,
                pool_id=pool.id,
                mode=pool.mode,
                state=PlaceState.CONFIRMED,
                created_at=now,
                confirmed_at=now,
            )
            session.add(
                Booking(
                    reference=new_reference(),
                    event_id=date.event_id,
                    person_id=person.id,
                    source=BookingSource.MEMBER,
                    name=person.name,
                    booked_at=now,
                    attendees=[attendee],
                    places=[place],
                )
            )
        pool.taken = len(people)
        event = session.get_one(Event, date.event_id)
        return event.key


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the database says after a rush."""

    bookings: int
    confirmed: int
    waiting: int
    in_order: bool
    pools_right: bool


def outcome_of(site: Site, slug: str, visits: list[tuple[str, float, float]]) -> Outcome:
    """``visits``: reference, when the form was sent, when it was answered.

    In order: whoever had an answer before another sent their form is not behind that other; all
    with a place are before all who wait, and these stand in the order of the list.
    """
    with database_of(site) as session:
        event_id = session.scalars(select(Event.id).where(Event.slug == slug)).one()
        found = session.execute(
            select(Booking.reference, Place.state)
            .join(Place, Place.booking_id == Booking.id)
            .where(Booking.event_id == event_id)
            .order_by(Place.waiting_since, Place.id)
        ).all()
        times = {reference: (sent, answered) for reference, sent, answered in visits}
        with_place = [row.reference for row in found if row.state is PlaceState.CONFIRMED]
        waiting = [row.reference for row in found if row.state is PlaceState.WAITING]
        return Outcome(
            bookings=len({row.reference for row in found}),
            confirmed=len(with_place),
            waiting=len(waiting),
            in_order=_is_in_order(times, with_place, waiting),
            pools_right=pools_that_differ(session) == [],
        )


def _is_in_order(
    times: dict[str, tuple[float, float]], with_place: list[str], waiting: list[str]
) -> bool:
    latest_sent = max((times[each][0] for each in with_place if each in times), default=0.0)
    for each in waiting:
        if each not in times:
            continue  # Their answer was lost; the errors say so.
        sent, answered = times[each]
        if answered < latest_sent:
            return False
        latest_sent = max(latest_sent, sent)
    return True


def slug_like(site: Site, beginning: str) -> str:
    """The address of the newest event whose address begins like this."""
    with database_of(site) as session:
        return session.scalars(
            select(Event.slug)
            .where(Event.slug.startswith(beginning))
            .order_by(Event.id.desc())
            .limit(1)
        ).one()
