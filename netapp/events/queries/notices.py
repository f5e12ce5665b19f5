"""What is told when dates change or end, to each booking concerned.

Made before an act, to foretell its mails, and again after it, to write them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from netapp.events.models import HELD_STATES, Booking, Event, EventSession, Place, PlaceState
from netapp.events.policies import is_coming
from netapp.events.queries.changes import Change
from netapp.events.queries.live_places import by_booking
from netapp.events.queries.recipients import CalendarNews, Notice
from netapp.kernel.words import short_date_words, span_words


@dataclass(frozen=True, slots=True)
class DateNews:
    """What happened to one date: it has changed, or (without ``changes``) it is cancelled.

    ``day`` and ``before``: its day and its time until then, in words.
    """

    day: str
    before: str
    changes: Sequence[Change] = ()


def date_news(
    event: Event, starts_at: datetime, before: str, changes: Sequence[Change] = ()
) -> DateNews:
    """``starts_at`` and ``before``: when it was to begin, and its time in words."""
    return DateNews(short_date_words(starts_at, event.zone), before, changes)


def ending_news(event: Event, date: EventSession) -> DateNews:
    return date_news(event, date.starts_at, span_words(date.starts_at, date.ends_at, event.zone))


def notices_of_dates(
    places: Sequence[Place],
    news: Mapping[int, DateNews],
    *,
    lost: Collection[int] = (),
    reason: str = "",
    clashes: Mapping[int, Sequence[str]] | None = None,
) -> list[Notice]:
    """One letter for each booking, whatever the number of its dates. ``places``: those in these
    dates, live or ended just now; ``lost``: ids of those that were confirmed and ended."""
    order = {date_id: number for number, date_id in enumerate(news)}
    notices = []
    for theirs in by_booking(places).values():
        theirs = sorted(theirs, key=lambda place: (order[place.session_id], place.id))
        dates = list(dict.fromkeys(place.session_id for place in theirs))
        several = len(dates) > 1
        lines = {date_id: _lines(news[date_id], several=several) for date_id in dates}
        notices.append(
            Notice(
                theirs[0].booking,
                _message([news[date_id] for date_id in dates]),
                theirs,
                [each for place in theirs for each in _calendar_news(place, news, lost)],
                extra={"reason": reason},
                changes=lines,
                clashes=clashes or {},
            )
        )
    return notices


def notices_of_end(
    places: Sequence[Place], *, lost: Collection[int], reason: str = ""
) -> list[Notice]:
    """The event is cancelled, and with it these places; ``lost``: ids of the confirmed ones."""
    notices = []
    for theirs in by_booking(places).values():
        had = [place for place in theirs if place.id in lost]
        extra = {"reason": reason, "cancelled_by": "event", "only_waited": not had}
        news = [CalendarNews(place, "CANCEL") for place in had]
        message = "events/booking_cancelled"
        notices.append(Notice(theirs[0].booking, message, theirs, news, extra=extra))
    return notices


def notices_of_title(
    held: Sequence[Place], *, changes: Sequence[Change], reason: str = ""
) -> list[Notice]:
    """The event has another title; ``held``: the confirmed places in dates to come."""
    extra = {"changes": [change.as_dict() for change in changes], "reason": reason}
    return [
        Notice(
            theirs[0].booking,
            "events/event_renamed",
            theirs,
            [CalendarNews(place, "REQUEST") for place in theirs],
            extra=extra,
        )
        for theirs in by_booking(held).values()
    ]


def notices_of_minimum(
    event: Event,
    bookings: Sequence[Booking],
    message: str,
    *,
    extra: Mapping[str, Any] | None = None,
    now: datetime,
) -> list[Notice]:
    """What was said about a minimum number, to each of these bookings; about the places that they
    hold in dates to come. ``sessions`` must be loaded."""
    coming = {date.id for date in event.sessions if is_coming(date, now)}
    notices = []
    for booking in bookings:
        held = [p for p in booking.places if p.state in HELD_STATES and p.session_id in coming]
        notices.append(Notice(booking, message, held, extra=extra or {}))
    return notices


def _message(news: Sequence[DateNews]) -> str:
    if not any(each.changes for each in news):
        return "events/session_cancelled"
    if len(news) > 1:
        return "events/dates_changed"
    only_place = all(change.what == "Place" for change in news[0].changes)
    return "events/place_changed" if only_place else "events/session_moved"


def _calendar_news(
    place: Place, news: Mapping[int, DateNews], lost: Collection[int]
) -> list[CalendarNews]:
    if place.id in lost:
        return [CalendarNews(place, "CANCEL")]
    stays = news[place.session_id].changes and place.state is PlaceState.CONFIRMED
    return [CalendarNews(place, "REQUEST")] if stays else []


def _lines(news: DateNews, *, several: bool) -> list[dict[str, str]]:
    """Among several dates the time of each stands beside its day."""
    if several and not news.changes:
        return [Change(news.day, news.before, "Cancelled").as_dict()]
    return [
        change.as_dict() | ({"what": news.day} if several and change.what == "Time" else {})
        for change in news.changes
    ]
