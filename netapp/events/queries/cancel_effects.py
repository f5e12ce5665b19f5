"""What cancelling a date, or an event, would do to other people, worked out before it is done."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from netapp.events.models import Event, EventSession, PlaceState
from netapp.events.queries.effects import (
    Consequence,
    DateList,
    Effects,
    keep_words,
    mails_sent,
    people_words,
)
from netapp.events.queries.live_places import (
    LivePlace,
    bookings_with_other_dates,
    confirmed_of,
    live_places,
    live_places_of,
)
from netapp.events.queries.notices import ending_news, notices_of_dates, notices_of_end
from netapp.events.queries.recipients import Mails, foretell
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words

FOR_SEVEN_DAYS = (
    "Calendars that follow us show {it} as cancelled until 7 days after the day, then drop it."
)
OWN = "Whoever got an invitation gets a cancellation for their own calendar."


def of_cancelled_date(
    session: DbSession, event: Event, date: EventSession, *, now: datetime
) -> Effects:
    live = live_places_of(session, [date.id])
    people = len({place.booking_id for place in live})
    others = bookings_with_other_dates(session, event, date, now)
    staying = len({place.booking_id for place in live if place.booking_id in others})
    places = live_places(session, [date.id])
    news = {date.id: ending_news(event, date)}
    mails = foretell(session, notices_of_dates(places, news, lost=confirmed_of(places)))
    consequences = [mails_sent(mails, "with your reason")]
    if live:
        words = f"{_places_end(live)} "
        if staying:
            words += f"{people_words(staying)} with other dates {keep_words(staying)} those."
        else:
            words += "Their bookings end with it." if people > 1 else "The booking ends with it."
        consequences.append(Consequence("ticket", "Bookings", words))
    if any(place.state is PlaceState.WAITING for place in live):
        waiting = sum(place.state is PlaceState.WAITING for place in live)
        words = f"Waiting for this date ends for {people_words(waiting)}."
        consequences.append(Consequence("hourglass", "Waiting list", words))
    consequences.append(_calendars("the date", mails))
    return Effects(
        mails=mails,
        people=tuple(live),
        consequences=tuple(consequences),
        lists=_parties("Parties whose places on this date end", live),
    )


def of_cancelled_event(session: DbSession, event: Event, dates: Sequence[EventSession]) -> Effects:
    """``dates``: those that would be cancelled, the scheduled ones that are not over. The event's
    ``sessions`` must be loaded."""
    live = live_places_of(session, [date.id for date in dates])
    people = len({place.booking_id for place in live})
    many = count_words(len(dates), "date")
    gone = [d for d in event.sessions if d.cancelled_at is None and d not in dates]
    over = " Dates that are over keep who was there." if gone else ""
    places = live_places(session, [date.id for date in dates])
    mails = foretell(session, notices_of_end(places, lost=confirmed_of(places)))
    consequences = [
        mails_sent(mails, "with your reason"),
        Consequence(
            "calendar-off",
            "Dates",
            f"{many} {'is' if len(dates) == 1 else 'are'} cancelled.{over}",
        ),
    ]
    if live:
        ended = "The booking ends." if people == 1 else f"All {people} bookings end."
        consequences.append(Consequence("ticket", "Bookings", f"{_places_end(live)} {ended}"))
    if any(place.state is not PlaceState.CONFIRMED for place in live):
        words = "The waiting list ends, and places on offer are withdrawn."
        consequences.append(Consequence("hourglass", "Waiting list", words))
    consequences.append(_calendars("the event", mails))
    return Effects(
        mails=mails,
        people=tuple(live),
        consequences=tuple(consequences),
        lists=_parties("Parties whose bookings end", live),
    )


def _calendars(it: str, mails: Mails) -> Consequence:
    words = FOR_SEVEN_DAYS.format(it=it)
    return Consequence("calendar", "Calendars", f"{words} {OWN}" if mails.people else words)


def _parties(title: str, live: Sequence[LivePlace]) -> tuple[DateList, ...]:
    """Which bookings for several people, with how many places in the date that has the most."""
    there = Counter((p.booking_id, p.session_id) for p in live if p.party)
    most: dict[int, int] = {}
    for (booking_id, _), number in there.items():
        most[booking_id] = max(number, most.get(booking_id, 0))
    words = {p.booking_id: p.party for p in live if p.party}
    lines = [(words[each], count_words(number, "place")) for each, number in most.items()]
    return (DateList(title, tuple(lines)),) if lines else ()


def _places_end(live: Sequence[LivePlace]) -> str:
    held = sum(place.state is not PlaceState.WAITING for place in live)
    if not held:
        return "No place is held."
    return f"{count_words(held, 'place')} {'ends' if held == 1 else 'end'}."
