"""What arrives in the mailbox and in the calendar of those who booked."""

from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from icalendar import Calendar
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.models import BookedAs, EventSession, Mode
from netapp.events.operations.changing import cancel_booking, cancel_for_person
from netapp.events.operations.due import remind_one_session
from netapp.events.operations.guard import lock_event
from netapp.kernel.site import site_of
from netapp.mail.drafts import bytes_of
from netapp.mail.models import OutboxMessage
from tests.events.scenes import book, fill, forget_mails, mails
from tests.factories import NOW, make_coordinator, make_event, make_person

STARTS = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm.


def opened(session) -> list[EmailMessage]:
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    parser = BytesParser(policy=policy.default)
    return [
        parser.parsebytes(bytes_of(site_of(session), row.key, row.sealed or b"")) for row in rows
    ]


def calendar_parts(session) -> list[tuple[str, str, int, str]]:
    """(method, uid, sequence, attendee) of each calendar message, in order."""
    found = []
    for text in calendar_texts(session):
        calendar = Calendar.from_ical(text)
        event = calendar.events[0]
        found.append(
            (
                str(calendar["METHOD"]),
                str(event["UID"]),
                int(str(event["SEQUENCE"])),
                str(event["ATTENDEE"]),
            )
        )
    return found


def calendar_texts(session) -> list[str]:
    """The calendar messages in all mails, in order."""
    return [
        part.get_content()
        for mail in opened(session)
        for part in mail.walk()
        if part.get_content_type() == "text/calendar" and not part.is_attachment()
    ]


def test_an_invitation_is_for_the_confirmed_person_alone(session):
    event, person = make_event(session, mode=Mode.IN_PERSON), make_person(session)
    book(session, event, 0, person=person)
    uid = f"session-{event.sessions[0].key}@network.example"
    assert calendar_parts(session) == [("REQUEST", uid, 0, f"mailto:{person.email}")]


def test_who_waits_gets_no_calendar_message(session):
    event = make_event(session, capacity=1)
    book(session, event, 0)
    forget_mails(session)
    book(session, event, 0)
    assert calendar_parts(session) == []


def test_cancelling_ends_it_and_booking_again_rises_above(session):
    event, person = make_event(session), make_person(session)
    booking = book(session, event, 0, person=person)
    cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    book(session, event, 0, person=person)
    assert [part[::2] for part in calendar_parts(session)] == [
        ("REQUEST", 0),
        ("CANCEL", 1),
        ("REQUEST", 2),
    ]


def test_who_wants_no_invitations_gets_the_dates_as_files(session):
    event, person = make_event(session, sessions=2), make_person(session, invitations=False)
    booking = book(session, event, 0, 1, person=person)
    assert calendar_parts(session) == []
    (mail,) = opened(session)
    files = [part.get_filename() for part in mail.iter_attachments()]
    assert files == [f"{event.slug}-1.ics", f"{event.slug}-2.ics"]

    cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    assert calendar_parts(session) == []


def test_the_meeting_link_is_in_no_mail(session):
    event = make_event(session, sessions=2)
    book(session, event, 0, 1)
    assert [m.as_string() for m in opened(session) if "meet.example.org" in m.as_string()] == []


def test_the_manage_link_is_in_the_mail_but_not_in_the_calendar(session):
    book(session, make_event(session), 0)
    (mail,) = opened(session)
    text = mail.get_body(("plain",)).get_content()
    assert "/bookings/" in text
    assert "?key=" in text
    calendars = [p.get_content() for p in mail.walk() if p.get_content_type() == "text/calendar"]
    assert [c for c in calendars if "key=" in c] == []


def test_the_mail_says_what_was_booked(session):
    event = make_event(session, title="Working With Chaos", mode=Mode.IN_PERSON)
    book(session, event, 0, person=make_person(session, name="Amara Osei"))
    (mail,) = opened(session)
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "Working With Chaos: your place is confirmed"
    assert "Wednesday 10 February 2027, 2pm to 5:30pm GMT" in text
    assert "Room 1, Example House, London" in text


