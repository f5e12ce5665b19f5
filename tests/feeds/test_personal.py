from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from netapp.events.models import EndReason, Mode, Place, PlaceState, SessionStatus
from netapp.feeds.models import FeedToken
from netapp.feeds.operations import end_token
from tests.events.scenes import book
from tests.factories import NOW, make_event, make_person
from tests.feeds.reading import changed, entries, header_lines, summaries, token_of


@pytest.fixture
def me(session):
    return make_person(session)


@dataclass
class Mine:
    """My calendar program."""

    client: FlaskClient
    token: str

    def __call__(self, **options: Any) -> TestResponse:
        return self.client.get(f"/calendar/my/{self.token}.ics", buffered=True, **options)


@pytest.fixture
def mine(client, session, me):
    return Mine(client, token_of(session, me))


def places(session, booking):
    found = session.scalars(select(Place).where(Place.booking_id == booking.id).order_by(Place.id))
    return found.all()


def test_only_what_i_booked(session, me, mine):
    event = make_event(session, sessions=2, title="Choir")
    make_event(session, title="Not mine")
    book(session, event, 1, person=me)
    book(session, event, 0)

    answer = mine()

    assert [entry["UID"] for entry in entries(answer)] == [
        f"session-{event.sessions[1].key}@network.example"
    ]
    assert header_lines(answer)["NAME"] == "MSJN: my bookings"


def test_headers_keep_the_address_secret(session, me, mine):
    book(session, make_event(session), 0, person=me)

    answer = mine()

    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    assert mine.token not in answer.text + str(answer.headers)
    assert "SOURCE" not in answer.text


def test_an_online_date_leads_to_its_joining_page_never_to_the_meeting(session, me, mine):
    event = make_event(session, mode=Mode.ONLINE)
    booking = book(session, event, 0, person=me)

    (entry,) = entries(mine())

    page = f"http://127.0.0.1:8000/bookings/{booking.reference}"
    assert entry["CONFERENCE"].endswith(f'"Join":{page}') or entry["CONFERENCE"] == page
    assert entry["DESCRIPTION"].startswith(f"Join: {page}\\n\\n")
    assert "meet.example.org" not in mine().text
    assert "key=" not in mine().text


def test_a_date_in_a_room_has_nothing_to_join(session, me, mine):
    book(session, make_event(session, mode=Mode.IN_PERSON), 0, person=me)

    assert "CONFERENCE" not in entries(mine())[0]


def test_who_waits_has_nothing_in_the_calendar(session, me, mine):
    event = make_event(session, capacity=1)
    book(session, event, 0)
    book(session, event, 0, person=me)

    assert entries(mine()) == []


def test_what_i_cancel_goes_at_once(session, me, mine):
    booking = book(session, make_event(session), 0, person=me)
    assert len(entries(mine())) == 1
    (place,) = places(session, booking)
    place.state, place.end_reason = PlaceState.CANCELLED, EndReason.BY_PERSON
    changed(session, f"person:{me.id}")

    assert entries(mine()) == []


def test_what_the_network_cancels_says_so_until_a_week_after(session, me, mine, at):
    event = make_event(session, title="Choir")
    booking = book(session, event, 0, person=me)
    (place,) = places(session, booking)
    place.state, place.end_reason = PlaceState.CANCELLED, EndReason.SESSION_CANCELLED
    event.sessions[0].status = SessionStatus.CANCELLED
    changed(session, "events", f"person:{me.id}")

    assert summaries(mine()) == ["Cancelled: Choir"]
    with at(event.sessions[0].ends_at + timedelta(days=7)):
        assert summaries(mine()) == []


def test_a_date_stays_for_a_year(session, me, mine, at):
    event = make_event(session, title="Choir")
    book(session, event, 0, person=me)
    gone = event.sessions[0].ends_at + timedelta(days=365)

    with at(gone - timedelta(seconds=1)):
        assert summaries(mine()) == ["Choir"]
    with at(gone):
        assert summaries(mine()) == []


def test_a_moved_date_shows_in_my_calendar(session, me, mine):
    event = make_event(session, title="Before")
    book(session, event, 0, person=me)
    before = mine()
    event.title = "After"
    changed(session, "events")

    answer = mine(headers={"If-None-Match": before.headers["ETag"]})

    assert summaries(answer) == ["After"]


def test_unchanged_is_304_and_one_query(session, me, mine, count_queries):
    book(session, make_event(session), 0, person=me)
    etag = mine().headers["ETag"]

    with count_queries() as statements:
        again = mine(headers={"If-None-Match": etag})

    assert (again.status_code, len(statements)) == (304, 1)
    assert again.headers["Referrer-Policy"] == "no-referrer"


def test_wrong_ended_and_malformed_addresses_are_answered_alike(client, session, me, mine):
    ended = token_of(session, me, "Old phone")
    key = session.scalar(select(FeedToken.key).where(FeedToken.name == "Old phone"))
    end_token(session, person_id=me.id, key=key)
    disabled = make_person(session)
    token = token_of(session, disabled)
    disabled.disabled_at = NOW
    session.commit()

    wrong = [ended, token, "x" * 43, "short", "%00%ff", "é" * 30, mine.token[:-1], "a" * 5000]
    answers = [client.get(f"/calendar/my/{each}.ics") for each in wrong]

    assert {(a.status_code, a.text) for a in answers} == {(404, "There is no calendar here.\n")}
    assert {a.headers["X-Robots-Tag"] for a in answers} == {"noindex"}
    assert len({tuple(sorted(a.headers.keys())) for a in answers}) == 1
    assert mine().status_code == 200


def test_guesses_are_limited_and_the_right_address_is_always_served(client, session, mine, at):
    guesses = [client.get(f"/calendar/my/{n:043}.ics").status_code for n in range(25)]

    assert guesses == [404] * 20 + [429] * 5
    assert client.get(f"/calendar/my/{1:043}.ics").headers["Retry-After"] == "600"
    assert mine().status_code == 200
    other = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(f"/calendar/my/{1:043}.ics", environ_base=other).status_code == 404
    with at(NOW + timedelta(minutes=10)):
        assert client.get(f"/calendar/my/{1:043}.ics").status_code == 404


def last_fetch(new_session):
    with new_session() as fresh:
        return fresh.scalar(select(FeedToken.last_fetched_at))


def test_a_fetch_is_noted_at_most_once_in_five_minutes(new_session, mine, at):
    assert last_fetch(new_session) is None

    mine()
    assert last_fetch(new_session) == NOW
    with at(NOW + timedelta(minutes=4, seconds=59)):
        mine()
        assert last_fetch(new_session) == NOW
    later = NOW + timedelta(minutes=5)
    with at(later):
        mine(headers={"If-None-Match": "*"})
        assert last_fetch(new_session) == later


def test_a_locked_database_neither_stops_nor_fails_a_fetch(new_session, session, me, mine):
    mine()
    with new_session() as writer:
        writer.add(
            FeedToken(key="k", person_id=me.id, name="Other", token_hash="0" * 64, made_at=NOW)
        )
        writer.flush()  # Holds SQLite's one write lock.

        assert mine().status_code == 200
        writer.rollback()
