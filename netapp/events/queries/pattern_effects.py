"""What a changed pattern does to dates and people, in words for the page that asks."""

from collections.abc import Iterable
from datetime import datetime

from netapp.events.models import Event, EventSession, EventStatus, PlaceState
from netapp.events.queries.cancel_effects import FOR_SEVEN_DAYS, OWN
from netapp.events.queries.changes import Change, changes_of
from netapp.events.queries.effects import (
    Consequence,
    DateList,
    Effects,
    mails_sent,
)
from netapp.events.queries.live_places import (
    LivePlace,
    confirmed_of,
    live_places,
    live_places_of,
)
from netapp.events.queries.notices import (
    DateNews,
    date_news,
    ending_news,
    notices_of_dates,
)
from netapp.events.queries.pattern_acts import Acts, Alone, End, Move
from netapp.events.queries.pattern_clashes import others_around, same_theme, shared_rooms
from netapp.events.queries.pattern_words import short_day_words
from netapp.events.queries.recipients import Mails, foretell
from netapp.kernel.db import DbSession
from netapp.kernel.words import (
    count_words,
    hours_words,
    join_words,
    short_date_words,
    span_words,
    zone_words,
)

NOBODY_CONCERNED = "Nobody is affected, so no mail goes out."


def of_changed_pattern(session: DbSession, event: Event, acts: Acts) -> Effects:
    """``sessions`` with ``segments`` must be loaded."""
    news = news_of(event, acts)
    live = live_places_of(session, list(news))
    places = live_places(session, news)
    ended = {end.date.id for end in acts.cancelled}
    lost = confirmed_of(place for place in places if place.session_id in ended)
    mails = foretell(session, notices_of_dates(places, news, lost=lost))
    is_public = event.published_at is not None
    plans = [one.plan for one in acts.added] + [move.plan for move in acts.moved]
    plans.sort(key=lambda plan: plan.starts_at)
    others = others_around(session, event, plans)
    hints = same_theme(event, plans, others)
    lists = [*date_lists(event, acts), _theme_list(hints)]
    return Effects(
        changes=tuple(_changes(event, acts)),
        mails=mails,
        people=tuple(live),
        consequences=tuple(_consequences(acts, live, mails, is_public=is_public)),
        clashes=shared_rooms(event, plans, others),
        lists=tuple(one for one in lists if one.lines),
    )


def date_lists(event: Event, acts: Acts) -> list[DateList]:
    """What happens to which dates, beside those that change; some may be empty."""
    beside = "Another date of this event runs at that time."
    return [
        DateList(
            _title("Added", acts.added),
            tuple(
                (
                    _span(event, one.plan.starts_at, one.plan.ends_at),
                    beside if one.beside else "",
                )
                for one in acts.added
            ),
        ),
        DateList(
            _title("There already: they become dates of this pattern", acts.joined),
            tuple((_when(event, one.date), "") for one in acts.joined),
        ),
        DateList(_title("Cancelled", acts.cancelled), _ended(event, acts.cancelled)),
        DateList(_title("Removed from the draft", acts.removed), _ended(event, acts.removed)),
        DateList(_title("Left alone", acts.alone), _alone(event, acts.alone)),
        DateList(
            _title("Left out", acts.left_out),
            tuple((short_day_words(slot.day), slot.why) for slot in acts.left_out),
            is_open=len(acts.left_out) <= 12,
        ),
    ]


def _theme_list(hints: list[tuple[str, str]]) -> DateList:
    """A hint, not a warning: people who care for the theme may have to choose."""
    days = count_words(len({day for day, _ in hints}), "day")
    title = f"Another event of the same theme on that day: {days}"
    return DateList(title, tuple(hints), is_open=len(hints) <= 12)


def _title(words: str, things: tuple[object, ...]) -> str:
    return f"{words}: {count_words(len(things), 'date')}"


def _ended(event: Event, ends: Iterable[End]) -> tuple[tuple[str, str], ...]:
    return tuple((_when(event, end.date), end.why) for end in ends)


def _alone(event: Event, alone: Iterable[Alone]) -> tuple[tuple[str, str], ...]:
    in_order = sorted(alone, key=lambda one: one.date.starts_at)
    return tuple((_when(event, one.date), one.why) for one in in_order)


