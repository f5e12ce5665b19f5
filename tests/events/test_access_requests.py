"""Asking for what has to be arranged: until when, by whom, on which pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import AccessNeed, Attendee, Mode, RequestState
from netapp.events.operations import booking as booking_operations
from netapp.events.operations import sharing
from netapp.events.operations.booking import Party
from netapp.events.operations.naming import Naming, hand_back, name_attendees
from netapp.events.policies import asking_ends
from netapp.people.access import Told
from netapp.people.models import ProfileKind
from tests.events.access_scenes import BSL, CAPTIONS, asked, rows, tell
from tests.events.scenes import book, mails, wish
from tests.factories import NOW, make_coordinator, make_event, make_member
from tests.people.letters import last_letter

BY = "Ask for a BSL interpreter or live captions by Wednesday 20 January 2027."
LATE = "We may not manage any more to find a BSL interpreter or live captions, but we will try."


@pytest.fixture
def amara(session):
    return make_member(session, name="Amara Osei", email="amara@example.org")


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


def test_the_page_of_the_event_says_until_when(session, visitor, at):
    event = make_event(session, slug="it")
    visitor.open("/events/it")
    assert visitor.text.count(BY) == 2  # With the facts, and where it is asked for.
    last = asking_ends(event, event.sessions[0])
    with at(last - timedelta(minutes=1)):
        visitor.open("/events/it")
        assert BY in visitor.text
    with at(last):
        visitor.open("/events/it")
        assert BY not in visitor.text
        assert LATE in visitor.text


def test_of_several_dates_the_next_that_is_in_time_is_named(session, visitor, at):
    event = make_event(session, slug="it", sessions=2)
    with at(asking_ends(event, event.sessions[0])):
        visitor.open("/events/it")
    assert (
        "Ask for a BSL interpreter or live captions by Wednesday 27 January 2027 for Wednesday 17 "
        "February 2027. For dates before that it is late: we will try." in visitor.text
    )


def test_the_days_are_a_setting_of_the_event(session, visitor, sign_in, jo, as_person):
    event = make_event(session, slug="it")
    sign_in(jo)
    visitor.open(f"/desk/events/{event.key}/access")
    assert dict(visitor.form("/access").fields)["ask_days"] == "21"
    visitor.send("/access", ask_days="10")
    stranger = as_person(None)
    stranger.open("/events/it")
    assert "live captions by Sunday 31 January 2027." in stranger.text
    visitor.send("/access", ask_days="three")
    assert visitor.page.status_code == 422


def test_asked_while_booking_it_is_sealed_and_shown_on_the_booking(session, as_person, amara):
    make_event(session, slug="it")
    mine = as_person(amara)
    mine.open("/events/it")
    mine.send("/events/it/bookings", ask=["bsl"])  # The tick is the request: it needs no other.
    assert asked(session) == [(BSL, RequestState.NEW, "")]
    assert b"bsl" not in rows(session)[0].sealed
    assert "Asked. We are looking into it, and will write to you." in mine.text
    said = "You asked for a BSL interpreter. We are looking into it, and will email you the answer."
    assert said in mine.text
    assert mails(session, to=amara) == ["events/booking_confirmed"]
    assert said in " ".join(last_letter(session, amara.email).split())


def test_asked_later_and_taken_back_on_the_page_of_the_booking(session, as_person, amara):
    booking = book(session, make_event(session), 0, person=amara)
    mine = as_person(amara)
    mine.open(f"/bookings/{booking.reference}")
    assert BY in mine.text
    mine.send("/needs", ask=["bsl", "captions"], needs_agreed="y")
    assert [kind for kind, _, _ in asked(session)] == [BSL, CAPTIONS]
    mine.send("/needs", ask=["captions"], needs_agreed="y")
    assert [kind for kind, _, _ in asked(session)] == [CAPTIONS]
    mine.send("/needs", delete="yes")
    assert asked(session) == []


def test_late_it_is_asked_all_the_same(session, as_person, amara):
    event = make_event(session, starts_at=NOW + timedelta(days=10))
    booking = book(session, event, 0, person=amara)
    mine = as_person(amara)
    mine.open(f"/bookings/{booking.reference}")
    assert LATE in mine.text
    mine.send("/needs", ask=["bsl"], needs_agreed="y")
    assert asked(session) == [(BSL, RequestState.NEW, "")]


def test_sharing_a_profile_that_names_an_interpreter_asks_for_one(session, amara):
    sharing.save_profile(
        session,
        person_id=amara.id,
        told={ProfileKind.ACCESS: Told(("bsl", "breaks"))},
        seen_versions={},
        now=NOW,
    )
    booking = book(session, make_event(session), 0, person=amara)
    tell(session, booking, shares_access=True)
    assert [kind for kind, _, _ in asked(session)] == [BSL]
    sharing.save_profile(
        session,
        person_id=amara.id,
        told={ProfileKind.ACCESS: Told(("captions",))},
        seen_versions={ProfileKind.ACCESS: 1},
        now=NOW,
    )
    session.commit()
    assert [kind for kind, _, _ in asked(session)] == [CAPTIONS]


def test_food_is_asked_where_people_meet_and_counted_of_those_in_person(session, as_person):
    make_event(session, slug="online")
    make_event(session, slug="there", mode=Mode.IN_PERSON)
    guest = as_person(None)
    guest.open("/events/online")
    assert "food" not in guest.form("/bookings").names
    guest.open("/events/there")
    guest.send(
        "/events/there/bookings",
        name="Sam Okoro",
        email="sam@example.org",
        food=["halal"],
        food_text="No eggs",
        needs_agreed="y",
    )
    need = rows(session, AccessNeed)[0]
    assert (need.kind, need.shared_at) == (ProfileKind.FOOD, None)
    assert b"halal" not in need.sealed


def test_somebody_named_tells_for_themselves_and_the_booker_does_not_see_it(
    session, as_person, amara
):
    event = make_event(session, mode=Mode.IN_PERSON)
    booking = booking_operations.book(
        session,
        event_id=event.id,
        person=amara,
        wish=wish(event, 0, name="Amara Osei", party=Party(2, organisation="School")),
        now=NOW,
    )
    session.commit()
    sam = make_member(session, name="Sam Okoro", email="sam@example.org")
    other = session.scalars(select(Attendee).where(Attendee.name == "")).one()
    naming = Naming(other.key, "Sam Okoro", "sam@example.org")
    name_attendees(session, booking_id=booking.id, names=[naming], now=NOW)
    session.commit()
    his = as_person(sam)
    his.open(f"/bookings/{booking.reference}/places/{other.key}")
    his.open(f"/bookings/{booking.reference}/places/{other.key}/needs")
    his.send("/needs", needs="A ramp", food=["vegan"], ask=["bsl"], needs_agreed="y")
    assert "We have kept what you told us" in his.text
    assert [need.person_id for need in rows(session, AccessNeed)] == [sam.id, sam.id]
    hers = as_person(amara)
    hers.open(f"/bookings/{booking.reference}")
    assert "A ramp" not in hers.text
    hers.open(f"/bookings/{booking.reference}/places/{other.key}/needs")
    assert hers.page.status_code == 404

    hand_back(session, booking_id=booking.id, attendee_key=other.key, now=NOW)
    session.commit()
    assert (rows(session, AccessNeed), rows(session)) == ([], [])
