from datetime import timedelta

import pytest

from netapp.events.models import EventStatus, EventTerm, Mode, SessionStatus
from netapp.feeds import api_views
from netapp.kernel.db import DatabaseBusy
from netapp.vocabulary.models import Term, TermKind
from tests.factories import NOW, make_event
from tests.feeds.reading import changed

PATH = "/api/v1/events.json"


def titles(answer):
    return [event["title"] for event in answer.json["events"]]


def test_an_event(client, session):
    event = make_event(
        session, slug="chaos", title="Working <with> chaos", mode=Mode.IN_PERSON, cost="Free",
        access_facts=[{"kind": "captions", "text": "at every session"}],
    )  # fmt: skip
    term = Term(slug="care", label="Children in care", kind=TermKind.CIRCUMSTANCE, position=1)
    session.add(term)
    session.flush()
    session.add(EventTerm(event_id=event.id, term_id=term.id))
    changed(session)
    date = event.sessions[0]

    assert client.get(PATH).json == {
        "version": 1,
        "documentation": "http://127.0.0.1:8000/calendar#open-data",
        "network": "Music and Social Justice Network",
        "when": "coming",
        "page": 1,
        "pages": 1,
        "total": 1,
        "next": None,
        "events": [
            {
                "key": event.key,
                "url": "http://127.0.0.1:8000/events/chaos",
                "calendar": "http://127.0.0.1:8000/events/chaos.ics",
                "title": "Working <with> chaos",
                "summary": None,
                "kind": "training",
                "audience": "everyone",
                "mode": "in_person",
                "theme": None,
                "zone": "Europe/London",
                "hosts": None,
                "partners": None,
                "who_for": None,
                "cost": "Free",
                "access": [{"kind": "captions", "text": "at every session"}],
                "terms": [{"slug": "care", "label": "Children in care"}],
                "cancelled": False,
                "sample": False,
                "sessions": [
                    {
                        "uid": f"session-{date.key}@network.example",
                        "calendar": f"http://127.0.0.1:8000/events/chaos/sessions/{date.key}.ics",
                        "title": None,
                        "starts_at": "2027-02-10T14:00:00+00:00",
                        "ends_at": "2027-02-10T17:30:00+00:00",
                        "place": "Room 1, Example House, London",
                        "note": None,
                        "cancelled": False,
                        "sequence": 0,
                        "revised_at": "2027-01-11T12:00:00+00:00",
                        "segments": [],
                    }
                ],
            }
        ],
    }


def test_nothing_private_is_in_it(client, session):
    make_event(session, mode=Mode.ONLINE)
    make_event(session, title="Draft", status=EventStatus.DRAFT, published_at=None)
    changed(session)

    text = client.get(f"{PATH}?when=all").text

    assert "meet.example.org" not in text
    assert "jo@example.org" not in text
    assert "Draft" not in text


def test_where_an_online_date_is_stays_on_the_desk(client, session):
    event = make_event(session)
    event.sessions[0].place = "Jo's meeting room, PIN 4711"
    session.commit()
    told = client.get("/api/v1/events.json").json["events"][0]["sessions"][0]
    assert told["place"] is None


def test_coming_past_and_all(client, session, at):
    make_event(session, title="Later", starts_at=NOW + timedelta(days=9))
    make_event(session, title="Long ago", starts_at=NOW - timedelta(days=900))
    make_event(session, title="Lately", starts_at=NOW - timedelta(days=9))
    make_event(session, title="Going on", sessions=3, starts_at=NOW - timedelta(days=6))
    changed(session)

    assert titles(client.get(PATH)) == ["Going on", "Later"]
    assert titles(client.get(f"{PATH}?when=past")) == ["Lately", "Long ago"]
    assert titles(client.get(f"{PATH}?when=all")) == ["Later", "Going on", "Lately", "Long ago"]
    with at(NOW + timedelta(days=9, hours=4)):
        assert titles(client.get(PATH)) == []


def test_pages_of_a_hundred(client, session):
    for n in range(101):
        make_event(session, title=f"E{n:03}", starts_at=NOW + timedelta(days=n + 1))
    changed(session)

    first, second = client.get(PATH), client.get(f"{PATH}?page=2")

    assert (len(titles(first)), titles(second)) == (100, ["E100"])
    assert first.json["next"] == f"http://127.0.0.1:8000{PATH}?when=coming&page=2"
    assert (first.json["pages"], first.json["total"], second.json["next"]) == (2, 101, None)
    assert titles(client.get(f"{PATH}?page=3")) == []


def test_cancelled_dates_and_events_say_so(client, session):
    event = make_event(session, title="One date", sessions=2)
    event.sessions[1].status = SessionStatus.CANCELLED
    off = make_event(
        session, title="All", status=EventStatus.CANCELLED, starts_at=NOW + timedelta(days=90)
    )
    off.sessions[0].status = SessionStatus.CANCELLED
    changed(session)

    one, whole = client.get(PATH).json["events"]

    assert (one["cancelled"], [d["cancelled"] for d in one["sessions"]]) == (False, [False, True])
    assert (whole["cancelled"], whole["sessions"][0]["cancelled"]) == (True, True)


@pytest.mark.parametrize(
    "query", ["when=never", "page=0", "page=-1", "page=x", "page=1e9", "page=99999", "page=²"]
)
def test_a_wrong_question_is_answered_in_words(client, app, query):
    answer = client.get(f"{PATH}?{query}")

    assert answer.status_code == 400
    assert "must be" in answer.json["error"]


@pytest.mark.parametrize("error", [RuntimeError, KeyError, RecursionError])
def test_a_mistake_of_ours_is_told_as_data(client, monkeypatch, error):
    def make(*about, **more):
        raise error("a mistake")

    monkeypatch.setattr(api_views, "_document", make)
    answer = client.get(PATH)

    assert (answer.status_code, answer.json) == (500, {"error": "something went wrong on our side"})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    monkeypatch.undo()
    assert client.get(PATH).status_code == 200


def test_without_a_database_it_says_when_to_come_again(client, monkeypatch):
    def away(*about, **more):
        raise DatabaseBusy

    monkeypatch.setattr(api_views, "_document", away)
    answer = client.get(PATH)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
    assert answer.json == {"error": "not available now, come again in a minute"}


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("get", "/api/v1/nothing.json", 404, "there is nothing at this address"),
        ("get", "/api/", 404, "there is nothing at this address"),
        ("put", PATH, 405, "only GET and HEAD can be used here"),
    ],
)
def test_whatever_is_wrong_below_the_api_is_data(client, method, path, status, words):
    answer = client.open(path, method=method.upper())

    assert (answer.status_code, answer.json) == (status, {"error": words})


def test_any_page_may_read_it_and_ask_whether_it_changed(client, session, count_queries):
    make_event(session)
    changed(session)
    answer = client.get(PATH)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "application/json"
    assert "Set-Cookie" not in answer.headers
    with count_queries() as statements:
        again = client.get(PATH, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data, len(statements)) == (304, b"", 1)


def test_it_costs_the_same_queries_for_one_and_for_thirty(client, session, count_queries):
    make_event(session)
    changed(session)
    with count_queries() as one:
        client.get(PATH)
    for _ in range(29):
        make_event(session)
    changed(session)

    with count_queries() as thirty:
        client.get(PATH)

    assert len(one) == len(thirty)
