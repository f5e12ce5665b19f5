"""Invented data in three sizes, the same each time: to see screens full, and to measure."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import select

from netapp.demo.errors import AlreadyLoaded, DemoModeOnly
from netapp.demo.operations.load_bookings import load_bookings
from netapp.demo.operations.load_events import load_events
from netapp.demo.operations.load_papers import load_audit_lines, load_messages, load_needs
from netapp.demo.operations.load_people import HOST, load_people
from netapp.demo.operations.start import start
from netapp.demo.plan import plan_series
from netapp.demo.queries import has_person
from netapp.demo.sizes import Size
from netapp.events.models import PlaceState
from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many of each were made."""

    members: int
    events: int
    dates: int
    bookings: int
    waiting: int
    access_needs: int
    messages: int
    audit_lines: int


def load(session: DbSession, *, size: Size, now: datetime) -> Loaded:
    """Load the starting data and, beside it, invented data; all of it is marked.

    The same size at the same moment gives the same rows. Nobody else can write until the commit.
    Raises ``DemoModeOnly``, and ``AlreadyLoaded`` where any size was loaded before.
    """
    if not site_of(session).demo:
        raise DemoModeOnly
    start(session, now=now)  # It writes first, so that two of us go one by one.
    if has_person(session, f"person-0@{HOST}"):
        raise AlreadyLoaded
    chance = Random(size.name)  # noqa: S311 - nothing secret
    here = to_local(now, site_of(session).zone).replace(tzinfo=None)
    members, coordinators = load_people(session, size=size, chance=chance, now=now)
    terms = list(session.scalars(select(Term).order_by(Term.position)))
    plans = plan_series(size, chance, here)
    events = load_events(session, plans=plans, terms=terms, chance=chance)
    bookings = load_bookings(
        session, size=size, events=events, members=members, chance=chance, now=now
    )
    raise_revision(session, "events", now)
    return Loaded(
        members=len(members),
        events=len(events),
        dates=sum(len(event.dates) for event in events),
        bookings=len(bookings),
        waiting=sum(booking.state is PlaceState.WAITING for booking in bookings),
        access_needs=load_needs(session, size=size, bookings=bookings, chance=chance, now=now),
        messages=load_messages(session, size=size, bookings=bookings, chance=chance),
        audit_lines=load_audit_lines(
            session, size=size, bookings=bookings, coordinators=coordinators, chance=chance
        ),
    )
