"""What every example needs: who is there, when it is, and how an event is made and booked.

Everything is done by the operations that the pages use, so that mail, calendars and the activity
log are what they are after a real booking.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.demo.examples import Example
from netapp.demo.people import SIGN_INS
from netapp.demo.samples import CONTACT_EMAIL, CONTACT_NAME, JOIN_LINK
from netapp.demo.season import skip_break
from netapp.demo.term_dates import invented_holidays, next_term_day
from netapp.events.models import Event, EventMode, Mode
from netapp.events.operations.booking import Party, Wish, book, book_as_guest
from netapp.events.operations.creating import create_event
from netapp.events.operations.editing import publish_event, save_access, save_details
from netapp.events.plans import (
    NOTHING_TOLD,
    AccessAnswers,
    DatePlan,
    Details,
    NewEvent,
    Telling,
)
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local, to_utc
from netapp.people.models import Person
from netapp.vocabulary.queries import find_terms


@dataclass(frozen=True, slots=True)
class Scene:
    """``guests``: invented people who cannot sign in. ``first_day``: of the sample season."""

    session: DbSession
    now: datetime
    first_day: date
    coordinator: Actor
    member: Person
    visitor: Person
    guests: Sequence[Person]

    @property
    def zone(self) -> str:
        return site_of(self.session).zone

    @property
    def today(self) -> date:
        return to_local(self.now, self.zone).date()

    def at(self, day: date, hour: time) -> datetime:
        """By the clock on the wall."""
        return to_utc(datetime.combine(day, hour), self.zone)

    def day_of(self, example: Example) -> date:
        day = skip_break(self.first_day + timedelta(days=example.day))
        return next_term_day(day, invented_holidays(self.today)) if example.in_term else day

    def slot_of(self, example: Example) -> DatePlan:
        starts_at = self.at(self.day_of(example), example.starts)
        return DatePlan(
            starts_at=starts_at,
            ends_at=starts_at + example.length,
            place=example.place,
            join_link=None if example.mode is EventMode.IN_PERSON else JOIN_LINK,
        )


def set_scene(
    session: DbSession, guests: Sequence[Person], first_day: date, now: datetime
) -> Scene:
    """With the demo's sign-ins, who must be there."""

    def whoever(what: str) -> Person:
        (email,) = (each.email for each in SIGN_INS if each.what == what)
        return session.scalars(select(Person).where(Person.email == email)).one()

    coordinator = whoever("coordinator")
    return Scene(
        session=session,
        now=now,
        first_day=first_day,
        coordinator=Actor(coordinator.id, coordinator.name),
        member=whoever("member"),
        visitor=whoever("not a member"),
        guests=guests,
    )


def draft(scene: Scene, example: Example) -> Event:
    """With its date, its words and what is known about access; marked as a sample."""
    event = create_event(
        scene.session,
        plan=NewEvent(
            title=example.title,
            kind=example.kind,
            mode=example.mode,
            first=scene.slot_of(example),
            capacity=example.capacity,
            online_capacity=example.online_capacity,
        ),
        actor=scene.coordinator,
        now=scene.now,
    )
    event.is_sample = True
    scene.session.flush()
    save_details(
        scene.session,
        event_id=event.id,
        details=Details(
            title=example.title,
            slug=event.slug,
            kind=example.kind,
            mode=example.mode,
            summary=example.summary,
            description=example.description,
            theme=example.theme,
            art=example.art,
            hosts=site_of(scene.session).name,
            who_for=example.who_for,
            cost=example.cost,
            term_ids=frozenset(term.id for term in find_terms(scene.session, example.terms)),
        ),
        seen_version=event.version,
        actor=scene.coordinator,
        now=scene.now,
    )
    return save_access(
        scene.session,
        event_id=event.id,
        access=AccessAnswers(example.access, CONTACT_NAME, CONTACT_EMAIL),
        seen_version=event.version,
        actor=scene.coordinator,
        now=scene.now,
    )


def publish(scene: Scene, event: Event) -> Event:
    return publish_event(
        scene.session,
        event_id=event.id,
        seen_version=event.version,
        actor=scene.coordinator,
        now=scene.now,
    )


def sign_in_and_book(
    scene: Scene,
    event: Event,
    person: Person,
    *,
    dates: Sequence[int] | None = None,
    mode: Mode | None = None,
    telling: Telling = NOTHING_TOLD,
    party: Party | None = None,
) -> None:
    """As one of the demo's sign-ins; ``dates`` by number, None: all of a course."""
    wish = Wish(
        session_keys=_keys(event, dates), name=person.name, mode=mode, telling=telling, party=party
    )
    book(scene.session, event_id=event.id, person=person, wish=wish, now=scene.now)


def guests_book(
    scene: Scene,
    event: Event,
    guests: Sequence[Person],
    *,
    dates: Sequence[int],
    mode: Mode | None = None,
) -> None:
    for guest in guests:
        wish = Wish(session_keys=_keys(event, dates), name=guest.name, mode=mode)
        book_as_guest(scene.session, event_id=event.id, email=guest.email, wish=wish, now=scene.now)


def _keys(event: Event, dates: Sequence[int] | None) -> list[str] | None:
    return None if dates is None else [event.sessions[number].key for number in dates]
