"""Making an event and editing it: who learns of what, and what is fixed once booked."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.events.errors import AddressTaken, BookedAsFixed, ModeBooked
from netapp.events.models import (
    BookedAs,
    EventKind,
    EventMode,
    EventStatus,
    EventTerm,
    FormerSlug,
    Mode,
)
from netapp.events.operations import creating, editing
from netapp.events.operations.revising import Outcome
from netapp.events.plans import AccessAnswers, DatePlan, NewEvent
from netapp.kernel.errors import StaleEdit
from netapp.kernel.revisions import revision_of
from netapp.vocabulary.models import Term, TermKind
from tests.events.manage.editing_scenes import dates, save
from tests.events.manage.plans import ACTOR, details_of, lines, rules_of
from tests.events.scenes import book, forget_mails, mails
from tests.factories import NOW, make_coordinator, make_event

START = datetime(2027, 2, 11, 14, tzinfo=UTC)


def create(session, title="Working With Chaos"):
    plan = NewEvent(
        title=title,
        kind=EventKind.TRAINING,
        mode=EventMode.ONLINE,
        first=DatePlan(starts_at=START, ends_at=START + timedelta(hours=3)),
        capacity=24,
    )
    event = creating.create_event(session, plan=plan, actor=ACTOR, now=NOW)
    session.commit()
    return event


def test_a_new_event_is_a_draft_with_one_date(session):
    event = create(session)

    (only,) = dates(session, event)
    assert (event.slug, event.status, event.zone) == (
        "working-with-chaos",
        EventStatus.DRAFT,
        "Europe/London",
    )
    assert (only.starts_at, only.ends_at) == (START, START + timedelta(hours=3))
    assert revision_of(session, "events") == (0, None)
    assert lines(session) == [("event.create", "Added the event Working With Chaos.", "")]


def test_two_events_of_one_title_have_two_addresses(session):
    assert [create(session).slug, create(session).slug, create(session).slug] == [
        "working-with-chaos",
        "working-with-chaos-2",
        "working-with-chaos-3",
    ]


def test_a_new_title_reaches_calendars_and_those_with_a_place(session):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 0, 1)
    book(session, event, 0)  # Waits: has nothing in a calendar.
    forget_mails(session)
    old = event.title

    outcome = save(session, event, details_of(event, title="Calm in Chaos"))

    assert outcome == Outcome(told=1)
    assert [d.sequence for d in event.sessions] == [1, 1]
    assert mails(session) == ["events/event_renamed", "events/invitation", "events/invitation"]
    assert (event.version, event.slug != "calm-in-chaos") == (2, True)
    assert lines(session)[-1] == ("event.edit", "Changed Calm in Chaos: title.", "")
    assert old != event.title


def test_another_summary_changes_calendars_quietly(session):
    event = make_event(session)
    book(session, event, 0)
    forget_mails(session)
    later = NOW + timedelta(hours=1)

    outcome = save(session, event, details_of(event, summary="Bring a friend."), now=later)

    only = event.sessions[0]
    assert (outcome, mails(session)) == (Outcome(), [])
    assert (only.sequence, only.revised_at) == (0, later)


def test_a_description_is_not_in_calendars_but_pages_learn_of_it(session):
    event = make_event(session)
    before = revision_of(session, "events")[0]

    save(session, event, details_of(event, description="# Hello"), now=NOW + timedelta(hours=1))

    assert event.sessions[0].revised_at == NOW
    assert revision_of(session, "events")[0] == before + 1


def test_saving_what_is_there_changes_nothing(session):
    event = make_event(session)

    save(session, event, details_of(event))

    assert (event.version, lines(session)) == (1, [])


def test_a_former_address_leads_on_and_can_be_taken_back(session):
    event = make_event(session, slug="old")

    save(session, event, details_of(event, slug="new"))
    kept = session.scalars(select(FormerSlug.slug)).all()
    save(session, event, details_of(event, slug="old"))

    assert kept == ["old"]
    assert (event.slug, session.scalars(select(FormerSlug.slug)).all()) == ("old", ["new"])


def test_an_address_that_another_event_has_or_had_is_refused(session):
    first = make_event(session, slug="first")
    save(session, first, details_of(first, slug="first-now"))
    other = make_event(session)

    for taken in ("first", "first-now"):
        with pytest.raises(AddressTaken):
            save(session, other, details_of(other, slug=taken))
        session.rollback()


def test_a_stale_edit_changes_nothing(session):
    event = make_event(session)

    with pytest.raises(StaleEdit):
        save(session, event, details_of(event, title="Mine"), seen_version=7)


def test_online_or_in_person_is_fixed_once_booked(session):
    event = make_event(session)
    save(session, event, details_of(event, mode=EventMode.IN_PERSON))
    session.refresh(event.sessions[0], ["pools"])
    switched = event.sessions[0].pools[0].mode
    book(session, event, 0)

    with pytest.raises(ModeBooked):
        save(session, event, details_of(event, mode=EventMode.ONLINE))
    assert switched is Mode.IN_PERSON


def test_once_booked_a_second_way_to_take_part_can_be_added_and_none_taken_away(session):
    event = make_event(session, mode=Mode.IN_PERSON, sessions=2)
    book(session, event, 0)
    save(session, event, details_of(event, mode=EventMode.HYBRID))
    pools = [[(pool.mode, pool.taken) for pool in date.pools] for date in dates(session, event)]
    assert pools == [
        [(Mode.IN_PERSON, 1), (Mode.ONLINE, 0)],
        [(Mode.IN_PERSON, 0), (Mode.ONLINE, 0)],
    ]
    session.refresh(event)
    with pytest.raises(ModeBooked):
        save(session, event, details_of(event, mode=EventMode.IN_PERSON))


def test_terms_are_those_that_were_ticked(session):
    event = make_event(session)
    terms = [
        Term(slug=f"t{n}", label=f"T{n}", kind=TermKind.CIRCUMSTANCE, position=n) for n in range(3)
    ]
    session.add_all(terms)
    session.commit()
    ids = [term.id for term in terms]

    save(session, event, details_of(event, term_ids=frozenset(ids[:2])))
    save(session, event, details_of(event, term_ids=frozenset(ids[1:])))

    assert sorted(session.scalars(select(EventTerm.term_id)).all()) == ids[1:]


def save_rules(session, event, rules):
    editing.save_booking_rules(
        session,
        event_id=event.id,
        rules=rules,
        seen_version=event.version,
        actor=ACTOR,
        now=NOW,
    )
    session.commit()


def test_rules_are_kept_but_whole_or_single_is_fixed_once_booked(session):
    event = make_event(session, sessions=2)
    organiser = make_coordinator(session)

    save_rules(
        session,
        event,
        rules_of(
            event,
            booked_as=BookedAs.WHOLE,
            has_waiting_list=False,
            offer_hours=48,
            change_until_hours=24,
            organiser_id=organiser.id,
        ),
    )
    book(session, event)

    assert (event.booked_as, event.offer_hours, event.organiser_id, event.version) == (
        BookedAs.WHOLE,
        48,
        organiser.id,
        2,
    )
    with pytest.raises(BookedAsFixed):
        save_rules(session, event, rules_of(event, booked_as=BookedAs.BY_SESSION))


def test_access_is_kept_in_the_order_given(session):
    event = make_event(session)
    access = AccessAnswers((("bsl", "on request"), ("captions", "")), "Sam", "sam@example.org")

    editing.save_access(
        session, event_id=event.id, access=access, seen_version=1, actor=ACTOR, now=NOW
    )
    session.commit()

    assert event.access_facts == [
        {"kind": "bsl", "text": "on request"},
        {"kind": "captions", "text": ""},
    ]
    assert (event.access_contact_name, event.access_contact_email) == ("Sam", "sam@example.org")
