"""A coordinator changes somebody's email address."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.events.links import booking_key
from netapp.events.models import Booking
from netapp.events.operations import changing
from netapp.kernel.errors import StaleEdit
from netapp.kernel.site import site_of
from netapp.people.errors import AddressTaken
from netapp.people.models import Person
from netapp.people.operations import desk as operations
from netapp.people.operations import own_address
from tests.events.scenes import book, forget_mails
from tests.factories import NOW, make_coordinator, make_event, make_guest, make_person
from tests.people.letters import code_in, last_letter, letters_to, link_in

OLD, NEW = "amina@example.org", "amina@new.example"
PASSWORD = "four small brown owls"


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email=OLD)


@pytest.fixture
def at_desk(session, visitor, sign_in):
    sign_in(make_coordinator(session, name="Jo Field", email="jo@example.org"))
    return visitor


def change(visitor, person, email=NEW, reason="Rang us."):
    visitor.open(f"/desk/people/{person.key}")
    assert f'href="/desk/people/{person.key}/address"' in visitor.text
    visitor.open(f"/desk/people/{person.key}/address")
    return visitor.send("/address", email=email, reason=reason)


def kept(session, person):
    columns = Person.email, Person.email_confirmed_at, Person.version
    return tuple(session.execute(select(*columns).where(Person.id == person.id)).one())


def lines(session):
    found = select(AuditLine).order_by(AuditLine.id)
    return [(x.actor_name, x.action, x.summary, x.reason) for x in session.scalars(found)]


def test_the_address_is_changed_and_both_are_told(session, at_desk, amina):
    change(at_desk, amina, email=" Amina@NEW.example ")

    assert "The address is changed. Both addresses are told by email." in at_desk.text
    assert "amina@new.example (not confirmed yet)" in at_desk.text
    assert kept(session, amina) == (NEW, None, 2)
    assert letters_to(session, OLD) == ["people/address_left"]
    assert letters_to(session, NEW) == ["people/address_new"]
    assert NEW not in last_letter(session, OLD)
    said = ("Jo Field", "person.address", "Changed the email address of Amina Okafor.", "Rang us.")
    assert lines(session) == [said]


def test_sent_twice_it_is_done_once(session, at_desk, amina, client):
    at_desk.open(f"/desk/people/{amina.key}/address")
    form = at_desk.form("/address")
    data = dict(form.fields) | {"email": NEW, "reason": "Rang us."}

    assert [client.post(form.action, data=data).status_code for _ in range(2)] == [303, 303]

    assert len(lines(session)) == 1
    assert letters_to(session, OLD) == ["people/address_left"]


@pytest.mark.parametrize(
    ("email", "reason", "said"),
    [
        ("nobody", "x", "Enter an email address, like name@example.org"),
        (NEW, "", "Say why, in a few words."),
        (OLD, "x", "That is the address they have already."),
        ("taken@example.org", "x", "Somebody with that address is already here."),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    session, at_desk, amina, email, reason, said
):
    other = make_guest(session, name="Ben Adeyemi", email="taken@example.org")

    page = change(at_desk, amina, email=email, reason=reason)

    assert page.status_code == 422
    assert said in page.text
    assert dict(at_desk.form("/address").fields)["reason"] == reason
    assert (f"/desk/people/{other.key}" in page.text) == email.startswith("taken")
    assert kept(session, amina) == (OLD, NOW, 1)
    assert lines(session) == []
    assert letters_to(session, OLD) == []


def test_a_page_opened_before_another_change_is_refused_and_can_be_sent_again(
    session, at_desk, amina
):
    at_desk.open(f"/desk/people/{amina.key}/address")
    operations.edit_person(
        session, key=amina.key, version=1, name="Amina O", organisation="",
        actor=Actor(None, "Jo"), now=NOW,
    )  # fmt: skip
    session.commit()

    page = at_desk.send("/address", email=NEW, reason="Rang us.")
    assert page.status_code == 409
    assert "Somebody changed this person meanwhile." in page.text
    assert kept(session, amina)[0] == OLD

    at_desk.send("/address")
    assert kept(session, amina)[0] == NEW


def test_under_the_lock_it_is_asked_again(session, amina):
    make_guest(session, email=NEW)
    words: dict[str, Any] = {"reason": "x", "actor": Actor(None, "Jo"), "now": NOW}

    with pytest.raises(AddressTaken):
        operations.change_address(session, key=amina.key, version=1, email=NEW, **words)
    with pytest.raises(StaleEdit):
        operations.change_address(session, key=amina.key, version=7, email="x@x.example", **words)


def test_codes_links_and_sign_ins_of_before_end(session, at_desk, amina, as_person):
    signed_in = as_person(amina)
    asking = as_person(None)
    asking.open("/sign-in")
    asking.send("/sign-in", email=OLD, way="code")
    code = code_in(session, OLD)
    resetting = as_person(None)
    resetting.open("/reset-password")
    resetting.send("/reset-password", email=OLD)
    link = link_in(session, OLD)

    change(at_desk, amina)

    assert signed_in.open("/account").request.path == "/sign-in"
    asking.send("/sign-in/code", code=code)
    assert asking.open("/account").request.path == "/sign-in"
    assert resetting.open(link).status_code == 410


def test_a_code_to_the_new_address_signs_in_and_confirms_it(session, at_desk, amina, as_person):
    change(at_desk, amina)
    back = as_person(None)
    back.open("/sign-in")
    back.send("/sign-in", email=NEW, way="code")
    back.send("/sign-in/code", code=code_in(session, NEW))

    assert back.path == "/account"
    assert kept(session, amina)[1] == NOW


def test_links_to_bookings_go_to_the_new_address_only(session, at_desk, as_person):
    guest = make_guest(session, name="Amina Okafor", email=OLD)
    event = make_event(session, title="Chaos", sessions=2)
    booking = book(session, event, 0, 1, person=guest)
    over = book(session, make_event(session), 0, person=guest)
    changing.cancel_booking(session, booking_id=over.id, now=NOW)
    session.commit()
    forget_mails(session)
    site = site_of(session)
    old_links = [f"/bookings/{b.reference}?key={booking_key(site, b)}" for b in (booking, over)]

    change(at_desk, guest)

    stranger = as_person(None)
    assert [stranger.open(link).status_code for link in old_links] == [404, 404]
    assert letters_to(session, OLD) == ["people/address_left"]
    assert letters_to(session, NEW) == ["people/address_new", "events/new_address"]
    there = last_letter(session, NEW)
    assert "Wednesday 10 February 2027, 2pm to 5:30pm GMT" in there
    link = next(x for x in there.split() if "/bookings/" in x).split("://")[1].partition("/")[2]
    assert "Your booking" in stranger.open(f"/{link}").text
    assert session.scalars(select(Booking.live).order_by(Booking.id)).all() == [True, False]


def test_whoever_asks_shows_again_who_it_is(session, at_desk, amina, at):
    with at(NOW + timedelta(minutes=11)):
        page = at_desk.open(f"/desk/people/{amina.key}/address")

    assert page.request.path == "/account/again"


def test_a_change_of_their_own_can_neither_be_confirmed_nor_taken_back_afterwards(
    session, at_desk, amina, as_person
):
    own_address.ask(session, person_id=amina.id, email="first@new.example", now=NOW)
    session.commit()
    confirm = link_in(session, "first@new.example")
    mine = as_person(None)
    mine.open(confirm)
    mine.send(confirm)
    undo = link_in(session, OLD)
    own_address.ask(session, person_id=amina.id, email="second@new.example", now=NOW)
    session.commit()
    again = link_in(session, "second@new.example")

    change(at_desk, amina)

    for link in (undo, again):
        mine.open(link)
        assert [form.action for form in mine.forms() if "address" in form.action] == []
    assert kept(session, amina)[0] == NEW
