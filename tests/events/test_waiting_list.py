"""A freed place becomes an offer, and an offer a place or the next offer."""

from datetime import timedelta

import pytest

from netapp.audit.operations import Actor
from netapp.events.errors import BookingChanged, BookingEnded, NoOffer, OfferEnded
from netapp.events.models import BookedAs
from netapp.events.operations.cancelling import cancel_date
from netapp.events.operations.changing import cancel_booking, change_dates
from netapp.events.operations.due import pools_that_differ, settle_one_event
from netapp.events.operations.waiting import refuse_offer, take_offer
from tests.events.scenes import book, fill, forget_mails, mails, positions, states, taken
from tests.factories import NOW, make_event

STARTS = NOW + timedelta(days=30, hours=2)
OFFER_ENDS = NOW + timedelta(days=1, hours=22)  # Monday midday: 9, 13 and 2 hours by day.


@pytest.fixture(autouse=True)
def pools_agree(session):
    yield
    assert pools_that_differ(session) == []


def cancel(session, booking, now=NOW):
    cancel_booking(session, booking_id=booking.id, now=now)
    session.commit()


def test_positions_count_from_one_in_the_order_of_coming(session):
    event = make_event(session, capacity=1)
    bookings = fill(session, event, 0, people=4)
    assert [positions(session, booking) for booking in bookings] == [[None], [1], [2], [3]]


def test_a_freed_place_is_offered_to_the_first_in_the_same_step(session):
    event = make_event(session, capacity=1)
    first, second, third = fill(session, event, 0, people=3)
    forget_mails(session)

    cancel(session, first)

    assert [states(session, b) for b in (first, second, third)] == [
        ["cancelled"],
        ["offered"],
        ["waiting"],
    ]
    assert taken(session, event) == [1]
    assert sorted(mails(session)) == ["events/booking_cancelled", "events/offer"]


def test_an_offer_taken_is_a_place_with_an_invitation(session):
    event = make_event(session, capacity=1)
    first, second = fill(session, event, 0, people=2)
    cancel(session, first)
    forget_mails(session)

    take_offer(session, booking_id=second.id, now=NOW)
    session.commit()

    assert states(session, second) == ["confirmed"]
    assert mails(session) == ["events/booking_confirmed"]


def test_an_offer_refused_passes_on(session):
    event = make_event(session, capacity=1)
    first, second, third = fill(session, event, 0, people=3)
    cancel(session, first)

    refuse_offer(session, booking_id=second.id, now=NOW)
    session.commit()

    assert (states(session, second), states(session, third)) == (["lapsed"], ["offered"])
    assert second.live is False


@pytest.mark.parametrize(
    ("later", "expected"),
    [(timedelta(seconds=-1), ["offered", "waiting"]), (timedelta(0), ["lapsed", "offered"])],
)
def test_an_offer_that_ends_passes_on_by_itself(session, later, expected):
    event = make_event(session, capacity=1)
    first, second, third = fill(session, event, 0, people=3)
    cancel(session, first)

    settle_one_event(session, OFFER_ENDS + later)
    session.commit()

    assert states(session, second) + states(session, third) == expected


@pytest.mark.parametrize("booked_as", list(BookedAs))
def test_offers_end_for_a_worker_that_has_read_nothing_before(session, new_session, booked_as):
    event = make_event(session, sessions=2, capacity=2, booked_as=booked_as)
    numbers = () if booked_as is BookedAs.WHOLE else (0, 1)
    held = [book(session, event, *numbers) for _ in range(2)]
    queue = [book(session, event, *numbers) for _ in range(4)]
    for booking in held:
        cancel(session, booking)

    with new_session() as worker:
        assert settle_one_event(worker, OFFER_ENDS) == 1
        worker.commit()

    assert [states(session, booking) for booking in queue] == [["lapsed"] * 2] * 2 + [
        ["offered"] * 2
    ] * 2


def test_waiting_ends_for_a_worker_that_has_read_nothing_before(session, new_session):
    event = make_event(session, capacity=1)
    first, *queue = fill(session, event, 0, people=3)

    with new_session() as worker:
        assert settle_one_event(worker, STARTS) == 1
        worker.commit()

    assert [states(session, b) for b in (first, *queue)] == [["confirmed"], ["lapsed"], ["lapsed"]]


def test_an_offer_cannot_be_taken_once_it_has_ended(session):
    event = make_event(session, capacity=1)
    first, second = fill(session, event, 0, people=2)
    cancel(session, first)
    with pytest.raises(OfferEnded):
        take_offer(session, booking_id=second.id, now=OFFER_ENDS)


def test_after_it_passed_on_the_reason_is_still_told(session):
    event = make_event(session, capacity=1)
    first, second = fill(session, event, 0, people=2)
    cancel(session, first)
    settle_one_event(session, OFFER_ENDS)
    session.commit()
    with pytest.raises(OfferEnded):
        take_offer(session, booking_id=second.id, now=OFFER_ENDS)


def test_without_an_offer_there_is_nothing_to_take(session):
    event = make_event(session, capacity=1)
    _, second = fill(session, event, 0, people=2)
    with pytest.raises(NoOffer):
        take_offer(session, booking_id=second.id, now=NOW)


