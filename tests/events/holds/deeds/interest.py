"""Interest given, confirmed and taken back while booking opens and closes."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.events.models import Event, Interest
from netapp.events.operations import interest as operations
from netapp.events.queries.topics import Topic, topic_of_event
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person
from tests.events.holds.crowd import Crowd, Deed
from tests.events.holds.deeds.booking import GUESTS
from tests.mail.samples import bytes_of, parsed, part


def tap(crowd: Crowd, session: Session) -> Deed:
    person_id, topic, now = crowd.person(), _topic(crowd, session), crowd.now

    def do(own: Session) -> Any:
        person = own.get_one(Person, person_id)
        return operations.give_interest(own, topic=topic, person=person, now=now)

    return Deed("tap", do)


def ask(crowd: Crowd, session: Session) -> Deed:
    number, topic, now = crowd.chance.randrange(GUESTS), _topic(crowd, session), crowd.now
    email = f"guest{number}@example.org"

    def do(own: Session) -> Any:
        operations.ask_for_interest(own, topic=topic, email=email, name=f"Guest {number}", now=now)

    return Deed("ask for interest", do, asks=email)


def confirm(crowd: Crowd, session: Session) -> Deed | None:
    """The link in a guest's mail."""
    mails = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.message == "events/interest_asked")
        .order_by(OutboxMessage.id)
    ).all()
    if not mails:
        return None
    text, now = part(parsed(bytes_of(session, crowd.chance.choice(mails))), "plain"), crowd.now
    found = re.search(r"/interest/confirm/(\S+)", text)
    assert found
    token = found.group(1)
    return Deed("confirm", lambda s: operations.confirm_interest(s, token=token, now=now))


def take_back(crowd: Crowd, session: Session) -> Deed | None:
    ids = session.scalars(
        select(Interest.id).where(Interest.event_id == crowd.event_id).order_by(Interest.id)
    ).all()
    if not ids:
        return None
    chosen = crowd.chance.choice(ids)
    return Deed("take back", lambda s: operations.take_back(s, interest_id=chosen))


def _topic(crowd: Crowd, session: Session) -> Topic:
    return topic_of_event(session.get_one(Event, crowd.event_id))
