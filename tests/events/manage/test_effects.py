"""What the pages foretell is what then happens."""

from datetime import timedelta

import pytest

from netapp.events.models import BookedAs, EventStatus, Mode
from netapp.events.operations import cancelling, dates, editing
from netapp.events.plans import PlacesPlan
from netapp.events.queries import cancel_effects, effects, offer_effects
from netapp.events.queries.changes import changes_of
from tests.events.manage.plans import ACTOR, details_of, plan_of
from tests.events.scenes import book, fill, forget_mails, mails
from tests.events.test_naming import book_party
from tests.factories import NOW, make_event, make_person

DAY = timedelta(days=1)


def words(found):
    return {one.title: one.words for one in found.consequences}


def moved(date, by=DAY):
    return plan_of(date, starts_at=date.starts_at + by, ends_at=date.ends_at + by)


@pytest.fixture
def busy(session):
    """Two places, both taken, one person waiting."""
    event = make_event(session, sessions=2, capacity=2)
    for name in ("Ana", "Ben"):
        book(session, event, 0, person=make_person(session, name=name))
    book(session, event, 0, 1, person=make_person(session, name="Cy"))
    forget_mails(session)
    return event


def test_a_move_names_who_is_told_and_what_happens(session, busy):
    date = busy.sessions[0]

    found = effects.of_moved_date(session, busy, date, moved(date), now=NOW)

    assert [c.as_dict() for c in found.changes] == [
        {
            "what": "Time",
            "before": "Wednesday 10 February 2027, 2pm to 5:30pm GMT",
            "after": "Thursday 11 February 2027, 2pm to 5:30pm GMT",
        }
    ]
    assert found.names == (("With a place", ("Ana", "Ben")), ("On the waiting list", ("Cy",)))
    assert words(found) == {
        "Mail": "3 people get a mail with what is different.",
        "Bookings": "2 people keep their place, and can cancel if it does not suit.",
        "Waiting list": "1 person keeps their turn.",
        "Calendars": "The entry changes in every calendar that follows us. "
        "Whoever got an invitation gets an update for their own calendar.",
        "Reminder": "At 10am on the day before the new date, also to those reminded already.",
    }


def test_the_number_told_is_the_number_foretold(session, busy):
    date = busy.sessions[0]
    foretold = effects.of_moved_date(session, busy, date, moved(date), now=NOW).told

    outcome = dates.change_date(
        session,
        event_id=busy.id,
        session_key=date.key,
        plan=moved(date),
        seen_version=1,
        actor=ACTOR,
        now=NOW,
    )

    assert (foretold, outcome.told, len(mails(session))) == (3, 3, 3)


def test_a_draft_has_no_effects(session):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)
    date = event.sessions[0]

    assert not effects.of_moved_date(session, event, date, moved(date), now=NOW).needs_a_look


def test_a_note_has_no_effects(session, busy):
    date = busy.sessions[0]
    plan = plan_of(date, note="Bring headphones.")

    assert not effects.of_moved_date(session, busy, date, plan, now=NOW).needs_a_look


def test_a_published_date_that_nobody_booked_still_moves_in_calendars(session, now_there):
    event = now_there(make_event(session))
    date = event.sessions[0]

    found = effects.of_moved_date(session, event, date, moved(date, timedelta(hours=1)), now=NOW)

    assert found.needs_a_look
    assert found.told == 0
    assert words(found)["Mail"] == "Nobody has booked, so no mail goes out."


def test_the_link_itself_is_never_named(session):
    event = make_event(session)
    date = event.sessions[0]

    changes = changes_of(event, date, plan_of(date, join_link="https://meet.example.org/new"))

    assert [(c.what, c.before, c.after) for c in changes] == [
        ("Link to join", "", "A new one. Your joining page has it when it is time.")
    ]


def test_clashes_at_the_new_time_are_named(session):
    event = make_event(session, sessions=2, mode=Mode.IN_PERSON)
    other = make_event(
        session, mode=Mode.IN_PERSON, title="Choir day", starts_at=event.sessions[0].starts_at + DAY
    )
    both = make_person(session)
    book(session, event, 0, person=both)
    book(session, other, 0, person=both)
    date = event.sessions[0]

    found = effects.of_moved_date(session, event, date, moved(date), now=NOW)
    later = effects.of_moved_date(session, event, date, moved(date, 7 * DAY), now=NOW)

    assert [clash.words for clash in found.clashes] == [
        "Choir day runs at that time: Thursday 11 February 2027, 2pm to 5:30pm GMT. "
        "It is in the same place.",
        "1 person has a place in something else at that time.",
    ]
    assert [clash.words for clash in later.clashes] == [
        "Another date of this event runs at that time: Wednesday 17 February 2027, "
        "2pm to 5:30pm GMT. It is in the same place."
    ]


