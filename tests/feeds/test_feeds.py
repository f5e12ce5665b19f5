from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from netapp.events.models import (
    Audience,
    EventKind,
    EventStatus,
    EventTerm,
    FormerSlug,
    Mode,
    Segment,
    SessionStatus,
)
from netapp.extensions import db
from netapp.feeds import views
from netapp.vocabulary.models import Term, TermKind
from tests.factories import NOW, make_event, make_person
from tests.feeds.reading import changed, entries, header_lines, summaries, token_of
from tests.kernel.ical.samples import unfolded

FEED = "/calendar/events.ics"


def test_the_network_feed_shows_what_is_published(client, session):
    event = make_event(session, slug="chaos", title="Working with chaos", summary="Bring a voice.")
    make_event(session, title="A draft", status=EventStatus.DRAFT, published_at=None)
    changed(session)

    answer = client.get(FEED)

    (entry,) = entries(answer)
    date = event.sessions[0]
    assert entry == {
        "BEGIN": "VEVENT",
        "UID": f"session-{date.key}@network.example",
        "DTSTAMP": "20270111T120000Z",
        "CREATED": "20270111T120000Z",
        "LAST-MODIFIED": "20270111T120000Z",
        "SEQUENCE": "0",
        "DTSTART": "20270210T140000",
        "DTEND": "20270210T173000",
        "SUMMARY": "Working with chaos",
        "DESCRIPTION": "Bring a voice.\\n\\nhttp://127.0.0.1:8000/events/chaos",
        "LOCATION": "Online",
        "URL": "http://127.0.0.1:8000/events/chaos",
        "STATUS": "CONFIRMED",
        "CATEGORIES": "Training",
        "TRANSP": "OPAQUE",
        "X-MICROSOFT-CDO-BUSYSTATUS": "BUSY",
    }
    assert header_lines(answer)["NAME"] == "Music and Social Justice Network: all events"
    assert header_lines(answer)["SOURCE;VALUE=URI"] == f"http://127.0.0.1:8000{FEED}"


def test_headers(client, session):
    make_event(session)
    changed(session)

    answer = client.get(FEED)

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'inline; filename="events.ics"'
    assert answer.headers["Cache-Control"] == "public, max-age=900"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Last-Modified"] == "Mon, 11 Jan 2027 12:00:00 GMT"
    assert "Set-Cookie" not in answer.headers


def test_a_feed_without_an_event_is_a_calendar_all_the_same(client, app):
    answer = client.get(FEED)

    assert entries(answer) == []
    assert "BEGIN:VTIMEZONE" in unfolded(answer.data)
    assert answer.headers["Last-Modified"] == "Sat, 01 Jan 2000 00:00:00 GMT"


def test_the_meeting_link_is_in_no_public_calendar(client, session):
    event = make_event(session, mode=Mode.ONLINE)
    event.sessions[0].join_link = "https://meet.example.org/secret"
    changed(session)

    for path in (FEED, f"/events/{event.slug}.ics", item_path(event)):
        assert b"meet.example.org" not in client.get(path).data
        assert b"CONFERENCE" not in client.get(path).data


def item_path(event, number=0):
    return f"/events/{event.slug}/sessions/{event.sessions[number].key}.ics"


def test_places_segments_and_titles_of_dates(client, session):
    event = make_event(session, mode=Mode.IN_PERSON, title="Course")
    date = event.sessions[0]
    date.title, date.note = "First day", "Use the side door."
    session.add(Segment(session_id=date.id, title="Social time", starts_at=date.ends_at))
    changed(session)

    (entry,) = entries(client.get(FEED))

    assert entry["SUMMARY"] == "Course: First day"
    assert entry["LOCATION"] == "Room 1\\, Example House\\, London"
    assert entry["DESCRIPTION"].split("\\n\\n")[:2] == [
        "Social time from 5:30pm.",
        "Use the side door.",
    ]


def test_samples_say_so(client, session):
    make_event(session, is_sample=True)
    changed(session)

    assert entries(client.get(FEED))[0]["DESCRIPTION"].startswith("Sample event.\\n\\n")


def test_feeds_of_a_kind(client, session):
    make_event(session, title="Meeting", kind=EventKind.MEETING)
    make_event(session, title="Training", kind=EventKind.TRAINING)
    changed(session)

    assert summaries(client.get("/calendar/meeting.ics")) == ["Meeting"]
    assert summaries(client.get("/calendar/training.ics")) == ["Training"]
    assert summaries(client.get("/calendar/launch.ics")) == []
    assert header_lines(client.get("/calendar/launch.ics"))["NAME"].endswith(": launch")


