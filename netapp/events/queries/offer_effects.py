"""What more or fewer places would do to those who wait, worked out before it is done."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from netapp.events.models import BookedAs, Event, EventSession, EventStatus, Mode, Pool
from netapp.events.plans import PlacesByPool, pool_key
from netapp.events.policies import is_coming
from netapp.events.queries.effects import Consequence, DateList, Effects, mails_sent
from netapp.events.queries.live_places import LivePlace, queue_of
from netapp.events.queries.recipients import Mails
from netapp.events.queries.waiting_list import next_that_fits
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, date_words


def of_places(
    session: DbSession,
    event: Event,
    dates: Sequence[EventSession],
    places: PlacesByPool,
    *,
    now: datetime,
) -> Effects:
    """Before capacities change: who on the waiting list would be offered a place, in turn."""
    lucky: list[LivePlace] = []
    coming = [date for date in dates if is_coming(date, now)]
    if event.status is EventStatus.PUBLISHED:
        waiting = queue_of(session, [date.id for date in coming])
        scheduled = [date for date in dates if date.cancelled_at is None]
        if event.booked_as is BookedAs.BY_SESSION:
            together = [[(date, pool)] for date in coming for pool in date.pools]
        elif len(coming) == len(scheduled):
            together = [
                [(date, pool) for date in coming for pool in date.pools if pool.mode is mode]
                for mode in Mode
            ]
        else:
            together = []
        for group in [group for group in together if group]:
            frees = [free for each in group if (free := _free_after(*each, places)) is not None]
            queue = [place for place in waiting if place.pool_id == group[0][1].id]
            lucky += _offered_in_turn(queue, min(frees), event.pass_limit) if frees else queue
    if not lucky:
        return Effects()
    mails = Mails(people=len({place.booking_id for place in lucky}))
    hours = count_words(event.offer_hours, "hour")
    held = f"It is held for {hours} (9pm to 8am do not count), at most until the date begins."
    return Effects(
        mails=mails,
        lists=(_in_order(event, dates, lucky),),
        consequences=(
            mails_sent(mails, "with a place on offer"),
            Consequence("hourglass", "Waiting list", held),
        ),
    )


def _in_order(event: Event, dates: Sequence[EventSession], lucky: Sequence[LivePlace]) -> DateList:
    """Who would be offered what, in turn; a party is one line."""
    days = {date.id: date_words(date.starts_at, event.zone) for date in dates}
    whole = event.booked_as is BookedAs.WHOLE
    theirs = Counter((each.booking_id, each.session_id) for each in lucky)
    lines, seen = [], set()
    for each in lucky:
        if (key := (each.booking_id, each.session_id)) in seen:
            continue
        seen.add(key)
        many = count_words(theirs[key], "place") if theirs[key] > 1 else ""
        words = [many, "" if whole or len(days) == 1 else days[each.session_id]]
        lines.append((each.party or each.name, ", ".join(word for word in words if word)))
    return DateList("Who is offered a place, in this order", tuple(lines), in_order=True)


def _offered_in_turn(queue: Sequence[LivePlace], free: int, limit: int) -> list[LivePlace]:
    """Who would be offered so many free places: all of a party or none, smaller ones before it."""
    parties: dict[int, list[LivePlace]] = {}
    for place in queue:
        parties.setdefault(place.booking_id, []).append(place)
    line = [(places, max(place.passed for place in places)) for places in parties.values()]
    lucky: list[LivePlace] = []
    while line:
        found = next_that_fits([(len(places), passed) for places, passed in line], free, limit)
        if found is None:
            break
        line = [(p, passed + (n < found)) for n, (p, passed) in enumerate(line)]
        places, _ = line.pop(found)
        lucky += places
        free -= len(places)
    return lucky


def _free_after(date: EventSession, pool: Pool, places: PlacesByPool) -> int | None:
    plan = places.get(pool_key(date, pool))
    if plan is None:
        return pool.free
    if plan.capacity is None:
        return None
    return max(0, plan.capacity + plan.over_booking - plan.kept_back - pool.taken)