def test_the_organiser_is_told_when_somebody_cancels(session):
    jo = make_coordinator(session, name="Jo Field")
    event = make_event(session, title="Chaos", organiser_id=jo.id)
    booking = book(session, event, 0, person=make_person(session, name="Sam"))
    forget_mails(session)
    cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    assert mails(session, to=jo) == ["events/organiser_told"]
    told = [mail for mail in opened(session) if jo.email in mail["To"]]
    assert told[0]["Subject"] == "Chaos: Sam cancelled their booking."


def test_a_coordinators_reason_reaches_the_person(session):
    booking = book(session, make_event(session), 0)
    forget_mails(session)
    cancel_for_person(
        session, booking_id=booking.id, reason="You asked us to", actor=Actor(1, "Jo"), now=NOW
    )
    session.commit()
    (mail,) = opened(session)
    assert "You asked us to" in mail.get_body(("plain",)).get_content()


DAY_BEFORE_10AM = datetime(2027, 2, 9, 10, tzinfo=UTC)


def remind(session, now):
    while remind_one_session(session, now):
        session.commit()


@pytest.mark.parametrize(
    ("now", "reminded"),
    [
        (DAY_BEFORE_10AM - timedelta(seconds=1), []),
        (DAY_BEFORE_10AM, ["events/reminder"]),
        (STARTS - timedelta(seconds=1), ["events/reminder"]),
        (STARTS, []),
    ],
)
def test_a_reminder_comes_the_day_before(session, now, reminded):
    book(session, make_event(session), 0)
    forget_mails(session)
    remind(session, now)
    assert mails(session) == reminded
    assert calendar_parts(session) == []


def test_an_hour_that_the_clocks_leave_out_reminds_after_it(session):
    monday = datetime(2027, 3, 29, 13, tzinfo=UTC)
    book(session, make_event(session, starts_at=monday, reminder_hour=1), 0)
    forget_mails(session)
    remind(session, datetime(2027, 3, 28, 0, 59, tzinfo=UTC))
    assert mails(session) == []
    remind(session, datetime(2027, 3, 28, 1, tzinfo=UTC))  # 2am in London.
    assert mails(session) == ["events/reminder"]


def test_a_reminder_comes_once_for_each_date(session):
    event = make_event(session, sessions=2, booked_as=BookedAs.WHOLE)
    book(session, event)
    forget_mails(session)
    for day in range(10):
        remind(session, DAY_BEFORE_10AM + timedelta(days=day))
        remind(session, DAY_BEFORE_10AM + timedelta(days=day, hours=2))
    assert mails(session) == ["events/reminder"] * 2


def test_no_reminder_of_a_date_that_is_moved_at_that_moment(session, new_session, monkeypatch):
    event = make_event(session)
    book(session, event, 0)
    forget_mails(session)

    def moved_first(*args):
        with new_session() as other:
            other.get_one(EventSession, event.sessions[0].id).starts_at += timedelta(days=7)
            other.get_one(EventSession, event.sessions[0].id).ends_at += timedelta(days=7)
            other.commit()
        return lock_event(*args)

    monkeypatch.setattr("netapp.events.operations.due.lock_event", moved_first)
    remind(session, DAY_BEFORE_10AM)
    monkeypatch.undo()
    assert mails(session) == []

    remind(session, DAY_BEFORE_10AM + timedelta(days=7))
    assert mails(session) == ["events/reminder"]


def test_only_the_confirmed_are_reminded(session):
    event = make_event(session, capacity=1)
    fill(session, event, 0, people=3)
    forget_mails(session)
    remind(session, DAY_BEFORE_10AM)
    assert mails(session) == ["events/reminder"]


def test_who_books_after_the_hour_has_just_had_a_mail(session):
    event = make_event(session)
    book(session, event, 0, now=DAY_BEFORE_10AM + timedelta(minutes=1))
    forget_mails(session)
    remind(session, DAY_BEFORE_10AM + timedelta(minutes=2))
    assert mails(session) == []
