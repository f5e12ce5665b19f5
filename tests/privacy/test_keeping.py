"""What is older than the table says goes, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.events.models import Booking
from netapp.kernel.errors import NotFound
from netapp.people.models import Person
from netapp.privacy.errors import DaysOutOfRange
from netapp.privacy.operations import keeping
from netapp.privacy.queries.retention import chosen_days, lines
from tests.events.scenes import book
from tests.factories import NOW, make_coordinator, make_event, make_guest, make_person

JO = Actor(None, "Jo Field")
LONG_AGO = NOW - timedelta(days=731)


def due(session):
    return {line.name: line.due for line in lines(session, NOW) if line.due}


def carry_out(session):
    """As the worker does, until nothing is left; how much it was."""
    total = 0
    while done := keeping.carry_out(session, NOW):
        session.commit()
        total += done
    return total


def set_days(session, name, days):
    keeping.set_days(session, name=name, days=days, actor=JO, now=NOW)
    session.commit()


def names(session):
    return sorted(session.scalars(select(Person.name)))


def test_guests_who_never_came_back_go(session):
    make_guest(session, name="Old guest", created_at=LONG_AGO)
    make_guest(session, name="New guest")
    make_person(session, name="Old account", created_at=LONG_AGO)
    booked = make_guest(session, name="Old guest who booked", created_at=LONG_AGO)
    book(session, make_event(session), 0, person=booked)
    assert due(session) == {"guests": 1}
    assert carry_out(session) == 1
    assert names(session) == [
        "New guest",
        "Old account",
        "Old guest who booked",
        "Somebody who closed their account",
    ]
    assert due(session) == {}
    assert carry_out(session) == 0


def test_a_look_changes_nothing(session):
    make_guest(session, name="Old guest", created_at=LONG_AGO)
    due(session)
    assert names(session) == ["Old guest"]


def test_names_on_bookings_go_after_six_years(session):
    event = make_event(session)
    booking = book(session, event, 0)
    for date in event.sessions:
        date.starts_at, date.ends_at = (each - timedelta(days=2300) for each in
                                        (date.starts_at, date.ends_at))  # fmt: skip
    session.execute(
        update(Booking).values(booked_at=NOW - timedelta(days=2200), order_number="PO-1")
    )
    session.commit()
    assert due(session) == {"attendees": 1, "bookings": 1}
    assert carry_out(session) == 2
    assert session.execute(select(Booking.name, Booking.order_number, Booking.reference)).one() == (
        "Somebody who closed their account",
        "",
        booking.reference,
    )
    assert due(session) == {}


def test_other_days_are_kept_to(session):
    make_guest(session, name="Old guest", created_at=LONG_AGO)
    set_days(session, "guests", 800)
    assert chosen_days(session)["guests"] == 800
    assert due(session) == {}
    set_days(session, "guests", 90)
    assert due(session) == {"guests": 1}


@pytest.mark.parametrize("days", [0, 89, 3651])
def test_days_out_of_range(session, days):
    with pytest.raises(DaysOutOfRange):
        set_days(session, "guests", days)
    with pytest.raises(NotFound):
        set_days(session, "no-such-rule", 100)


def test_the_log_says_how_much_went(session):
    make_guest(session, created_at=LONG_AGO)
    set_days(session, "guests", 100)
    carry_out(session)
    said = session.execute(
        select(AuditLine.actor_name, AuditLine.action, AuditLine.summary).order_by(AuditLine.id)
    ).all()
    assert said == [
        (
            "Jo Field",
            "retention.change",
            "Guests who have not booked again: kept for 100 days, not 730.",
        ),
        (
            "Worker",
            "retention.carry_out",
            "Guests who have not booked again: 1 kept for 100 days, as the table says.",
        ),
    ]


def test_on_the_desk(session, as_person):
    make_guest(session, created_at=LONG_AGO)
    desk = as_person(make_coordinator(session))
    assert "1 entry would go now." in desk.open("/desk/privacy/kept").text
    page = desk.send("/desk/privacy/kept/guests", days="7")
    assert page.status_code == 422
    assert "Enter a number from 90 to 3,650." in page.text
    desk.send("/desk/privacy/kept/guests", days="1000")
    assert "Saved." in desk.text
    assert "would go now." in desk.text
    assert "1 entry would go now." not in desk.text
    assert desk.client.post("/desk/privacy/kept/none").status_code in {400, 404}


def test_looking_costs_the_same_for_many(session, count_queries):
    with count_queries() as few:
        lines(session, NOW)
    for _ in range(10):
        make_guest(session, created_at=LONG_AGO)
    with count_queries() as many:
        lines(session, NOW)
    assert len(few) == len(many)
