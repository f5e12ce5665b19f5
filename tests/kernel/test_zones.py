from datetime import UTC, datetime

import pytest

from netapp.kernel.zones import TimeAmbiguous, TimeSkipped, to_utc


@pytest.mark.parametrize(
    ("local", "moment"),
    [("2021-01-21T14:00", "2021-01-21T14:00"), ("2021-05-13T14:00", "2021-05-13T13:00")],
)
def test_local_time_is_a_moment(local, moment):
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert to_utc(datetime.fromisoformat(local), "Europe/London") == expected


@pytest.mark.parametrize("local", ["2027-03-28T01:00", "2027-03-28T01:59"])
def test_the_hour_the_clocks_skip_is_refused(local):
    with pytest.raises(TimeSkipped):
        to_utc(datetime.fromisoformat(local), "Europe/London")


def test_the_doubled_hour_must_be_said_which():
    local = datetime(2027, 10, 31, 1, 30)
    with pytest.raises(TimeAmbiguous):
        to_utc(local, "Europe/London")
    both = [to_utc(local, "Europe/London", second=second) for second in (False, True)]
    assert both == [
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize("local", ["2027-03-28T00:59", "2027-03-28T02:00", "2027-10-31T02:00"])
def test_beside_the_clock_change_all_is_plain(local):
    to_utc(datetime.fromisoformat(local), "Europe/London")
