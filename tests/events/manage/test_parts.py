"""The parts of a date with their own time: they go along when the date moves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import EventStatus, Segment
from netapp.events.queries import effects
from netapp.mail.drafts import bytes_of
from netapp.mail.models import OutboxMessage
from netapp.mail.reading import read_mail
from tests.events.manage.plans import plan_of, segment
from tests.events.scenes import book, forget_mails
from tests.factories import NOW, make_event

HOUR = timedelta(hours=1)


@pytest.fixture
def event(session, now_there):
    """2pm to 5:30pm, with social time from 4pm and a talk from 2:30pm to 3pm."""
    return made(session, now_there)


def made(session, now_there, **more):
    event = make_event(session, title="Chaos", **more)
    date = event.sessions[0]
    begin, whose = date.starts_at, {"session_id": date.id}
    session.add_all(
        [
            Segment(title="Talk", starts_at=begin + HOUR / 2, ends_at=begin + HOUR, **whose),
            Segment(title="Social time", starts_at=begin + 2 * HOUR, **whose),
        ]
    )
    session.commit()
    return now_there(event)


def open_date(desk, event):
    key = event.sessions[0].key
    desk.open(f"/desk/events/{event.key}/dates/{key}")
    return f"/dates/{key}"


def parts(event):
    return [
        (p.title, p.starts_at, p.ends_at)
        for p in sorted(event.sessions[0].segments, key=lambda p: p.starts_at)
    ]


def at_hour(hour, minute=0, day=10):
    return datetime(2027, 2, day, hour, minute, tzinfo=UTC)


def test_parts_move_with_the_start_and_the_page_says_so(desk, session, event, now_there):
    book(session, event, 0)
    forget_mails(session)
    path = open_date(desk, event)

    desk.send(path, starts="16:00", ends="19:30")

    assert "Talk moves from 2:30pm to 4:30pm, until 5pm." in desk.text
    assert "Social time moves from 4pm to 6pm." in desk.text
    assert "no longer fits" not in desk.text

    desk.send(path)

    assert parts(now_there(event)) == [
        ("Talk", at_hour(16, 30), at_hour(17)),
        ("Social time", at_hour(18), None),
    ]


def test_mail_invitation_and_feed_have_the_new_hours(app, desk, session, event, visitor):
    book(session, event, 0)
    forget_mails(session)
    path = open_date(desk, event)
    desk.send(path, starts="16:00", ends="19:30")
    desk.send(path)

    row = session.scalars(select(OutboxMessage)).one()
    site = app.extensions["site"]
    mail = read_mail(bytes_of(site, row.key, row.sealed), message=row.message, site=site)
    text = "".join(piece.text for piece in mail.text)
    feed = visitor.open(f"/events/{event.slug}.ics").text.replace("\r\n ", "")

    assert "Social time from 6pm" in text
    assert "Social time from 6pm" in mail.calendar.replace("\r\n ", "").replace("\n ", "")
    assert "Social time from 6pm" in feed
    assert "from 4pm" not in text + mail.calendar + feed


def test_a_part_typed_anew_is_taken_as_typed(desk, event, now_there):
    path = open_date(desk, event)

    desk.send(path, {"segments-1-starts": "17:00"}, starts="16:00", ends="19:30")
    assert "Social time moves from 4pm to 5pm." in desk.text
    desk.send(path)

    assert parts(now_there(event)) == [
        ("Talk", at_hour(16, 30), at_hour(17)),
        ("Social time", at_hour(17), None),
    ]


def test_parts_can_be_left_where_they_are(desk, event, now_there):
    path = open_date(desk, event)

    desk.send(path, starts="14:15", parts_stay="y")
    assert "moves from" not in desk.text
    desk.send(path)

    assert parts(now_there(event))[1] == ("Social time", at_hour(16), None)


def test_a_part_that_no_longer_fits_is_named(desk, event):
    path = open_date(desk, event)

    desk.send(path, starts="14:00", ends="15:30")

    assert (
        "Social time from 4pm no longer fits: the date is 2pm to 3:30pm now. "
        "Change that part, or leave it out." in desk.text
    )
    assert "Talk from" not in desk.text


def test_a_part_ends_with_its_date_at_the_latest(desk, session, event, now_there):
    event.sessions[0].segments[1].ends_at = event.sessions[0].ends_at
    session.commit()
    path = open_date(desk, event)

    desk.send(path, starts="15:00")  # Until 5:30pm as before.
    assert "Social time moves from 4pm to 5pm, until 5:30pm." in desk.text
    desk.send(path)

    assert parts(now_there(event))[1] == ("Social time", at_hour(17), at_hour(17, 30))


def test_another_day_keeps_the_local_hours_over_the_clock_change(desk, event, now_there):
    path = open_date(desk, event)

    desk.send(path, day="2027-04-07")
    assert "moves from" not in desk.text
    desk.send(path)

    summer = datetime(2027, 4, 7, 15, tzinfo=UTC)  # 4pm British Summer Time.
    assert parts(now_there(event))[1] == ("Social time", summer, None)


def test_a_draft_moves_its_parts_and_says_so(desk, session, now_there):
    draft = made(session, now_there, status=EventStatus.DRAFT, published_at=None)
    path = open_date(desk, draft)

    desk.send(path, starts="16:00", ends="17:30")

    assert "Social time moves from 4pm to 6pm." in desk.text
    assert "Social time from 6pm no longer fits" in desk.text
    assert parts(now_there(draft))[1] == ("Social time", at_hour(18), None)


def test_a_part_after_the_end_may_stay_there(session, event):
    date = event.sessions[0]
    after = segment("After the end", date.ends_at)
    date.segments = [Segment(title=after.title, starts_at=after.starts_at)]
    session.commit()
    plan = plan_of(date, ends_at=date.ends_at - HOUR, segments=(after,))

    found = effects.of_moved_date(session, event, date, plan, now=NOW)

    assert "Parts that do not fit" not in [one.title for one in found.consequences]
