"""Some come, some join online: two pools of places, one booking, and a swap between them."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from netapp.events.errors import BookingChanged, ChangesClosed, ModeNotChosen, NoPlaceToSwapTo
from netapp.events.models import BookedAs, EventMode, EventSession, Mode, Pool
from netapp.events.operations import booking as operations
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.due import settle_one_event
from netapp.events.operations.swap_waits import stop_waiting, wait_to_swap
from netapp.events.operations.swapping import swap_mode
from netapp.events.operations.waiting import refuse_offer, take_offer
from netapp.events.queries.bookings import booking_page
from netapp.events.queries.swap_waits import swap_waits_of
from tests.events.scenes import forget_mails, mails, positions, states, wish
from tests.events.test_letters import calendar_texts
from tests.factories import NOW, make_coordinator, make_event, make_person

IN_PERSON, ONLINE = Mode.IN_PERSON, Mode.ONLINE


def hybrid(session, *, in_person=10, online=10, sessions=1, **options):
    event = make_event(session, mode=EventMode.HYBRID, sessions=sessions, **options)
    for date in event.sessions:
        date.pool_of(IN_PERSON).capacity = in_person
        date.pool_of(ONLINE).capacity = online
    session.commit()
    return event


def book(session, event, *numbers, mode, person=None):
    made = operations.book(
        session,
        event_id=event.id,
        person=person or make_person(session),
        wish=wish(event, *numbers, mode=mode),
        now=NOW,
    )
    session.commit()
    return made


def swap(session, booking, event, mode, *, number=0, now=NOW, **more):
    swap_mode(
        session,
        booking_id=booking.id,
        session_key=event.sessions[number].key,
        mode=mode,
        now=now,
        **more,
    )
    session.commit()


def taken(session, event):
    """In person and online, date by date."""
    rows = session.execute(
        select(Pool.session_id, Pool.mode, Pool.taken)
        .join(Pool.session)
        .where(EventSession.event_id == event.id)
    )
    numbers = {(session_id, mode): number for session_id, mode, number in rows}
    return [tuple(numbers[date.id, mode] for mode in Mode) for date in event.sessions]


def modes(session, booking):
    session.refresh(booking, ["places"])
    return [place.mode for place in booking.places]


def test_each_way_to_take_part_has_its_own_places(session):
    event = hybrid(session, in_person=1, online=1)
    booked = [book(session, event, 0, mode=mode) for mode in (IN_PERSON, IN_PERSON, ONLINE)]
    assert [states(session, each) for each in booked] == [["confirmed"], ["waiting"], ["confirmed"]]
    assert taken(session, event) == [(1, 1)]


def test_only_who_joins_online_reads_when_the_link_is_shown(session):
    event = hybrid(session)
    booked = [book(session, event, 0, mode=mode) for mode in (IN_PERSON, ONLINE)]
    for date in event.sessions:
        date.join_link = "https://meet.example.org/room"
    session.commit()
    pages = [booking_page(session, booking.id, NOW) for booking in booked]
    assert [[line.join_opens for line in page.dates] for page in pages] == [
        [""],
        ["Monday 8 February 2027, 2pm GMT"],
    ]
    assert [[step.words for step in page.next_steps] for page in pages] == [
        ["We send a reminder.", "You can change or cancel on this page."],
        [
            "The link to join opens on this page. Your email leads here.",
            "We send a reminder.",
            "You can change or cancel on this page.",
        ],
    ]


def test_how_they_take_part_must_be_said(session):
    event = hybrid(session)
    with pytest.raises(ModeNotChosen):
        book(session, event, 0, mode=None)


def test_a_swap_moves_both_places_at_once(session):
    event = hybrid(session, sessions=2)
    booking = book(session, event, 0, 1, mode=IN_PERSON)
    swap(session, booking, event, ONLINE, number=1)
    assert modes(session, booking) == [IN_PERSON, ONLINE]
    assert taken(session, event) == [(1, 0), (0, 1)]


def test_a_swap_to_what_is_full_changes_nothing(session):
    event = hybrid(session, online=1)
    book(session, event, 0, mode=ONLINE)
    booking = book(session, event, 0, mode=IN_PERSON)
    with pytest.raises(NoPlaceToSwapTo):
        swap(session, booking, event, ONLINE)
    session.rollback()
    assert modes(session, booking) == [IN_PERSON]
    assert taken(session, event) == [(1, 1)]


def test_a_course_is_swapped_in_all_its_dates_or_in_none(session):
    event = hybrid(session, sessions=2, booked_as=BookedAs.WHOLE)
    booking = book(session, event, mode=IN_PERSON)
    event.sessions[1].pool_of(ONLINE).capacity = 0
    session.commit()
    with pytest.raises(NoPlaceToSwapTo):
        swap(session, booking, event, ONLINE)
    session.rollback()
    assert taken(session, event) == [(1, 0), (1, 0)]
    event.sessions[1].pool_of(ONLINE).capacity = 1
    session.commit()
    swap(session, booking, event, ONLINE)
    assert taken(session, event) == [(0, 1), (0, 1)]


def test_a_freed_place_goes_to_who_waits_for_it(session):
    event = hybrid(session, in_person=1)
    booking, waits = (book(session, event, 0, mode=IN_PERSON) for _ in range(2))
    swap(session, booking, event, ONLINE)
    assert states(session, waits) == ["offered"]
    assert taken(session, event) == [(1, 1)]


def test_who_waits_may_swap_to_a_free_place(session):
    event = hybrid(session, in_person=1)
    book(session, event, 0, mode=IN_PERSON)
    waits = book(session, event, 0, mode=IN_PERSON)
    swap(session, waits, event, ONLINE)
    assert states(session, waits) == ["confirmed"]
    assert modes(session, waits) == [ONLINE]
    assert taken(session, event) == [(1, 1)]


def test_a_swap_never_overtakes_who_waits_for_the_other_way(session):
    event = hybrid(session, online=1)
    first = book(session, event, 0, mode=ONLINE)
    waits = book(session, event, 0, mode=ONLINE)
    booking = book(session, event, 0, mode=IN_PERSON)
    cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    with pytest.raises(NoPlaceToSwapTo):
        swap(session, booking, event, ONLINE)
    session.rollback()
    assert states(session, waits) == ["offered"]
    take_offer(session, booking_id=waits.id, now=NOW)
    session.commit()
    assert taken(session, event) == [(1, 1)]


def test_waiting_lists_are_apart(session):
    event = hybrid(session, in_person=0, online=0)
    places = [(IN_PERSON, 1), (ONLINE, 1), (IN_PERSON, 2)]
    assert [
        (mode, positions(session, book(session, event, 0, mode=mode))[0]) for mode, _ in places
    ] == places


@pytest.mark.parametrize("hours", [0, 3])
def test_it_can_be_swapped_as_long_as_it_can_be_changed(session, hours):
    event = hybrid(session, change_until_hours=hours)
    booking = book(session, event, 0, mode=IN_PERSON)
    last = event.sessions[0].starts_at - timedelta(hours=hours)
    with pytest.raises(ChangesClosed):
        swap(session, booking, event, ONLINE, now=last)
    session.rollback()
    swap(session, booking, event, ONLINE, now=last - timedelta(minutes=1))
    assert modes(session, booking) == [ONLINE]


def test_a_stale_page_swaps_nothing(session):
    event = hybrid(session)
    booking = book(session, event, 0, mode=IN_PERSON)
    with pytest.raises(BookingChanged):
        swap(session, booking, event, ONLINE, seen_version=7)


def test_the_mail_and_the_calendar_say_how_each_takes_part(session):
    event = hybrid(session)
    booking = book(session, event, 0, mode=IN_PERSON)
    swap(session, booking, event, ONLINE)
    places = [
        str(Calendar.from_ical(text).events[0]["LOCATION"]) for text in calendar_texts(session)
    ]
    assert mails(session) == ["events/booking_confirmed", "events/booking_changed"]
    assert places == ["Room 1, Example House, London", "Online"]


def test_a_guest_is_told_alike_for_either_way(session):
    event = hybrid(session, in_person=1, online=5)
    book(session, event, 0, mode=IN_PERSON)
    known = make_person(session)
    book(session, event, 0, mode=ONLINE, person=known)
    forget_mails(session)
    answers = [
        operations.book_as_guest(
            session, event_id=event.id, email=email, wish=wish(event, 0, mode=mode), now=NOW
        )
        for email in (known.email, "new@example.org")
        for mode in (IN_PERSON,)
    ]
    key = event.sessions[0].key
    assert [(a.confirmed, a.waiting) for a in answers] == [((), (key,)), ((), (key,))]


def test_the_link_to_join_is_for_those_who_join_online(session, as_person, at):
    event = hybrid(session, starts_at=NOW + timedelta(days=5))
    soon = event.sessions[0].starts_at - timedelta(hours=1)
    shown = []
    for mode in (IN_PERSON, ONLINE):
        person = make_person(session)
        booking = book(session, event, 0, mode=mode, person=person)
        with at(soon):
            page = as_person(person).open(f"/bookings/{booking.reference}").text
        shown.append("https://meet.example.org/abc" in page)
    assert shown == [False, True]


def test_it_is_chosen_on_the_page_and_swapped_on_the_booking(session, visitor, sign_in):
    event = hybrid(session, online=1)
    sign_in(make_person(session))
    visitor.open(f"/events/{event.slug}")
    assert visitor.send("/bookings").status_code == 422
    assert "Choose how you will take part: in person or online." in visitor.text
    visitor.send("/bookings", mode="in_person")
    assert "In person: Room 1" in visitor.text
    visitor.send("/swap")
    assert "It is swapped." in visitor.text
    assert taken(session, event) == [(0, 1)]


def test_a_hybrid_event_is_found_under_both_ways(session, visitor):
    event = hybrid(session, title="Both ways")
    for mode in ("in_person", "online"):
        visitor.open(f"/events?mode={mode}")
        assert event.title in visitor.text


def test_the_link_opens_when_the_event_says(session, as_person, at):
    event = hybrid(session, starts_at=NOW + timedelta(days=5), join_hours=3)
    person = make_person(session)
    booking = book(session, event, 0, mode=ONLINE, person=person)
    opens_at = event.sessions[0].starts_at - timedelta(hours=3)
    shown = []
    for moment in (opens_at - timedelta(minutes=1), opens_at):
        with at(moment):
            page = as_person(person).open(f"/bookings/{booking.reference}").text
        shown.append("https://meet.example.org/abc" in page)
    assert shown == [False, True]


def wait(session, booking, event, mode, *, number=0, **more):
    wait_to_swap(
        session,
        booking_id=booking.id,
        session_key=event.sessions[number].key,
        mode=mode,
        now=NOW,
        **more,
    )
    session.commit()


def test_who_is_online_waits_for_the_room_and_keeps_the_place(session):
    event = hybrid(session, in_person=1)
    first, online = (book(session, event, 0, mode=mode) for mode in (IN_PERSON, ONLINE))
    wait(session, online, event, IN_PERSON)
    wait(session, online, event, IN_PERSON)  # Pressed twice it is one wait.
    assert (states(session, online), taken(session, event)) == (["confirmed"], [(1, 1)])
    assert [line.position for line in booking_page(session, online.id, NOW).dates] == [1]
    cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    assert taken(session, event) == [(1, 1)]  # Held for them, beside the place online.
    forget_mails(session)
    take_offer(session, booking_id=online.id, now=NOW)
    session.commit()
    assert (modes(session, online), taken(session, event)) == ([IN_PERSON], [(1, 0)])
    assert mails(session) == ["events/booking_changed"]


@pytest.mark.parametrize("lets", ["refuse", "run out", "leave"])
def test_who_does_not_take_it_keeps_the_place_online(session, lets):
    event = hybrid(session, in_person=1)
    first, online, next_one = (
        book(session, event, 0, mode=mode) for mode in (IN_PERSON, ONLINE, IN_PERSON)
    )
    cancel_booking(session, booking_id=next_one.id, now=NOW)
    wait(session, online, event, IN_PERSON)
    cancel_booking(session, booking_id=first.id, now=NOW)
    after = book(session, event, 0, mode=IN_PERSON)
    if lets == "refuse":
        refuse_offer(session, booking_id=online.id, now=NOW)
    elif lets == "leave":
        key = event.sessions[0].key
        stop_waiting(session, booking_id=online.id, session_key=key, now=NOW)
    else:
        settle_one_event(session, NOW + timedelta(days=3))
    session.commit()
    assert (states(session, online), modes(session, online)) == (["confirmed"], [ONLINE])
    assert states(session, after) == ["offered"]
    assert taken(session, event) == [(1, 1)]


def test_the_wait_ends_with_the_place_beside_it(session):
    event = hybrid(session, in_person=1)
    _, online, after = (book(session, event, 0, mode=m) for m in (IN_PERSON, ONLINE, IN_PERSON))
    wait(session, online, event, IN_PERSON)
    cancel_booking(session, booking_id=online.id, now=NOW)
    session.commit()
    assert list(swap_waits_of(session, online.id)) == []
    assert positions(session, after) == [1]


def test_the_desk_gives_a_place_to_who_waits_to_swap(session, visitor, sign_in):
    event = hybrid(session, in_person=1, online=1)
    _, online, waits = (book(session, event, 0, mode=m) for m in (IN_PERSON, ONLINE, ONLINE))
    wait(session, online, event, IN_PERSON)
    sign_in(make_coordinator(session))
    visitor.open(f"/desk/events/{event.key}/bookings/{online.reference}")
    assert "Give a place in person now" in visitor.text
    visitor.send("/give", reason="They travel far.")
    assert modes(session, online) == [ONLINE]  # Nothing is free, and none kept back.
    pool = event.sessions[0].pool_of(IN_PERSON)
    session.refresh(pool)
    pool.over_booking = 1
    session.commit()
    visitor.send("/give", reason="They travel far.")
    assert "Given a place in person: They travel far." in visitor.text
    assert (modes(session, online), states(session, online)) == ([IN_PERSON], ["confirmed"])
    assert list(swap_waits_of(session, online.id)) == []
    assert states(session, waits) == ["offered"]
    assert taken(session, event) == [(2, 1)]


def test_a_course_is_waited_for_and_swapped_as_a_whole(session):
    event = hybrid(session, in_person=1, sessions=2, booked_as=BookedAs.WHOLE)
    first, online = (book(session, event, mode=mode) for mode in (IN_PERSON, ONLINE))
    wait(session, online, event, IN_PERSON)
    cancel_booking(session, booking_id=first.id, now=NOW)
    take_offer(session, booking_id=online.id, now=NOW)
    session.commit()
    assert taken(session, event) == [(1, 0), (1, 0)]


def test_the_page_warns_before_a_full_room_is_left_and_lets_wait_for_it(session, as_person):
    event = hybrid(session, in_person=1)
    amara = make_person(session)
    booking = book(session, event, 0, mode=IN_PERSON, person=amara)
    mine = as_person(amara)
    mine.open(f"/bookings/{booking.reference}")
    assert "The room is full: you cannot come back unless a place comes free." in mine.text
    mine.send("/swap")
    other = book(session, event, 0, mode=IN_PERSON)
    mine.open(f"/bookings/{booking.reference}")
    mine.send("/swap-wait")
    assert "You are <strong>number 1</strong> on the list for a place in the room." in mine.text
    stop = f'id="stop-{event.sessions[0].key}" popover'  # Pressed once more, the button asks.
    assert mine.text.index(stop) < mine.text.index('name="stop" value="yes"')
    for page in ("/account", "/account/bookings"):
        mine.open(page)
        assert "You keep your place online." in mine.text
    cancel_booking(session, booking_id=other.id, now=NOW)
    session.commit()
    mine.open(f"/bookings/{booking.reference}")
    assert "A place has come free in the room" in mine.text
    mine.send("/offer", answer="take")
    assert modes(session, booking) == [IN_PERSON]
