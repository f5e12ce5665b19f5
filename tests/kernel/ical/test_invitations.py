from datetime import UTC, datetime
from typing import Any

import pytest

from netapp.kernel.ical.invitations import invitation_bytes
from netapp.kernel.ical.lines import NotWritable
from tests.kernel.ical.samples import PRODUCT, make_item, unfolded, value_of
from tests.kernel.ical.test_documents import LONDON

ATTENDEE = (
    'ATTENDEE;CN="Ada Ode";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE'
    ":mailto:ada@example.org"
)
PAGE = "\\n\\nhttps://network.example/events/making-music"
STAMPED = datetime(2026, 11, 3, 10, 0, 1, tzinfo=UTC)


def invite(item=None, **overrides):
    settings: dict[str, Any] = {
        "method": "REQUEST",
        "organizer_name": "Example Network",
        "organizer_email": "bookings@network.example",
        "attendee_name": "Ada Ode",
        "attendee_email": "ada@example.org",
        "sequence": 4,
        "stamped_at": STAMPED,
        "product_name": PRODUCT,
    }
    return invitation_bytes(item or make_item(), **(settings | overrides))


def test_a_request_line_by_line():
    expected = f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:{PRODUCT}
CALSCALE:GREGORIAN
METHOD:REQUEST
*
BEGIN:VEVENT
UID:session-7kq4x9pd@network.example
DTSTAMP:20261103T100001Z
SEQUENCE:4
DTSTART;TZID=Europe/London:20270121T140000
DTEND;TZID=Europe/London:20270121T173000
SUMMARY:Making music with young people
DESCRIPTION:Join: https://network.example/j\\n\\nBring a voice.{PAGE}
LOCATION:Online
URL:https://network.example/events/making-music
STATUS:CONFIRMED
ORGANIZER;CN="Example Network":mailto:bookings@network.example
{ATTENDEE}
TRANSP:OPAQUE
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
X-MICROSOFT-DISALLOW-COUNTER:TRUE
CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL="Join":https://network.example/j
END:VEVENT
END:VCALENDAR
""".splitlines()
    place = expected.index("*")
    expected[place : place + 1] = LONDON

    body = invite(make_item(location="Online", join_url="https://network.example/j"))

    assert unfolded(body) == expected


@pytest.mark.parametrize("by_organiser", [True, False])
def test_a_cancellation_is_a_cancel_and_says_so(by_organiser):
    item = make_item(cancelled=by_organiser, join_url="https://network.example/j")

    lines = unfolded(invite(item, method="CANCEL"))

    wanted = {
        "METHOD:CANCEL",
        "UID:session-7kq4x9pd@network.example",
        "SEQUENCE:4",
        "DTSTART;TZID=Europe/London:20270121T140000",
        "SUMMARY:Cancelled: Making music with young people",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        'ORGANIZER;CN="Example Network":mailto:bookings@network.example',
    }
    assert wanted <= set(lines)
    assert len([x for x in lines if x.startswith("ATTENDEE")]) == 1
    assert [x for x in lines if "network.example/j" in x] == []


def test_nobody_is_asked_to_a_cancelled_session():
    with pytest.raises(ValueError, match="only be sent as CANCEL"):
        invite(make_item(cancelled=True))


def test_a_session_that_is_tentative_in_feeds_is_confirmed_to_who_booked():
    assert value_of(invite(make_item(tentative=True)), "STATUS") == "CONFIRMED"


def test_an_invitation_names_no_calendar_and_rings_no_bell():
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded(invite())}

    assert names.isdisjoint(
        {"NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "X-PUBLISHED-TTL", "REFRESH-INTERVAL", "SOURCE"}
    )
    assert b"VALARM" not in invite()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ('Ada "the Voice" Ode', "CN=\"Ada ^'the Voice^' Ode\""),
        ("Ode; Ada, Dr: ^", 'CN="Ode; Ada, Dr: ^^"'),
        ("Ada\r\nATTENDEE:mailto:x@y.z", 'CN="Ada ATTENDEE:mailto:x@y.z"'),
    ],
)
def test_a_name_stays_inside_its_quotation_marks(name, written):
    assert value_of(invite(attendee_name=name), "ATTENDEE").startswith(written + ";")


@pytest.mark.parametrize(
    "address", ["", "ada", "@b.c", "a@", "a@b.c\r\nX:y", "a b@c.d", "a@b.c\x00"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(NotWritable):
        invite(attendee_email=address)


def test_an_unusual_address_is_encoded():
    body = invite(attendee_email="ada+music%1?x@example.org")

    assert value_of(body, "ATTENDEE").endswith(":mailto:ada+music%251%3Fx@example.org")
