"""Adding, copying, editing, publishing and deleting events."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.events.errors import (
    AddressTaken,
    AlreadyPublished,
    BookedAsFixed,
    ModeBooked,
    NotReady,
    OnlyDrafts,
)
from netapp.events.models import (
    BookedAs,
    Event,
    EventKind,
    EventMode,
    EventSession,
    EventStatus,
    EventTerm,
    FormerSlug,
    Mode,
    Theme,
)
from netapp.events.operations import creating, editing
from netapp.events.operations.revising import Outcome
from netapp.events.plans import AccessAnswers, DatePlan, NewEvent
from netapp.events.queries.readiness import missing_for
from netapp.kernel.errors import StaleEdit
from netapp.kernel.revisions import revision_of
from netapp.kernel.zones import TimeAmbiguous, TimeSkipped
from netapp.vocabulary.models import Term, TermKind
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


def dates(session, event):
    found = select(EventSession).where(EventSession.event_id == event.id)
    return session.scalars(found.order_by(EventSession.starts_at)).all()


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


def copy(session, source, first_day, **more):
    event = creating.copy_event(
        session,
        event_id=source.id,
        title=f"Copy of {source.title}",
        first_day=first_day,
        actor=ACTOR,
        now=NOW,
        **more,
    )
    session.commit()
    return event


def test_no_event_stands_where_the_archive_is(session):
    event = make_event(session)

    assert creating.free_slug(session, "past") == "past-2"
    with pytest.raises(AddressTaken):
        save(session, event, details_of(event, slug="past"))


def test_a_copy_keeps_local_times_over_the_clock_change(session):
    source = make_event(session, sessions=2, starts_at=datetime(2027, 3, 20, 14, tzinfo=UTC))
    source.booking_opens_at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    session.commit()

    event = copy(session, source, date(2027, 10, 23))

    assert [d.starts_at for d in dates(session, event)] == [
        datetime(2027, 10, 23, 13, tzinfo=UTC),  # 2pm British Summer Time
        datetime(2027, 10, 30, 13, tzinfo=UTC),
    ]
    assert event.booking_opens_at == datetime(2027, 10, 4, 8, tzinfo=UTC)  # 9am


def test_a_copy_has_everything_but_the_bookings(session):
    source = make_event(
        session,
        sessions=2,
        summary="How to stay calm.",
        theme=Theme.INCLUSION,
        cost="Free",
        access_facts=[{"kind": "captions", "text": "at every date"}],
        booked_as=BookedAs.WHOLE,
        is_sample=True,
    )
    source.sessions[0].pools[0].kept_back = 2
    term = Term(slug="send", label="SEND", kind=TermKind.CIRCUMSTANCE, position=1)
    session.add(term)
    session.flush()
    session.add(EventTerm(event_id=source.id, term_id=term.id))
    session.commit()
    book(session, source)

    event = copy(session, source, date(2027, 6, 9))

    copied = [getattr(event, name) for name in creating.COPIED]
    assert copied == [getattr(source, name) for name in creating.COPIED]
    assert (event.title, event.status) == (f"Copy of {source.title}", EventStatus.DRAFT)
    assert (event.is_sample, event.published_at) == (False, None)
    assert [d.pools[0].taken for d in dates_with_pools(session, event)] == [0, 0]
    assert [d.pools[0].kept_back for d in dates_with_pools(session, event)] == [2, 0]
    assert session.scalars(select(EventTerm.event_id).order_by(EventTerm.event_id)).all() == [
        source.id,
        event.id,
    ]


def dates_with_pools(session, event):
    ids = [d.id for d in dates(session, event)]
    from_database = select(EventSession).where(EventSession.id.in_(ids))
    found = session.scalars(from_database.order_by(EventSession.id)).all()
    for each in found:
        session.refresh(each, ["pools"])
    return found


def test_a_copy_never_falls_into_the_hour_that_does_not_exist(session):
    source = make_event(session, starts_at=datetime(2027, 3, 21, 1, 30, tzinfo=UTC))

    with pytest.raises(TimeSkipped):
        copy(session, source, date(2027, 3, 28))


def test_a_copy_asks_which_of_the_doubled_hours_is_meant(session):
    source = make_event(session, starts_at=datetime(2027, 10, 24, 0, 30, tzinfo=UTC), hours=3)

    with pytest.raises(TimeAmbiguous):
        copy(session, source, date(2027, 10, 31))
    session.rollback()
    event = copy(session, source, date(2027, 10, 31), second=True)

    assert dates(session, event)[0].starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def save(session, event, details, **more):
    outcome = editing.save_details(
        session,
        event_id=event.id,
        details=details,
        **({"seen_version": event.version, "actor": ACTOR, "now": NOW} | more),
    )
    session.commit()
    return outcome


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


def test_a_draft_can_be_deleted_and_a_published_event_cannot(session):
    event = draft(session)
    other = make_event(session)

    editing.delete_draft(session, event_id=event.id, seen_version=1, actor=ACTOR, now=NOW)
    session.commit()

    assert session.scalars(select(Event.id)).all() == [other.id]
    assert session.scalars(select(EventSession.event_id)).all() == [other.id]
    with pytest.raises(OnlyDrafts):
        editing.delete_draft(session, event_id=other.id, seen_version=1, actor=ACTOR, now=NOW)
