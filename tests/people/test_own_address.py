"""Another email address for oneself: confirmed by the new one, taken back by the old one."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from netapp.audit.models import AuditLine
from netapp.events.models import Booking
from netapp.people import passwords
from netapp.people.models import AddressChange, Person, SignIn
from tests.events.scenes import book
from tests.factories import NOW, make_event, make_person
from tests.people.letters import all_letters, last_letter, letters_to, link_in

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)
OLD, NEW = "amina@example.org", "amina@new.example.org"
ENDED = "This link has ended"


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email=OLD, password_hash=HASH)


def ask(visitor, email=NEW):
    visitor.open("/account/address")
    return visitor.send("/account/address", email=email)


def follow(visitor, path):
    visitor.open(path)
    return visitor.send(path)


def change(session, visitor, email=NEW):
    ask(visitor, email)
    follow(visitor, link_in(session, email))


def address_of(session, person):
    return session.scalar(select(Person.email).where(Person.id == person.id))


def test_nothing_changes_until_the_new_one_says_so(session, as_person, amina):
    visitor = as_person(amina)
    ask(visitor, " Amina@NEW.example.org ")
    assert f"We have written to {NEW}." in visitor.text
    assert all_letters(session) == ["people/address_confirm"]
    path = link_in(session, NEW)
    visitor.open(path)
    assert address_of(session, amina) == OLD, "opening the link only shows a button"
    visitor.send(path)
    assert visitor.path == "/account"
    assert NEW in visitor.text
    assert address_of(session, amina) == NEW
    assert letters_to(session, OLD) == ["people/address_changed"]
    assert NEW not in last_letter(session, OLD)
    line = session.scalars(select(AuditLine)).one()
    assert (line.action, line.summary) == (
        "person.address",
        "Amina Okafor changed their email address.",
    )


def test_the_link_works_in_another_browser_once(session, as_person, visitor, amina):
    ask(as_person(amina))
    path = link_in(session, NEW)
    follow(visitor, path)
    assert address_of(session, amina) == NEW
    page = visitor.open(path)
    assert (page.status_code, ENDED in page.text) == (410, True)


def test_the_link_works_for_an_hour(session, as_person, visitor, amina, at):
    ask(as_person(amina))
    path = link_in(session, NEW)
    with at(NOW + timedelta(minutes=59)):
        assert visitor.open(path).status_code == 200
    with at(NOW + timedelta(minutes=60)):
        assert visitor.open(path).status_code == 410
        token = dict(visitor.form("/sign-out").fields) if "/sign-out" in visitor.text else {}
        assert token == {}


def test_a_newer_request_ends_the_older(session, as_person, visitor, amina):
    mine = as_person(amina)
    ask(mine, "first@example.org")
    ask(mine, "second@example.org")
    assert visitor.open(link_in(session, "first@example.org")).status_code == 410
    follow(visitor, link_in(session, "second@example.org"))
    assert address_of(session, amina) == "second@example.org"


def test_bookings_come_along_with_new_links(session, as_person, amina):
    booking = book(session, make_event(session), 0, person=amina)
    session.commit()
    before = booking.link_version
    visitor = as_person(amina)
    change(session, visitor)
    version = select(Booking.link_version).where(Booking.id == booking.id)
    assert session.scalar(version) == before + 1
    assert len(letters_to(session, NEW)) == 2, "the link to confirm, and the booking"


def test_an_address_of_somebody_else_is_answered_alike(session, as_person, amina):
    make_person(session, email="taken@example.org", name="Ben")
    visitor = as_person(amina)
    ask(visitor, "taken@example.org")
    assert visitor.path == "/account"
    assert "We have written to taken@example.org." in visitor.text
    assert letters_to(session, "taken@example.org") == ["people/address_in_use"]
    assert "Amina" not in last_letter(session, "taken@example.org")
    assert "/new-address/" not in last_letter(session, "taken@example.org")


def test_somebody_who_came_by_it_meanwhile_keeps_it(session, as_person, amina):
    visitor = as_person(amina)
    ask(visitor)
    make_person(session, email=NEW, name="Ben")
    follow(visitor, link_in(session, NEW))
    assert "Somebody else here has that address by now" in visitor.text
    assert address_of(session, amina) == OLD


def test_my_own_address_is_no_change(session, as_person, amina):
    page = ask(as_person(amina), "AMINA@example.org")
    assert (page.status_code, "That is your address already." in page.text) == (422, True)
    assert session.scalars(select(AddressChange.id)).all() == []


def test_mails_to_one_address_are_limited(as_person, amina):
    visitor = as_person(amina)
    seen = [ask(visitor).status_code for _ in range(6)]
    assert seen == [200] * 5 + [429]


def test_asked_for_later_one_shows_again_who_one_is(as_person, amina, at):
    visitor = as_person(amina)
    with at(NOW + timedelta(minutes=11)):
        visitor.open("/account/address")
        assert visitor.path == "/account/again"


# Taking it back


def test_the_old_one_takes_it_back(session, as_person, visitor, amina):
    thief = as_person(amina)
    change(session, thief)
    path = link_in(session, OLD)
    visitor.open(path)
    assert address_of(session, amina) == NEW
    visitor.send(path)
    assert "Your old address is back." in visitor.text
    assert address_of(session, amina) == OLD
    assert session.scalars(select(SignIn.id)).all() == [], "signed out everywhere"
    assert session.scalar(select(Person.password_hash)) is None
    assert visitor.open(path).status_code == 410


def test_for_seven_days(session, as_person, visitor, amina, at):
    change(session, as_person(amina))
    path = link_in(session, OLD)
    with at(NOW + timedelta(days=7) - timedelta(seconds=1)):
        assert visitor.open(path).status_code == 200
    with at(NOW + timedelta(days=7)):
        assert visitor.open(path).status_code == 410


def test_also_after_the_thief_went_on_to_a_third(session, as_person, visitor, amina):
    thief = as_person(amina)
    change(session, thief)
    change(session, thief, "third@example.org")
    ask(thief, "fourth@example.org")
    follow(visitor, link_in(session, OLD))
    assert address_of(session, amina) == OLD
    for path in (link_in(session, NEW), link_in(session, "fourth@example.org")):
        assert visitor.open(path).status_code == 410, path


def test_not_where_somebody_else_has_it_by_now(session, as_person, visitor, amina):
    change(session, as_person(amina))
    path = link_in(session, OLD)
    make_person(session, email=OLD, name="Ben")
    follow(visitor, path)
    assert "Somebody else here has that address by now" in visitor.text
    assert address_of(session, amina) == NEW


def test_links_of_a_closed_account_have_ended(session, as_person, visitor, amina):
    ask(as_person(amina))
    session.execute(update(Person).values(disabled_at=NOW))
    session.commit()
    assert visitor.open(link_in(session, NEW)).status_code == 410