def test_cancelling_a_date_says_what_becomes_of_the_bookings(session, busy):
    date = busy.sessions[0]

    found = cancel_effects.of_cancelled_date(session, busy, date, now=NOW)
    outcome = cancelling.cancel_date(
        session,
        event_id=busy.id,
        session_key=date.key,
        reason="No trainer.",
        seen_version=1,
        actor=ACTOR,
        now=NOW,
    )

    assert words(found) == {
        "Mail": "3 people get a mail with your reason.",
        "Bookings": "2 places end. 1 person with other dates keeps those.",
        "Waiting list": "Waiting for this date ends for 1 person.",
        "Calendars": "Calendars that follow us show the date as cancelled until 7 days after "
        "the day, then drop it. Whoever got an invitation gets a cancellation for their own "
        "calendar.",
    }
    assert (found.told, outcome.told) == (3, 3)


def test_cancelling_the_event_counts_each_person_once(session, busy):
    found = cancel_effects.of_cancelled_event(session, busy, busy.sessions)
    outcome = cancelling.cancel_event(
        session, event_id=busy.id, reason="No trainer.", seen_version=1, actor=ACTOR, now=NOW
    )

    assert (found.told, outcome.told) == (3, 3)
    assert words(found)["Bookings"] == "3 places end. All 3 bookings end."
    assert words(found)["Dates"] == "2 dates are cancelled."


def test_cancelling_names_the_parties_whose_bookings_end(session):
    event = make_event(session, sessions=2, capacity=9)
    book(session, event, 0, person=make_person(session, name="Ana"))
    book_party(session, event, 0, 1, places=4, organisation="Example School")
    book_party(session, event, 1, person=make_person(session, name="Ben"))

    (whole,) = cancel_effects.of_cancelled_event(session, event, event.sessions).lists
    (first,) = cancel_effects.of_cancelled_date(session, event, event.sessions[0], now=NOW).lists

    assert whole.lines == (
        ("Example School, booked by Jo Field", "4 places"),
        ("A party, booked by Jo Field", "3 places"),
    )
    assert first.lines == whole.lines[:1]
    assert whole.is_open


def test_a_new_title_tells_those_with_a_place(session, busy):
    details = details_of(busy, title="Calm")

    found = effects.of_new_title(session, busy, busy.sessions, details, now=NOW)
    outcome = editing.save_details(
        session, event_id=busy.id, details=details, seen_version=1, actor=ACTOR, now=NOW
    )

    assert found.names == (("With a place", ("Ana", "Ben", "Cy")),)
    assert (found.told, outcome.told) == (3, 3)


@pytest.mark.parametrize(("capacity", "lucky"), [(2, ()), (3, ("Cy",)), (None, ("Cy",))])
def test_more_places_name_who_is_offered_one(session, busy, capacity, lucky):
    places = {busy.sessions[0].key: PlacesPlan(capacity)}

    found = offer_effects.of_places(session, busy, busy.sessions, places, now=NOW)
    outcome = dates.set_places(
        session, event_id=busy.id, places=places, seen_version=1, actor=ACTOR, now=NOW
    )

    assert tuple(name for each in found.lists for name, _ in each.lines) == lucky
    assert outcome.offered == len(lucky)


def test_a_course_offers_only_where_every_date_has_room(session):
    event = make_event(session, sessions=2, capacity=1, booked_as=BookedAs.WHOLE)
    fill(session, event, people=3)
    first, second = (date.key for date in event.sessions)
    one = {first: PlacesPlan(3)}
    both = {first: PlacesPlan(3), second: PlacesPlan(2)}

    only_first = offer_effects.of_places(session, event, event.sessions, one, now=NOW)
    found = offer_effects.of_places(session, event, event.sessions, both, now=NOW)
    outcome = dates.set_places(
        session, event_id=event.id, places=both, seen_version=1, actor=ACTOR, now=NOW
    )

    assert (only_first.told, found.told, outcome.offered) == (0, 1, 1)
