"""What the other people of a party are told: of what is new for them, and of nothing else."""

from netapp.events.operations.changing import change_dates
from netapp.events.operations.waiting import take_offer
from tests.events.scenes import fill, forget_mails, states
from tests.events.test_naming import book_party, letters, name
from tests.events.test_parties_waiting import cancel
from tests.factories import NOW, make_event, make_person

BOOKER, KIM = "jo@example.org", "kim@example.org"


def choose(session, booking, *dates):
    change_dates(
        session,
        booking_id=booking.id,
        session_keys=[date.key for date in dates],
        seen_version=None,
        now=NOW,
    )
    session.commit()


def test_that_all_wait_for_another_date_is_told_to_the_booker_alone(session):
    event = make_event(session, sessions=2, capacity=2)
    others = fill(session, event, 1, people=2)
    jo = make_person(session, name="Jo Field", email=BOOKER)
    booking = book_party(session, event, 0, places=2, person=jo)
    name(session, booking, (1, "Kim Bell", KIM))
    forget_mails(session)

    choose(session, booking, *event.sessions)
    assert states(session, booking) == ["confirmed"] * 2 + ["waiting"] * 2
    assert letters(session) == [("booking_changed", BOOKER)]
    choose(session, booking, event.sessions[0])
    assert letters(session) == [("booking_changed", BOOKER)] * 2

    choose(session, booking, *event.sessions)
    cancel(session, *others)
    forget_mails(session)
    take_offer(session, booking_id=booking.id, now=NOW)
    session.commit()
    assert letters(session) == [("booking_received", BOOKER), ("place_given", KIM)]
    forget_mails(session)
    choose(session, booking, event.sessions[0])
    assert sorted(letters(session)) == [("booking_changed", BOOKER), ("booking_changed", KIM)]
