"""Whoever leaves for good is nowhere to be found, and nobody else loses anything by it."""

import json
import re
from email import message_from_bytes
from email.policy import default
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select, update

from netapp.audit.operations import Actor
from netapp.directory.models import Sightings
from netapp.events.models import Booking, EventHelper, HelperRole, Interest, Place
from netapp.kernel.db import Base
from netapp.kernel.site import site_of
from netapp.mail import drafts
from netapp.mail.models import MailState, OutboxMessage
from netapp.membership.invoice_models import Invoice
from netapp.membership.models import Membership, Seat
from netapp.people.access import Told
from netapp.people.errors import LastCoordinator
from netapp.people.models import Person, ProfileKind, SignIn
from netapp.people.operations import access, codes
from netapp.privacy.models import Closing
from netapp.privacy.operations import ledger
from netapp.privacy.operations.farewells import LAST, forget_last_mails
from netapp.workflows.close_account import close_account, close_again, missing
from tests.events.scenes import book, mails, states
from tests.factories import (
    NOW,
    make_coordinator,
    make_event,
    make_member,
    make_organisation,
    make_person,
    make_sign_in,
)


def close(session, person, folder, **more):
    done = close_account(session, key=person.key, by=None, folder=folder, now=NOW, **more)
    session.commit()
    return done


def person_row(session, key):
    columns = Person.name, Person.email, Person.organisation, Person.registered_at
    return session.execute(select(*columns).where(Person.key == key)).one()


def everything(session):
    """Each row of each table as text, by table."""
    return {
        name: [str(tuple(row)) for row in session.execute(select(table))]
        for name, table in Base.metadata.tables.items()
    }


def make_canary(session):
    """Somebody of whom every room knows something, each time with the same rare word."""
    person = make_member(
        session, name="Quokka Hill", email="quokka@example.org", organisation="Quokka Music"
    )
    session.execute(update(Membership).values(note="quokka pays late"))
    event, over = make_event(session), make_event(session)
    booking = book(session, event, 0, person=person)
    book(session, over, 0, person=person)
    session.execute(update(Booking).values(order_number="QUOKKA-7"))
    session.add(Interest(key="interest-of-quokka", event_id=over.id, person_id=person.id,
                         given_at=NOW))  # fmt: skip
    session.add(EventHelper(event_id=over.id, person_id=person.id, role=HelperRole.DOOR,
                            granted_at=NOW))  # fmt: skip
    session.add(
        Seat(key="seat-1", organisation_id=make_organisation(session).id, person_id=person.id,
             given_at=NOW, called="Quokka")
    )  # fmt: skip
    access.keep_profile(
        session, person_id=person.id, kind=ProfileKind.ACCESS,
        told=Told(("captions",), "quokka needs quiet"), seen_version=0, now=NOW,
    )  # fmt: skip
    make_sign_in(session, person)
    session.commit()
    return person, booking


def make_invoice(person):
    return Invoice(
        key="invoice-1",
        year=2027,
        sequence=1,
        person_id=person.id,
        name=person.name,
        email=person.email,
        words="Individual member",
        pence=2400,
        sender="The network",
        payment="By bank",
        issued_on=NOW.date(),
        due_on=NOW.date(),
    )


def test_nothing_is_left_that_names_them(session, tmp_path):
    person, _ = make_canary(session)
    key = person.key
    close(session, person, tmp_path)
    found = {
        name: rows
        for name, rows in everything(session).items()
        if any("quokka" in row.casefold() for row in rows)
    }
    # The last mail, and the cancellation that takes the date out of their calendar, still go out.
    assert sorted(found) == ["outbox_messages"]
    assert [each.message for each in session.scalars(select(OutboxMessage).order_by("id"))] == [
        "events/booking_cancelled",
        "events/booking_cancelled",
        "privacy/closed",
    ]
    assert person_row(session, key) == (
        "Somebody who closed their account",
        f"{person.id}@closed.invalid",
        "",
        None,
    )


