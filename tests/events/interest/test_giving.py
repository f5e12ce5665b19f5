"""Interest is given once, taken back without trace, and refused where one can book."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.errors import (
    BookingIsOpen,
    InterestLinkEnded,
    InterestOfMembers,
    NoInterestTaken,
)
from netapp.events.models import (
    Audience,
    BookingWindow,
    EventStatus,
    InterestRequest,
    WindowFor,
)
from netapp.events.operations import ideas, interest
from netapp.events.queries.topics import Topic
from netapp.people.models import Person
from tests.events.interest.topics import (
    LATER,
    actor_of,
    ask,
    closed_event,
    give,
    interests,
    make_idea,
    topic,
)
from tests.events.scenes import book, fill, mails
from tests.factories import NOW, make_coordinator, make_event, make_guest, make_member, make_person


def test_twice_is_once(session):
    event, person = closed_event(session), make_person(session)
    first, second = give(session, event, person), give(session, event, person)
    assert first.id == second.id
    assert len(interests(session)) == 1


def test_taken_back_nothing_stays(session):
    found = give(session, closed_event(session), make_person(session))
    interest.take_back(session, interest_id=found.id)
    interest.take_back(session, interest_id=found.id)
    session.commit()
    assert interests(session) == []


@pytest.mark.parametrize("how", ["not open", "closed", "full"])
def test_an_event_that_cannot_be_booked_takes_it(session, how):
    event = {
        "not open": lambda: closed_event(session),
        "closed": lambda: make_event(session, booking_closes_at=NOW - timedelta(days=1)),
        "full": lambda: make_event(session, capacity=1, has_waiting_list=False),
    }[how]()
    if how == "full":
        fill(session, event, 0, people=1)
    give(session, event, make_person(session))
    assert len(interests(session)) == 1


def test_one_that_can_be_booked_or_waited_for_does_not(session):
    with pytest.raises(BookingIsOpen):
        give(session, make_event(session), make_person(session))
    full = make_event(session, capacity=1)
    fill(session, full, 0, people=1)
    with pytest.raises(BookingIsOpen):
        give(session, full, make_person(session))


def test_whoever_may_book_early_books(session):
    event = closed_event(session)
    session.add(
        BookingWindow(event_id=event.id, who=WindowFor.MEMBERS, opens_at=NOW - timedelta(hours=1))
    )
    session.commit()
    with pytest.raises(BookingIsOpen):
        give(session, event, make_member(session))
    session.rollback()
    give(session, event, make_person(session))
    assert len(interests(session)) == 1


@pytest.mark.parametrize(
    "overrides",
    [
        {"starts_at": NOW - timedelta(days=3)},
        {"status": EventStatus.CANCELLED, "booking_opens_at": LATER},
        {"is_record": True},
    ],
)
def test_what_is_over_or_off_takes_none(session, overrides):
    event = make_event(session, **overrides)
    with pytest.raises(NoInterestTaken):
        give(session, event, make_person(session))


def test_an_event_for_members_takes_that_of_members(session):
    event = closed_event(session, audience=Audience.MEMBERS)
    with pytest.raises(InterestOfMembers):
        give(session, event, make_person(session))
    session.rollback()
    with pytest.raises(InterestOfMembers):
        ask(session, event)
    session.rollback()
    give(session, event, make_member(session))
    assert len(interests(session)) == 1


def test_a_closed_idea_takes_none(session):
    idea = make_idea(session)
    seen = topic(session, idea)
    boss = actor_of(make_coordinator(session))
    ideas.close_idea(session, idea_id=idea.id, seen_version=1, actor=boss, now=NOW)
    session.commit()
    with pytest.raises(NoInterestTaken):
        interest.give_interest(session, topic=seen, person=make_person(session), now=NOW)


@pytest.fixture
def tokens(monkeypatch):
    """The secrets of the links, in the order in which they were made."""
    made: list[str] = []

    def keep():
        made.append(f"token-{len(made)}-{'x' * 30}")
        return made[-1]

    monkeypatch.setattr(interest, "new_token", keep)
    return made


def test_that_of_a_guest_counts_once_confirmed(session, tokens):
    event = closed_event(session)
    ask(session, event)
    assert interests(session) == []
    assert session.scalars(select(Person)).all() == []  # Nobody is kept for an address typed.
    assert mails(session) == ["events/interest_asked"]
    interest.confirm_interest(session, token=tokens[0], now=NOW + timedelta(days=2))
    session.commit()
    person = session.scalars(select(Person)).one()
    assert (person.name, person.email) == ("Ada Byron", "ada@example.org")
    assert person.email_confirmed_at == NOW + timedelta(days=2)
    assert [each.person_id for each in interests(session)] == [person.id]


def test_its_link_works_once_and_not_for_ever(session, tokens):
    event = closed_event(session)
    ask(session, event)
    ask(session, event)
    with pytest.raises(InterestLinkEnded):  # A newer one has taken its place.
        interest.confirm_interest(session, token=tokens[0], now=NOW)
    with pytest.raises(InterestLinkEnded):
        interest.confirm_interest(session, token=tokens[1], now=NOW + timedelta(days=3))
    interest.confirm_interest(session, token=tokens[1], now=NOW)
    session.commit()
    with pytest.raises(InterestLinkEnded):
        interest.confirm_interest(session, token=tokens[1], now=NOW)


def test_an_address_that_is_known_gets_the_truth_by_mail_alone(session, tokens):
    event, guest = closed_event(session), make_guest(session, email="ada@example.org")
    give(session, event, guest)
    ask(session, event)
    assert mails(session, to=guest) == ["events/interest_known"]
    assert session.scalars(select(InterestRequest)).all() == []
    assert len(interests(session)) == 1


def test_whoever_books_is_a_booker_now(session, at):
    event, person = closed_event(session), make_person(session)
    give(session, event, person)
    book(session, event, 0, person=person, now=LATER)
    assert [each.booked_at for each in interests(session)] == [LATER]


def test_it_is_deleted_after_a_year(session):
    idea = make_idea(session)
    give(session, idea, make_person(session), now=NOW)
    give(session, idea, make_person(session), now=NOW + timedelta(days=1))
    assert interest.delete_old_interest(session, NOW + timedelta(days=364)) == 0
    assert interest.delete_old_interest(session, NOW + timedelta(days=365)) == 1
    assert len(interests(session)) == 1


def test_it_is_deleted_when_the_last_date_is_over(session):
    event = closed_event(session, sessions=2)
    give(session, event, make_person(session))
    last = event.sessions[1].ends_at
    assert interest.delete_old_interest(session, last - timedelta(minutes=1)) == 0
    assert interest.delete_old_interest(session, last) == 1


def test_what_nobody_confirmed_is_deleted(session):
    ask(session, closed_event(session))
    assert interest.delete_old_interest(session, NOW + timedelta(days=2)) == 0
    assert interest.delete_old_interest(session, NOW + timedelta(days=3)) == 1
    assert session.scalars(select(InterestRequest)).all() == []


def test_no_such_thing(session):
    with pytest.raises(Exception, match="could not find"):
        interest.give_interest(
            session, topic=Topic("", "", idea_id=99), person=make_person(session), now=NOW
        )
