"""Which events the invented network holds, and when: decided by chance from a fixed seed."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from netapp.demo.sizes import Size
from netapp.events.models import Art, Audience, BookedAs, EventKind, EventMode, Theme

TOPICS = (
    *("Songwriting in small groups", "Beats and breath", "Singing with early years"),
    *(
        "Music in hospital schools",
        "Working with Pupil Referral Units",
        "First steps in evaluation",
    ),
    *("Makaton and music", "Drumming for beginners", "Safeguarding refresher", "Network meeting"),
    *("Digital instruments for everyone", "Trauma-informed practice", "Ceilidh for all bodies"),
    *("Funding, step by step", "Youth voice in planning", "Canu gyda’n gilydd: singing in Welsh"),
    *("Inclusive ensembles", "Show and tell for freelancers", "Working with young carers"),
    *("Progression after the project ends",),
)
KINDS = (
    *(EventKind.TRAINING,) * 11,
    *(EventKind.MEETING,) * 4,
    *(EventKind.SOCIAL,) * 2,
    *(EventKind.LAUNCH,) * 2,
    EventKind.CONFERENCE,
)
HOURS = (time(9, 30), time(10), time(13), time(14), time(18), time(18, 30))
LENGTHS = (1.5, 2, 2, 3, 3.5)  # Hours.
GAPS = (7, 7, 14, 28)  # Days between the dates of a series.
COMING_SHARE = 0.15
COMING_DAYS = 180
MOST_DATES = 8


@dataclass(frozen=True, slots=True)
class PlannedSeries:
    """``starts`` are naive local times; all dates have the same length."""

    number: int
    title: str
    kind: EventKind
    mode: EventMode
    theme: Theme | None
    art: Art
    audience: Audience
    booked_as: BookedAs
    starts: tuple[datetime, ...]
    length: timedelta
    published_at: datetime


def plan_series(size: Size, chance: Random, now: datetime) -> list[PlannedSeries]:
    """``now`` is naive local time. The first two series cross the clock changes to come."""
    counts = _dates_each(size, chance)
    return [
        _series(number, count, size, chance, now) for number, count in enumerate(counts, start=1)
    ]


def _dates_each(size: Size, chance: Random) -> list[int]:
    """At least one date a series, two for those that cross a clock change."""
    counts = [2, 2] + [1] * (size.series - 2)
    more = size.dates - sum(counts)
    while more:
        index = chance.randrange(size.series)
        if counts[index] < MOST_DATES:
            counts[index] += 1
            more -= 1
    return counts


def _series(number: int, dates: int, size: Size, chance: Random, now: datetime) -> PlannedSeries:
    crosses = {1: 3, 2: 10}.get(number)
    if crosses:
        first_day, gap = _last_sunday_ahead(crosses, now.date()) - timedelta(days=3), 7
    else:
        first_day, gap = _day(size, chance, now.date()), chance.choice(GAPS)
    begin = datetime.combine(first_day, chance.choice(HOURS))
    published_at = begin - timedelta(days=chance.randint(30, 70))
    kind = EventKind.TRAINING if crosses else chance.choice(KINDS)
    if kind is EventKind.CONFERENCE:
        gap = 1
    whole = dates > 1 and (kind is EventKind.CONFERENCE or chance.random() < 0.25)
    return PlannedSeries(
        number=number,
        title=f"Sample: {chance.choice(TOPICS)} ({number})",
        kind=kind,
        mode=EventMode.ONLINE if chance.random() < 0.65 else EventMode.IN_PERSON,
        theme=chance.choice([*Theme, None]),
        art=chance.choice(list(Art)),
        audience=Audience.MEMBERS if chance.random() < 0.2 else Audience.EVERYONE,
        booked_as=BookedAs.WHOLE if whole else BookedAs.BY_SESSION,
        starts=tuple(begin + timedelta(days=gap * each) for each in range(dates)),
        length=timedelta(hours=chance.choice(LENGTHS)),
        published_at=min(published_at, now - timedelta(days=chance.randint(2, 60))),
    )


def _day(size: Size, chance: Random, today: date) -> date:
    if chance.random() < COMING_SHARE:
        return today + timedelta(days=chance.randint(2, COMING_DAYS))
    return today - timedelta(days=chance.randint(1, 365 * size.years))


def _last_sunday_ahead(month: int, today: date) -> date:
    """When the clocks of the United Kingdom change next in that month, in 10 days or later."""
    for year in (today.year, today.year + 1):
        last = date(year, month, calendar.monthrange(year, month)[1])
        sunday = last - timedelta(days=(last.weekday() + 1) % 7)
        if sunday - timedelta(days=10) > today:
            return sunday
    raise AssertionError("a year has each month")
