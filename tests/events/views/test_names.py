"""Naming people by a link that is passed on, and the page of each of them."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from netapp.events.links import booking_key, names_url, own_place_url
from netapp.events.models import Attendee, Mode
from netapp.events.operations import naming_limits
from netapp.events.operations.changing import cancel_booking
from netapp.kernel.site import site_of
from netapp.people.models import Person
from tests.events.scenes import book, fill, forget_mails, states, taken
from tests.events.test_naming import book_party, keys, letters, name, people, text_of
from tests.events.views.pages import heading, section, words
from tests.factories import NOW, make_event, make_person
from tests.people.letters import last_letter

STARTS = NOW + timedelta(days=30, hours=2)
SOON = NOW + timedelta(days=7)


def local(url):
    """An absolute address as this browser opens it."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def errors(page_text):
    return section(page_text, 'id="error-summary-title">', "</div>")


def names_link(session, booking):
    return local(names_url(site_of(session), booking))


def place_link(session, booking, number):
    attendee = session.scalars(
        select(Attendee)
        .where(Attendee.key == keys(session, booking)[number])
        .execution_options(populate_existing=True)
    ).one()
    return local(own_place_url(site_of(session), booking, attendee))


def field(session, booking, number, what="name"):
    return f"p-{keys(session, booking)[number]}-{what}"


def test_the_booker_puts_a_name_right_by_a_tick(session, visitor, sign_in):
    amara = make_person(session)
    booking = book_party(session, make_event(session), person=amara)
    name(session, booking, (1, "Sma Okoro", "sam@example.org"), (2, "Kim"))
    forget_mails(session)
    sign_in(amara)
    visitor.open(f"/bookings/{booking.reference}/names")
    right, wrong = (field(session, booking, number, "same") for number in (1, 2))
    assert f'name="{right}"' in visitor.text
    assert f'name="{wrong}"' not in visitor.text  # Kim has no address: a name is all there is.
    visitor.send("/names", {field(session, booking, 1): "Sam Okoro", right: "y"})
    assert people(session, booking)[1] == ("Sam Okoro", "sam@example.org")
    assert letters(session) == []


def test_the_link_names_people_and_nothing_else(session, visitor):
    booking = book_party(session, make_event(session), organisation="Example School")
    visitor.open(names_link(session, booking))
    assert heading(visitor.text) == "Who is coming?"
    assert "3 places for Example School" in words(visitor.text)
    assert "2 people are not named yet" in words(visitor.text)
    assert visitor.page.headers["Cache-Control"] == "no-store"
    assert visitor.page.headers["X-Robots-Tag"] == "noindex, nofollow"
    visitor.send(
        "/names",
        {
            field(session, booking, 1): "Sam Okoro",
            field(session, booking, 1, "email"): "Sam@Example.org",
            field(session, booking, 2): "Kim",
        },
    )
    assert visitor.page.status_code == 200
    assert "That is kept." in words(visitor.text)
    assert people(session, booking)[1:] == [("Sam Okoro", "sam@example.org"), ("Kim", None)]
    assert letters(session) == [("place_given", "sam@example.org")]
    key = names_link(session, booking).split("key=")[1]
    assert visitor.open(f"/bookings/{booking.reference}?key={key}").status_code == 404
    assert visitor.open(f"/bookings/{booking.reference}/cancel?key={key}").status_code == 404


def test_no_address_is_shown_to_whoever_has_the_link(session, visitor):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", "sam@example.org"))
    visitor.open(names_link(session, booking))
    assert "sam@example.org" not in visitor.text
    assert session.get_one(Person, booking.person_id).email not in visitor.text


