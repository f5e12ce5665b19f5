"""Whoever has another booking at that time hears of it before they book, take or keep a place."""

from datetime import timedelta

from netapp.audit.operations import Actor
from netapp.events.operations.booking import find_live_booking
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.dates import change_date
from netapp.events.plans import DatePlan
from tests.events.scenes import book, fill, forget_mails, states
from tests.events.test_letters import opened
from tests.factories import NOW, make_coordinator, make_event, make_person

AT = NOW + timedelta(days=20, hours=2)  # Sunday 31 January 2027, 2pm.


def live_booking(session, event, person):
    return find_live_booking(session, event_id=event.id, person_id=person.id)


def test_whoever_has_something_else_at_that_time_is_asked_first(session, visitor, sign_in):
    me = sign_in(make_person(session))
    lunch = make_event(session, title="Networking lunch", starts_at=AT, hours=1)
    book(session, lunch, 0, person=me)
    event = make_event(session, starts_at=AT + timedelta(minutes=30))
    visitor.open(f"/events/{event.slug}")
    answer = visitor.send("/bookings", needs="A quiet space", needs_agreed="y")
    assert answer.status_code == 409
    assert "you have something else at that time" in visitor.text
    assert "Networking lunch: Sunday 31 January 2027, 2pm to 3pm GMT" in visitor.text
    assert "A quiet space" in visitor.text
    assert live_booking(session, event, me) is None
    visitor.send("/bookings")
    assert "You are booked" in visitor.text
    assert states(session, live_booking(session, event, me)) == ["confirmed"]


def test_agreeing_to_one_date_is_not_agreeing_to_another(session, visitor, sign_in):
    """The page stays true whatever is ticked next: it says beside each date what else there is."""
    me = sign_in(make_person(session))
    event = make_event(session, sessions=3, starts_at=AT)
    for number, title in enumerate(("Lunch", "Tea")):
        at = event.sessions[number].starts_at
        book(session, make_event(session, title=title, starts_at=at, hours=1), 0, person=me)
    first, second, third = (date.key for date in event.sessions)
    visitor.open(f"/events/{event.slug}")
    visitor.send("/bookings", session=[first])
    assert "Nothing is booked yet: you have something else at that time" in visitor.text
    assert visitor.text.count("At that time you also have") == 2
    assert "Book the dates ticked above" in visitor.text
    assert visitor.send("/bookings", session=[second, third]).status_code == 409
    visitor.send("/bookings", session=[third])
    assert "You are booked" in visitor.text
    assert states(session, live_booking(session, event, me)) == ["confirmed"]


def test_what_only_touches_or_is_waited_for_is_no_clash(session, visitor, sign_in):
    me = sign_in(make_person(session))
    before = make_event(session, starts_at=AT, hours=1)
    full = make_event(session, starts_at=AT + timedelta(hours=1), capacity=0)
    book(session, before, 0, person=me)
    book(session, full, 0, person=me)
    event = make_event(session, starts_at=AT + timedelta(hours=1))
    visitor.open(f"/events/{event.slug}")
    visitor.send("/bookings")
    assert "You are booked" in visitor.text


def test_an_offer_says_what_else_one_has_at_that_time(session, visitor, sign_in):
    me = sign_in(make_person(session))
    event = make_event(session, capacity=1, starts_at=AT)
    (first,) = fill(session, event, 0, people=1)
    mine = book(session, event, 0, person=me)
    book(session, make_event(session, title="Networking lunch", starts_at=AT), 0, person=me)
    cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    visitor.open(f"/bookings/{mine.reference}")
    assert "At that time you also have Networking lunch: Sunday 31 January 2027" in visitor.text


def test_changing_and_moving_say_what_else_one_has_then(session, visitor, sign_in):
    me = sign_in(make_person(session))
    event = make_event(session, sessions=2, starts_at=AT)
    mine = book(session, event, 0, person=me)
    later = event.sessions[1].starts_at
    book(session, make_event(session, title="Networking lunch", starts_at=later), 0, person=me)
    page = visitor.open(f"/bookings/{mine.reference}").text
    words = "At that time you also have Networking lunch: Sunday 7 February 2027"
    assert page.count(words) == 1  # Beside the tick of the other date …
    assert page.count("at that time you also have Networking lunch") == 1  # … and the move to it.
    assert "On the waiting list" not in page


def test_a_date_that_moves_onto_something_else_says_so_in_the_mail(session):
    me, desk = make_person(session), make_coordinator(session)
    event = make_event(session, starts_at=AT - timedelta(days=1))
    book(session, event, 0, person=me)
    book(session, make_event(session, title="Networking lunch", starts_at=AT), 0, person=me)
    forget_mails(session)
    date = event.sessions[0]
    plan = DatePlan(AT, AT + timedelta(hours=1), join_link=date.join_link)
    change_date(
        session,
        event_id=event.id,
        session_key=date.key,
        plan=plan,
        seen_version=date.version,
        actor=Actor(desk.id, desk.name),
        now=NOW,
    )
    session.commit()
    body = opened(session)[0].get_body(("plain",)).get_content()
    words = " ".join(body.split())
    assert (
        "At that time you also have Networking lunch: Sunday 31 January 2027, 2pm to 5:30pm GMT."
        in words
    )
