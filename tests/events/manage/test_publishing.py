"""Publishing a draft, and what must be there before."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.errors import AlreadyPublished, NotReady, OnlyDrafts
from netapp.events.models import Event, EventSession, EventStatus, Mode
from netapp.events.operations import editing
from netapp.events.queries.readiness import missing_for
from netapp.kernel.revisions import revision_of
from tests.events.manage.plans import ACTOR, lines
from tests.factories import NOW, make_event


def draft(session, **more):
    values = {
        "status": EventStatus.DRAFT,
        "published_at": None,
        "access_facts": [{"kind": "unchecked", "text": ""}],
    }
    return make_event(session, **(values | more))


def publish(session, event, now=NOW):
    editing.publish_event(
        session, event_id=event.id, seen_version=event.version, actor=ACTOR, now=now
    )
    session.commit()


def test_publishing_shows_a_draft_in_calendars(session):
    event = draft(session)
    later = NOW + timedelta(hours=2)

    publish(session, event, now=later)

    only = event.sessions[0]
    assert (event.status, event.published_at, only.sequence, only.revised_at) == (
        EventStatus.PUBLISHED,
        later,
        0,
        later,
    )
    assert revision_of(session, "events")[0] == 1
    assert lines(session) == [("event.publish", f"Published {event.title}.", "")]
    with pytest.raises(AlreadyPublished):
        publish(session, event)


def test_what_is_missing_is_said_in_words(session):
    event = draft(
        session,
        mode=Mode.IN_PERSON,
        access_facts=[],
        access_contact_name=None,
        access_contact_email=None,
    )
    event.sessions[0].place = None
    session.commit()

    assert [(m.words, m.tab) for m in missing_for(event, event.sessions, NOW)] == [
        ("Say where it is on Wednesday 10 February 2027.", "dates"),
        ("Name a person to ask about access, with an email address.", "access"),
        ("Say what you know about access, or that it has not been checked.", "access"),
    ]
    with pytest.raises(NotReady):
        publish(session, event)


def test_each_date_to_book_must_lie_ahead(session):
    event = draft(session, sessions=2, starts_at=NOW - timedelta(days=1))

    assert [(m.words, m.tab) for m in missing_for(event, event.sessions, NOW)] == [
        ("The date Sunday 10 January 2027 is in the past. Move or remove it.", "dates")
    ]
    with pytest.raises(NotReady):
        publish(session, event)


def test_an_event_needs_a_date(session):
    event = draft(session, sessions=0)

    assert [(m.words, m.tab) for m in missing_for(event, event.sessions, NOW)] == [
        ("Add a date that is still to come.", "dates")
    ]


def test_a_record_of_what_took_place_needs_no_date_to_come(session):
    event = draft(session, is_record=True, starts_at=NOW - timedelta(days=1))

    publish(session, event)

    assert event.status is EventStatus.PUBLISHED


def test_a_draft_can_be_deleted_and_a_published_event_cannot(session):
    event = draft(session)
    other = make_event(session)

    editing.delete_draft(session, event_id=event.id, seen_version=1, actor=ACTOR, now=NOW)
    session.commit()

    assert session.scalars(select(Event.id)).all() == [other.id]
    assert session.scalars(select(EventSession.event_id)).all() == [other.id]
    with pytest.raises(OnlyDrafts):
        editing.delete_draft(session, event_id=other.id, seen_version=1, actor=ACTOR, now=NOW)