def test_their_place_goes_to_whoever_waits(session, tmp_path):
    event = make_event(session, capacity=1)
    leaving, waiting = make_member(session), make_member(session)
    book(session, event, 0, person=leaving)
    theirs = book(session, event, 0, person=waiting)
    close(session, leaving, tmp_path)
    assert states(session, theirs) == ["offered"]
    assert [place.state.value for place in session.scalars(select(Place).order_by(Place.id))] == [
        "cancelled",
        "offered",
    ]


def test_what_was_stays_a_number(session, tmp_path, at):
    person, _ = make_canary(session)
    rows = len(session.scalars(select(Booking.id)).all())
    close(session, person, tmp_path)
    assert len(session.scalars(select(Booking.id)).all()) == rows
    assert set(session.scalars(select(Booking.name))) == {"Somebody who closed their account"}


def test_the_receipt_says_what_was_done(session, tmp_path):
    person, _ = make_canary(session)
    done = close(session, person, tmp_path)
    said = {each.title: each.what for each in done}
    assert said["What helps you take part, and what you eat"] == "Deleted."
    assert said["Your bookings"] == (
        "Stays without your name. So that the number of people who came to past events stays true."
    )
    kept = session.scalars(select(Closing.done)).one()
    assert kept == [[each.title, each.what, each.number] for each in done]


def test_nobody_signs_in_with_it_any_more(session, tmp_path, as_person):
    person = make_person(session)
    browser = as_person(person)
    assert browser.open("/account").status_code == 200
    close(session, person, tmp_path)
    assert browser.open("/account").status_code == 200
    assert browser.path.startswith("/sign-in")
    assert session.scalars(select(SignIn.id)).all() == []


def test_the_address_is_free_again(session, tmp_path):
    person = make_person(session, email="amina@example.org")
    close(session, person, tmp_path)
    again = make_person(session, email="amina@example.org")
    assert again.id != person.id


def test_closing_twice_is_once(session, tmp_path):
    person = make_person(session)
    assert close(session, person, tmp_path) != []
    assert close(session, person, tmp_path) == []
    assert mails(session, to=None).count("privacy/closed") == 1


def test_the_last_coordinator_stays(session, tmp_path):
    jo = make_coordinator(session)
    with pytest.raises(LastCoordinator):
        close_account(session, key=jo.key, by=None, folder=tmp_path, now=NOW)
    session.rollback()
    assert ledger.noted(tmp_path) == {}
    assert session.get_one(Person, jo.id).disabled_at is None


def test_a_restored_backup_does_not_bring_them_back(session, tmp_path):
    """What a backup of before the closing holds: the person as they were, and no receipt."""
    person = make_person(session, name="Amina Okafor", email="amina@example.org")
    close(session, person, tmp_path)
    session.execute(update(Person).where(Person.id == person.id).values(
        name="Amina Okafor", email="amina@example.org", registered_at=NOW, disabled_at=None
    ))  # fmt: skip
    for closing in session.scalars(select(Closing)):
        session.delete(closing)
    session.commit()
    assert missing(session, tmp_path) == [person.key]
    assert close_again(session, folder=tmp_path, now=NOW) == 1
    assert person_row(session, person.key).email == f"{person.id}@closed.invalid"
    assert mails(session) == []
    assert close_again(session, folder=tmp_path, now=NOW) == 0


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path):
    ledger.note(tmp_path, "abc", NOW)
    with (tmp_path / ledger.FILE_NAME).open("a") as file:
        file.write("def 2027-01-")
    assert ledger.noted(tmp_path) == {"abc": NOW}
    assert ledger.noted(tmp_path / "nowhere") == {}


def test_on_the_page(session, visitor, sign_in, app):
    person, _ = make_canary(session)
    sign_in(person)
    visitor.open("/account/privacy/close")
    assert "Deleted." in visitor.text
    page = visitor.send("/account/privacy/close")
    assert page.status_code == 422
    assert "Tick this if you are sure." in page.text
    visitor.send("/account/privacy/close", sure="y")
    assert visitor.path == "/goodbye"
    assert "Your account is closed" in visitor.text
    assert visitor.open("/account").status_code == 200
    assert visitor.path.startswith("/sign-in")


