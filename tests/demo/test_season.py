"""When the sample season is, whenever the platform is started."""

from datetime import date, datetime, timedelta

import pytest

from netapp.demo.season import moved_to_season
from netapp.demo.series import past_series


def season_days(now):
    return [day.starts_at for series in moved_to_season(past_series(), now) for day in series.dates]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (datetime(2027, 1, 11, 12), date(2027, 2, 4)),
        (datetime(2027, 6, 1, 9), date(2027, 6, 24)),
        (datetime(2026, 11, 21, 8), date(2027, 1, 7)),  # Not over Christmas and New Year.
        (datetime(2026, 8, 27, 14), date(2026, 9, 17)),  # Exactly three weeks.
        (datetime(2026, 8, 27, 14, 1), date(2026, 9, 24)),
    ],
)
def test_it_begins_three_weeks_ahead_or_after_the_winter_break(now, first):
    assert season_days(now)[0].date() == first


def test_at_any_start_every_date_is_ahead_on_its_weekday_and_outside_the_winter_break():
    original = [each.starts_at for series in past_series() for each in series.dates]
    for day in range(0, 366 * 2, 3):
        now = datetime(2026, 1, 1, 10, 30) + timedelta(days=day)
        days = season_days(now)
        moves = {new - old for new, old in zip(days, original, strict=True)}
        assert [move % timedelta(weeks=1) for move in moves] == [timedelta(0)]
        assert timedelta(weeks=3) <= min(days) - now <= timedelta(weeks=20)
        assert [d for d in days if (d.month, d.day) >= (12, 20) or (d.month, d.day) <= (1, 3)] == []
