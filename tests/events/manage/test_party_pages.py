"""Parties on the desk: rules, lists, table, sheet at the door, by hand, waiting list."""

import csv
import io

import pytest
from sqlalchemy import select

from netapp.events.models import Attendee, Booking, Event
from netapp.events.operations.changing import cancel_booking
from tests.events.scenes import book, fill, states, taken
from tests.events.test_naming import book_party, name
from tests.events.views.pages import section, words
from tests.factories import NOW, make_event, make_person


def school(session, event, *, places=3, **more):
    return book_party(
        session,
        event,
        places=places,
        **{"organisation": "Example School", "order_number": "PO/7"} | more,
    )


def the_event(session, event):
    return session.scalars(
        select(Event).where(Event.id == event.id), execution_options={"populate_existing": True}
    ).one()


def test_the_rules_of_parties_are_set(desk, session):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/booking")
    desk.send("/booking", party_most=20, name_until_days=7, pass_limit=1)
    now = the_event(session, event)
    assert (now.party_most, now.name_until_days, now.pass_limit) == (20, 7, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("party_most", "0"), ("party_most", "101"), ("name_until_days", "61"), ("pass_limit", "")],
)
def test_rules_of_parties_have_bounds(desk, session, field, value):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/booking")
    assert desk.send("/booking", {field: value}).status_code == 422


def test_letting_smaller_ones_pass_more_often_offers_what_is_free(desk, session):
    event = make_event(session, capacity=3, pass_limit=0)
    fill(session, event, 0, people=2)
    party = school(session, event, places=2)
    single = book(session, event, 0)
    assert (states(session, party), states(session, single)) == (["waiting"] * 2, ["waiting"])
    desk.open(f"/desk/events/{event.key}/booking")
    desk.send("/booking", pass_limit=1)
    session.expire_all()
    assert states(session, single) == ["offered"]


def test_the_list_says_who_comes_with_a_party_and_finds_it(desk, session):
    event = make_event(session)
    booking = school(session, event)
    name(session, booking, (1, "Sam Okoro", "sam@example.org"))
    for asked in ("Okoro", "PO/7", "Example School"):
        desk.open(f"/desk/events/{event.key}/bookings?q={asked}")
        said = section(desk.text, "<tbody>", "</tbody>")
        assert "Jo Field Example School, order PO/7" in said
        assert "3 people: Jo Field, Sam Okoro, 1 not named yet" in said
        assert "Wed 10 Feb 2027, 3 places Has a place" in said
    desk.open(f"/desk/events/{event.key}/bookings?q=nothing")
    assert "No booking is like that." in desk.text


def test_the_list_costs_the_same_with_one_party_and_with_ten(desk, session, count_queries):
    event = make_event(session, capacity=None)
    costs = []
    for number in (1, 10):
        for _ in range(number):
            booking = school(session, event)
            name(session, booking, (1, "Sam", f"sam{booking.id}@example.org"))
        session.expire_all()
        with count_queries() as statements:
            desk.open(f"/desk/events/{event.key}/bookings")
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_the_page_of_the_booking_lists_its_people(desk, session):
    event = make_event(session)
    booking = school(session, event)
    name(session, booking, (1, "Sam Okoro", "sam@example.org"))
    desk.open(f"/desk/events/{event.key}/bookings/{booking.reference}")
    said = words(desk.text)
    assert "Order number PO/7" in said
    people = section(desk.text, 'id="people-title"')
    assert "Sam Okoro sam@example.org" in people
    assert "Not named yet" in people


def test_the_table_has_a_line_for_each_person(desk, session):
    event = make_event(session)
    booking = school(session, event)
    name(session, booking, (1, "Sam", "sam@example.org"))
    desk.open(f"/desk/events/{event.key}/bookings")
    text = desk.send("/bookings.csv").data.decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text))
    booker = session.scalars(select(Booking)).one().name
    assert [row[1:6] for row in rows] == [
        ["Jo Field", rows[0][2], "Example School", "PO/7", booker],
        ["Sam", "sam@example.org", "Example School", "PO/7", booker],
        ["", "", "Example School", "PO/7", booker],
    ]
    assert [row[-1] for row in rows] == ["Has a place"] * 3


