"""Offers last so many hours between 8am and 9pm, and never beyond the start."""

from datetime import UTC, datetime

import pytest

from netapp.events.quiet_hours import offer_end

FAR = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "hours", "ends"),
    [
        ("2027-01-11T12:00", 2, "2027-01-11T14:00"),
        ("2027-01-11T12:00", 9, "2027-01-11T21:00"),
        ("2027-01-11T12:00", 10, "2027-01-12T09:00"),
        ("2027-01-11T12:00", 24, "2027-01-13T10:00"),
        ("2027-01-11T23:00", 2, "2027-01-12T10:00"),
        ("2027-01-12T03:00", 2, "2027-01-12T10:00"),
        # The night of the clock change is quiet: BST begins on 28 March 2027.
        ("2027-03-27T20:00", 2, "2027-03-28T08:00"),
        ("2027-07-01T07:00", 1, "2027-07-01T08:00"),  # 8am in London is 7am UTC in summer.
    ],
)
def test_offer_end(made, hours, ends):
    at = datetime.fromisoformat(made).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(ends).replace(tzinfo=UTC)
    assert offer_end(at, hours=hours, zone="Europe/London", starts_at=FAR) == expected


def test_the_start_ends_every_offer():
    made = datetime(2027, 1, 11, 12, tzinfo=UTC)
    starts = datetime(2027, 1, 11, 13, tzinfo=UTC)
    assert offer_end(made, hours=24, zone="Europe/London", starts_at=starts) == starts
