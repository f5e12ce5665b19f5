"""What happens next with a booking, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from netapp.events.models import Event
from netapp.events.queries.booking_dates import PlaceLine
from netapp.events.queries.minimum import decision_day
from netapp.kernel.words import count_words, moment_words, time_words
from netapp.kernel.zones import to_local

WE_DECIDE = "We decide whether it runs: it is not certain yet. We write to you then."


@dataclass(frozen=True, slots=True)
class NextStep:
    """``day`` is when, in words; ``words`` what happens then."""

    day: str
    words: str


def next_steps(event: Event, lines: Sequence[PlaceLine], now: datetime) -> tuple[NextStep, ...]:
    """What happens next, by the settings of the event: for the first date by the clock, for all
    that come after it by one rule."""
    steps = []
    coming = [x for x in lines if x.state == "confirmed" and x.starts_at > now]
    if coming:
        if event.is_uncertain:
            steps.append(NextStep(f"{decision_day(event) or 'Soon'}.", WE_DECIDE))
        first, later = coming[0], coming[1:]
        your = " your first date" if later else ""
        reminder = to_local(first.starts_at, event.zone) - timedelta(days=1)
        reminder = reminder.replace(hour=event.reminder_hour, minute=0, second=0, microsecond=0)
        until = first.starts_at - timedelta(hours=event.change_until_hours)
        day = f"Until {moment_words(until, event.zone)}."
        dated = [
            (
                reminder,
                NextStep(
                    f"{moment_words(reminder, event.zone)}.",
                    "We send a reminder of your first date." if later else "We send a reminder.",
                ),
            ),
            (
                until,
                NextStep(day, f"You can change or cancel{' it' if later else ''} on this page."),
            ),
        ]
        if first.join_opens:
            words = f"The link to join{your} opens on this page. Your email leads here."
            opens_at = first.starts_at - timedelta(hours=event.join_hours)
            dated.append((opens_at, NextStep(f"{first.join_opens}.", words)))
        dated.sort(key=lambda each: each[0])
        steps += [step for moment, step in dated if moment > now]
        if later:
            steps.append(_for_each(event, later, time_words(reminder, event.zone)))
    waiting = [line.number for line in lines if line.state == "waiting"]
    if waiting:
        several = max(waiting) > 1
        it, goes = ("them", "they go") if several else ("it", "it goes")
        words = (
            f"We email you and hold {it} for {event.offer_hours} hours, not counting 9pm to 8am. "
            f"Then {goes} to the next person."
        )
        free = "enough places come free" if several else "a place comes free"
        steps.append(NextStep(f"When {free} for you.", words))
    return tuple(steps)


def _for_each(event: Event, later: Sequence[PlaceLine], reminder: str) -> NextStep:
    """The rule for the dates after the first. ``reminder``: 10am."""
    words = f"A reminder comes the day before at {reminder}."
    online = [line for line in later if line.join_opens or line.join_link]
    if online:
        where = "" if len(online) == len(later) else " where you join online"
        hours = count_words(event.join_hours, "hour")
        words += f" The link to join opens {hours} before it starts{where}."
    hours = count_words(event.change_until_hours, "hour")
    until = f"{hours} before it starts" if event.change_until_hours else "it starts"
    day = "Your second date." if len(later) == 1 else f"Each of your {len(later)} dates after that."
    return NextStep(day, f"{words} You can change or cancel it until {until}.")
