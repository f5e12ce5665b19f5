"""The link to a booking, mailed once more: to its address alone, and told to nobody else."""

import re
from datetime import timedelta

import pytest

from netapp.events.models import Booking
from netapp.events.operations import changing
from netapp.events.operations.booking_links import send_links
from netapp.kernel import limits
from netapp.kernel.db import unit_of_work
from tests.events.scenes import book
from tests.events.views.pages import heading, section, words
from tests.factories import NOW, make_event, make_guest, make_person
from tests.people.letters import all_letters, last_letter, letters_to
from tests.people.test_alike import APART, counting_calls

ADA = "ada@example.org"
SENT = "events/booking_links"


@pytest.fixture
def guest(session):
    return make_guest(session, name="Ada Byron", email=ADA)


@pytest.fixture
def ask(visitor):
    def _ask(email=ADA):
        visitor.open("/bookings/links")
        return visitor.send("/bookings/links", email=email)

    return _ask


def without_tokens(page_text):
    return re.sub(r'name="(once|csrf_token)" value="[^"]*"', "", page_text)


def test_the_closed_door_says_what_to_do(session, visitor, guest):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(f"/bookings/{booking.reference}")
    assert visitor.page.status_code == 404
    told = words(visitor.text)
    assert "Use the link in the email about your booking" in told
    assert "An entry in a calendar leads only here" in told
    assert f'href="/sign-in?next=/bookings/{booking.reference}"' in visitor.text
    visitor.send("/bookings/links", email=ADA)
    assert heading(visitor.text) == "Look in your email"
    assert letters_to(session, ADA)[-1] == SENT


def test_the_mail_leads_into_every_booking_to_come_the_next_first(session, visitor, guest, ask, at):
    later = make_event(session, title="Later", starts_at=NOW + timedelta(days=60))
    sooner = make_event(session, title="Sooner", sessions=2)
    over = make_event(session, title="Over", starts_at=NOW + timedelta(hours=1))
    back = make_event(session, title="Given back")
    mine = {event.title: book(session, event, 0, person=guest) for event in (later, sooner, over)}
    changing.cancel_booking(session, booking_id=book(session, back, 0, person=guest).id, now=NOW)
    session.commit()
    book(session, make_event(session, title="Somebody else's"), 0)
    with at(NOW + timedelta(days=1)):
        ask(" ADA@Example.org ")
        letter = last_letter(session, ADA).replace("\r\n", "\n")
        addresses = re.findall(r"http://[^/]+(/bookings/\S+)", letter)
        assert [address.split("?")[0] for address in addresses] == [
            f"/bookings/{mine[title].reference}" for title in ("Sooner", "Later")
        ]
        assert letter.startswith("Hello Ada,\n\nSomebody, most likely you, asked for the links")
        assert "Sooner\nWednesday 10 February 2027, 2pm GMT\n" in letter
        assert "* Later, Friday 12 March 2027, midday GMT: http" in letter
        assert "Over" not in letter
        assert "Given back" not in letter
        for address in addresses:
            assert visitor.open(address).status_code == 200


def test_the_answer_is_alike_for_every_address(session, as_person, guest):
    book(session, make_event(session), 0, person=guest)
    closed = make_guest(session, email="closed@example.org", disabled_at=NOW)
    book(session, make_event(session), 0, person=closed)
    make_person(session, email="nothing@example.org")
    before = all_letters(session)
    seen = set()
    for email in (ADA, "nothing@example.org", "nobody@example.org", "closed@example.org"):
        stranger = as_person(None)
        stranger.open("/bookings/links")
        page = stranger.send("/bookings/links", email=email)
        seen.add((page.status_code, page.request.full_path, without_tokens(page.text)))
    assert [(status, path) for status, path, _ in seen] == [(200, "/bookings/links?sent=1")]
    assert all_letters(session) == [*before, SENT]


def test_known_and_unknown_addresses_are_as_much_work(session, guest):
    book(session, make_event(session), 0, person=guest)
    calls = []
    for email in (ADA, "nobody@example.org") * 2:  # The first two fill what is kept in memory.
        with counting_calls() as count, unit_of_work(session):
            send_links(session, email=email, now=NOW)
        calls.append(count["calls"])
    most, least = max(calls[2:]), min(calls[2:])
    assert most < least * APART


def test_no_more_than_five_an_hour_for_one_address(session, guest, ask, visitor, at):
    book(session, make_event(session), 0, person=guest)
    statuses = [ask().status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert visitor.page.headers["Retry-After"] == "3600"
    assert "Use the newest, or wait an hour." in words(visitor.text)
    assert letters_to(session, ADA).count(SENT) == 5
    with at(NOW + timedelta(hours=1)):
        assert ask().status_code == 200


def test_no_more_than_thirty_an_hour_from_one_place(session, ask):
    clients = limits.Limit("booking links asked for by client", 30, timedelta(hours=1))
    for _ in range(29):
        limits.count_and_check(session, clients, "127.0.0.1", NOW)
    session.commit()
    assert [ask(f"a{number}@example.org").status_code for number in range(2)] == [200, 429]


def test_the_same_form_twice_sends_one_mail(session, visitor, guest):
    book(session, make_event(session), 0, person=guest)
    visitor.open("/bookings/links")
    fields = dict(visitor.form("/bookings/links").fields) | {"email": ADA}
    answers = [visitor.client.post("/bookings/links", data=fields) for _ in range(3)]
    assert {(each.status_code, each.location) for each in answers} == {
        (303, "/bookings/links?sent=1")
    }
    assert letters_to(session, ADA).count(SENT) == 1


def test_what_is_no_address_is_said_and_kept(visitor, ask):
    ask("ada at example")
    assert visitor.page.status_code == 422
    assert section(visitor.text, 'id="error-summary-title">', "</div>").endswith(
        "Enter an email address, like name@example.org."
    )
    assert dict(visitor.form("/bookings/links").fields)["email"] == "ada at example"


def test_a_link_that_was_ended_is_mailed_anew(session, visitor, guest, ask):
    booking = book(session, make_event(session), 0, person=guest)
    session.get_one(Booking, booking.id).link_version += 1
    session.commit()
    ask()
    address = re.findall(r"http://[^/]+(/bookings/\S+)", last_letter(session, ADA))[0]
    assert visitor.open(address).status_code == 200


def test_signed_in_with_another_address_is_said(session, as_person, guest):
    booking = book(session, make_event(session), 0, person=guest)
    member = as_person(make_person(session, email="other@example.org"))
    member.open(f"/bookings/{booking.reference}")
    assert "You are signed in as other@example.org, and this is not among your bookings ." in (
        words(member.text)
    )
