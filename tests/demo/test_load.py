"""Invented data: as much as its size says, marked everywhere, and right in itself."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from netapp.audit.models import AuditLine
from netapp.demo.errors import AlreadyLoaded, DemoModeOnly
from netapp.demo.operations.load import Loaded, load
from netapp.demo.operations.load_people import HOST
from netapp.demo.sizes import size_named
from netapp.events.models import (
    AccessNeed,
    Attendee,
    Booking,
    Event,
    EventSession,
    Place,
    PlaceState,
    Pool,
)
from netapp.events.operations.due import pools_that_differ
from netapp.events.operations.needs import text_of
from netapp.events.operations.needs_deleting import delete_old_needs
from netapp.kernel.db import unit_of_work
from netapp.kernel.zones import to_local
from netapp.mail.models import MailState, OutboxMessage
from netapp.membership.queries.belonging import is_current
from netapp.people.models import Person, Role, RoleGrant
from tests.factories import NOW, make_event, make_person

SMALL = size_named("small")
LONDON = "Europe/London"


@pytest.fixture
def loaded(session, database):
    return database.made_once("load", session, lambda: load(session, size=SMALL, now=NOW))


def invented_events(session):
    titled = Event.title.startswith("Sample: ")
    return session.scalars(select(Event).where(titled).order_by(Event.id)).all()


def _coordinators(session):
    """Ids of the invented ones, apart from the demo's own who signs in."""
    theirs = select(Person.id).where(Person.email.endswith(f"@{HOST}"))
    return session.scalars(theirs).all()


def test_there_is_as_much_as_the_size_says(session, loaded):
    assert loaded == Loaded(
        members=40,
        events=6,
        dates=14,
        bookings=60,
        waiting=5,
        access_needs=8,
        messages=200,
        audit_lines=500,
    )
    ids = [event.id for event in invented_events(session)]

    def count(model, *conditions):
        return session.scalar(select(func.count()).select_from(model).where(*conditions))

    assert (
        len(ids),
        count(EventSession, EventSession.event_id.in_(ids)),
        count(Booking, Booking.event_id.in_(ids)),
        count(Person, Person.email.endswith(f"@{HOST}")),
        count(AccessNeed, AccessNeed.event_id.in_(ids)),
        count(OutboxMessage, OutboxMessage.state == MailState.SENT),
        count(AuditLine, AuditLine.actor_id.in_(_coordinators(session))),
    ) == (6, 14, 60, 43, 8, 200, 500)


@pytest.mark.one_database
def test_everything_says_that_it_is_made_up(session, loaded):
    events = invented_events(session)
    assert [event.is_sample for event in events] == [True] * 6
    people = session.scalars(select(Person).where(Person.email.endswith(f"@{HOST}"))).all()
    assert {person.is_demo for person in people} == {True}
    assert {person.password_hash for person in people} == {None}
    theirs = AuditLine.actor_id.in_(_coordinators(session))
    summaries = session.scalars(select(AuditLine.summary).where(theirs)).all()
    assert {summary.partition(":")[0] for summary in summaries} == {"Sample"}
    ids = [event.id for event in events]
    needs = session.scalars(select(AccessNeed).where(AccessNeed.event_id.in_(ids))).all()
    assert {text_of(session, need).partition(":")[0] for need in needs} == {"Sample"}


@pytest.mark.one_database
def test_every_pool_counts_its_places(session, loaded):
    assert pools_that_differ(session) == []


@pytest.mark.one_database
def test_nobody_waits_where_there_are_places(session, loaded):
    waited_for = select(Place.pool_id).where(Place.state == PlaceState.WAITING)
    pools = session.scalars(select(Pool).where(Pool.id.in_(waited_for))).all()
    assert {pool.free for pool in pools} == {0}


