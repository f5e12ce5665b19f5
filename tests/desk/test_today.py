"""The coordinators' first page: what needs a person, and the button that finishes it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from netapp.audit.operations import Actor
from netapp.desk.queries.today import today
from netapp.desk.queries.todos import Act, Todo
from netapp.events.models import Booking, EventMode, EventStatus, Mode
from netapp.events.operations import changing, needs
from netapp.events.operations.booking import book as book_one
from netapp.jobs.models import JobState
from netapp.mail.models import MailState, OutboxMessage
from netapp.safeguarding.operations.contacts import Reach, set_contact
from tests.events.scenes import book, fill, wish
from tests.factories import NOW, make_coordinator, make_event, make_member, make_person
from tests.visitor import Visitor

DAY = timedelta(days=1)


@pytest.fixture
def desk(session: Session, sign_in, visitor: Visitor) -> Visitor:
    sign_in(make_coordinator(session, name="Jo Field"))
    return visitor


@pytest.fixture(autouse=True)
def contact(request, session: Session) -> None:
    """Somebody is named for safeguarding, but where a test asks for nobody."""
    if request.function.__name__ != "test_somebody_must_be_named_for_safeguarding":
        set_contact(
            session, event_id=None, reach=Reach("Robin Ash", phone="020 7946 0018"),
            seen_version=0, actor=Actor(None, "Jo Field"), now=NOW,
        )  # fmt: skip
        session.commit()


def page(session, now=NOW):
    return today(session, first_name="Jo", now=now)


def titles(session):
    return [todo.title for todo in page(session).todos]


def test_a_quiet_day(desk, session):
    desk.open("/desk")

    assert "Hello, Jo" in desk.text
    assert "Monday 11 January 2027. Nothing needs you. Everything is running." in desk.text
    assert "<title>Today –" in desk.text
    assert titles(session) == []


def test_the_count_is_in_the_title(desk, session):
    make_event(
        session, title="Chaos", status=EventStatus.DRAFT, published_at=None, starts_at=NOW + 5 * DAY
    )

    desk.open("/desk")

    assert "<title>(1) Today –" in desk.text
    assert "1 thing needs you. Everything else is running." in desk.text


def test_a_draft_that_begins_soon_asks_to_be_published(session):
    soon = make_event(
        session, title="Soon", status=EventStatus.DRAFT, published_at=None, starts_at=NOW + 14 * DAY
    )
    make_event(
        session,
        title="Later",
        status=EventStatus.DRAFT,
        published_at=None,
        starts_at=NOW + 15 * DAY,
    )

    assert page(session).todos == (
        Todo(
            "edit",
            "indigo",
            "Soon is still a draft",
            "It begins on Monday 25 January at midday. Nobody can book it yet.",
            (Act(f"/desk/events/{soon.key}", "Check and publish", main=True),),
        ),
    )
    assert page(session).drafts == 2


def test_a_date_this_week_without_link_or_place_asks_for_one(session):
    online = make_event(session, title="Online", starts_at=NOW + 2 * DAY)
    hall = make_event(session, title="Hall", mode=Mode.IN_PERSON, starts_at=NOW + 3 * DAY)
    late = make_event(session, title="Late", starts_at=NOW + 8 * DAY)
    for event in (online, hall, late):
        session.refresh(event, ["sessions"])
        event.sessions[0].join_link = event.sessions[0].place = None
    session.commit()

    assert titles(session) == ["Online has no link to join yet", "Hall has no place yet"]
    session.refresh(online, ["sessions"])
    assert page(session).todos[0].acts == (
        Act(f"/desk/events/{online.key}/dates/{online.sessions[0].key}", "Add the link"),
    )


def test_an_event_that_fills_up_asks_for_places(session):
    event = make_event(session, title="Chaos", capacity=5)
    session.refresh(event, ["sessions"])
    fill(session, event, 0, people=3)
    assert titles(session) == []
    fill(session, event, 0, people=1)
    assert titles(session) == ["Chaos is nearly full"]
    fill(session, event, 0, people=3)

    (todo,) = page(session).todos
    assert todo.title == "Chaos is full"
    assert todo.words == "Wed 10 Feb: 5 of 5 places confirmed, none free, 2 waiting."
    assert [act.words for act in todo.acts] == ["Add places", "Who waits, and why"]


def test_where_some_come_and_some_join_online_each_is_counted(session):
    event = make_event(session, title="Chaos", mode=EventMode.HYBRID, capacity=1)
    for _ in range(2):
        wished = wish(event, 0, mode=Mode.IN_PERSON)
        book_one(session, event_id=event.id, person=make_person(session), wish=wished, now=NOW)
    session.commit()

    (todo,) = page(session).todos
    assert todo.title == "Chaos is full in person"
    assert todo.words == (
        "Wed 10 Feb. In person: 1 of 1 place confirmed, none free, 1 waiting. "
        "Online: 0 of 1 place confirmed, 1 free."
    )


def test_a_place_on_offer_is_named(session):
    event = make_event(session, title="Chaos", capacity=1)
    session.refresh(event, ["sessions"])
    first = book(session, event, 0)
    fill(session, event, 0, people=2)
    changing.cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()

    (todo,) = page(session).todos
    assert todo.words == "Wed 10 Feb: 0 of 1 place confirmed, 1 on offer, none free, 1 waiting."


def test_what_would_help_waits_for_an_answer(session):
    event = make_event(session, title="Chaos")
    session.refresh(event, ["sessions"])
    booking = book(session, event, 0)
    needs.keep_need(session, booking=session.get_one(Booking, booking.id), text="BSL", now=NOW)
    session.commit()

    found = page(session)
    assert found.todos[0].title == "1 person said what would help them take part"
    assert found.todos[0].words == "Chaos."
    assert found.todos[0].acts == (
        Act(f"/desk/events/{event.key}/needs", "Read and reply", main=True),
    )
    assert [(one.row.title, one.needs) for one in found.coming] == [("Chaos", 1)]


def test_mail_that_was_given_up_is_shown(session):
    event = make_event(session)
    session.refresh(event, ["sessions"])
    book(session, event, 0)
    session.query(OutboxMessage).update({"state": MailState.DEAD})
    session.commit()

    assert titles(session) == ["1 mail could not be sent"]


def test_a_worker_that_stands_still_is_shown(session):
    session.add(JobState(name="mail", last_run_at=NOW - timedelta(minutes=6)))
    session.commit()
    assert titles(session) == ["Mail and reminders stand still"]


def test_what_happened_by_itself_since_yesterday(session):
    event = make_event(session, title="Chaos", capacity=1)
    session.refresh(event, ["sessions"])
    first = book(session, event, 0)
    fill(session, event, 0, people=2)
    changing.cancel_booking(session, booking_id=first.id, now=NOW)
    session.query(OutboxMessage).filter_by(message="events/booking_confirmed").update(
        {"state": MailState.SENT, "sent_at": NOW}
    )
    session.commit()

    assert page(session, now=NOW + timedelta(hours=2)).done == (
        "3 people booked.",
        "1 person cancelled.",
        "1 place came free and went to the next.",
        "1 mail was sent, among them 1 confirmation.",
    )
    assert page(session, now=NOW + 2 * DAY).done == ()


def test_coming_up_shows_the_next_events_with_their_places(desk, session):
    for number in range(8):
        make_event(session, title=f"Event {number}", starts_at=NOW + (10 + number) * DAY)

    desk.open("/desk")

    shown = [number for number in range(8) if f">Event {number}</a>" in desk.text]
    assert shown == [0, 1, 2, 3, 4, 5]
    assert "0 of 10 places confirmed, 10 free" in desk.text


def test_the_page_needs_the_same_queries_however_much_there_is(desk, session, count_queries):
    event = make_event(session, capacity=3)
    session.refresh(event, ["sessions"])
    fill(session, event, 0, people=4)
    desk.open("/desk")
    with count_queries() as few:
        desk.open("/desk")
    for _ in range(10):
        event = make_event(session, sessions=2, capacity=2)
        session.refresh(event, ["sessions"])
        fill(session, event, 0, 1, people=3)
    with count_queries() as many:
        desk.open("/desk")

    assert len(few) == len(many)


def test_the_desk_is_for_coordinators(session, as_person):
    assert as_person(make_member(session)).open("/desk").status_code == 404
    stranger = as_person(None)
    stranger.open("/desk")
    assert stranger.path == "/sign-in"


def found(desk, words):
    desk.open("/desk")
    desk.send("/desk/find", q=words)
    assert desk.path == "/desk/find"
    return desk.text


def test_one_box_finds_people_events_and_bookings(desk, session):
    event = make_event(session, title="Chaos and order")
    session.refresh(event, ["sessions"])
    person = make_person(session, name="Order Smith", email="smith@example.org")
    booking = book(session, event, 0, person=person)

    by_word = found(desk, "order")
    assert f"/desk/people/{person.key}" in by_word
    assert f"/desk/events/{event.key}" in by_word
    assert f"/bookings/{booking.reference}" in by_word
    assert f"/desk/people/{person.key}" in found(desk, "smith@example")

    for typed in (booking.reference, booking.reference.lower().replace("-", "")):
        assert f"/bookings/{booking.reference}" in found(desk, typed)


def test_a_place_without_a_name_is_found_with_words(desk, session):
    event = make_event(session, title="Chaos")
    session.refresh(event, ["sessions"])
    person = make_person(session, name="Order Smith", email="smith@example.org")
    booking = book(session, event, 0, person=person)
    by_name = found(desk, "order smith")
    assert by_name.index('id="found-people"') < by_name.index('id="found-bookings"')

    guest = booking.attendees[0]
    guest.name, guest.person_id = "", None
    session.commit()
    assert ">Not named yet</a>" in found(desk, booking.reference)

    guest.person_id, person.email = person.id, "42@closed.invalid"
    session.commit()
    page = found(desk, booking.reference)
    assert ">Somebody who closed their account</a>" in page
    assert "closed.invalid" not in page


@pytest.mark.parametrize("words", ["%", "_", "zzzz", "<script>", "'; --", "x" * 300])
def test_what_is_not_there_is_not_found(desk, session, words):
    make_person(session, name="Ana")

    assert "Try one word, or a part of it." in found(desk, words)


def test_an_empty_box_says_what_to_type(desk):
    desk.open("/desk/find?q=")

    assert "Type a part of a name" in desk.text


def test_somebody_must_be_named_for_safeguarding(session):
    assert titles(session) == ["Nobody is named for safeguarding"]
