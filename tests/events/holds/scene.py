"""An event at which everything can happen, and the people who want to come."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.audit.operations import Actor
from netapp.events.models import BookedAs, Event, EventMode, Question, QuestionKind
from netapp.people.models import Person
from tests.events.asked import question
from tests.factories import NOW, make_coordinator, make_event, make_member, make_person


@dataclass(frozen=True, slots=True)
class Desk:
    """Whoever arranges the event, and the organiser who is told of what people do."""

    actor: Actor
    questions: tuple[int, ...]  # Of the library.


def make_hybrid(session: Session, *, booked_as: BookedAs, chance: Random) -> Event:
    """Three dates, in person and online, with few places and a waiting list."""
    event = make_event(
        session,
        sessions=3,
        mode=EventMode.HYBRID,
        booked_as=booked_as,
        pass_limit=chance.randint(0, 3),
        starts_at=NOW + timedelta(days=chance.randint(3, 9), hours=2),
        runs_from=chance.choice([None, 3]),
        booking_opens_at=NOW + timedelta(hours=chance.choice([-24, -24, -24, 6])),
    )
    for date in event.sessions:
        for pool in date.pools:
            pool.capacity = chance.randint(1, 5)
            pool.kept_back = chance.randint(0, pool.capacity // 3)
    session.commit()
    return event


def make_desk(session: Session, event: Event) -> Desk:
    """A coordinator, another one who is the organiser, and a library of questions."""
    boss, organiser = make_coordinator(session), make_coordinator(session)
    event.organiser_id = organiser.id
    session.commit()
    asked = (
        question(session, "Which instrument do you bring?"),
        question(session, "Do you stay for lunch?", QuestionKind.YES_NO),
        question(session, "Which group?", QuestionKind.CHOICE, "Songs", "Drums"),
        question(session, "May we take pictures?", QuestionKind.CONSENT),
    )
    return Desk(Actor(boss.id, boss.name), tuple(each.id for each in asked))


def make_people(session: Session, number: int) -> list[int]:
    """Every second is a member; every fifth wants no invitations."""
    people = [(make_member if n % 2 else make_person)(session) for n in range(number)]
    for person in people[::5]:
        person.invitations = False
    session.commit()
    return [person.id for person in people]


def desk_of(session: Session, event_id: int) -> Desk:
    """The same desk again, for another process."""
    event = session.get_one(Event, event_id)
    found = select(Person.id).where(Person.id < event.organiser_id).order_by(Person.id.desc())
    boss = session.get_one(Person, session.scalars(found.limit(1)).one())
    return Desk(Actor(boss.id, boss.name), tuple(_library(session)))


def _library(session: Session) -> list[int]:
    return list(session.scalars(select(Question.id).order_by(Question.id)))
