"""An organisation books several places on a page of its own."""

import pytest
from sqlalchemy import select

from netapp.events.models import Attendee, Audience, BookedAs, Booking, EventMode
from tests.events.scenes import book, fill, mails, states, taken
from tests.events.views.pages import heading, section, words
from tests.factories import make_event, make_member, make_person
from tests.people.letters import last_letter

SCHOOL = {"places": 3, "organisation": "Example School"}
ADA = {"name": "Ada Byron", "email": "ada@example.org"}


def errors(page_text):
    return section(page_text, 'id="error-summary-title">', "</div>")


def the_booking(session):
    session.expire_all()
    return session.scalars(select(Booking).order_by(Booking.id.desc())).first()


def names(session, booking):
    found = select(Attendee.name).where(Attendee.booking_id == booking.id).order_by(Attendee.id)
    return list(session.scalars(found))


def test_a_member_books_for_a_school(session, visitor, sign_in):
    event = make_event(session, slug="it")
    person = sign_in(make_member(session, name="Jo Field"))
    visitor.open("/events/it")
    assert 'href="/events/it/party"' in visitor.text
    visitor.open("/events/it/party")
    assert heading(visitor.text) == "Book for several people"
    visitor.send("/events/it/party", SCHOOL | {"order_number": "PO/7", "names": "Sam Okoro\n\n"})
    booking = the_booking(session)
    assert visitor.path == f"/bookings/{booking.reference}"
    assert (booking.organisation, booking.order_number) == ("Example School", "PO/7")
    assert names(session, booking) == ["Jo Field", "Sam Okoro", ""]
    assert taken(session, event) == [3]
    assert mails(session) == ["events/booking_confirmed"]
    letter = last_letter(session, person.email)
    assert "3 places for Example School, order PO/7." in letter
    assert f"/bookings/{booking.reference}/names?key=" in letter


def test_who_books_need_not_come_along(session, visitor, sign_in):
    make_event(session, slug="it")
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL, comes_along=None, names="Sam\nKim\nLou")
    assert names(session, the_booking(session)) == ["Sam", "Kim", "Lou"]


def test_a_guest_books_and_is_thanked(session, visitor):
    make_event(session, slug="it")
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL | ADA)
    assert visitor.path.startswith("/events/it/thanks/")
    assert heading(visitor.text) == "You are booked, Ada"
    assert "3 places for Example School." in words(visitor.text)
    assert names(session, the_booking(session)) == ["Ada Byron", "", ""]


def test_a_guest_who_has_a_booking_gets_the_same_answer(session, visitor):
    event = make_event(session, slug="it")
    book(session, event, 0, person=make_person(session, email=ADA["email"]))
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL | ADA)
    assert heading(visitor.text) == "You are booked, Ada"
    assert "3 places for Example School." in words(visitor.text)
    assert taken(session, event) == [1]
    assert mails(session)[-1] == "events/already_booked"


def test_the_same_form_twice_books_once(session, visitor, client, sign_in):
    event = make_event(session, slug="it")
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    form = visitor.form("/events/it/party")
    data = dict(form.fields) | {"places": "3", "organisation": "Example School"}
    first, second = client.post(form.action, data=data), client.post(form.action, data=data)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert taken(session, event) == [3]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"places": ""}, "Say how many places you need."),
        ({"places": 1}, "Enter a number from 2 to 10."),
        ({"places": 11}, "Enter a number from 2 to 10."),
        ({"organisation": " "}, "Say for which school or organisation."),
        ({"names": "A\nB\nC"}, "These are 3 names for 2 places beside your own."),
        ({"names": "x" * 121}, "Shorten each name to 120 characters."),
        ({"session": None}, "Choose at least one date."),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(session, visitor, sign_in, fields, says):
    make_event(session, slug="it", sessions=2)
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL | {"order_number": "PO 9"} | fields)
    assert visitor.page.status_code == 422
    assert says in errors(visitor.text)
    assert 'value="PO 9"' in visitor.text


def test_too_few_places_ask_before_anybody_waits(session, visitor, sign_in):
    event = make_event(session, slug="it", capacity=4)
    fill(session, event, 0, people=2)
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL)
    assert visitor.page.status_code == 409
    said = words(visitor.text)
    assert "There are not 3 places free" in said
    assert "you would be number 1 on the waiting list" in said
    assert taken(session, event) == [2]
    visitor.send("/events/it/party")
    assert states(session, the_booking(session)) == ["waiting"] * 3
    assert heading(visitor.text).startswith("You are on the waiting list")


def test_without_a_waiting_list_a_party_that_does_not_fit_is_told_so(session, visitor, sign_in):
    event = make_event(session, slug="it", capacity=4, has_waiting_list=False)
    fill(session, event, 0, people=2)
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL)
    assert visitor.page.status_code == 409
    assert "There are not so many places free." in errors(visitor.text)
    assert 'value="Example School"' in visitor.text


def test_what_the_booker_has_at_that_time_is_said_if_they_come_along(session, visitor, sign_in):
    person = sign_in(make_person(session))
    other = make_event(session, title="Networking lunch")
    book(session, other, 0, person=person)
    event = make_event(session, slug="it")
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL)
    assert visitor.page.status_code == 409
    assert "Networking lunch" in words(visitor.text)
    visitor.send("/events/it/party", comes_along=None)
    assert taken(session, event) == [3]


def test_a_hybrid_event_asks_how(session, visitor, sign_in):
    event = make_event(session, slug="it", mode=EventMode.HYBRID)
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL)
    assert visitor.page.status_code == 422
    visitor.send("/events/it/party", mode="online")
    assert sorted(taken(session, event)) == [0, 3]


def test_a_course_is_booked_with_all_its_dates(session, visitor, sign_in):
    event = make_event(session, slug="it", sessions=2, booked_as=BookedAs.WHOLE)
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    visitor.send("/events/it/party", SCHOOL)
    assert taken(session, event) == [3, 3]


def test_a_page_that_is_out_of_date_is_refused_with_what_was_typed(session, visitor, sign_in):
    event = make_event(session, slug="it")
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    event.version += 1
    session.commit()
    visitor.send("/events/it/party", SCHOOL)
    assert visitor.page.status_code == 409
    assert "This event changed while the page was open." in errors(visitor.text)
    assert 'value="Example School"' in visitor.text


@pytest.mark.parametrize(
    "rules",
    [{"party_most": 1}, {"audience": Audience.MEMBERS}, {"has_waiting_list": False, "capacity": 0}],
)
def test_where_it_cannot_be_booked_there_is_no_such_page(session, visitor, rules):
    make_event(session, slug="it", **rules)
    assert visitor.client.get("/events/it/party").location == "/events/it"
    visitor.open("/events/it")
    assert "/party" not in visitor.text


def test_an_event_for_one_at_a_time_takes_no_party_even_if_sent(session, visitor, sign_in):
    event = make_event(session, slug="it")
    sign_in(make_person(session))
    visitor.open("/events/it/party")
    event.party_most = 1
    session.commit()
    visitor.send("/events/it/party", SCHOOL | {"places": 2})
    assert visitor.page.status_code == 409
    assert "One booking cannot be for so many places here." in errors(visitor.text)


def test_a_former_address_leads_on(session, visitor):
    assert visitor.open("/events/nothing/party").status_code == 404