def _when(event: Event, date: EventSession) -> str:
    return _span(event, date.starts_at, date.ends_at)


def _span(event: Event, starts_at: datetime, ends_at: datetime) -> str:
    """Thu 21 Jan 2027, 2pm to 4pm GMT: short, for there are many."""
    day, hours = _day(event, starts_at), hours_words(starts_at, ends_at, event.zone)
    return f"{day}, {hours} {zone_words(starts_at, event.zone)}"


def _day(event: Event, moment: datetime) -> str:
    return short_date_words(moment, event.zone)


def _changes(event: Event, acts: Acts) -> list[Change]:
    """A line for each time that changes; what is the same for several dates stands once."""
    found = []
    for move in acts.moved:
        for change in changes_of(event, move.date, move.plan):
            found.append(_time(event, move) if change.what == "Time" else change)
        if not move.date.join_link and move.plan.join_link:
            found.append(Change("Link to join", "None yet", "As typed"))
    return list(dict.fromkeys(found))


def _time(event: Event, move: Move) -> Change:
    """Where it stays on its day only the hours are said."""
    date, plan = move.date, move.plan
    day = _day(event, date.starts_at)
    if day == _day(event, plan.starts_at):
        before = hours_words(date.starts_at, date.ends_at, event.zone)
        return Change(day, before, hours_words(plan.starts_at, plan.ends_at, event.zone))
    return Change(day, _when(event, date), _span(event, plan.starts_at, plan.ends_at))


def news_of(event: Event, acts: Acts) -> dict[int, DateNews]:
    """The dates of which whoever holds or waits for a place is told, in order of time."""
    if event.status is not EventStatus.PUBLISHED:
        return {}
    found = {}
    for move in acts.moved:
        date = move.date
        if changes := changes_of(event, date, move.plan):
            words = span_words(date.starts_at, date.ends_at, event.zone)
            found[date.starts_at, date.id] = date_news(event, date.starts_at, words, changes)
    for end in acts.cancelled:
        found[end.date.starts_at, end.date.id] = ending_news(event, end.date)
    return {date_id: found[starts_at, date_id] for starts_at, date_id in sorted(found)}


def _consequences(
    acts: Acts, live: list[LivePlace], mails: Mails, *, is_public: bool
) -> list[Consequence]:
    found = [mails_sent(mails, "with all that is different", none=NOBODY_CONCERNED)]
    if acts.moved:
        words = f"{count_words(len(acts.moved), 'date')} changed, all in one step."
        found.append(Consequence("edit", "Dates", words))
    ended = {end.date.id for end in acts.cancelled}
    lost = [place for place in live if place.session_id in ended]
    kept = {p.booking_id for p in live if p.session_id not in ended and _has_place(p)}
    if kept:
        keep = "keeps" if len(kept) == 1 else "keep"
        people = count_words(len(kept), "person", "people")
        words = f"{people} {keep} their places in dates that move, and can cancel them."
        found.append(Consequence("ticket", "Bookings", words))
    if held := sum(_has_place(place) for place in lost):
        words = f"{count_words(held, 'place')} in cancelled dates {'ends' if held == 1 else 'end'}."
        found.append(Consequence("ticket", "Places that end", words))
    if waiting := sum(place.state is PlaceState.WAITING for place in live):
        turns = count_words(waiting, "turn")
        words = f"{turns} on waiting lists: kept where a date moves, ended where it is cancelled."
        found.append(Consequence("hourglass", "Waiting lists", words))
    if is_public and (acts.added or acts.moved or acts.cancelled):
        verbs = [
            verb
            for verb, dates in (("added", acts.added), ("changed", acts.moved + acts.cancelled))
            if dates
        ]
        words = f"Entries are {join_words(verbs)} in every calendar that follows us."
        if acts.cancelled:
            words += f" {FOR_SEVEN_DAYS.format(it='a cancelled date')} {OWN}"
        elif acts.moved:
            words += " Whoever got an invitation gets an update for their own calendar."
        found.append(Consequence("calendar", "Calendars", words))
    return found


def _has_place(place: LivePlace) -> bool:
    return place.state is not PlaceState.WAITING
