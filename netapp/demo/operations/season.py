"""The sample season: the past series once more, ahead of us, with everything there is to try."""

from datetime import datetime

from sqlalchemy import select

from netapp.demo.operations.archive import dated, slug_with_year
from netapp.demo.operations.examples.load import load_examples
from netapp.demo.people import HOST, SIGN_INS, invented_name
from netapp.demo.queries import has_sample_events
from netapp.demo.samples import (
    CLOSING,
    CONTACT_EMAIL,
    CONTACT_NAME,
    JOIN_LINK,
    SAMPLES,
    Sample,
)
from netapp.demo.season import first_day_of, moved_to_season
from netapp.demo.series import Series, past_series
from netapp.events.models import (
    Attendee,
    Booking,
    BookingEntry,
    BookingSource,
    Event,
    EventMode,
    EventSession,
    EventStatus,
    EventTerm,
    Place,
    PlaceState,
    Pool,
)
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key, new_reference
from netapp.kernel.zones import to_local
from netapp.people.models import Person
from netapp.vocabulary.queries import find_terms


def load_season(session: DbSession, *, now: datetime) -> int:
    """Add the sample season, once; returns how many events that were.

    Needs the vocabulary, the sign-ins (the demo's coordinator is told of changes) and the
    school holidays.
    """
    if has_sample_events(session):
        return 0
    here = to_local(now, site_of(session).zone).replace(tzinfo=None)
    season = moved_to_season(past_series(), here)
    organiser_id = session.scalar(select(Person.id).where(Person.email == SIGN_INS[0].email))
    people = _add_people(session, now)
    for series in season:
        sample = SAMPLES[series.slug]
        event = _sample_event(session, series, sample, organiser_id, now)
        _fill(session, event, sample, people, now)
    examples = load_examples(session, guests=people, first_day=first_day_of(season), now=now)
    return len(season) + examples


def _sample_event(
    session: DbSession, series: Series, sample: Sample, organiser_id: int | None, now: datetime
) -> Event:
    event = Event(
        key=new_key(),
        slug=slug_with_year(series),
        title=series.title,
        summary=sample.summary,
        description=f"{sample.description}\n\n{CLOSING}",
        kind=series.kind,
        status=EventStatus.PUBLISHED,
        mode=sample.mode,
        theme=sample.theme,
        art=sample.art,
        zone=series.zone,
        hosts=site_of(session).name,
        who_for=sample.who_for,
        cost=sample.cost,
        access_facts=[{"kind": kind, "text": text} for kind, text in sample.access],
        access_contact_name=CONTACT_NAME,
        access_contact_email=CONTACT_EMAIL,
        booked_as=sample.booked_as,
        organiser_id=organiser_id,
        is_sample=True,
        created_at=now,
        published_at=now,
        sessions=[dated(day, series.zone, now) for day in series.dates],
    )
    for number, date in enumerate(event.sessions):
        date.place = sample.place
        date.join_link = JOIN_LINK if sample.mode is EventMode.ONLINE else None
        date.pools = [
            Pool(mode=sample.mode.modes[0], capacity=sample.capacity, taken=sample.held[number])
        ]
    session.add(event)
    session.flush()
    terms = find_terms(session, sample.terms)
    session.add_all(EventTerm(event_id=event.id, term_id=term.id) for term in terms)
    return event


def _add_people(session: DbSession, now: datetime) -> list[Person]:
    """Invented people enough for the fullest date, none of whom can sign in."""
    number = max(
        sum(each) for s in SAMPLES.values() for each in zip(s.held, s.waiting, strict=True)
    )
    people = [
        Person(
            key=new_key(),
            email=f"sample-person-{n}@{HOST}",
            name=invented_name(n),
            created_at=now,
            is_demo=True,
        )
        for n in range(number)
    ]
    session.add_all(people)
    session.flush()
    return people


def _fill(
    session: DbSession, event: Event, sample: Sample, people: list[Person], now: datetime
) -> None:
    """Give the first people of the list their places, and let the next ones wait."""
    for number, person in enumerate(people):
        states = {
            date: PlaceState.CONFIRMED if number < held else PlaceState.WAITING
            for date, held, waiting in zip(event.sessions, sample.held, sample.waiting, strict=True)
            if number < held + waiting
        }
        if states:
            _book(session, event, person, states, now)
    session.flush()


def _book(
    session: DbSession,
    event: Event,
    person: Person,
    states: dict[EventSession, PlaceState],
    now: datetime,
) -> None:
    attendee = Attendee(person_id=person.id, name=person.name)
    booking = Booking(
        reference=new_reference(),
        event_id=event.id,
        person_id=person.id,
        source=BookingSource.GUEST,
        name=person.name,
        booked_at=now,
        attendees=[attendee],
        places=[
            Place(
                attendee=attendee,
                person_id=person.id,
                session_id=date.id,
                pool_id=date.pools[0].id,
                mode=date.pools[0].mode,
                state=state,
                created_at=now,
                confirmed_at=now if state is PlaceState.CONFIRMED else None,
                waiting_since=now if state is PlaceState.WAITING else None,
            )
            for date, state in states.items()
        ],
    )
    session.add(booking)
    session.flush()
    session.add(BookingEntry(booking_id=booking.id, at=now, what="Booked.", by=""))
