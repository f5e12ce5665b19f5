"""The VTIMEZONE that is written tells the same local time as the time zone data."""

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from netapp.kernel.ical.zones import vtimezone, zone_name
from tests.kernel.ical.readers import READERS, recurring
from tests.kernel.ical.samples import make_feed, make_item, unfolded

ZONES = [
    "Europe/London",
    "Europe/Dublin",
    "America/New_York",
    "Europe/Lisbon",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Jerusalem",
    "America/Vancouver",
    "America/Santiago",
    "America/Nuuk",
    "Atlantic/Reykjavik",
    "Pacific/Apia",
]


def form(name, first_year, last_year):
    return [
        line
        for line in unfolded(vtimezone(name, first_year, last_year))
        if line.startswith(("BEGIN", "DTSTART", "RRULE", "TZOFFSET"))
    ][1:]


def test_new_york():
    assert form("America/New_York", 2026, 2027) == [
        "BEGIN:DAYLIGHT",
        "DTSTART:19700308T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0400",
        "BEGIN:STANDARD",
        "DTSTART:19701101T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0500",
    ]


def test_dublin_goes_forward_in_spring_whatever_its_data_call_it():
    assert form("Europe/Dublin", 2026, 2026) == form("Europe/London", 2026, 2026)


def test_the_southern_summer():
    assert form("Australia/Sydney", 2026, 2026) == [
        "BEGIN:DAYLIGHT",
        "DTSTART:19701004T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU",
        "TZOFFSETFROM:+1000",
        "TZOFFSETTO:+1100",
        "BEGIN:STANDARD",
        "DTSTART:19700405T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU",
        "TZOFFSETFROM:+1100",
        "TZOFFSETTO:+1000",
    ]


@pytest.mark.parametrize(
    ("name", "offset"), [("Asia/Kolkata", "+0530"), ("Atlantic/Reykjavik", "+0000")]
)
def test_without_summer_time_there_is_one_standard(name, offset):
    assert form(name, 2021, 2027) == [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
    ]


@pytest.mark.parametrize("name", ["Africa/Casablanca", "Asia/Jerusalem", "America/Vancouver"])
def test_without_a_rule_each_change_stands_for_itself(name):
    lines = form(name, 2024, 2027)

    assert [x for x in lines if x.startswith("RRULE")] == []
    assert len([x for x in lines if x.startswith("DTSTART")]) > 4


def test_a_change_of_law_in_the_past():
    lines = form("America/Sao_Paulo", 2018, 2021)  # No summer time since 2019.

    assert [x for x in lines if x.startswith("DTSTART")] == [
        "DTSTART:20171015T000000",
        "DTSTART:20180218T000000",
        "DTSTART:20181104T000000",
        "DTSTART:20190217T000000",
    ]


def test_one_change_only_and_none_before():
    lines = form("Asia/Pyongyang", 2018, 2018)

    assert lines == [
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0830",
        "TZOFFSETTO:+0830",
        "BEGIN:DAYLIGHT",
        "DTSTART:20180504T233000",
        "TZOFFSETFROM:+0830",
        "TZOFFSETTO:+0900",
    ]


@pytest.mark.parametrize(
    ("name", "fallback", "written"),
    [
        ("Europe/London", "Europe/Paris", "Europe/London"),
        ("America/Argentina/Ushuaia", "Europe/Paris", "America/Argentina/Ushuaia"),
        ("GMT", "Europe/Paris", "Europe/Paris"),
        ("Etc/GMT+1", "Europe/Paris", "Europe/Paris"),
        ("Romance Standard Time", "Europe/Paris", "Europe/Paris"),
        ("Europe/Atlantis", "Europe/Paris", "Europe/Paris"),
        ("Europe/London\r\nX:y", "Europe/Paris", "Europe/Paris"),
        ("UTC", "UTC", "Etc/UTC"),
    ],
)
def test_only_an_area_and_city_is_a_tzid(name, fallback, written):
    assert zone_name(name, fallback) == written


@cache  # Looking at every hour of years takes longer than reading what is found.
def moments(zone, first_year, last_year):
    """Around each change, and at random; the doubled hour among them."""
    rng = random.Random(zone)
    begin = datetime(first_year, 1, 2, tzinfo=UTC)
    days = (datetime(last_year, 12, 30, tzinfo=UTC) - begin).days
    found = [
        begin + timedelta(days=rng.randrange(days), minutes=5 * rng.randrange(288))
        for _ in range(20)
    ]
    here = ZoneInfo(zone)
    for n in range(days * 24):
        now, then = begin + timedelta(hours=n), begin + timedelta(hours=n + 1)
        if now.astimezone(here).utcoffset() != then.astimezone(here).utcoffset():
            found += [now + timedelta(minutes=m) for m in range(-180, 240, 30)]
    return sorted(set(found))


def doubled(item):
    """Whether it begins or ends in the doubled hour of an autumn night."""
    here = ZoneInfo(item.zone)
    local = [moment.astimezone(here) for moment in (item.starts_at, item.ends_at)]
    return any(m.replace(fold=0).utcoffset() != m.replace(fold=1).utcoffset() for m in local)


@pytest.mark.parametrize("years", [(2021, 2021), (2026, 2028)], ids=str)
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.__name__)
def test_local_time_is_read_as_the_moment_that_was_meant(reader, zone, years):
    items = [
        make_item(
            uid=f"u{n}",
            zone=zone,
            starts_at=moment,
            ends_at=moment + timedelta(days=3),
            all_day=False,
        )
        for n, moment in enumerate(moments(zone, *years))
    ]
    if reader is recurring:  # Its x-wr-timezone turns UTC to local time and forgets which 1:30.
        items = [item for item in items if not doubled(item)]

    seen = reader(make_feed(*items).body)

    assert {s.uid: (s.starts_at, s.ends_at) for s in seen} == {
        i.uid: (i.starts_at, i.ends_at) for i in items
    }
