"""The starting data: true where it says so, marked where it is made up, loaded once."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from netapp.demo.examples import HYBRID, MINIMUM, REPEATING, WINDOWS
from netapp.demo.operations.start import Added, start
from netapp.demo.people import SIGN_INS
from netapp.events.access_facts import facts_of
from netapp.events.models import (
    AccessNeed,
    Booking,
    Event,
    EventSession,
    EventTerm,
    HolidayCalendar,
    Place,
    PlaceState,
)
from netapp.events.operations.due import pools_that_differ
from netapp.extensions import db
from netapp.kernel.revisions import revision_of
from netapp.kernel.site import site_of
from netapp.kernel.words import dates_words, span_words
from netapp.kernel.zones import to_local
from netapp.membership.queries.belonging import is_current
from netapp.people import passwords
from netapp.people.models import Person, Role, RoleGrant
from netapp.vocabulary.models import Term
from netapp.vocabulary.operations import FILE
from tests.factories import NOW

LONDON = "Europe/London"
TERMS = len(list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())))
SERIES = {
    "Bollo Brook Sessions: Working With Chaos",
    "I Speak Music London launch events",
    "An introduction to data analysis and report writing",
    "Inclusive Practice in Action: Diversifying the Music Education Workforce",
}


def events_of(session, **marks):
    """For everybody; the group of the demo has its own."""
    return session.scalars(
        select(Event)
        .filter_by(**marks)
        .where(Event.group_id.is_(None))
        .options(
            selectinload(Event.sessions).options(
                selectinload(EventSession.segments), selectinload(EventSession.pools)
            )
        )
        .order_by(Event.id)
        .execution_options(populate_existing=True)
    ).all()


def rows(session):
    """How many rows each table has."""
    return {
        name: session.scalar(select(func.count()).select_from(table))
        for name, table in db.metadata.tables.items()
    }


def test_the_archive_holds_the_nine_dates_as_published(session, started):
    dates = [
        (event.title, date.starts_at, date.ends_at)
        for event in events_of(session, is_record=True)
        for date in event.sessions
    ]
    chaos = "Bollo Brook Sessions: Working With Chaos"
    speak = "I Speak Music London launch events"
    data = "An introduction to data analysis and report writing"
    action = "Inclusive Practice in Action: Diversifying the Music Education Workforce"

    def at(month, day, hour, minute=0):
        return datetime(2021, month, day, hour, minute, tzinfo=UTC)

    assert dates == [
        (chaos, at(1, 21, 14), at(1, 21, 17, 30)),
        (chaos, at(3, 18, 14), at(3, 18, 17, 30)),
        (chaos, at(5, 13, 13), at(5, 13, 16, 30)),  # British Summer Time.
        (speak, at(1, 22, 14), at(1, 22, 16)),
        (speak, at(1, 29, 14), at(1, 29, 16)),
        (speak, at(2, 5, 14), at(2, 5, 16)),
        (data, at(2, 23, 10), at(2, 23, 12)),
        (action, at(3, 11, 9, 30), at(3, 11, 17)),
        (action, at(3, 12, 9, 30), at(3, 12, 17)),
    ]


@pytest.mark.one_database
def test_the_archive_reads_as_it_was_published(session, started):
    chaos, speak, data, action = events_of(session, is_record=True)
    assert {event.zone for event in (chaos, speak, data, action)} == {LONDON}
    assert [span_words(d.starts_at, d.ends_at, LONDON) for d in chaos.sessions] == [
        "Thursday 21 January 2021, 2pm to 5:30pm GMT",
        "Thursday 18 March 2021, 2pm to 5:30pm GMT",
        "Thursday 13 May 2021, 2pm to 5:30pm BST",
    ]
    assert dates_words([d.starts_at for d in speak.sessions], LONDON) == (
        "Fridays 22 and 29 January, 5 February 2021"
    )
    assert [
        [(segment.title, segment.starts_at, segment.ends_at) for segment in date.segments]
        for date in speak.sessions
    ] == [[("Social time", date.ends_at, None)] for date in speak.sessions]
    assert [date.segments for date in (*chaos.sessions, *data.sessions, *action.sessions)] == [
        [] for _ in range(6)
    ]
    assert [span_words(d.starts_at, d.ends_at, LONDON) for d in action.sessions] == [
        "Thursday 11 March 2021, 9:30am to 5pm GMT",
        "Friday 12 March 2021, 9:30am to 5pm GMT",
    ]
    assert [event.slug for event in (chaos, speak, data, action)] == [
        "bollo-brook-sessions-working-with-chaos-2021",
        "i-speak-music-london-launch-events-2021",
        "an-introduction-to-data-analysis-and-report-writing-2021",
        "inclusive-practice-in-action-diversifying-the-music-education-workforce-2021",
    ]


@pytest.mark.one_database
def test_nothing_is_invented_about_the_past(session, started):
    records = events_of(session, is_record=True)
    not_published = (
        *("summary", "description", "mode", "theme", "hosts", "partners", "who_for", "cost"),
        *("access_contact_name", "access_contact_email", "organiser_id"),
    )
    assert [getattr(e, name) for e in records for name in not_published] == [None] * 44
    assert [event.access_facts for event in records] == [[], [], [], []]
    details = [
        (date.title, date.place, date.join_link, date.note, date.pools)
        for event in records
        for date in event.sessions
    ]
    assert details == [(None, None, None, None, [])] * 9
    ids = [event.id for event in records]
    assert session.scalars(select(EventTerm).where(EventTerm.event_id.in_(ids))).all() == []
    assert session.scalars(select(Booking).where(Booking.event_id.in_(ids))).all() == []
    assert [event.is_sample for event in records] == [False] * 4


@pytest.mark.one_database
def test_the_season_is_the_same_series_moved_by_whole_weeks(session, started):
    past = {event.title: event for event in events_of(session, is_record=True)}
    season = {event.title: event for event in events_of(session, is_sample=True)}
    examples = season.keys() - past.keys()
    assert past.keys() == season.keys() - examples == SERIES
    assert examples == {example.title for example in (HYBRID, MINIMUM, WINDOWS, REPEATING)}

    def wall(date):
        return [
            to_local(moment, LONDON).replace(tzinfo=None)
            for moment in (date.starts_at, date.ends_at)
        ]

    moves = {
        new_time - old_time
        for title, event in season.items()
        if title in past
        for new, old in zip(event.sessions, past[title].sessions, strict=True)
        for new_time, old_time in zip(wall(new), wall(old), strict=True)
    }
    assert moves == {timedelta(weeks=315)}
    first = min(date.starts_at for event in season.values() for date in event.sessions)
    assert first == datetime(2027, 2, 4, 14, tzinfo=UTC)
    assert first - NOW >= timedelta(weeks=3)
    last = season["Bollo Brook Sessions: Working With Chaos"].sessions[2]
    assert span_words(last.starts_at, last.ends_at, LONDON) == (
        "Thursday 27 May 2027, 2pm to 5:30pm BST"
    )


@pytest.mark.one_database
def test_the_season_can_be_booked_and_says_that_it_is_a_sample(session, started):
    season = events_of(session, is_sample=True)[:4]
    facts = [
        (
            event.slug,
            event.kind.value,
            event.mode.value,
            event.booked_as.value,
            event.theme.value,
            event.art.value,
            [date.pools[0].capacity for date in event.sessions],
            event.sessions[0].place or event.sessions[0].join_link,
        )
        for event in season
    ]
    meeting = "https://meet.example.org/sample"
    assert facts == [
        (
            "bollo-brook-sessions-working-with-chaos-2027",
            *("training", "online", "by_session", "inclusion", "chaos", [24, 24, 26], meeting),
        ),
        (
            "i-speak-music-london-launch-events-2027",
            *("launch", "in_person", "by_session", "progression", "routes", [80, 80, 80]),
            "Sample Hall, 1 Sample Street, London",
        ),
        (
            "an-introduction-to-data-analysis-and-report-writing-2027",
            *("training", "online", "by_session", "evidence", "calm", [20], meeting),
        ),
        (
            "inclusive-practice-in-action-diversifying-the-music-education-workforce-2027",
            *("conference", "in_person", "whole", "workforce", "meet", [250, 250]),
            "Sample Conference Centre, 2 Sample Street, London",
        ),
    ]
    assert [event.description.splitlines()[-1] for event in season] == [
        "*This is a sample: the text, the places and the prices are made up.*"
    ] * 4
    assert {event.access_contact_email for event in season} == {"access@demo.example"}
    assert [event.is_record for event in season] == [False] * 4


@pytest.mark.one_database
def test_what_samples_say_about_access_is_all_understood(session, started):
    for event in events_of(session, is_sample=True):
        assert len(facts_of(event.access_facts)) == len(event.access_facts) >= 2


@pytest.mark.one_database
def test_one_sample_date_is_full_with_people_waiting_and_one_nearly_full(session, started):
    chaos = events_of(session, is_sample=True)[0]

    def count(date, state):
        wanted = Place.session_id == date.id, Place.state == state
        return session.scalar(select(func.count()).select_from(Place).where(*wanted))

    assert [
        (count(date, PlaceState.CONFIRMED), count(date, PlaceState.WAITING), date.pools[0].free)
        for date in chaos.sessions
    ] == [(22, 0, 2), (13, 0, 11), (24, 3, 0)]


@pytest.mark.one_database
def test_every_pool_counts_its_places(session, started):
    assert pools_that_differ(session) == []


@pytest.mark.one_database
def test_everybody_of_the_demo_is_marked(session, started):
    people = session.scalars(select(Person)).all()
    assert [person.is_demo for person in people] == [True] * len(people)
    assert {person.email.partition("@")[2] for person in people} == {"demo.example"}
    assert {"Sample" in person.name for person in people} == {True}
    needs = session.scalars(select(AccessNeed.person_id)).all()
    assert set(needs) <= {person.id for person in people}


@pytest.mark.one_database
def test_the_three_sign_ins_work_and_are_what_they_say(session, started):
    found = [
        (
            person.name,
            passwords.is_right(person.password_hash, details.password),
            session.get(RoleGrant, (person.id, Role.COORDINATOR)) is not None,
            is_current(session, person.id, at=NOW),
        )
        for details in SIGN_INS
        for person in session.scalars(select(Person).where(Person.email == details.email))
    ]
    assert found == [
        ("Jo Sample", True, True, True),
        ("Amara Sample", True, False, True),
        ("Robin Sample", True, False, False),
    ]


@pytest.mark.one_database
def test_their_passwords_would_be_accepted_from_anyone(session):
    for details in SIGN_INS:
        passwords.check(details.password, context=[details.name, details.email])


def test_the_first_run_says_what_it_added(session, started):
    assert started == Added(
        terms=TERMS, organisations=27, groups=2, past_events=4, sample_events=8, sign_ins=3
    )


def test_a_second_run_adds_nothing(session, started):
    before, shown = rows(session), revision_of(session, "events")
    later = NOW + timedelta(days=40)
    assert start(session, now=later) == Added(
        terms=0, organisations=0, groups=0, past_events=0, sample_events=0, sign_ins=0
    )
    assert rows(session) == before
    assert revision_of(session, "events") == shown


@pytest.mark.one_database
def test_what_a_coordinator_changed_stays(session, started):
    record = events_of(session, is_record=True)[0]
    record.summary = "Found in an old programme."
    session.flush()
    start(session, now=NOW)
    assert events_of(session, is_record=True)[0].summary == "Found in an old programme."


@pytest.mark.one_database
def test_outside_demo_mode_there_is_the_vocabulary_and_the_archive_only(
    session, monkeypatch, outside_demo
):
    added = start(session, now=NOW)
    assert added == Added(
        terms=TERMS, organisations=27, groups=2, past_events=4, sample_events=0, sign_ins=0
    )
    assert session.scalars(select(Person.id)).all() == []
    assert len(session.scalars(select(Term.id)).all()) == TERMS
    assert [event.is_record for event in events_of(session)] == [True] * 4


@pytest.mark.one_database
def test_the_command_says_what_it_did_and_how_to_sign_in(app, session):
    run = app.test_cli_runner().invoke
    first = run(args=["demo", "start"])
    shown = revision_of(session, "events")
    second = run(args=["demo", "start"])
    assert first.output.splitlines() == [
        f"Starting data: {TERMS} terms, 27 organisations, 2 groups, 4 past events, 8 "
        "sample events and 3 sign-ins added.",
        "Sign in as:",
        "  coordinator   coordinator@demo.example    lantern-quaver-marmalade",
        "  member        member@demo.example         kettle-semibreve-walnut",
        "  not a member  visitor@demo.example        umbrella-crotchet-fig",
        "The coordinator is asked for a second step; the page says its code.",
    ]
    assert second.output.splitlines()[0] == "Starting data: all there."
    session.expire_all()
    assert revision_of(session, "events") == shown
    assert site_of(session).demo is True


@pytest.mark.one_database
def test_school_holidays_are_made_up_say_so_and_come_once(session, started):
    start(session, now=NOW)
    (calendar,) = session.scalars(
        select(HolidayCalendar).options(selectinload(HolidayCalendar.holidays))
    )
    assert (calendar.area, calendar.is_sample) == ("Sample Council", True)
    assert {one.source for one in calendar.holidays} == {
        "Made up for the demo: ask the council for real ones"
    }
    assert [(h.name, h.first_day, h.last_day) for h in calendar.holidays][2:4] == [
        ("February half term", date(2027, 2, 15), date(2027, 2, 19)),
        ("Easter", date(2027, 3, 22), date(2027, 4, 2)),
    ]


@pytest.mark.one_database
def test_the_group_of_the_demo_meets_and_is_marked(session, started, visitor, sign_in):
    (amara,) = session.scalars(select(Person).where(Person.name == "Amara Sample"))
    sign_in(amara)
    page = visitor.open("/groups/sample-planning-group").text
    assert "Sample" in page
    assert "Planning the summer" in page
    assert "Book captions for every session of the summer" in page