def test_nobody_is_offered_a_place_in_what_has_begun(session):
    event = make_event(session, capacity=1, change_until_hours=0)
    first, second = fill(session, event, 0, people=2)
    settle_one_event(session, STARTS)
    session.commit()
    assert (states(session, first), states(session, second)) == (["confirmed"], ["lapsed"])


def test_an_offer_never_outlasts_the_start(session):
    event = make_event(session, capacity=1)
    first, second = fill(session, event, 0, people=2)
    cancel(session, first, now=STARTS - timedelta(hours=1))
    session.refresh(second, ["places"])
    assert second.places[0].offer_ends_at == STARTS


def test_leaving_the_list_moves_the_others_up(session):
    event = make_event(session, capacity=1)
    _, second, third = fill(session, event, 0, people=3)
    cancel(session, second)
    assert positions(session, third) == [1]


def test_a_course_is_offered_as_a_whole(session):
    event = make_event(session, sessions=2, capacity=1, booked_as=BookedAs.WHOLE)
    first, second, third = (book(session, event) for _ in range(3))
    cancel(session, first)
    assert [states(session, b) for b in (second, third)] == [["offered"] * 2, ["waiting"] * 2]
    assert taken(session, event) == [1, 1]

    refuse_offer(session, booking_id=second.id, now=NOW)
    session.commit()
    assert states(session, third) == ["offered"] * 2
    assert taken(session, event) == [1, 1]


def test_changing_dates_frees_one_and_takes_another_in_one_step(session):
    event = make_event(session, sessions=2, capacity=1)
    mine = book(session, event, 0)
    waiting = book(session, event, 0)
    forget_mails(session)

    change_dates(
        session,
        booking_id=mine.id,
        session_keys=[event.sessions[1].key],
        seen_version=mine.version,
        now=NOW,
    )
    session.commit()

    assert states(session, mine) == ["cancelled", "confirmed"]
    assert states(session, waiting) == ["offered"]
    assert taken(session, event) == [1, 1]
    assert sorted(mails(session)) == [
        "events/booking_changed",
        "events/invitation",
        "events/invitation_cancelled",
        "events/offer",
    ]


def test_changing_to_a_full_date_waits_for_it(session):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 1)
    mine = book(session, event, 0)
    both = [date.key for date in event.sessions]
    change_dates(session, booking_id=mine.id, session_keys=both, seen_version=None, now=NOW)
    session.commit()
    assert states(session, mine) == ["confirmed", "waiting"]


def test_a_course_goes_on_without_a_date_that_was_cancelled(session):
    event = make_event(session, sessions=3, capacity=1, booked_as=BookedAs.WHOLE)
    first, second = book(session, event), book(session, event)
    cancel_date(
        session,
        event_id=event.id,
        session_key=event.sessions[0].key,
        reason="The room is gone",
        seen_version=event.sessions[0].version,
        actor=Actor(None, "Jo"),
        now=NOW,
    )
    session.commit()

    cancel(session, first, now=STARTS + timedelta(hours=1))

    assert states(session, second) == ["cancelled", "offered", "offered"]


def two_offers(session):
    """A booking with a place on offer in two dates, the second offered a day later."""
    event = make_event(session, sessions=2, capacity=1)
    one, other = book(session, event, 0), book(session, event, 1)
    mine = book(session, event, 0, 1)
    cancel(session, one)
    cancel(session, other, now=NOW + timedelta(days=1))
    return event, mine


def test_an_offer_is_taken_though_another_one_has_ended(session):
    _, mine = two_offers(session)

    take_offer(session, booking_id=mine.id, now=OFFER_ENDS)
    session.commit()
    settle_one_event(session, OFFER_ENDS)
    session.commit()

    assert states(session, mine) == ["lapsed", "confirmed"]


def test_an_answer_is_about_the_offers_that_the_page_showed(session):
    event, mine = two_offers(session)

    refuse_offer(session, booking_id=mine.id, session_keys=[event.sessions[0].key], now=NOW)
    session.commit()
    assert states(session, mine) == ["lapsed", "offered"]
    with pytest.raises(NoOffer):
        take_offer(session, booking_id=mine.id, session_keys=[event.sessions[0].key], now=NOW)


def test_dates_are_not_changed_from_a_page_that_still_showed_an_offer(session):
    event = make_event(session, sessions=2, capacity=1)
    first, second = fill(session, event, 0, people=2)
    cancel(session, first)

    with pytest.raises(BookingEnded):
        change_dates(
            session,
            booking_id=second.id,
            session_keys=[event.sessions[1].key],
            seen_version=second.version,
            now=OFFER_ENDS,
        )


def test_a_page_from_before_an_offer_changes_nothing(session):
    event = make_event(session, sessions=2, capacity=1)
    first, second = fill(session, event, 0, people=2)
    seen = second.version
    cancel(session, first)

    with pytest.raises(BookingChanged):
        cancel_booking(session, booking_id=second.id, seen_version=seen, now=NOW)
