from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from netapp.kernel.ical.documents import Fault, item_bytes, weak_etag
from netapp.kernel.ical.items import changes_calendar, vevent
from netapp.kernel.ical.lines import NotWritable
from tests.kernel.ical.samples import PRODUCT, make_feed, make_item, unfolded, value_of

LONDON = """\
BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
TZNAME:BST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
TZNAME:GMT
END:STANDARD
END:VTIMEZONE
""".splitlines()

HEAD = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example Network//Events//EN
CALSCALE:GREGORIAN
NAME:Example Network: all events
X-WR-CALNAME:Example Network: all events
X-WR-TIMEZONE:Europe/London
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
SOURCE;VALUE=URI:https://network.example/calendar/events.ics
COLOR:teal
X-APPLE-CALENDAR-COLOR:#008080
""".splitlines()

EVENT = """\
BEGIN:VEVENT
UID:session-7kq4x9pd@network.example
DTSTAMP:20261002T091559Z
CREATED:20260901T083000Z
LAST-MODIFIED:20261002T091559Z
SEQUENCE:2
DTSTART;TZID=Europe/London:20270121T140000
DTEND;TZID=Europe/London:20270121T173000
SUMMARY:Making music with young people
DESCRIPTION:Bring a voice.\\n\\nhttps://network.example/events/making-music
LOCATION:Room 1\\, Example House\\, Leeds
URL:https://network.example/events/making-music
STATUS:CONFIRMED
TRANSP:OPAQUE
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
""".splitlines()


def test_a_feed_line_by_line():
    feed = make_feed(make_item())

    assert unfolded(feed.body) == [*HEAD, *LONDON, *EVENT, "END:VCALENDAR"]
    assert (feed.written, feed.left_out, feed.faults) == (1, 0, ())
    assert feed.newest == make_item().revised_at


def test_an_empty_feed_still_has_its_time_zone():
    feed = make_feed()

    assert unfolded(feed.body) == [*HEAD, *LONDON, "END:VCALENDAR"]
    assert feed.newest is None


def test_a_personal_feed_does_not_say_its_address():
    assert [x for x in unfolded(make_feed(source_url=None).body) if "SOURCE" in x] == []


def test_an_entry_to_download_names_no_calendar():
    lines = unfolded(item_bytes(make_item(), product_name=PRODUCT))

    assert lines == [*HEAD[:4], *LONDON, *EVENT, "END:VCALENDAR"]


def test_a_cancelled_session_says_so_three_times():
    lines = unfolded(make_feed(make_item(cancelled=True, sequence=3)).body)

    assert "SUMMARY:Cancelled: Making music with young people" in lines
    assert "STATUS:CANCELLED" in lines
    assert "TRANSP:TRANSPARENT" in lines
    assert "X-MICROSOFT-CDO-BUSYSTATUS:FREE" in lines
    assert "SEQUENCE:3" in lines


def test_a_session_that_is_not_settled_is_tentative():
    assert value_of(make_feed(make_item(tentative=True)).body, "STATUS") == "TENTATIVE"


def test_an_all_day_entry_ends_on_the_day_after():
    item = make_item(
        all_day=True,
        starts_at=datetime(2026, 7, 3, 23, tzinfo=UTC),  # Midnight in London on the 4th.
        ends_at=datetime(2026, 7, 5, 23, tzinfo=UTC),
    )

    body = make_feed(item).body

    assert value_of(body, "DTSTART") == "VALUE=DATE:20260704"
    assert value_of(body, "DTEND") == "VALUE=DATE:20260706"
    assert value_of(body, "TRANSP") == "TRANSPARENT"
    assert value_of(body, "X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE"
    assert "BEGIN:VTIMEZONE" not in unfolded(body)
    through_the_day = replace(item, ends_at=datetime(2026, 7, 5, 17, tzinfo=UTC))
    assert value_of(make_feed(through_the_day).body, "DTEND") == "VALUE=DATE:20260706"


def test_the_joining_page_stands_first_and_as_a_conference():
    body = make_feed(make_item(join_url="https://network.example/bookings/X/join")).body

    assert value_of(body, "CONFERENCE") == (
        'VALUE=URI;FEATURE=VIDEO;LABEL="Join":https://network.example/bookings/X/join'
    )
    assert value_of(body, "DESCRIPTION") == (
        "Join: https://network.example/bookings/X/join\\n\\nBring a voice.\\n\\n"
        "https://network.example/events/making-music"
    )


def test_nobody_joins_what_is_cancelled():
    body = make_feed(make_item(join_url="https://network.example/j", cancelled=True)).body

    assert b"network.example/j\r" not in body
    assert b"CONFERENCE" not in body


def test_the_page_is_not_named_twice():
    item = make_item(description="More:\nhttps://network.example/events/making-music")

    assert value_of(make_feed(item).body, "DESCRIPTION") == (
        "More:\\n\\nhttps://network.example/events/making-music"
    )


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"location": ""}, "LOCATION:Place not recorded"),
        ({"location": " \n"}, "LOCATION:Place not recorded"),
        ({"location": "Online"}, "LOCATION:Online"),
        ({"title": "  Two\n lines\tand  blanks "}, "SUMMARY:Two lines and blanks"),
        ({"title": "\x00\x07"}, "SUMMARY:Untitled"),
        ({"categories": ("Voice, song; all", "", "B")}, "CATEGORIES:Voice song all,B"),
        ({"geo": (53.8, -1.55)}, "GEO:53.800000;-1.550000"),
        ({"url": "https://x.example/a,b;c?d=é"}, "URL:https://x.example/a,b;c?d=%C3%A9"),
        ({"zone": "Europe/Paris"}, "DTSTART;TZID=Europe/Paris:20270121T150000"),
        ({"zone": "GB"}, "DTSTART;TZID=Europe/London:20270121T140000"),
        ({"zone": "UTC"}, "DTSTART;TZID=Europe/London:20270121T140000"),
        ({"zone": "../../etc/passwd"}, "DTSTART;TZID=Europe/London:20270121T140000"),
        ({"zone": "America"}, "DTSTART;TZID=Europe/London:20270121T140000"),
    ],
)
def test_one_property(given, written):
    assert written in unfolded(make_feed(make_item(**given)).body)


def test_no_line_without_a_value():
    lines = unfolded(make_feed(make_item(categories=(" ", ";"))).body)

    assert [x for x in lines if x.startswith(("CATEGORIES", "GEO"))] == []


def test_each_zone_used_is_described_once_and_no_other():
    feed = make_feed(
        make_item(uid="a", zone="Europe/Paris"),
        make_item(uid="b", zone="America/New_York"),
        make_item(uid="c", zone="Europe/Paris"),
    )

    zones = [x for x in unfolded(feed.body) if x.startswith("TZID:")]
    assert zones == ["TZID:America/New_York", "TZID:Europe/Paris"]


def test_order_is_by_start_then_uid():
    later = BASE_START + timedelta(hours=1)
    feed = make_feed(
        make_item(uid="b", starts_at=later, ends_at=later + timedelta(hours=1)),
        make_item(uid="c", starts_at=BASE_START),
        make_item(uid="a", starts_at=later, ends_at=later + timedelta(hours=1)),
    )

    assert [x[4:] for x in unfolded(feed.body) if x.startswith("UID:")] == ["c", "a", "b"]


BASE_START = make_item().starts_at


def test_the_same_data_give_the_same_bytes_whatever_their_order_and_the_time():
    items = [make_item(uid=f"u{n}", title=f"T{n}") for n in range(20)]
    now = datetime(2026, 1, 1, tzinfo=UTC)

    one = make_feed(*items, now=now)
    vevent.cache_clear()
    other = make_feed(*reversed(items), now=now + timedelta(days=1))

    assert one == other
    assert one.etag == weak_etag(one.body)
    assert one.etag.startswith('W/"')
    assert make_feed(*items[1:]).etag != one.etag


def test_the_doubled_hour_of_an_autumn_night_cannot_be_mistaken():
    item = make_item(
        starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 1:30 BST
        ends_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 1:30 GMT
    )

    body = make_feed(item).body

    assert value_of(body, "DTSTART") == "20261025T003000Z"
    assert value_of(body, "DTEND") == "20261025T013000Z"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "javascript:alert(1)"},
        {"url": "https://x.example/\r\nATTENDEE:mailto:a@b.c"},
        {"url": "/events/x"},
        {"url": "http://[broken"},
        {"ends_at": make_item().starts_at},
        {"starts_at": datetime(2027, 1, 21, 14)},
        {"starts_at": datetime.min.replace(tzinfo=UTC)},
        {"ends_at": datetime.max.replace(tzinfo=UTC)},
        {"sequence": -1},
        {"sequence": 2**31},
        {"geo": (float("nan"), 0.0)},
        {"geo": (91.0, 0.0)},
        {"uid": "\x00"},
        {"title": None},
        {"categories": ["a", "b"]},
    ],
    ids=str,
)
def test_one_bad_row_is_reported_and_the_others_stay(wrong):
    good, bad = make_item(uid="good"), make_item(**({"uid": "bad"} | wrong))

    feed = make_feed(bad, good)

    assert [x for x in unfolded(feed.body) if x.startswith("UID:")] == ["UID:good"]
    assert [fault.uid for fault in feed.faults] == [bad.uid]
    assert (feed.written, feed.left_out) == (1, 0)


def test_a_fault_says_what_is_wrong():
    feed = make_feed(make_item(uid="bad", sequence=-1))

    assert feed.faults == (Fault("bad", "NotWritable: not a whole number of 31 bits: -1"),)


def test_a_bad_entry_cannot_be_downloaded():
    with pytest.raises(NotWritable):
        item_bytes(make_item(sequence=-1), product_name=PRODUCT)


def weekly(count, **overrides):
    return [
        make_item(
            uid=f"session-{n:04}@network.example",
            starts_at=BASE_START + timedelta(weeks=n),
            ends_at=BASE_START + timedelta(weeks=n, hours=2),
            **overrides,
        )
        for n in range(count)
    ]


def uids(feed):
    return [int(x[12:16]) for x in unfolded(feed.body) if x.startswith("UID:")]


def test_a_thousand_entries_and_the_nearest_stay():
    items = weekly(1100)

    feed = make_feed(*items, now=BASE_START + timedelta(weeks=550))

    assert uids(feed) == list(range(50, 1050))
    assert (feed.written, feed.left_out) == (1000, 100)
    assert uids(make_feed(*items)) == list(range(100, 1100))


def test_descriptions_are_cut_only_where_a_feed_is_long():
    long = "Ñandú and words " * 100

    few = make_feed(*weekly(20, description=long))
    many = make_feed(*weekly(1000, description=long))

    page = "\\n\\nhttps://network.example/events/making-music"
    of_few = [x for x in unfolded(few.body) if x.startswith("DESCRIPTION:")]
    assert of_few == [f"DESCRIPTION:{long.strip()}{page}"] * 20
    (of_many,) = {x for x in unfolded(many.body) if x.startswith("DESCRIPTION:")}
    said = of_many.removeprefix("DESCRIPTION:").removesuffix(page)
    assert said.endswith((" and…", " words…", "Ñandú…"))
    assert 230 < len(said.encode()) <= 250
    assert long.startswith(said.removesuffix("…"))
    assert many.written == 1000
    assert len(many.body) <= 1_000_000


def test_a_feed_never_passes_a_million_bytes():
    items = weekly(1000, title="ü" * 300, description="d" * 3000)

    feed = make_feed(*items, now=BASE_START)

    assert len(feed.body) <= 1_000_000
    assert uids(feed) == list(range(feed.written))
    assert feed.written + feed.left_out == 1000
    assert feed.written > 300


def test_a_description_without_blanks_is_cut_between_characters():
    items = weekly(1000, description="😀" * 2000)

    said = {x for x in unfolded(make_feed(*items).body) if x.startswith("DESCRIPTION:")}

    assert said == {f"DESCRIPTION:{'😀' * 61}…\\n\\nhttps://network.example/events/making-music"}


@pytest.mark.parametrize(
    ("change", "rises"),
    [
        ({}, False),
        ({"description": "Other words."}, False),
        ({"revised_at": BASE_START}, False),
        ({"join_url": "https://x.example/j"}, False),
        ({"title": " Making  music with young people "}, False),
        ({"title": "Making music"}, True),
        ({"location": "Online"}, True),
        ({"starts_at": BASE_START - timedelta(minutes=5)}, True),
        ({"ends_at": BASE_START + timedelta(hours=1)}, True),
        ({"zone": "Europe/Paris"}, True),
        ({"cancelled": True}, True),
        ({"tentative": True}, True),
        ({"all_day": True}, True),
    ],
    ids=str,
)
def test_what_raises_the_sequence(change, rises):
    assert changes_calendar(make_item(), make_item(**change)) is rises
