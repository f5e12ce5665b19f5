"""Short words for what tests of interest do again and again."""

from datetime import timedelta

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.models import Idea, Interest
from netapp.events.operations import ideas, interest
from netapp.events.queries.topics import find_topic_of_event, find_topic_of_idea
from tests.factories import NOW, make_coordinator, make_event

LATER = NOW + timedelta(days=7)
"""When booking opens."""


def closed_event(session, **overrides):
    """An event whose booking opens in a week."""
    return make_event(session, **{"booking_opens_at": LATER, **overrides})


def actor_of(person):
    return Actor(person.id, person.name)


def make_idea(session, title="Songs in hospital schools", words="Writing songs together."):
    actor = actor_of(make_coordinator(session))
    idea = ideas.create_idea(
        session, title=title, words=words, term_ids=frozenset(), actor=actor, now=NOW
    )
    session.commit()
    return idea


def topic(session, thing):
    find = find_topic_of_idea if isinstance(thing, Idea) else find_topic_of_event
    found = find(session, thing.slug)
    assert found is not None
    return found


def give(session, thing, person, now=NOW):
    found = interest.give_interest(session, topic=topic(session, thing), person=person, now=now)
    session.commit()
    return found


def ask(session, thing, email="ada@example.org", name="Ada Byron", now=NOW):
    interest.ask_for_interest(session, topic=topic(session, thing), email=email, name=name, now=now)
    session.commit()


def interests(session):
    rows = select(Interest).order_by(Interest.id).execution_options(populate_existing=True)
    return session.scalars(rows).all()