def test_feeds_of_a_term(client, session):
    event = make_event(session, title="Tagged")
    make_event(session, title="Not tagged")
    term = Term(slug="care", label="Children in care", kind=TermKind.CIRCUMSTANCE, position=1)
    session.add(term)
    session.flush()
    session.add(EventTerm(event_id=event.id, term_id=term.id))
    changed(session)

    answer = client.get("/calendar/terms/care.ics")

    assert summaries(answer) == ["Tagged"]
    assert header_lines(answer)["X-WR-CALNAME"].endswith(": Children in care")


def test_the_feed_of_one_event_stays_whole(client, session):
    long_ago = NOW - timedelta(days=2000)
    event = make_event(session, sessions=3, starts_at=long_ago, title="Series", is_record=True)
    changed(session)

    answer = client.get(f"/events/{event.slug}.ics")

    assert summaries(answer) == ["Series"] * 3
    assert header_lines(answer)["NAME"] == "Series"
    assert header_lines(answer)["X-PUBLISHED-TTL"] == "PT1H"
    assert summaries(client.get(FEED)) == []


def test_one_date_to_download(client, session):
    event = make_event(session, sessions=2, title="Series")
    changed(session)

    answer = client.get(item_path(event, 1))

    (entry,) = entries(answer)
    assert entry["UID"] == f"session-{event.sessions[1].key}@network.example"
    assert set(header_lines(answer)) == {"BEGIN", "VERSION", "PRODID", "CALSCALE"}
    name = f"{event.slug}-{event.sessions[1].key}.ics"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    etag = answer.headers["ETag"]
    assert client.get(item_path(event, 1), headers={"If-None-Match": etag}).status_code == 304


def test_the_same_uid_everywhere(client, session):
    event = make_event(session)
    changed(session)

    paths = (FEED, "/calendar/training.ics", f"/events/{event.slug}.ics", item_path(event))

    assert len({entries(client.get(path))[0]["UID"] for path in paths}) == 1


def test_events_for_members_are_announced_to_everyone(client, session):
    make_event(session, title="For members", audience=Audience.MEMBERS)
    changed(session)

    assert summaries(client.get(FEED)) == ["For members"]


def test_dates_that_took_place_before_an_event_was_cancelled_stay_as_they_were(client, session):
    event = make_event(session, sessions=2, starts_at=NOW - timedelta(days=3))
    event.status = EventStatus.CANCELLED
    event.sessions[1].status = SessionStatus.CANCELLED
    changed(session)

    assert [e["STATUS"] for e in entries(client.get(FEED))] == ["CONFIRMED", "CANCELLED"]


@pytest.mark.parametrize("what", ["date", "event", "withdrawn"])
def test_a_cancelled_date_stays_for_seven_days_after_its_end(client, session, at, what):
    event = make_event(session, title="Choir")
    date = event.sessions[0]
    if what == "withdrawn":
        event.status = EventStatus.DRAFT
    else:
        date.status = SessionStatus.CANCELLED
    if what == "event":
        event.status = EventStatus.CANCELLED
    date.sequence = 1
    changed(session)

    (entry,) = entries(client.get(FEED))
    assert (entry["SUMMARY"], entry["STATUS"], entry["SEQUENCE"], entry["TRANSP"]) == (
        "Cancelled: Choir",
        "CANCELLED",
        "1",
        "TRANSPARENT",
    )

    gone = date.ends_at + timedelta(days=7)
    with at(gone - timedelta(seconds=1)):
        last = client.get(FEED)
        assert summaries(last) == ["Cancelled: Choir"]
    with at(gone):
        answer = client.get(FEED, headers={"If-None-Match": last.headers["ETag"]})
        assert summaries(answer) == []
        assert summaries(client.get(f"/events/{event.slug}.ics")) == []
        since = {"If-Modified-Since": last.headers["Last-Modified"]}
        assert client.get(FEED, headers=since).status_code == 200
        assert answer.headers["Last-Modified"] == "Wed, 17 Feb 2027 17:30:00 GMT"


def test_a_date_stays_for_ninety_days_after_its_end(client, session, at):
    event = make_event(session, title="Choir")
    changed(session)
    gone = event.sessions[0].ends_at + timedelta(days=90)

    with at(gone - timedelta(seconds=1)):
        assert summaries(client.get(FEED)) == ["Choir"]
    with at(gone):
        answer = client.get(FEED)
        assert summaries(answer) == []
        assert answer.headers["Last-Modified"] == "Tue, 11 May 2027 17:30:00 GMT"


def test_a_change_shows_at_once(client, session):
    event = make_event(session, title="Before")
    changed(session)
    before = client.get(FEED)
    event.title = "After"
    changed(session, now=NOW)

    answer = client.get(FEED, headers={"If-None-Match": before.headers["ETag"]})

    assert summaries(answer) == ["After"]