def test_the_sheet_at_the_door_lists_people_and_leaves_room_for_the_others(desk, session):
    event = make_event(session)
    booking = school(session, event)
    name(session, booking, (1, "Sam"))
    date = event.sessions[0].key
    desk.open(f"/desk/events/{event.key}/dates/{date}/sign-in-sheet")
    rows = section(desk.text, "<tbody>", "</tbody>")
    expected = "Jo Field Example School Sam Example School Not named yet Example School"
    assert rows.startswith(expected)
    assert "3 people with a place" in words(desk.text)


def test_a_party_is_added_by_hand(desk, session):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/bookings/new")
    desk.send(
        "/bookings/new",
        {
            "name": "Ada Byron",
            "email": "ada@example.org",
            "places": 4,
            "organisation": "Example School",
            "order_number": "12",
            "reason": "Asked on the phone",
        },
        comes_along=None,
    )
    booking = session.scalars(select(Booking)).one()
    assert (booking.is_party, booking.organisation, booking.order_number) == (
        True, "Example School", "12",
    )  # fmt: skip
    found = session.scalars(select(Attendee.name).where(Attendee.booking_id == booking.id))
    assert list(found) == [""] * 4
    assert taken(session, event) == [4]


def test_one_person_added_by_hand_is_no_party(desk, session):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/bookings/new")
    fields = {"name": "Ada", "email": "ada@example.org", "reason": "Asked on the phone"}
    desk.send("/bookings/new", fields)
    assert session.scalars(select(Booking)).one().is_party is False


def test_more_places_than_one_booking_may_have_are_refused(desk, session):
    event = make_event(session, party_most=3)
    desk.open(f"/desk/events/{event.key}/bookings/new")
    fields = {"name": "Ada", "email": "ada@example.org", "reason": "Asked", "places": 4}
    assert desk.send("/bookings/new", fields).status_code == 409
    assert "One booking cannot be for so many places here." in words(desk.text)


def waiting(desk, session, event):
    session.expire_all()
    desk.open(f"/desk/events/{event.key}/waiting")
    return section(desk.text, "<tbody>", "</tbody>")


def test_a_party_is_one_entry_with_position_rule_and_reason(desk, session):
    event = make_event(session, capacity=7)
    fill(session, event, 0, people=4)
    school(session, event, places=5)
    behind = school(session, event, places=4, organisation="Other School")
    fill(session, event, 0, people=1)
    said = waiting(desk, session, event)
    assert said.count("5 places, Example School") == 1
    assert said.startswith("1 Jo Field 5 places, Example School")
    assert "Needs 5 places, 2 are free. Smaller parties went before it 1 of 3 times." in said
    assert "2 Jo Field 4 places, Other School" in said
    assert behind.live


def test_when_smaller_ones_went_before_often_enough_the_page_says_so(desk, session):
    event = make_event(session, capacity=3, pass_limit=1)
    fill(session, event, 0, people=1)
    school(session, event)
    fill(session, event, 0, people=1)
    book(session, event, 0)
    said = waiting(desk, session, event)
    assert "so free places are kept until it fits." in said
    why = words(desk.text)
    assert "1 place is free, but Jo Field needs 3, and smaller parties went before it" in why


def test_places_on_offer_to_a_party_are_one_entry(desk, session):
    event = make_event(session, capacity=3)
    first = fill(session, event, 0, people=1)
    school(session, event)
    cancel_booking(session, booking_id=first[0].id, now=NOW)
    session.commit()
    said = waiting(desk, session, event)
    assert said.startswith("On offer Jo Field 3 places, Example School")


def test_more_places_foretell_who_is_offered_them(desk, session):
    """A party that still does not fit is passed by smaller ones, as it will be."""
    event = make_event(session, capacity=1)
    fill(session, event, 0, people=1)
    school(session, event)
    single = make_person(session, name="Kim Lee")
    book(session, event, 0, person=single)
    desk.open(f"/desk/events/{event.key}/booking")
    form = desk.form("/places")
    capacity = next(each for each in form.names if each.endswith("-capacity"))
    desk.send("/places", {capacity: 2})
    assert "1 person" in words(desk.text)
    assert "Kim Lee" in desk.text
    desk.open(f"/desk/events/{event.key}/booking")
    desk.send("/places", {capacity: 4})
    assert "Example School, booked by Jo Field" in words(desk.text)
