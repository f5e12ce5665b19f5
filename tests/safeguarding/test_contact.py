"""Every page leads to somebody who can be talked to."""

import pytest

from netapp.audit.operations import Actor
from netapp.kernel.errors import StaleEdit
from netapp.safeguarding.errors import NobodyToReach
from netapp.safeguarding.operations.contacts import Reach, set_contact
from netapp.safeguarding.queries import contact_for_event, network_contact
from tests.factories import NOW, make_coordinator, make_event

ROBIN = Reach("Robin Ash", "Designated Safeguarding Lead", phone="020 7946 0018")


def name(session, reach=ROBIN, event=None, seen=0):
    set_contact(
        session, event_id=event.id if event else None, reach=reach, seen_version=seen,
        actor=Actor(None, "Jo Field"), now=NOW,
    )  # fmt: skip
    session.commit()


def test_every_page_leads_there(session, visitor):
    name(session)
    assert '<a href="/safeguarding">Safeguarding: whom to talk to</a>' in visitor.open("/").text
    page = visitor.open("/safeguarding").text
    assert "Robin Ash, Designated Safeguarding Lead" in page
    assert 'href="tel:02079460018"' in page


def test_without_anybody_the_networks_address_stands_there(visitor):
    assert "coordinators@network.example" in visitor.open("/safeguarding").text


def test_an_event_shows_it_at_once(session, visitor):
    event = make_event(session, slug="chaos")
    assert "Whom to talk to</a>." in visitor.open("/events/chaos").text
    name(session)
    assert "Talk to Robin Ash</a>, 020 7946 0018." in visitor.open("/events/chaos").text
    name(session, Reach("Venue Lead", email="lead@venue.example"), event)
    assert "Talk to Venue Lead</a>, lead@venue.example." in visitor.open("/events/chaos").text
    name(session, None, event, seen=1)
    assert contact_for_event(session, event.id) == network_contact(session)


def test_refusals(session):
    with pytest.raises(NobodyToReach):
        name(session, Reach("Robin Ash"))
    session.rollback()
    name(session)
    with pytest.raises(StaleEdit):
        name(session, seen=0)


def test_on_the_desk(session, as_person):
    desk = as_person(make_coordinator(session))
    desk.open("/desk/safeguarding/contact")
    page = desk.send("/desk/safeguarding/contact", name="Robin Ash")
    assert page.status_code == 422
    assert "Give a telephone number or an email address, or both." in page.text
    desk.send("/desk/safeguarding/contact", name="Robin Ash", phone="020 7946 0018")
    assert desk.path == "/safeguarding"
    assert "Saved. It stands on every page from now on." in desk.text


def test_a_coordinator_finds_where_it_is_changed(session, as_person, visitor):
    name(session)
    where = 'href="/desk/safeguarding/contact"'
    assert where not in visitor.open("/safeguarding").text
    desk = as_person(make_coordinator(session))
    assert where in desk.open("/safeguarding").text
    assert f"{where}>Safeguarding</a>" in desk.open("/desk/people").text


def test_of_one_event_on_the_desk(session, as_person):
    event, desk = make_event(session, slug="chaos"), as_person(make_coordinator(session))
    where = f"/desk/events/{event.key}/safeguarding"
    assert where in desk.open(f"/desk/events/{event.key}/access").text
    desk.open(where)
    desk.send(where, name="Venue Lead", phone="01632 960 001")
    assert "The page of the event names Venue Lead." in desk.text
    desk.send(f"{where}/remove")
    assert "Nobody is named so far" in desk.text
