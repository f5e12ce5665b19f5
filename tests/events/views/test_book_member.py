"""Booking while signed in: two taps, nothing to type."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from werkzeug.datastructures import MultiDict

from netapp.events.models import (
    AccessNeed,
    Audience,
    BookedAs,
    Booking,
    Event,
    Place,
    PlaceState,
    Pool,
)
from netapp.events.operations.needs import text_of
from tests.events.scenes import book, fill, mails, states, taken
from tests.events.views.pages import heading, section, ticked, words
from tests.factories import NOW, make_event, make_member, make_person


@pytest.fixture
def amara(session):
    return make_member(session, name="Amara Osei", email="amara@example.org")


@pytest.fixture
def member(amara, as_person):
    return as_person(amara)


def bookings(session):
    return session.scalars(select(Booking).order_by(Booking.id)).all()


def errors(page_text):
    """What the summary at the top says."""
    return section(page_text, 'id="error-summary-title">', "</div>")


def test_open_and_confirm_is_all(session, member, amara):
    event = make_event(session, slug="it", sessions=2)
    member.open("/events/it")
    member.send("/events/it/bookings")
    booking = bookings(session)[0]
    assert (booking.person_id, states(session, booking)) == (amara.id, ["confirmed"])
    assert member.path == f"/bookings/{booking.reference}"
    assert heading(member.text) == "You are booked, Amara"
    said = words(member.text)
    assert (
        "We have emailed amara@example.org with an invitation for your calendar."
        f" Your booking reference is {booking.reference} ." in said
    )
    assert "Tuesday 9 February 2027, 10am GMT. We send a reminder." in said
    steps = [said.index(words) for words in ("The link to join opens", "We send a", "Until Wed")]
    assert steps == sorted(steps)
    assert "Monday 8 February 2027, 2pm GMT. The link to join opens on this page." in said
    assert "Until Wednesday 10 February 2027, 2pm GMT. You can change or cancel" in said
    assert f"/events/it/sessions/{event.sessions[0].key}.ics" in member.text
    assert mails(session, to=amara) == ["events/booking_confirmed"]


def test_what_it_costs_is_said_again_once_booked(session, member):
    make_event(session, slug="it", cost="£30, by invoice.")
    make_event(session, slug="free")
    for slug in ("it", "free"):
        member.open(f"/events/{slug}")
        member.send(f"/events/{slug}/bookings")
        assert ("What it costs: £30, by invoice." in words(member.text)) == (slug == "it")


def test_choose_the_dates(session, member):
    event = make_event(session, slug="it", sessions=3, capacity=1)
    book(session, event, 2)
    member.open("/events/it")
    keys = [event.sessions[1].key, event.sessions[2].key]
    member.send("/events/it/bookings", session=keys)
    assert states(session, bookings(session)[1]) == ["confirmed", "waiting"]
    assert heading(member.text) == "You are booked, Amara"
    assert "You are number 1 on the list." in words(member.text)


def test_a_whole_course(session, member):
    event = make_event(session, slug="it", sessions=3, booked_as=BookedAs.WHOLE)
    member.open("/events/it")
    member.send("/events/it/bookings")
    assert taken(session, event) == [1, 1, 1]


def test_join_the_waiting_list(session, member):
    event = make_event(session, slug="it", capacity=1)
    fill(session, event, 0, people=1)
    member.open("/events/it")
    member.send("/events/it/bookings")
    assert heading(member.text) == "You are on the waiting list, Amara"
    said = words(member.text)
    assert "You are number 1 on the list." in said
    assert (
        "When a place comes free for you. We email you and hold it for 24 hours,"
        " not counting 9pm to 8am." in said
    )
    assert taken(session, event) == [1]


def test_no_date_ticked_is_said_at_the_dates(session, member):
    make_event(session, slug="it", sessions=2)
    member.open("/events/it")
    member.send("/events/it/bookings", session=[])
    assert member.page.status_code == 422
    assert errors(member.text) == "There is something to put right Choose at least one date."
    assert 'href="#session"' in member.text
    assert 'id="session" tabindex="-1" aria-describedby="session-error"' in member.text
    assert bookings(session) == []


def test_needs_are_kept_apart_and_sealed(session, member):
    make_event(session, slug="it")
    member.open("/events/it")
    member.send("/events/it/bookings", needs="Captions,\r\nplease", needs_agreed="y")
    need = session.scalars(select(AccessNeed)).one()
    assert need.booking_id == bookings(session)[0].id
    assert text_of(session, need) == "Captions,\nplease"
    assert "Captions" not in str(need.sealed)
    assert "Captions," in member.text


def test_needs_without_consent_are_not_read_and_not_lost(session, member):
    event = make_event(session, slug="it", sessions=3)
    member.open("/events/it")
    chosen = event.sessions[1].key
    member.send("/events/it/bookings", session=chosen, needs="A <b>quiet</b> space")
    assert member.page.status_code == 422
    assert "Tick the box so that we may read what you wrote, or delete it." in errors(member.text)
    assert "until it is deleted, 30 days after that date." in words(member.text)
    fields = dict(member.form("/bookings").fields)
    assert (fields["needs"], ticked(member.text)) == ("A <b>quiet</b> space", [chosen])
    assert bookings(session) == []
    member.send("/events/it/bookings", needs_agreed="y")
    assert text_of(session, session.scalars(select(AccessNeed)).one()) == "A <b>quiet</b> space"


def test_too_much_is_kept_as_it_was_typed(session, member):
    make_event(session, slug="it")
    member.open("/events/it")
    member.send("/events/it/bookings", needs="x" * 2001, needs_agreed="y")
    assert member.page.status_code == 422
    assert "Shorten this to 2,000 characters. It has 2,001." in errors(member.text)
    assert dict(member.form("/bookings").fields)["needs"] == "x" * 2001


def test_an_event_that_changed_meanwhile_is_shown_again_first(session, member):
    event = make_event(session, slug="it", sessions=2)
    member.open("/events/it")
    kept = event.sessions[1].key
    later = event.sessions[0].starts_at + timedelta(hours=1)
    event.sessions[0].starts_at = later
    session.flush()
    session.execute(
        update(Event)
        .where(Event.id == event.id)
        .values(
            version=Event.version + 1,
            revision=Event.revision + 1,
            page_revision=Event.page_revision + 1,
        )
    )
    session.commit()
    member.send("/events/it/bookings", session=kept, needs="Captions", needs_agreed="y")
    assert member.page.status_code == 409
    assert errors(member.text).endswith(
        "This event changed while the page was open. Check the dates, then book again."
    )
    assert "3pm to 5:30pm GMT" in words(member.text)
    assert (ticked(member.text), bookings(session)) == ([kept], [])
    assert dict(member.form("/bookings").fields)["needs"] == "Captions"
    member.send("/events/it/bookings", needs_agreed="y")
    assert states(session, bookings(session)[0]) == ["confirmed"]


def test_the_same_form_sent_twice_books_once(session, member):
    event = make_event(session, slug="it", sessions=2)
    member.open("/events/it")
    fields = dict(member.form("/bookings").fields)
    answers = [member.client.post("/events/it/bookings", data=fields) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert (len(bookings(session)), taken(session, event)) == (1, [1, 0])


def test_booking_again_leads_to_the_booking(session, member, amara):
    event = make_event(session, slug="it")
    member.open("/events/it")
    booking = book(session, event, 0, person=amara)
    member.send("/events/it/bookings")
    assert member.page.status_code == 409
    assert errors(member.text).endswith("You already have a booking for this event.")
    assert f'href="/bookings/{booking.reference}"' in member.text
    assert len(bookings(session)) == 1


def test_the_last_place_went_while_the_page_was_open(session, member):
    event = make_event(session, slug="it", capacity=1, has_waiting_list=False)
    member.open("/events/it")
    book(session, event, 0)
    member.send("/events/it/bookings")
    assert member.page.status_code == 409
    assert errors(member.text).endswith("Every place has been taken.")
    assert "There is no waiting list." in words(member.text)
    assert len(bookings(session)) == 1


def test_who_comes_a_moment_late_keeps_their_turn_and_is_told(session, member, amara):
    event = make_event(session, slug="it", title="Working With Chaos", capacity=1)
    member.open("/events/it")
    fill(session, event, 0, people=2)
    member.send("/events/it/bookings", needs="Captions", needs_agreed="y")
    assert heading(member.text) == "You are on the waiting list, Amara"
    told = words(member.text)
    assert "The last place went a moment before your booking reached us." in told
    assert "You are number 2 on the list." in told
    booking = bookings(session)[2]
    assert states(session, booking) == ["waiting"]
    assert mails(session, to=amara) == ["events/waiting"]
    assert text_of(session, session.scalars(select(AccessNeed)).one()) == "Captions"


def test_who_pressed_join_the_waiting_list_is_not_asked_again(session, member):
    event = make_event(session, slug="it", capacity=1)
    book(session, event, 0)
    member.open("/events/it")
    fill(session, event, 0, people=3)
    member.send("/events/it/bookings")
    assert heading(member.text) == "You are on the waiting list, Amara"
    assert "You are number 4 on the list." in words(member.text)


def gone_form(visitor, number):
    """One of the forms of the page that says what has just gone."""
    return [form for form in visitor.forms() if form.action.endswith("/bookings")][number]


@pytest.mark.parametrize(
    ("button", "then"), [(0, ["confirmed", "waiting", "waiting"]), (1, ["confirmed"])]
)
def test_some_dates_went_and_some_did_not(session, member, button, then):
    event = make_event(session, slug="it", sessions=3, capacity=1)
    book(session, event, 2)
    member.open("/events/it")
    book(session, event, 1)
    member.send("/events/it/bookings", session=[date.key for date in event.sessions])
    told = words(member.text)
    assert "No place is left on 17 Feb Wednesday 17 February 2027 2pm to 5:30pm GMT" in told
    assert "You would be number 1 on the waiting list." in told
    assert "There is a place for you on 10 Feb Wednesday 10 February 2027 2pm" in told
    assert "You chose to wait for 24 Feb Wednesday 24 February 2027 2pm" in told
    assert taken(session, event) == [0, 1, 1]
    form = gone_form(member, button)
    member.client.post(form.action, data=MultiDict(form.fields))
    assert states(session, bookings(session)[2]) == then


def test_a_course_of_which_the_last_place_went_is_waited_for_as_one(session, member):
    event = make_event(session, slug="it", sessions=2, capacity=1, booked_as=BookedAs.WHOLE)
    member.open("/events/it")
    book(session, event)
    member.send("/events/it/bookings")
    assert "The last place went a moment before" in words(member.text)
    assert states(session, bookings(session)[1]) == ["waiting", "waiting"]


def test_what_went_meanwhile_again_is_asked_once_more(session, member):
    event = make_event(session, slug="it", sessions=2, capacity=1)
    member.open("/events/it")
    book(session, event, 0)
    member.send("/events/it/bookings", session=[date.key for date in event.sessions])
    book(session, event, 1)
    member.send("/events/it/bookings")
    assert member.page.status_code == 409
    assert "The last place has just gone" in heading(member.text)
    assert "You chose to wait for 10 Feb" in words(member.text)
    member.send("/events/it/bookings")
    assert states(session, bookings(session)[2]) == ["waiting", "waiting"]


def test_one_of_two_dates_went(session, member):
    event = make_event(session, slug="it", sessions=2, capacity=1, has_waiting_list=False)
    member.open("/events/it")
    book(session, event, 1)
    member.send("/events/it/bookings", session=[date.key for date in event.sessions])
    assert member.page.status_code == 409
    assert errors(member.text).endswith("has just become full. Look at the dates again.")
    assert taken(session, event) == [0, 1]


def test_booking_closed_while_the_page_was_open(session, member, at):
    make_event(session, slug="it", booking_closes_at=NOW + timedelta(minutes=5))
    member.open("/events/it")
    with at(NOW + timedelta(minutes=6)):
        member.send("/events/it/bookings")
    assert member.page.status_code == 409
    assert errors(member.text).endswith("Booking for this event has closed.")


def test_a_date_of_another_event_is_refused(session, member):
    key = make_event(session).sessions[0].key
    make_event(session, slug="it")
    member.open("/events/it")
    fields = dict(member.form("/bookings").fields) | {"session": key}
    answer = member.client.post("/events/it/bookings", data=fields)
    assert answer.status_code == 409
    assert session.scalars(select(Pool.taken)).all() == [0, 0]


def test_members_only_is_for_members(session, as_person):
    make_event(session, slug="ours", audience=Audience.MEMBERS)
    person = make_member(session)
    visitor = as_person(person)
    visitor.open("/events/ours")
    fields = dict(visitor.form("/bookings").fields)
    other = as_person(make_person(session))
    other.open("/account")
    token = dict(other.form("/sign-out").fields)["csrf_token"]
    answer = other.client.post("/events/ours/bookings", data=fields | {"csrf_token": token})
    assert answer.status_code == 409
    assert "This event is for members of the network." in words(answer.text)
    visitor.send("/events/ours/bookings")
    assert visitor.path.startswith("/bookings/")


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999", "1.5", "٣"])
def test_a_version_that_no_page_showed_is_a_conflict(session, member, seen):
    make_event(session, slug="it")
    member.open("/events/it")
    member.send("/events/it/bookings", seen=seen)
    assert member.page.status_code == 409
    assert bookings(session) == []


def test_a_form_without_its_key_is_refused(session, member):
    make_event(session, slug="it")
    member.open("/events/it")
    fields = dict(member.form("/bookings").fields)
    for key in ("", "short", "x" * 65, "<" * 32):
        sent = fields | {"once": key}
        assert member.client.post("/events/it/bookings", data=sent).status_code == 400
    assert bookings(session) == []


def test_a_key_of_somebody_else_is_refused(session, member, as_person):
    make_event(session, slug="it")
    member.open("/events/it")
    key = dict(member.form("/bookings").fields)["once"]
    member.send("/events/it/bookings")
    other = as_person(make_member(session))
    other.open("/events/it")
    other.send("/events/it/bookings", once=key)
    assert other.page.status_code == 409
    assert len(bookings(session)) == 1


def test_many_odd_dates_are_only_refused(session, member):
    make_event(session, slug="it")
    member.open("/events/it")
    fields = dict(member.form("/bookings").fields)
    odd = ["x" * 5000, "\x00", "'; DROP TABLE places; --", *map(str, range(300))]
    answer = member.client.post("/events/it/bookings", data=fields | {"session": odd})
    assert answer.status_code == 409
    live = select(Place).where(Place.state == PlaceState.CONFIRMED)
    assert session.scalars(live).all() == []
