"""The parts of a date with their own time: how they go along with it, and what to say of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from netapp.events.models import Event, EventSession, Segment
from netapp.events.plans import DatePlan, SegmentPlan
from netapp.kernel.words import hours_words, time_words
from netapp.kernel.zones import to_local, to_utc


@dataclass(frozen=True, slots=True)
class PartNews:
    """Sentences about the parts of a date that changes.

    ``misfits``: those that begin outside the new hours and did not before.
    """

    moves: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return " ".join((*self.moves, *self.misfits))


def gone_along(
    part: Segment, date: EventSession, starts_at: datetime, ends_at: datetime, zone: str
) -> SegmentPlan:
    """The part where the date begins at ``starts_at``: moved by the same local time as its start.

    One that lay within the date ends with it at the latest. Of an hour that happens twice it is
    the first. Raises ``TimeSkipped``.
    """
    by = _naive(starts_at, zone) - _naive(date.starts_at, zone)

    def shifted(moment: datetime) -> datetime:
        return to_utc(_naive(moment, zone) + by, zone, second=False) if by else moment

    begins = shifted(part.starts_at)
    if part.ends_at is None:
        return SegmentPlan(part.title, begins, None)
    ends = shifted(part.ends_at)
    if part.ends_at <= date.ends_at and begins < ends_at < ends:
        ends = ends_at
    return SegmentPlan(part.title, begins, ends)


def part_news(event: Event, date: EventSession, plan: DatePlan) -> PartNews:
    """What becomes of the parts when the hours of a date change; ``segments`` must be loaded."""
    if (plan.starts_at, plan.ends_at) == (date.starts_at, date.ends_at):
        return PartNews()
    moves = [
        words
        for old, new in _pairs(date.segments, plan.segments)
        if (words := _move_words(old, new, event.zone))
    ]
    hours = hours_words(plan.starts_at, plan.ends_at, event.zone)
    inside = {p.title for p in date.segments if date.starts_at <= p.starts_at < date.ends_at}
    misfits = [
        f"{part.title} from {time_words(part.starts_at, event.zone)} no longer fits: the date is "
        f"{hours} now. Change that part, or leave it out."
        for part in plan.segments
        if part.title in inside and not plan.starts_at <= part.starts_at < plan.ends_at
    ]
    return PartNews(tuple(moves), tuple(misfits))


def _pairs(old: Sequence[Segment], new: Sequence[SegmentPlan]) -> list[tuple[Segment, SegmentPlan]]:
    """Each part with the same title as before, in order."""
    left = list(new)
    pairs = []
    for part in old:
        match = next((each for each in left if each.title == part.title), None)
        if match:
            left.remove(match)
            pairs.append((part, match))
    return pairs


def _move_words(old: Segment, new: SegmentPlan, zone: str) -> str:
    """Social time moves from 4pm to 6pm, until 7pm. Empty where the hours are the same."""
    before, after = time_words(old.starts_at, zone), time_words(new.starts_at, zone)
    ends_before = time_words(old.ends_at, zone) if old.ends_at else ""
    ends_after = time_words(new.ends_at, zone) if new.ends_at else ""
    if before != after:
        return f"{old.title} moves from {before} to {after}" + (
            f", until {ends_after}." if ends_after else "."
        )
    if ends_after and ends_before != ends_after:
        return f"{old.title} now lasts until {ends_after}."
    return ""


def _naive(moment: datetime, zone: str) -> datetime:
    return to_local(moment, zone).replace(tzinfo=None, fold=0)
