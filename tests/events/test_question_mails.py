"""The mail that asks: when it is time, once, and once more by a coordinator's hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.events.links import own_questions_url, questions_url
from netapp.events.models import EventStatus, QuestionKind
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.naming import Naming, name_attendees
from netapp.events.operations.question_mails import ask_due, remind
from netapp.kernel.site import site_of
from netapp.mail.models import OutboxMessage
from tests.events.asked import ACTOR, answer, ask, attendee
from tests.events.scenes import book, fill, forget_mails, mails
from tests.events.test_naming import book_party, letters
from tests.factories import NOW, make_event, make_person
from tests.mail.samples import bytes_of, parsed, part

STARTS = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm.
HOUR = NOW + timedelta(hours=1)
INSTRUMENT = "Which instrument do you bring?"
EATS = "Do you have lunch with us?"


@pytest.fixture
def event(session):
    return make_event(session, title="Working With Chaos", sessions=2)


def run(session, now):
    """All that is due, as the worker does it."""
    forget_mails(session)
    while ask_due(session, now):
        session.commit()
    session.commit()
    return letters(session)


def text_of(session):
    row = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    return part(parsed(bytes_of(session, row)), "plain").replace("\r\n", "\n")


def test_one_mail_when_it_is_time_and_no_other(session, event):
    ask(session, event, ask_from_days=14, needed_by_days=7)
    ask(session, event, EATS, QuestionKind.YES_NO, ask_from_days=14, needed_by_days=2)
    ana = make_person(session, name="Ana Bell", email="ana@example.org")
    booking = book(session, event, 0, 1, person=ana)
    due = STARTS - timedelta(days=14, hours=4)
    assert run(session, due - timedelta(seconds=1)) == []
    assert run(session, due) == [("questions", "ana@example.org")]
    told = text_of(session)
    assert f"* {INSTRUMENT}\n* {EATS}\n\nPlease answer by Wednesday 3 February 2027." in told
    assert questions_url(site_of(session), booking) in told
    assert run(session, due + timedelta(hours=1)) == []


def test_who_answers_on_the_page_gets_no_mail(session, event):
    ask(session, event)
    booking, _ = book(session, event, 0), book(session, event, 0)
    answer(session, booking, {INSTRUMENT: "A cello"})
    assert run(session, HOUR - timedelta(seconds=1)) == []
    assert len(run(session, HOUR)) == 1


def test_what_is_asked_later_has_a_mail_of_its_own(session, event):
    ask(session, event)
    book(session, event, 0)
    assert len(run(session, HOUR)) == 1
    ask(session, event, EATS, QuestionKind.YES_NO, now=HOUR)
    assert len(run(session, HOUR + timedelta(hours=1))) == 1
    assert f"* {EATS}" in text_of(session)


def test_nobody_is_asked_in_vain(session, event):
    asked = ask(session, event, EATS, QuestionKind.YES_NO)
    ask(session, event, only_if=asked, only_if_value="yes")
    gone, answered = book(session, event, 0), book(session, event, 0)
    cancel_booking(session, booking_id=gone.id, now=NOW)
    answer(session, answered, {EATS: False})
    assert run(session, HOUR) == []
    book(session, event, 0)
    event.status = EventStatus.CANCELLED
    session.commit()
    assert run(session, HOUR) == []


def test_too_late_to_answer_is_not_asked(session, event):
    ask(session, event, needed_by_days=3)
    book(session, event, 0, 1)
    assert run(session, STARTS - timedelta(days=1)) == []


def test_a_large_event_is_asked_in_parts_and_everybody_once(session):
    event = make_event(session, capacity=None)
    ask(session, event)
    fill(session, event, 0, people=23)
    forget_mails(session)
    assert ask_due(session, HOUR) == 20
    session.commit()
    assert ask_due(session, HOUR) == 3
    session.commit()
    assert ask_due(session, HOUR) == 0
    assert len(mails(session)) == len({to for _, to in letters(session)}) == 23


def test_the_mail_and_the_note_of_it_are_one(session, event):
    ask(session, event)
    book(session, event, 0)
    forget_mails(session)
    ask_due(session, HOUR)
    session.rollback()  # As if the worker had been killed.
    assert mails(session) == []
    assert len(run(session, HOUR)) == 1


def test_of_a_party_the_booker_is_asked_and_whoever_has_an_address(session, event):
    ask(session, event)
    jo = make_person(session, name="Jo Field", email="jo@example.org")
    party = book_party(session, event, person=jo)
    sam = attendee(session, party, 1)
    naming = Naming(sam.key, "Sam Okoro", "sam@example.org")
    name_attendees(session, booking_id=party.id, names=[naming], now=NOW)
    session.commit()
    assert run(session, HOUR) == [
        ("questions", "jo@example.org"),
        ("questions", "sam@example.org"),
    ]
    assert own_questions_url(site_of(session), party, sam) in text_of(session)


def test_reminded_once_more_and_not_twice_a_day(session, event):
    one = ask(session, event)
    booking, other = book(session, event, 0), book(session, event, 0)
    assert len(run(session, HOUR)) == 2
    answer(session, other, {INSTRUMENT: "A cello"})
    forget_mails(session)
    again = {"event_id": event.id, "key": one.key, "actor": ACTOR}
    assert remind(session, now=HOUR + timedelta(hours=23), **again) == 0
    assert remind(session, now=HOUR + timedelta(hours=24), **again) == 1
    assert remind(session, now=HOUR + timedelta(hours=25), **again) == 0
    session.commit()
    assert mails(session) == ["events/questions"]
    assert session.scalars(select(AuditLine.summary)).all()[-2] == (
        f"Reminded 1 person of what Working With Chaos asks: “{INSTRUMENT}”"
    )
    assert booking.reference in text_of(session)
