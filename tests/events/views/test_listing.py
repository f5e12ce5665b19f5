"""The lists of events: what is coming with filters, and what has been."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import (
    Art,
    Audience,
    BookedAs,
    EventKind,
    EventMode,
    EventStatus,
    EventTerm,
    Mode,
    Pool,
    Segment,
    SessionStatus,
    Theme,
)
from netapp.events.operations.booking import book as book_one
from netapp.events.queries.listing import EventCard, past_events, upcoming_events
from netapp.kernel.kept import forget_all
from netapp.kernel.revisions import raise_revision
from netapp.vocabulary.models import Term, TermKind
from tests.events.scenes import book, fill, wish
from tests.events.views.pages import section, titles, words
from tests.factories import NOW, make_event, make_person

AHEAD = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm in London.


def make_term(session, slug, label, position=1):
    term = Term(slug=slug, label=label, kind=TermKind.CIRCUMSTANCE, position=position)
    session.add(term)
    session.commit()
    return term


def tag(session, event, *terms):
    session.add_all(EventTerm(event_id=event.id, term_id=term.id) for term in terms)
    session.commit()


def test_what_is_coming_next_first(session, visitor):
    make_event(session, title="Later", starts_at=AHEAD + timedelta(days=9))
    make_event(session, title="Sooner")
    make_event(session, title="Running", starts_at=NOW - timedelta(hours=1))
    make_event(session, title="Over", starts_at=NOW - timedelta(days=1))
    make_event(session, title="Draft", status=EventStatus.DRAFT)
    visitor.open("/events")
    assert titles(visitor.text) == ["Running", "Sooner", "Later"]


def test_a_series_stands_by_its_next_date(session, visitor):
    make_event(session, title="Series", sessions=3, starts_at=NOW - timedelta(days=6))
    make_event(session, title="Tomorrow", starts_at=NOW + timedelta(days=2))
    visitor.open("/events")
    assert titles(visitor.text) == ["Series", "Tomorrow"]


def test_what_a_card_says(session):
    event = make_event(
        session,
        sessions=3,
        title="Working With Chaos",
        summary="Three afternoons",
        theme=Theme.INCLUSION,
        art=Art.CHAOS,
        mode=Mode.IN_PERSON,
        audience=Audience.MEMBERS,
        is_sample=True,
    )
    fill(session, event, 0, people=0)
    assert upcoming_events(session, now=NOW, limit=3) == [
        EventCard(
            key=event.key,
            slug=event.slug,
            title="Working With Chaos",
            summary="Three afternoons",
            kind_words="Training",
            theme="inclusion",
            when_words="Wednesdays 10, 17 and 24 February 2027",
            time_words="2pm to 5:30pm GMT",
            place_words="Room 1, Example House, London",
            first_start=AHEAD,
            next_start=AHEAD,
            zone="Europe/London",
            status="published",
            is_sample=True,
            members_only=True,
            places_words="10 places left on Wednesday 10 February",
        )
    ]


def card_of(session, event, now=NOW):
    raise_revision(session, "events", now)
    session.commit()
    return next(c for c in upcoming_events(session, now=now, limit=50) if c.key == event.key)


@pytest.mark.parametrize(
    ("options", "taken", "said"),
    [
        ({"capacity": 4}, 0, "4 places left"),
        ({"capacity": 4}, 3, "1 place left"),
        ({"capacity": 1}, 1, "Full, waiting list open"),
        ({"capacity": 1, "has_waiting_list": False}, 1, "Full"),
        ({"capacity": None}, 1, ""),
        ({"capacity": 2, "sessions": 2, "booked_as": BookedAs.WHOLE}, 1, "1 place left"),
        (
            {"booking_opens_at": NOW + timedelta(days=3)},
            0,
            "Booking opens Thursday 14 January 2027",
        ),
        ({"booking_closes_at": NOW - timedelta(days=3)}, 0, ""),
    ],
)
def test_places_in_words(session, options, taken, said):
    event = make_event(session, **options)
    whole = options.get("booked_as") is BookedAs.WHOLE
    for _ in range(taken):
        book(session, event, *(() if whole else (0,)))
    assert card_of(session, event).places_words == said


@pytest.mark.parametrize(
    ("room", "online", "taken", "said"),
    [
        (1, 24, 1, "Full in person, 24 places left online"),
        (5, 24, 1, "4 places left in person, 24 online"),
        (1, None, 1, "Full in person, places online"),
        (None, None, 1, ""),
    ],
)
def test_each_way_to_take_part_is_counted(session, room, online, taken, said):
    event = make_event(session, mode=EventMode.HYBRID)
    pools = {pool.mode: pool for pool in session.scalars(select(Pool)).all()}
    pools[Mode.IN_PERSON].capacity, pools[Mode.ONLINE].capacity = room, online
    session.commit()
    wished = wish(event, 0, mode=Mode.IN_PERSON)
    book_one(session, event_id=event.id, person=make_person(session), wish=wished, now=NOW)
    session.commit()
    assert card_of(session, event).places_words == said


def test_the_date_that_still_has_places(session):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 0)
    assert card_of(session, event).places_words == "1 place left on Wednesday 17 February"


def test_times_and_places_that_differ(session):
    event = make_event(session, sessions=2, mode=Mode.IN_PERSON)
    event.sessions[1].place = "Elsewhere"
    event.sessions[1].ends_at += timedelta(hours=1)
    session.commit()
    card = card_of(session, event)
    assert (card.time_words, card.place_words) == ("", "Several places")


def test_summer_and_winter_time_in_one_series(session):
    event = make_event(session, sessions=2)
    event.sessions[1].starts_at += timedelta(weeks=8, hours=-1)  # 2pm on 14 April, in BST.
    event.sessions[1].ends_at += timedelta(weeks=8, hours=-1)
    session.commit()
    assert card_of(session, event).time_words == "2pm to 5:30pm UK time"


def test_social_time_afterwards(session):
    event = make_event(session, hours=2)
    starts_at = AHEAD + timedelta(hours=2)
    date = event.sessions[0]
    session.add(Segment(session_id=date.id, title="Social time", starts_at=starts_at))
    session.commit()
    assert card_of(session, event).time_words == "2pm to 4pm GMT, then social time from 4pm"


def test_a_long_row_of_dates_is_counted(session):
    event = make_event(session, sessions=9)
    assert card_of(session, event).when_words == (
        "9 dates from Wednesday 10 February 2027 to Wednesday 7 April 2027"
    )


def test_a_cancelled_date_is_left_out_and_a_cancelled_event_is_marked(session, visitor):
    event = make_event(session, sessions=2, title="One date less")
    event.sessions[0].status = SessionStatus.CANCELLED
    make_event(session, title="Off", status=EventStatus.CANCELLED)
    session.commit()
    visitor.open("/events")
    assert titles(visitor.text) == ["Off", "One date less"]
    row = section(visitor.text, '<li class="off">', "</li>")
    assert row == "10 Feb Off Cancelled Wednesday 10 February 2027 2pm to 5:30pm GMT Online"
    assert "Wednesday 17 February 2027" in words(visitor.text)
    assert [card.title for card in upcoming_events(session, now=NOW, limit=5)] == ["One date less"]


@pytest.fixture
def season(session):
    """Six events that differ in all that can be filtered."""
    send = make_term(session, "send", "Special needs", 1)
    neet = make_term(session, "neet", "Out of work", 2)
    events = {
        "A": make_event(session, title="A", theme=Theme.INCLUSION),
        "B": make_event(session, title="B", theme=Theme.WORKFORCE, mode=Mode.IN_PERSON),
        "C": make_event(session, title="C", kind=EventKind.MEETING, theme=Theme.INCLUSION),
        "D": make_event(session, title="D", starts_at=AHEAD + timedelta(days=40)),
        "E": make_event(session, title="E", mode=Mode.IN_PERSON, kind=EventKind.LAUNCH),
        "F": make_event(session, title="F", sessions=8, theme=Theme.EVIDENCE),
    }
    tag(session, events["A"], send, neet)
    tag(session, events["D"], neet)
    return events


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", "ABCEFD"),
        ("?kind=training", "ABFD"),
        ("?kind=meeting&kind=launch", "CE"),
        ("?mode=in_person", "BE"),
        ("?theme=inclusion&theme=workforce", "ABC"),
        ("?theme=inclusion&kind=meeting", "C"),
        ("?month=2027-03", "FD"),
        ("?month=2027-02&month=2027-03&theme=evidence", "F"),
        ("?term=neet", "AD"),
        ("?term=neet&term=send&month=2027-03", "D"),
        ("?kind=training&mode=in_person&theme=inclusion", ""),
        ("?kind=nothing&theme=x%27%22%3Cb%3E&month=2027-13&term=%00", "ABCEFD"),
        ("?unknown=1&page=nothing", "ABCEFD"),
    ],
)
def test_filters(visitor, season, asked, found):
    visitor.open("/events" + asked)
    assert visitor.page.status_code == 200
    assert "".join(titles(visitor.text)) == found


def test_each_filter_says_how_much_it_leaves(visitor, season):
    visitor.open("/events?kind=meeting&theme=inclusion")
    form = visitor.text.split('id="filters"', 1)[1].split("</form>", 1)[0]
    groups = {
        words(group.split("</legend>")[0]): words(group.split("</legend>")[1])
        for group in form.split("<legend>")[1:]
    }
    assert groups["Kind of event"] == (
        "Meeting , 1 event 1 Training , 1 event 1 Launch , 0 events 0"
    )
    assert groups["Theme"] == (
        "Inclusion in practice , 1 event 1 Workforce and training , 0 events 0"
        " Evidence and evaluation , 0 events 0"
    )
    assert groups["Month"].startswith("February 2027 , 1 event 1 March 2027 , 0 events 0")


def test_filters_in_use_can_be_taken_away_one_by_one(visitor, season):
    visitor.open("/events?kind=meeting&kind=training&mode=online")
    chips = visitor.text.split('<ul class="applied"', 1)[1].split("</ul>", 1)[0]
    assert words(chips.split(">", 1)[1]) == (
        "Meeting : take this filter away Training : take this filter away"
        " Online : take this filter away Clear all"
    )
    assert 'href="/events?kind=training&amp;mode=online"' in chips
    visitor.open("/events?kind=training&mode=online")
    assert "".join(titles(visitor.text)) == "AFD"


def test_the_form_of_filters_works_without_script(visitor, season):
    visitor.open("/events")
    visitor.send("/events", theme=["inclusion", "evidence"], mode="online")
    assert "".join(titles(visitor.text)) == "ACF"
    assert section(visitor.text, 'id="rc">', "</h2>") == "3 events of 6"


def test_nothing_fits(visitor, season):
    visitor.open("/events?month=2030-01")
    assert "Nothing fits all of these filters." in words(visitor.text)
    assert 'href="/events">Clear all filters' in visitor.text


def test_an_empty_list_has_a_next_step(visitor):
    visitor.open("/events")
    assert "Nothing is in the diary yet." in words(visitor.text)
    visitor.open("/events/past")
    assert "Nothing has happened yet." in words(visitor.text)


def test_pages_of_a_long_list_keep_the_filters(session, visitor):
    for number in range(30):
        make_event(session, title=f"Event {number:02}", starts_at=AHEAD + timedelta(hours=number))
    visitor.open("/events?kind=training")
    assert titles(visitor.text) == [f"Event {number:02}" for number in range(25)]
    assert 'href="/events?kind=training&amp;page=2"' in visitor.text
    visitor.open("/events?kind=training&page=2")
    assert titles(visitor.text) == [f"Event {number:02}" for number in range(25, 30)]
    visitor.open("/events?kind=training&page=999")
    assert titles(visitor.text) == [f"Event {number:02}" for number in range(25, 30)]


def test_past_events_newest_first_with_a_search(session, visitor):
    for days, title in [(400, "Bollo Brook: Chaos"), (30, "Data 100%"), (90, "Chaos again")]:
        make_event(session, title=title, starts_at=NOW - timedelta(days=days))
    make_event(session, title="Coming chaos")
    visitor.open("/events/past")
    assert titles(visitor.text) == ["Data 100%", "Chaos again", "Bollo Brook: Chaos"]
    visitor.send("/events/past", q="CHAOS")
    assert titles(visitor.text) == ["Chaos again", "Bollo Brook: Chaos"]
    visitor.send("/events/past", q="chaos bollo")
    assert titles(visitor.text) == ["Bollo Brook: Chaos"]


@pytest.mark.parametrize(
    "typed", ["100%", "%", "_", "' OR 1=1 --", "<script>alert(1)</script>", "x" * 5000, "\x00z", ""]
)
def test_odd_words_are_only_words(session, visitor, typed):
    make_event(session, title="Data 100%", starts_at=NOW - timedelta(days=30))
    page = visitor.client.get("/events/past", query_string={"q": typed})
    assert page.status_code == 200
    assert titles(page.text) == (["Data 100%"] if typed in ("100%", "%", "") else [])
    assert "<script>alert" not in page.text


def test_past_events_in_pages(session, visitor):
    for number in range(30):
        make_event(session, title=f"Past {number:02}", starts_at=NOW - timedelta(days=number + 1))
    visitor.open("/events/past?q=past&page=2")
    assert titles(visitor.text) == [f"Past {number:02}" for number in range(25, 30)]


def test_a_hostile_title_is_text(session, visitor):
    title = "<script>alert('x')</script> & \"quotes\""
    make_event(session, title=title)
    visitor.open("/events")
    assert titles(visitor.text) == [title]
    assert "<script>alert" not in visitor.text


@pytest.mark.parametrize("path", ["/events", "/events/past"])
def test_a_list_costs_the_same_with_one_row_and_with_thirty(session, client, count_queries, path):
    begins = AHEAD if path == "/events" else NOW - timedelta(days=60)
    costs = []
    for number in (1, 29):
        for _ in range(number):
            event = make_event(session, sessions=2, starts_at=begins, theme=Theme.EVIDENCE)
            date = event.sessions[0]
            session.add(Segment(session_id=date.id, title="Tea", starts_at=begins))
        session.commit()
        forget_all()
        with count_queries() as statements:
            assert client.get(path).status_code == 200
        costs.append(len(statements))
    assert costs == [9, 9]


def test_a_list_that_was_kept_costs_two_queries_and_tells_of_each_booking(
    session, client, count_queries
):
    event = make_event(session, capacity=3)
    raise_revision(session, "events", NOW)
    session.commit()
    client.get("/events")
    with count_queries() as statements:
        page = client.get("/events")
    assert (len(statements), "3 places left" in page.text) == (2, True)
    book(session, event, 0, person=make_person(session))
    assert "2 places left" in client.get("/events").text


def test_past_and_coming_change_places_by_time_alone(session, client, at):
    make_event(session, title="Today", starts_at=NOW + timedelta(hours=1), hours=1)
    raise_revision(session, "events", NOW)
    session.commit()
    assert titles(client.get("/events").text) == ["Today"]
    with at(NOW + timedelta(hours=3)):
        assert titles(client.get("/events").text) == []
        assert titles(client.get("/events/past").text) == ["Today"]
        found = past_events(session, words="", number=1, now=NOW + timedelta(hours=3))
        assert [card.next_start for card in found.items] == [None]