@pytest.mark.one_database
def test_bookings_and_their_places_belong_together(session, loaded):
    astray = (
        select(Place.id)
        .join(Attendee, Attendee.id == Place.attendee_id)
        .join(EventSession, EventSession.id == Place.session_id)
        .join(Booking, Booking.id == Place.booking_id)
        .join(Pool, Pool.id == Place.pool_id)
        .where(
            (Attendee.booking_id != Booking.id)
            | (Attendee.person_id != Booking.person_id)
            | (Place.person_id != Booking.person_id)
            | (EventSession.event_id != Booking.event_id)
            | (Pool.session_id != Place.session_id),
            Booking.is_party.is_(False),  # There the people are others than the booker.
        )
    )
    assert session.scalars(astray).all() == []


@pytest.mark.one_database
def test_a_series_crosses_the_clock_change_of_spring_and_one_that_of_autumn(session, loaded):
    offsets = []
    for event in invented_events(session)[:2]:
        dates = session.scalars(
            select(EventSession.starts_at)
            .where(EventSession.event_id == event.id)
            .order_by(EventSession.starts_at)
        ).all()
        first, last = to_local(dates[0], LONDON), to_local(dates[-1], LONDON)
        assert first.time() == last.time()
        offsets.append((first.utcoffset(), last.utcoffset()))
    hour, none = timedelta(hours=1), timedelta(0)
    assert offsets == [(none, hour), (hour, none)]


@pytest.mark.one_database
def test_members_are_members_and_coordinators_coordinators(session, loaded):
    people = session.scalars(select(Person).where(Person.email.endswith(f"@{HOST}"))).all()
    assert {is_current(session, person.id, at=NOW) for person in people} == {True}
    granted = select(func.count()).select_from(RoleGrant)
    roles = granted.where(RoleGrant.person_id.in_([person.id for person in people]))
    assert session.scalar(roles.where(RoleGrant.role == Role.COORDINATOR)) == 3


@pytest.mark.one_database
def test_a_part_of_the_access_needs_is_due_to_go(session, loaded):
    assert delete_old_needs(session, NOW) == 1


@pytest.mark.one_database
def test_the_same_seed_gives_the_same_data(session, database, loaded):
    def seen():
        session.expire_all()
        ids = [event.id for event in invented_events(session)]
        dates = select(EventSession.key, EventSession.starts_at, Event.slug, Event.published_at)
        bookings = select(Booking.reference, Booking.booked_at, Booking.live)
        return (
            session.execute(
                dates.join(EventSession.event)
                .where(EventSession.event_id.in_(ids))
                .order_by(EventSession.key)
            ).all(),
            session.execute(
                bookings.where(Booking.event_id.in_(ids)).order_by(Booking.reference)
            ).all(),
        )

    first = seen()
    session.close()
    database.empty()
    load(session, size=SMALL, now=NOW)
    assert seen() == first
    assert [len(rows) for rows in first] == [14, 60]


def test_rows_added_later_get_ids_of_their_own(session, loaded):
    session.commit()
    make_person(session)
    make_event(session)


@pytest.mark.one_database
def test_it_is_loaded_once_only(session, loaded):
    with pytest.raises(AlreadyLoaded):
        load(session, size=SMALL, now=NOW)


@pytest.mark.one_database
def test_outside_demo_mode_it_is_refused(session, outside_demo):
    with pytest.raises(DemoModeOnly), unit_of_work(session):
        load(session, size=SMALL, now=NOW)
    assert session.scalars(select(Person.id)).all() == []


@pytest.mark.one_database
def test_the_command_says_how_much_there_is_now_and_refuses_a_second_time(app):
    run = app.test_cli_runner().invoke
    first, second = run(args=["demo", "load", "small"]), run(args=["demo", "load", "small"])
    assert first.output.splitlines()[:3] == [
        "Loading the small set ...",
        "  members               40",
        "  events                 6",
    ]
    assert (second.exit_code, second.output.splitlines()[1]) == (
        1,
        "Error: Invented data is in this database already. To load another size, start with an "
        "empty data folder: INSTANCE=another-folder.",
    )