def test_a_copy_holds_what_every_room_knows(session, visitor, sign_in):
    person, _ = make_canary(session)
    sign_in(person)
    body = json.loads(visitor.open("/account/privacy/copy.json").text)
    titles = [part["title"] for part in body["held"]]
    assert titles == [
        "You",
        "Where you are signed in",
        "What helps you take part, and what you eat",
        "Your memberships",
        "Seats that organisations gave you",
        "Your bookings",
        "Names you booked for",
        "Your places",
        "What happened to your bookings",
        "Calendar invitations we sent",
        "What you are interested in",
        "Events you help to run",
        "Mail we sent you",
    ]
    held = {part["title"]: part["entries"] for part in body["held"]}
    assert held["You"][0]["Email address"] == "quokka@example.org"
    assert held["What helps you take part, and what you eat"][0]["What you told us"] == [
        "Live captions",
        "quokka needs quiet",
    ]
    assert [each["to"] for each in body["consents"]] == ["Keeping what helps you take part"]
    page = visitor.open("/account/privacy/copy")
    assert "quokka needs quiet" in page.text
    assert "token" not in json.dumps(body).casefold()


def test_the_copy_to_read_speaks_in_words(session, visitor, sign_in):
    person, _ = make_canary(session)
    session.add(make_invoice(person))
    session.add(Sightings(person_id=person.id, seen={"7": 1795300118}, ends_at=NOW))
    codes.ask_to_sign_in(session, email=person.email, browser="b" * 64, device="Firefox", now=NOW)
    session.commit()
    sign_in(person)
    page = visitor.open("/account/privacy/copy").text
    for words in (
        "£24.00",
        "To be paid",
        "Code to sign in",
        "Waits to be sent",
        "<dt>Entries opened</dt><dd>1<",
    ):
        assert (words, words in page) == (words, True)
    for machine in (
        "people/code",
        "Pence",
        "Sequence",
        "queued",
        "worker",
        "1795300118",
        "Is party",
        "Created at",
    ):
        assert (machine, machine in page) == (machine, False)
    assert "as a number of past years" not in page


def test_the_last_mail_says_what_the_page_before_it_said(session, visitor, sign_in):
    person, _ = make_canary(session)
    session.add(make_invoice(person))
    session.commit()
    sign_in(person)
    page = visitor.open("/account/privacy/close").text
    assert "Invoice 2027-0001, £24.00, to pay by 11 January 2027, stays owed." in page
    rows = re.findall(r'<th scope="row">(.*?)</th><td[^>]*>(.*?)</td>', page, re.DOTALL)
    visitor.send("/account/privacy/close", sure="y")
    [mail] = session.scalars(select(OutboxMessage).where(OutboxMessage.message == LAST)).all()
    data = drafts.bytes_of(site_of(session), mail.key, mail.sealed)
    text = message_from_bytes(data, policy=default).get_body(["plain"]).get_content()
    told = re.findall(r"^- (.*?): (.*)$", text, re.MULTILINE)
    assert "Where you are signed in" in dict(told)
    assert [title for title, _ in told] == [unescape(title) for title, _ in rows]
    assert "Invoice 2027-0001 stays owed: £24.00" in " ".join(text.split())


def test_the_last_mails_are_forgotten_once_they_are_sent(session, tmp_path):
    person, _ = make_canary(session)
    close(session, person, tmp_path)
    first, *others = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert len(others) == 2
    for mail in others:
        mail.state, mail.sent_at = MailState.SENT, NOW
    session.commit()
    assert forget_last_mails(session, NOW) == 0  # One waits still.
    first.state, first.sent_at = MailState.SENT, NOW
    session.commit()
    assert forget_last_mails(session, NOW) == 3
    assert session.scalars(select(OutboxMessage.id)).all() == []


def test_a_coordinator_can_close_it_for_somebody(session, tmp_path):
    person, jo = make_person(session), make_coordinator(session, name="Jo Field")
    close_account(session, key=person.key, by=Actor(jo.id, jo.name), folder=tmp_path, now=NOW)
    session.commit()
    assert session.scalars(select(Closing.by_coordinator)).all() == [True]
