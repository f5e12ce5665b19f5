"""One booking, by the link from the mail or signed in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.links import booking_key
from netapp.events.models import AccessNeed, Mode, Place
from netapp.events.operations import changing
from netapp.events.operations.needs import text_of
from netapp.events.queries.bookings import booking_page
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person
from tests.events.scenes import book, mails
from tests.events.views.booking_pages import AHEAD, fresh, said
from tests.events.views.pages import heading, section, words
from tests.factories import NOW, make_event, make_guest, make_member, make_person


@pytest.fixture
def site(app):
    return app.extensions["site"]


@pytest.fixture
def link(site):
    """The address in the mail."""
    return lambda booking: f"/bookings/{booking.reference}?key={booking_key(site, booking)}"


@pytest.fixture
def guest(session):
    return make_guest(session, name="Ada Byron", email="ada@example.org")


def test_the_link_in_the_mail_opens_the_booking(session, visitor, guest, link):
    event = make_event(session, title="Working With Chaos", sessions=2)
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    assert heading(visitor.text) == "Your booking"
    told = words(visitor.text)
    assert f"Booked by Ada Byron. Reference {booking.reference} ." in told
    assert "10 Feb Wednesday 10 February 2027 2pm to 5:30pm GMT Online Place confirmed" in told
    assert "The link to join is shown here from Monday 8 February 2027, 2pm GMT." in told
    assert "https://meet.example.org" not in visitor.text


def test_it_is_nobody_elses_and_is_not_kept(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    headers = visitor.page.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in visitor.text


def test_nobody_else_learns_whether_it_exists(session, visitor, as_person, guest, site, link):
    booking = book(session, make_event(session), 0, person=guest)
    other = book(session, make_event(session), 0)
    here = f"/bookings/{booking.reference}"
    refused = []
    for path in (
        here,
        f"{here}?key=",
        f"{here}?key={'0' * 32}",
        f"{here}?key={booking_key(site, other)}",
        f"{here}?key={'x' * 5000}",
        f"{here}?key=%00%ff",
        "/bookings/AAAA-BBBB-CC",
        f"/bookings/AAAA-BBBB-CC?key={booking_key(site, booking)}",
        f"/bookings/{'x' * 400}",
    ):
        answer = visitor.open(path)
        alike = re.sub(r'name="(once|csrf_token)" value="[^"]*"', "", answer.text)
        refused.append((answer.status_code, alike.replace(answer.request.path, "/here")))
    assert len(set(refused)) == 1
    assert (refused[0][0], "Open your booking from the email" in refused[0][1]) == (404, True)
    member = as_person(make_member(session))
    assert member.open(here).status_code == 404
    assert member.open(link(booking)).status_code == 200


def test_a_link_that_was_ended_opens_nothing(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    old = link(booking)
    booking.link_version += 1
    session.commit()
    assert visitor.open(old).status_code == 404
    assert visitor.open(link(booking)).status_code == 200


@pytest.mark.parametrize("what", ["change", "cancel", "offer", "needs", "account", "invitations"])
def test_forms_without_the_key_do_nothing(session, visitor, guest, link, what):
    booking = book(session, make_event(session, sessions=2), 0, person=guest)
    visitor.open(link(booking))
    fields = dict(visitor.form(f"/{booking.reference}/invitations").fields)
    del fields["key"]
    more = {"answer": "take", "version": "1", "wanted": "no"}
    answer = visitor.client.post(f"/bookings/{booking.reference}/{what}", data=fields | more)
    unknown = visitor.client.post(f"/bookings/AAAA-BBBB-CC/{what}", data=fields | more)
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert fresh(session, booking) == ["confirmed"]
    assert session.get_one(Person, guest.id).invitations is True


def test_its_owner_needs_no_link(session, as_person):
    person = make_member(session)
    booking = book(session, make_event(session), 0, person=person)
    owner = as_person(person)
    assert owner.open(f"/bookings/{booking.reference}").status_code == 200
    assert owner.open(f"/bookings/{booking.reference.lower()}").status_code == 200
    assert 'name="key"' not in owner.text


def test_the_joining_link_is_shown_when_it_is_time(session, visitor, guest, link, at):
    booking = book(session, make_event(session), 0, person=guest)
    seen = []
    for hours in (49, 47, 0, -3, -4):
        with at(AHEAD - timedelta(hours=hours)):
            visitor.open(link(booking))
            seen.append('href="https://meet.example.org/abc"' in visitor.text)
    assert seen == [False, True, True, True, False]


def test_a_joining_link_that_is_no_web_address_is_no_link(session, visitor, guest, link, at):
    event = make_event(session)
    event.sessions[0].join_link = "javascript:alert(1)"
    session.commit()
    booking = book(session, event, 0, person=guest)
    with at(AHEAD):
        visitor.open(link(booking))
    assert "javascript:" not in visitor.text


def test_needs_are_told_shown_changed_and_deleted(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/needs", needs="Captions", needs_agreed="y")
    assert said(visitor.text) == (
        "We have kept what you told us, for the coordinators of this event."
    )
    assert section(visitor.text, '<blockquote class="told">', "</blockquote>") == "Captions"
    visitor.send("/needs", needs="Captions\nand <b>BSL</b>", needs_agreed="y")
    need = session.scalars(select(AccessNeed)).one()
    assert text_of(session, need) == "Captions\nand <b>BSL</b>"
    assert "<b>BSL" not in visitor.text
    visitor.send("/needs", needs="No box ticked")
    assert visitor.page.status_code == 422
    assert dict(visitor.form("/needs").fields)["needs"] == "No box ticked"
    visitor.open(link(booking))
    visitor.send("/needs", delete="yes")
    assert said(visitor.text) == "What you told us is deleted."
    assert session.scalars(select(AccessNeed)).all() == []


def test_after_cancelling_needs_can_only_be_deleted(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/needs", needs="Captions", needs_agreed="y")
    changing.cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    visitor.open(link(booking))
    assert visitor.form("/needs").names == {"csrf_token", "once", "key"}
    visitor.send("/needs", delete="yes")
    assert session.scalars(select(AccessNeed)).all() == []


def test_invitations_off_and_on_for_a_guest(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/invitations", wanted="no")
    assert said(visitor.text).startswith("No more calendar invitations.")
    session.expire_all()
    assert session.get_one(Person, guest.id).invitations is False
    visitor.send("/invitations", wanted="yes")
    session.expire_all()
    assert session.get_one(Person, guest.id).invitations is True


def test_invitations_of_an_account_are_chosen_signed_in(session, visitor, as_person, link):
    person = make_member(session)
    booking = book(session, make_event(session), 0, person=person)
    visitor.open(link(booking))
    assert "Sign in to change this" in words(visitor.text)
    fields = dict(visitor.form("/needs").fields) | {"wanted": "no"}
    sent = visitor.client.post(f"/bookings/{booking.reference}/invitations", data=fields)
    assert sent.status_code == 404
    owner = as_person(person)
    owner.open(f"/bookings/{booking.reference}")
    owner.send("/invitations", wanted="no")
    session.expire_all()
    assert session.get_one(Person, person.id).invitations is False


def test_one_button_makes_it_an_account(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/account")
    assert said(visitor.text) == "We have emailed you a link that makes this an account."
    sent = session.scalars(select(OutboxMessage.to_email).order_by(OutboxMessage.id)).all()
    assert sent[-1] == "ada@example.org"
    assert mails(session, to=guest)[-1] == "people/account_link"


def test_loading_the_address_of_a_form_leads_to_its_page(session, visitor, guest, link):
    event = make_event(session, slug="it")
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking).replace("?", "/change?"))
    assert visitor.path == f"/bookings/{booking.reference}"
    visitor.open("/events/it/bookings")
    assert visitor.path == "/events/it"


def test_the_key_signs_nobody_in(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(link(booking))
    visitor.open("/account/bookings")
    assert visitor.path == "/sign-in"


def test_the_story_is_told_newest_first(session, visitor, guest, link, at):
    event = make_event(session, sessions=2)
    booking = book(session, event, 0, person=guest)
    with at(NOW + timedelta(hours=2)):
        visitor.open(link(booking))
        visitor.send("/change", session=[date.key for date in event.sessions])
    assert section(visitor.text, '<ul class="log">', "</ul>") == (
        "Monday 11 January 2027, 2pm GMT Changed the dates."
        " Monday 11 January 2027, midday GMT Booked."
    )


def test_long_and_hostile_names(session, visitor, link):
    name = "<script>alert(1)</script>" + "x" * 90
    booking = book(
        session, make_event(session, title="T" * 200), 0, person=make_guest(session, name=name)
    )
    visitor.open(link(booking) + "&done=booked")
    assert heading(visitor.text) == f"You are booked, {name}"
    assert "<script>alert" not in visitor.text


@pytest.mark.parametrize("done", ["", "booked", "nothing", "<script>", "x" * 2000])
def test_an_odd_word_of_what_was_done(session, visitor, guest, link, done):
    booking = book(session, make_event(session), 0, person=guest)
    page = visitor.client.get(link(booking), query_string=None)
    page = visitor.client.get(
        f"/bookings/{booking.reference}",
        query_string={"key": link(booking).split("=")[1], "done": done},
    )
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_a_booking_costs_the_same_with_one_date_and_with_thirty(
    session, as_person, count_queries, link
):
    costs = []
    for number in (1, 30):
        event = make_event(session, sessions=number, capacity=1)
        for _ in range(2):
            booking = book(session, event, *range(number), person=make_person(session))
        session.expire_all()
        address = link(booking)
        with count_queries() as statements:
            assert as_person(None).open(address).status_code == 200
        costs.append(len(statements))
        assert len(session.scalars(select(Place.id)).all()) >= number
    assert costs[0] == costs[1]


def test_what_happens_next_is_said_of_every_date(session):
    event = make_event(session, sessions=3, mode=Mode.ONLINE, change_until_hours=24)
    booking = book(session, event, 0, 1, 2, person=make_person(session))
    steps = [f"{s.day} {s.words}" for s in booking_page(session, booking.id, NOW).next_steps]
    assert steps == [
        "Monday 8 February 2027, 2pm GMT. "
        "The link to join your first date opens on this page. Your email leads here.",
        "Tuesday 9 February 2027, 10am GMT. We send a reminder of your first date.",
        "Until Tuesday 9 February 2027, 2pm GMT. You can change or cancel it on this page.",
        "Each of your 2 dates after that. A reminder comes the day before at 10am. The link to "
        "join opens 48 hours before it starts. You can change or cancel it until 24 hours before "
        "it starts.",
    ]
