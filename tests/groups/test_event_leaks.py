"""A group's event is nowhere for others: pages, lists, calendars, open data, forms."""

from datetime import timedelta

import pytest

from netapp.audit.operations import Actor
from netapp.events.errors import GroupOnly
from netapp.events.models import EventKind, FormerSlug
from netapp.events.operations import booking
from netapp.events.operations.booking import book_as_guest
from netapp.events.operations.by_hand import add_by_hand
from netapp.feeds.operations import make_token
from netapp.groups.models import EndOfMembership
from netapp.groups.operations.people import end_membership
from netapp.kernel.db import unit_of_work
from netapp.kernel.revisions import raise_revision
from tests.events.scenes import book, wish
from tests.factories import NOW, make_coordinator, make_event, make_helper, make_member, make_person
from tests.groups.scenes import make_group, make_group_event, put_in

SECRET = "Quarrel about the budget"


@pytest.fixture
def group(session):
    return make_group(session)


@pytest.fixture
def event(session, group):
    return make_group_event(session, group, title=SECRET, slug="secret", kind=EventKind.SOCIAL)


@pytest.fixture(autouse=True)
def shown(session, event):
    """What is kept in memory is made anew, as after every change of an event."""
    with unit_of_work(session):
        raise_revision(session, "events", NOW)


@pytest.fixture
def others(session, as_person):
    """A stranger, somebody with an account, a member of the network."""
    return [as_person(None), as_person(make_person(session)), as_person(make_member(session))]


def test_nobody_else_finds_it_on_any_page_or_in_any_calendar(session, others):
    make_event(session, title="An open event")
    for visitor in others:
        for path in (
            "/", "/events", "/events?kind=social", "/events/past", "/calendar",
            "/calendar/events.ics", "/calendar/social.ics", "/calendar/training.ics",
            "/api/v1/events.json", "/api/v1/events.json?when=all", "/groups", "/account",
        ):  # fmt: skip
            assert SECRET not in visitor.open(path).text, path
        page = visitor.open("/events")
        assert "1 event" in page.text


def test_when_it_is_over_it_is_not_in_the_archive_either(session, at, event, others):
    with at(NOW + timedelta(days=60)):
        raise_revision(session, "events", NOW)
        session.commit()
        for visitor in others:
            assert SECRET not in visitor.open("/events/past").text
            assert SECRET not in visitor.open("/api/v1/events.json?when=past").text


@pytest.mark.parametrize("path", ["", "/party", ".ics", "/sessions/{key}.ics", "/thanks/abc"])
def test_its_addresses_do_not_exist_for_others(session, event, others, path):
    address = "/events/secret" + path.format(key=event.sessions[0].key)
    session.add(FormerSlug(slug="once-secret", event_id=event.id))
    session.commit()
    for visitor in others:
        assert visitor.open(address).status_code == 404
        former = visitor.client.get(address.replace("/secret", "/once-secret"))
        assert former.status_code == 404


def test_its_forms_do_not_exist_for_others(session, event, others):
    open_to_all = make_event(session)
    for visitor in others:
        visitor.open(f"/events/{open_to_all.slug}")
        tokens = dict(visitor.form("/bookings").fields)
        for path in ("bookings", "party", "interest"):
            sent = visitor.client.post(f"/events/secret/{path}", data=tokens)
            assert sent.status_code == 404, path


def test_its_people_coordinators_and_helpers_see_it(session, event, as_person, group):
    member = make_person(session)
    other_group = make_group(session, make_person(session))
    assert other_group.id != group.id

    put_in(session, group, member)
    helper = make_helper(session, event, make_person(session))
    for person in (member, helper, make_coordinator(session)):
        page = as_person(person).open("/events/secret")
        assert page.status_code == 200
        assert SECRET in page.text
        assert "For the group" in page.text
        assert "secret.ics" not in page.text
    entry = as_person(member).open(f"/events/secret/sessions/{event.sessions[0].key}.ics")
    assert entry.status_code == 200
    assert entry.headers["Cache-Control"] == "private, no-store"
    assert f"SUMMARY:{SECRET}" in entry.text


def test_who_left_sees_it_no_more(session, event, group, as_person):

    person = make_person(session)
    held = put_in(session, group, person)
    visitor = as_person(person)
    assert visitor.open("/events/secret").status_code == 200
    end_membership(session, group_id=group.id, member_id=held.id, how=EndOfMembership.LEFT, now=NOW)
    session.commit()
    assert visitor.open("/events/secret").status_code == 404


def test_a_guest_of_the_group_sees_what_a_coordinator_booked_for_them(session, event, as_person):
    guest, boss = make_person(session), make_coordinator(session)
    add_by_hand(
        session,
        event_id=event.id,
        email=guest.email,
        wish=wish(event, 0, name=guest.name),
        reason="Speaks to us",
        actor=Actor(boss.id, boss.name),
        now=NOW,
    )
    session.commit()
    assert as_person(guest).open("/events/secret").status_code == 200


def test_only_its_people_can_book_it(session, event, group):

    inside, outside = make_person(session), make_member(session)
    put_in(session, group, inside)
    assert book(session, event, 0, person=inside).live
    with pytest.raises(GroupOnly):
        booking.book(session, event_id=event.id, person=outside, wish=wish(event, 0), now=NOW)
    session.rollback()
    with pytest.raises(GroupOnly):
        book_as_guest(
            session, event_id=event.id, email="x@example.org", wish=wish(event, 0), now=NOW
        )


def test_its_own_calendar_of_who_has_booked_shows_it(session, event, group, visitor, as_person):

    person = make_person(session)
    put_in(session, group, person)
    book(session, event, 0, person=person)
    _, token = make_token(session, person_id=person.id, name="Phone", now=NOW)
    session.commit()
    assert f"SUMMARY:{SECRET}" in visitor.open(f"/calendar/my/{token}.ics").text
