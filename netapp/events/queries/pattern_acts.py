"""What a pattern, new or changed, would do to the dates of its event. Nothing here writes.

Worked out for the page that shows it, and again under the lock: where the two differ, ``digest``
tells, and nothing is done.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date as date_type
from datetime import datetime
from typing import Final

from netapp.events.models import (
    Event,
    EventSession,
    EventStatus,
    PatternDate,
    Rhythm,
    SessionStatus,
)
from netapp.events.pattern_plans import PatternPlan
from netapp.events.plans import DatePlan, SegmentPlan
from netapp.events.queries.parts import gone_along
from netapp.events.queries.pattern_days import Slot
from netapp.events.queries.pattern_matching import Entry, match
from netapp.events.queries.twice import looks_same
from netapp.kernel.zones import TimeSkipped

PAST: Final = "In the past."
BY_HAND: Final = "Changed by hand."
TAKEN_OUT: Final = "Removed by hand."


@dataclass(frozen=True, slots=True)
class Add:
    """``beside``: another date of the event runs at that time."""

    day: date_type
    plan: DatePlan
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """A date that is there already, exactly like this, and becomes one of the pattern."""

    day: date_type
    date: EventSession
    same_link: bool


@dataclass(frozen=True, slots=True)
class Move:
    """``day`` is the day of the pattern it stands for from then on."""

    day: date_type
    date: EventSession
    plan: DatePlan


@dataclass(frozen=True, slots=True)
class End:
    """A date that the pattern no longer has: cancelled where people know of it, else removed."""

    date: EventSession
    cancelled: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Alone:
    """A date that stays as it is, although the pattern would have it otherwise."""

    date: EventSession
    why: str


@dataclass(frozen=True, slots=True)
class Acts:
    added: tuple[Add, ...] = ()
    joined: tuple[Join, ...] = ()
    moved: tuple[Move, ...] = ()
    ended: tuple[End, ...] = ()
    alone: tuple[Alone, ...] = ()
    left_out: tuple[Slot, ...] = field(default=())

    @property
    def cancelled(self) -> tuple[End, ...]:
        return tuple(end for end in self.ended if end.cancelled)

    @property
    def removed(self) -> tuple[End, ...]:
        return tuple(end for end in self.ended if not end.cancelled)

    @property
    def does_something(self) -> bool:
        return bool(self.added or self.joined or self.moved or self.ended)

    @property
    def digest(self) -> str:
        """Alike where exactly the same would be done."""
        told = [
            [(one.day, one.plan) for one in self.added],
            [(one.day, one.date.key) for one in self.joined],
            [(one.day, one.date.key, one.plan) for one in self.moved],
            [(one.date.key, one.cancelled) for one in self.ended],
            [(one.date.key, one.why) for one in self.alone],
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def acts_of_new(
    event: Event,
    plan: PatternPlan,
    slots: Sequence[Slot],
    *,
    linked: Collection[int],
    now: datetime,
) -> Acts:
    """``linked``: ids of the dates that belong to a pattern. ``sessions`` must be loaded."""
    return _with_new_dates(event, plan, slots, Acts(), linked=linked, now=now)


def acts_of_change(
    event: Event,
    plan: PatternPlan,
    slots: Sequence[Slot],
    *,
    rows: Sequence[PatternDate],
    removed_days: Iterable[date_type],
    along: Collection[str],
    used: Collection[str],
    linked: Collection[int],
    now: datetime,
) -> Acts:
    """``rows``: the dates of the pattern; ``along``: keys of those changed by hand that are to go
    along; ``used``: keys of those somebody ever booked. ``sessions`` with their ``segments`` must
    be loaded."""
    dates = {date.id: date for date in event.sessions}
    entries = [Entry(row.day, dates[row.session_id], row.by_hand) for row in rows]
    entries += [Entry(day, None) for day in removed_days]
    held = [slot for slot in slots if not slot.why]
    by_month = plan.rhythm is Rhythm.MONTHLY
    pairs, unmatched, free = match(entries, held, by_month=by_month)
    moved: list[Move] = []
    ended: list[End] = []
    alone: list[Alone] = []
    taken_out: list[Slot] = []
    for entry, slot in pairs:
        if entry.date is None:
            taken_out.append(Slot(slot.day, why=TAKEN_OUT))
            continue
        wanted = date_plan(event, plan, slot, entry.date)
        if wanted == as_plan(entry.date):
            continue
        if why := _why_alone(event, entry, along, now) or _too_late(wanted, now):
            alone.append(Alone(entry.date, why))
        else:
            moved.append(Move(slot.day, entry.date, wanted))
    reasons = {slot.day: slot.why for slot in slots if slot.why}
    for entry in unmatched:
        if entry.date is None:
            continue
        if why := _why_alone(event, entry, along, now):
            alone.append(Alone(entry.date, why))
        elif event.published_at is not None:
            ended.append(End(entry.date, cancelled=True, why=reasons.get(entry.day, "")))
        elif entry.date.key in used:
            alone.append(Alone(entry.date, "Somebody has booked it."))
        else:
            ended.append(End(entry.date, cancelled=False, why=reasons.get(entry.day, "")))
    gone = {end.date.id for end in ended}
    moved, twice = _without_doubles(event, moved, gone)
    acts = Acts(moved=tuple(moved), ended=tuple(ended), alone=(*alone, *twice))
    rest = [*free, *taken_out, *(slot for slot in slots if slot.why)]
    rest.sort(key=lambda slot: slot.day)
    return _with_new_dates(event, plan, rest, acts, linked=linked, now=now)


def date_plan(
    event: Event, plan: PatternPlan, slot: Slot, date: EventSession | None = None
) -> DatePlan:
    """What the pattern says of one day; a date that is there keeps its note, and its parts go
    along."""
    assert slot.starts_at is not None
    assert slot.ends_at is not None
    parts = _parts(event, date, slot.starts_at, slot.ends_at) if date else ()
    return DatePlan(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=plan.title,
        place=plan.place,
        join_link=plan.join_link,
        note=date.note if date else None,
        segments=parts,
    )


def as_plan(date: EventSession) -> DatePlan:
    """A date as it is. ``segments`` must be loaded."""
    return DatePlan(
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        title=date.title,
        place=date.place,
        join_link=date.join_link,
        note=date.note,
        segments=tuple(SegmentPlan(p.title, p.starts_at, p.ends_at) for p in date.segments),
    )


def _with_new_dates(
    event: Event,
    plan: PatternPlan,
    slots: Sequence[Slot],
    acts: Acts,
    *,
    linked: Collection[int],
    now: datetime,
) -> Acts:
    """The days that no date stands for yet become dates, if nothing speaks against it."""
    gone = {end.date.id for end in acts.ended} | {move.date.id for move in acts.moved}
    standing = [
        date
        for date in event.sessions
        if date.status is SessionStatus.SCHEDULED and date.id not in gone
    ]
    coming = [(one.plan.starts_at, one.plan.ends_at) for one in acts.moved]
    coming += [(date.starts_at, date.ends_at) for date in standing]
    added: list[Add] = []
    joined: list[Join] = []
    left_out: list[Slot] = []
    for slot in slots:
        if slot.why:
            left_out.append(slot)
            continue
        wanted = date_plan(event, plan, slot)
        there = next((date for date in standing if looks_same(date, wanted)), None)
        if there is not None and there.id not in linked and there.starts_at > now:
            joined.append(Join(slot.day, there, there.join_link == wanted.join_link))
        elif there is not None or any(looks_like(one.plan, wanted) for one in acts.moved):
            left_out.append(Slot(slot.day, why="There already."))
        elif wanted.starts_at <= now:
            left_out.append(Slot(slot.day, why=PAST))
        else:
            beside = any(a < wanted.ends_at and wanted.starts_at < b for a, b in coming)
            added.append(Add(slot.day, wanted, beside))
    return Acts(
        tuple(added), tuple(joined), acts.moved, acts.ended, acts.alone, tuple(left_out)
    )  # fmt: skip


def looks_like(one: DatePlan, other: DatePlan) -> bool:
    """Whether two plans would be the same date twice: see ``twice``."""
    return (one.starts_at, one.ends_at, one.title or "", one.place or "") == (
        other.starts_at, other.ends_at, other.title or "", other.place or "",
    )  # fmt: skip


def _without_doubles(
    event: Event, moved: list[Move], gone: Collection[int]
) -> tuple[list[Move], list[Alone]]:
    """A date is not moved onto one that stays and looks the same."""
    alone: list[Alone] = []
    while True:
        moving = {move.date.id for move in moved}
        staying = [
            date
            for date in event.sessions
            if date.status is SessionStatus.SCHEDULED and date.id not in moving | set(gone)
        ]
        double = next((m for m in moved if any(looks_same(d, m.plan) for d in staying)), None)
        if double is None:
            return moved, alone
        moved = [move for move in moved if move is not double]
        alone.append(Alone(double.date, "Another date is there at that time already."))


def _why_alone(event: Event, entry: Entry, along: Collection[str], now: datetime) -> str:
    date = entry.date
    assert date is not None
    if date.status is SessionStatus.CANCELLED:
        return "Cancelled."
    if date.starts_at <= now:
        return "It has begun or is over."
    if entry.by_hand and date.key not in along:
        return BY_HAND
    if event.status is EventStatus.CANCELLED:
        return "The event is cancelled."
    return ""


def _too_late(plan: DatePlan, now: datetime) -> str:
    return "Its new time is in the past." if plan.starts_at <= now else ""


def _parts(
    event: Event, date: EventSession, starts_at: datetime, ends_at: datetime
) -> tuple[SegmentPlan, ...]:
    """Its parts, moved with its start; in the gap of a spring night by the same span of time."""
    found = []
    for part in date.segments:
        try:
            found.append(gone_along(part, date, starts_at, ends_at, event.zone))
        except TimeSkipped:
            by = starts_at - date.starts_at
            ends = part.ends_at + by if part.ends_at else None
            found.append(SegmentPlan(part.title, part.starts_at + by, ends))
    return tuple(found)