def test_a_wrong_key_opens_nothing(session, visitor):
    booking = book_party(session, make_event(session))
    alone = book(session, make_event(session), 0)
    for path in (
        f"/bookings/{booking.reference}/names",
        f"/bookings/{booking.reference}/names?key=wrong",
        f"/bookings/{booking.reference}/names?key={'x' * 200}",
        "/bookings/AAAA-BBBB-CC/names?key=x",
        f"/bookings/{'A' * 300}/names",
        names_link(session, alone),  # Only parties have one.
        f"/bookings/{booking.reference}/places/{keys(session, booking)[0]}?key=x",
        f"/bookings/{booking.reference}/places/{'x' * 200}",
    ):
        assert visitor.open(path).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"email": "sam@example.org"}, "Write the name beside the address."),
        ({"name": "Sam", "email": "sam"}, "like name@example.org"),
        ({"name": "x" * 121}, "Shorten this to 120 characters."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_the_rest_kept(session, visitor, wrong, says):
    booking = book_party(session, make_event(session))
    visitor.open(names_link(session, booking))
    fields = {field(session, booking, 1, what): value for what, value in wrong.items()}
    visitor.send("/names", fields | {field(session, booking, 2): "Kim"})
    assert visitor.page.status_code == 422
    assert says in errors(visitor.text)
    assert 'value="Kim"' in visitor.text
    assert people(session, booking)[2] == ("", None)


def test_two_who_name_different_people_do_not_undo_each_other(session, visitor, as_person):
    booking = book_party(session, make_event(session))
    other = as_person(None)
    visitor.open(names_link(session, booking))
    other.open(names_link(session, booking))
    other.send("/names", {field(session, booking, 1): "Sam"})
    visitor.send("/names", {field(session, booking, 2): "Kim"})
    assert people(session, booking)[1:] == [("Sam", None), ("Kim", None)]


def test_two_who_name_the_same_person_see_it_and_decide(session, visitor, as_person):
    booking = book_party(session, make_event(session))
    other = as_person(None)
    page = f"/bookings/{booking.reference}/names?key={booking_key(site_of(session), booking)}"
    visitor.open(page)
    other.open(page)
    other.send("/names", {field(session, booking, 1): "Sam"})
    visitor.send("/names", {field(session, booking, 1): "Kim", field(session, booking, 2): "Lou"})
    assert visitor.page.status_code == 409
    assert people(session, booking)[1:] == [("Sam", None), ("", None)]
    visitor.send("/names")
    assert people(session, booking)[1:] == [("Kim", None), ("Lou", None)]


def test_by_the_link_for_names_nobody_sees_or_changes_whom_others_named(
    session, visitor, as_person
):
    booking = book_party(session, make_event(session), places=4)
    other = as_person(None)
    visitor.open(names_link(session, booking))
    other.open(names_link(session, booking))
    other.send("/names", {field(session, booking, 1): "Sam Okoro"})
    assert 'value="Sam Okoro"' in other.text  # One's own entry can be put right.
    visitor.send("/names", {field(session, booking, 1): "Kim", field(session, booking, 3): "Lou"})
    assert visitor.page.status_code == 409
    assert "Okoro" not in visitor.text
    assert "Person 2: S. O., named already." in words(visitor.text)
    assert "Jo Field" not in section(visitor.text, "<h1>")
    visitor.send("/names")  # What was typed has gone to the place that is open still.
    assert people(session, booking)[1:] == [("Sam Okoro", None), ("Kim", None), ("Lou", None)]
    other.open(names_link(session, booking))
    other.send("/names", {field(session, booking, 1): "Sam Okoro-Hall"})
    assert people(session, booking)[1] == ("Sam Okoro-Hall", None)


def test_nobody_is_said_to_be_mailed_who_is_not(session, visitor):
    booking = book_party(session, make_event(session))
    visitor.open(names_link(session, booking))
    visitor.send("/names")
    assert "Nothing was different, so nothing was changed." in words(visitor.text)
    visitor.send("/names", {field(session, booking, 1): "Sam"})
    assert "That is kept." in words(visitor.text)
    assert "emailed" not in section(visitor.text, 'role="status"')


def test_only_so_many_are_mailed_in_an_hour(session, visitor, monkeypatch):
    limit = naming_limits.BY_BOOKING
    monkeypatch.setattr(naming_limits, "BY_BOOKING", type(limit)(limit.name, 1, limit.window))
    booking = book_party(session, make_event(session))
    visitor.open(names_link(session, booking))
    sent = {}
    for number in (1, 2):
        sent[field(session, booking, number)] = f"Person {number}"
        sent[field(session, booking, number, "email")] = f"p{number}@example.org"
    visitor.send("/names", sent)
    assert visitor.page.status_code == 429
    assert visitor.page.headers["Retry-After"] == "3600"
    assert letters(session) == []
    assert 'value="Person 2"' in visitor.text


def test_the_booker_sees_who_comes_and_names_them(session, visitor, sign_in):
    event = make_event(session)
    person = sign_in(make_person(session, name="Jo Field"))
    booking = book_party(
        session, event, person=person, organisation="Example School", order_number="123"
    )
    visitor.open(f"/bookings/{booking.reference}")
    said = section(visitor.text, 'id="people"')
    assert "3 places for Example School, order 123." in said
    assert "2 people are not named yet. Please name them by Sunday 7 February 2027, 2pm" in said
    assert said.count("Not named yet") == 2
    assert names_url(site_of(session), booking) in said
    assert "3 places confirmed" in words(visitor.text)
    visitor.open(f"/bookings/{booking.reference}/names")
    visitor.send("/names", {field(session, booking, 1): "Sam Okoro"})
    visitor.open(f"/bookings/{booking.reference}")
    assert "Sam Okoro" in section(visitor.text, 'id="people"')


def test_a_place_of_a_party_is_given_back(session, visitor, client):
    event = make_event(session)
    booking = book_party(session, event)
    key = booking_key(site_of(session), booking)
    visitor.open(f"/bookings/{booking.reference}?key={key}")
    visitor.send(f"/people/{keys(session, booking)[2]}/give-back")
    assert "The place is given back." in words(visitor.text)
    assert states(session, booking) == ["confirmed", "confirmed", "cancelled"]
    assert taken(session, event) == [2]
    assert "2 places confirmed" in words(visitor.text)
    path = f"/bookings/{booking.reference}/people/{keys(session, booking)[1]}/give-back"
    assert client.get(f"{path}?key={key}").status_code == 303


def test_one_person_hands_their_place_to_a_colleague(session, visitor, sign_in):
    person = sign_in(make_person(session))
    booking = book(session, make_event(session), 0, person=person)
    forget_mails(session)
    visitor.open(f"/bookings/{booking.reference}")
    assert "Hand your place to a colleague" in words(visitor.text)
    visitor.open(f"/bookings/{booking.reference}/names")
    assert heading(visitor.text) == "Hand your place to a colleague"
    visitor.send("/names")
    assert visitor.page.status_code == 422
    assert "Write the name of your colleague." in errors(visitor.text)
    visitor.send(
        "/names",
        {
            field(session, booking, 0): "Kim Lee",
            field(session, booking, 0, "email"): "kim@example.org",
        },
    )
    assert people(session, booking) == [("Kim Lee", "kim@example.org")]
    visitor.open(f"/bookings/{booking.reference}")
    assert "Kim Lee" in section(visitor.text, 'id="people"')


def test_a_booking_that_begun_names_nobody(session, visitor, at):
    booking = book_party(session, make_event(session))
    with at(STARTS + timedelta(minutes=1)):
        visitor.open(names_link(session, booking))
        assert "Nobody can be named here now" in words(visitor.text)


def test_an_ended_booking_says_so(session, visitor):
    booking = book_party(session, make_event(session))
    cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    visitor.open(names_link(session, booking))
    assert "This booking has ended." in words(visitor.text)


def test_a_named_person_sees_their_place_by_the_link_of_their_mail(session, visitor):
    booking = book_party(session, make_event(session), organisation="Example School")
    name(session, booking, (1, "Sam Okoro", "sam@example.org"))
    visitor.open(place_link(session, booking, 1))
    assert heading(visitor.text) == "Your place, Sam"
    said = words(visitor.text)
    assert "Booked for you by Jo Field, Example School." in said
    assert "Wednesday 10 February 2027" in said
    assert "Place confirmed" in said
    assert visitor.page.headers["Cache-Control"] == "no-store"
    key = place_link(session, booking, 1).split("key=")[1]
    other = f"/bookings/{booking.reference}/places/{keys(session, booking)[0]}?key={key}"
    assert visitor.open(other).status_code == 404
    assert visitor.open(f"/bookings/{booking.reference}?key={key}").status_code == 404
    assert visitor.open(f"/bookings/{booking.reference}/names?key={key}").status_code == 404


def test_the_link_ends_when_somebody_else_has_the_place(session, visitor):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", "sam@example.org"))
    link = place_link(session, booking, 1)
    name(session, booking, (1, "Kim", "kim@example.org"))
    assert visitor.open(link).status_code == 404


def test_the_link_to_join_is_for_the_named_person_alone(session, visitor, sign_in, at):
    booker = make_person(session)
    event = make_event(session, mode=Mode.ONLINE, starts_at=SOON)
    booking = book(session, event, 0, person=booker)
    name(session, booking, (0, "Sam", "sam@example.org"))
    with at(SOON - timedelta(hours=1)):
        visitor.open(place_link(session, booking, 0))
        assert "https://meet.example.org/abc" in visitor.text
        sign_in(booker)
        visitor.open(f"/bookings/{booking.reference}")
        assert heading(visitor.text) == "Your booking"
        assert "https://meet.example.org/abc" not in visitor.text


def test_the_booker_can_pass_on_the_link_to_join_to_those_without_an_address(
    session, visitor, sign_in, at
):
    booker = sign_in(make_person(session))
    event = make_event(session, mode=Mode.ONLINE, starts_at=SOON)
    booking = book_party(session, event, person=booker, comes_along=False)
    with at(SOON - timedelta(hours=1)):
        visitor.open(f"/bookings/{booking.reference}")
        assert "https://meet.example.org/abc" in visitor.text


def test_who_cannot_come_hands_the_place_back(session, visitor):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", "sam@example.org"))
    forget_mails(session)
    visitor.open(place_link(session, booking, 1))
    form = visitor.form("/hand-back")
    visitor.send("/hand-back")
    assert heading(visitor.text) == "Thank you for telling us"
    assert people(session, booking)[1] == ("", None)
    assert [message for message, _ in letters(session)] == ["place_ended", "place_handed_back"]
    told = " ".join(last_letter(session, "sam@example.org").split())
    assert "You have handed back the place at" in told
    assert "GMT" in told.partition("Handed back")[0]  # The date, and what became of it.
    assert "Confirmed" not in told
    again = visitor.client.post(form.action, data=dict(form.fields), follow_redirects=True)
    assert "Thank you for telling us" in again.text
    assert len(letters(session)) == 2


def test_a_signed_in_person_is_led_from_the_booking_to_their_place(session, visitor, sign_in):
    booking = book_party(session, make_event(session))
    sam = sign_in(make_person(session, name="Sam Okoro"))
    name(session, booking, (1, "Sam Okoro", sam.email))
    answer = visitor.client.get(f"/bookings/{booking.reference}")
    assert answer.status_code == 303
    visitor.open(f"/bookings/{booking.reference}")
    assert heading(visitor.text) == "Your place, Sam"
    visitor.open("/account/bookings")
    assert (
        f'href="/bookings/{booking.reference}/places/{keys(session, booking)[1]}"' in visitor.text
    )
    assert "Booked for you by Jo Field." in words(visitor.text)


def test_the_event_page_knows_who_was_named(session, visitor, sign_in):
    event = make_event(session, slug="it")
    booking = book_party(session, event)
    sam = sign_in(make_person(session))
    name(session, booking, (1, "Sam", sam.email))
    visitor.open("/events/it")
    assert f'href="/bookings/{booking.reference}"' in visitor.text


def test_my_bookings_list_what_is_booked_for_others(session, visitor, sign_in):
    booker = sign_in(make_person(session))
    book_party(
        session, make_event(session, title="Chaos"), person=booker, comes_along=False,
        organisation="Example School",
    )  # fmt: skip
    visitor.open("/account/bookings")
    said = section(visitor.text, 'id="m6"')
    assert (
        "Chaos Wednesday 10 February 2027, 2pm to 5:30pm GMT 3 places for Example School." in said
    )
    assert "3 people are not named yet: please name them by Sunday 7 February 2027" in said


def test_a_party_that_waits_reads_its_number_the_rule_and_the_reason(session, visitor, sign_in):
    event = make_event(session, capacity=5)
    fill(session, event, 0, people=3)
    booker = sign_in(make_person(session))
    booking = book_party(session, event, person=booker)
    fill(session, event, 0, people=1)
    visitor.open(f"/bookings/{booking.reference}")
    said = words(visitor.text)
    assert "You are number 1 on the list, for 3 places." in said
    assert "Places are offered in this order, all of a party together." in said
    assert "You need 3 places, 1 is free. Smaller parties went before you 1 of 3 times." in said


def test_an_offer_to_a_party_is_taken_as_a_whole(session, visitor, sign_in):
    event = make_event(session, capacity=3)
    first = fill(session, event, 0, people=2)
    booker = sign_in(make_person(session))
    booking = book_party(session, event, person=booker)
    for each in first:
        cancel_booking(session, booking_id=each.id, now=NOW)
        session.commit()
    visitor.open(f"/bookings/{booking.reference}")
    assert "3 places are free for you" in words(visitor.text)
    visitor.send("/offer", answer="take")
    assert "The places are yours." in words(visitor.text)
    assert states(session, booking) == ["confirmed"] * 3


def test_the_links_in_the_mails_are_those_of_the_pages(session, visitor):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", "sam@example.org"))
    found = re.search(r"http\S+/places/\S+", text_of(session))
    assert found
    assert local(found.group()) == place_link(session, booking, 1)


def test_an_offer_is_answered_by_the_booker_alone(session, visitor, sign_in):
    event = make_event(session, slug="it", capacity=3)
    first = fill(session, event, 0, people=1)
    booking = book_party(session, event)
    sam = sign_in(make_person(session))
    name(session, booking, (1, "Sam", sam.email))
    cancel_booking(session, booking_id=first[0].id, now=NOW)
    session.commit()
    for path in ("/events/it", "/account/bookings", f"/bookings/{booking.reference}"):
        visitor.open(path)
        assert "On offer" not in words(visitor.text)
        assert "Answer" not in words(visitor.text)