def test_a_deleted_date_moves_last_modified(client, session, at):
    event = make_event(session, sessions=2)
    changed(session)
    before = client.get(FEED)
    later = NOW + timedelta(hours=1)
    with at(later):
        for pool in list(event.sessions[1].pools):
            session.delete(pool)
        session.delete(event.sessions[1])
        changed(session, now=later)

        answer = client.get(FEED, headers={"If-Modified-Since": before.headers["Last-Modified"]})

        assert len(entries(answer)) == 1
        assert answer.headers["Last-Modified"] == "Mon, 11 Jan 2027 13:00:00 GMT"


def test_a_former_address_leads_on_for_good(client, session):
    event = make_event(session, slug="new")
    session.add(FormerSlug(slug="old", event_id=event.id))
    changed(session)
    key = event.sessions[0].key

    feed, item = client.get("/events/old.ics"), client.get(f"/events/old/sessions/{key}.ics")

    assert (feed.status_code, feed.headers["Location"]) == (308, "/events/new.ics")
    assert (item.status_code, item.headers["Location"]) == (308, f"/events/new/sessions/{key}.ics")
    assert client.get("/events/old.ics", follow_redirects=True).status_code == 200
    odd = client.get("/events/old/sessions/X{0}é.ics")
    assert odd.headers["Location"] == "/events/new/sessions/X%7B0%7D%C3%A9.ics"


@pytest.mark.parametrize(
    "path",
    [
        "/calendar/unknown.ics",
        "/calendar/terms/unknown.ics",
        "/calendar/terms/%00.ics",
        "/events/unknown.ics",
        "/events/%00%ff.ics",
        "/events/unknown/sessions/x.ics",
        "/events/event/sessions/%00.ics",
        "/events/event/sessions/unknown.ics",
        "/events/draft.ics",
    ],
)
def test_what_is_not_there_is_not_found(client, session, path):
    make_event(session, slug="event")
    make_event(session, slug="draft", status=EventStatus.DRAFT, published_at=None)

    answer = client.get(path)

    assert (answer.status_code, answer.text) == (404, "There is no calendar here.\n")
    assert "Set-Cookie" not in answer.headers


def test_one_hostile_row_does_not_break_the_feed(client, session, caplog):
    make_event(session, title="Good\r\nEND:VCALENDAR", slug="good")
    bad = make_event(session, title="Bad")
    bad.sessions[0].sequence = -1
    changed(session)

    answer = client.get(FEED)

    assert summaries(answer) == ["Good END:VCALENDAR"]
    assert "session-" in caplog.text


@pytest.mark.parametrize("rows", [1, 30])
def test_an_unchanged_feed_costs_one_query(client, session, count_queries, rows):
    for _ in range(rows):
        make_event(session)
    changed(session)
    etag = client.get(FEED).headers["ETag"]

    with count_queries() as statements:
        assert client.get(FEED, headers={"If-None-Match": etag}).status_code == 304
        assert client.get(FEED).status_code == 200

    assert len(statements) == 2


def test_making_a_feed_costs_the_same_queries_for_one_and_for_thirty(
    client, session, count_queries
):
    make_event(session)
    changed(session)
    with count_queries() as one:
        client.get(FEED)
    for _ in range(29):
        make_event(session)
    changed(session)

    with count_queries() as thirty:
        assert len(entries(client.get(FEED))) == 30

    assert len(one) == len(thirty)


def unreachable(*about):
    raise OperationalError("SELECT", {}, ConnectionError("the server is away"))


@pytest.mark.parametrize("personal", [False, True])
def test_without_a_database_calendars_are_asked_to_come_again(client, session, personal):
    token = token_of(session, make_person(session))
    path = f"/calendar/my/{token}.ics" if personal else FEED
    assert client.get(path).status_code == 200
    event.listen(db.engine, "before_cursor_execute", unreachable)
    try:
        answer = client.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", unreachable)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.text == "Please come again in a minute.\n"


@pytest.mark.parametrize("error", [RuntimeError, KeyError, RecursionError])
@pytest.mark.parametrize("kind", ["network", "event", "entry", "personal"])
def test_a_mistake_of_ours_is_never_a_page_in_the_place_of_a_calendar(
    client, session, monkeypatch, kind, error
):
    token = token_of(session, make_person(session))
    one = make_event(session)
    changed(session)
    path = {
        "network": FEED,
        "event": f"/events/{one.slug}.ics",
        "entry": f"/events/{one.slug}/sessions/{one.sessions[0].key}.ics",
        "personal": f"/calendar/my/{token}.ics",
    }[kind]

    def make(*about, **more):
        raise error("a mistake")

    monkeypatch.setattr(views, "_document", make)
    answer = client.get(path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (500, "600")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text == "Something went wrong on our side.\n"
    monkeypatch.undo()
    assert client.get(path).status_code == 200


def test_other_sites_may_ask_from_a_browser(client, app):
    answer = client.options(FEED)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "If-None-Match, If-Modified-Since"
