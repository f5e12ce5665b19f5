"""What a change would do to other people, worked out before it is made.

Nothing here writes. The letters use the same words: see ``queries/changes.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as date_type
from datetime import datetime

from netapp.events.models import Event, EventSession, EventStatus, PlaceState
from netapp.events.plans import DatePlan, Details
from netapp.events.policies import is_coming
from netapp.events.queries.changes import Change, changes_of, title_change
from netapp.events.queries.clashes import Clash, clashes_with
from netapp.events.queries.live_places import (
    LivePlace,
    live_places,
    live_places_of,
)
from netapp.events.queries.notices import (
    date_news,
    notices_of_dates,
    notices_of_title,
)
from netapp.events.queries.parts import part_news
from netapp.events.queries.recipients import Mails, foretell
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, span_words
from netapp.kernel.zones import to_local

STATE_WORDS = {
    PlaceState.CONFIRMED: "With a place",
    PlaceState.OFFERED: "With a place on offer",
    PlaceState.WAITING: "On the waiting list",
}
NO_MAILS = Mails()
NOBODY_BOOKED = "Nobody has booked, so no mail goes out."


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens to one thing, in words."""

    icon: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class DateList:
    """Dates or bookings to which the same happens: each in words, with why or what else."""

    title: str
    lines: tuple[tuple[str, str], ...]
    is_open: bool = True
    in_order: bool = False  # One after the other.


@dataclass(frozen=True, slots=True)
class Effects:
    """For the page that stands between what was typed and what is done.

    ``people``: the places of those who are told, with the names given when they booked.
    """

    changes: tuple[Change, ...] = ()
    mails: Mails = NO_MAILS
    people: tuple[LivePlace, ...] = ()
    consequences: tuple[Consequence, ...] = ()
    clashes: tuple[Clash, ...] = ()
    lists: tuple[DateList, ...] = ()

    @property
    def needs_a_look(self) -> bool:
        """Whether anything happens to anybody, or to calendars."""
        return bool(self.changes or self.people or self.consequences)

    @property
    def told(self) -> int:
        """How many people get a mail."""
        return self.mails.people

    @property
    def names(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """("With a place", names), … in the order in which they came; nobody twice in one, and a
        party by its organisation."""
        groups = []
        for state, words in STATE_WORDS.items():
            named = {p.booking_id: p.party or p.name for p in self.people if p.state is state}
            if named:
                groups.append((words, tuple(named.values())))
        return tuple(groups)


def of_moved_date(
    session: DbSession, event: Event, date: EventSession, plan: DatePlan, *, now: datetime
) -> Effects:
    """Before the time, the place, the link or the name of a date is changed. ``segments`` of the
    date must be loaded."""
    changes = changes_of(event, date, plan) if event.status is not EventStatus.DRAFT else []
    live = live_places_of(session, [date.id])
    moved = (plan.starts_at, plan.ends_at) != (date.starts_at, date.ends_at)
    consequences: list[Consequence] = []
    mails = Mails()
    if changes:
        before = span_words(date.starts_at, date.ends_at, event.zone)
        news = {date.id: date_news(event, date.starts_at, before, changes)}
        mails = foretell(session, notices_of_dates(live_places(session, news), news))
        consequences = [
            mails_sent(mails, "with what is different"),
            *_parts(event, date, plan),
            *_kept(live),
            *_offers_after_move(live, moved=moved),
            Consequence(
                "calendar",
                "Calendars",
                "The entry changes in every calendar that follows us. "
                "Whoever got an invitation gets an update for their own calendar.",
            ),
        ]
        if moved and _day(plan.starts_at, event) > _day(date.starts_at, event):
            hour = f"{(event.reminder_hour % 12) or 12}{'am' if event.reminder_hour < 12 else 'pm'}"
            words = f"At {hour} on the day before the new date, also to those reminded already."
            consequences.append(Consequence("clock", "Reminder", words))
    return Effects(
        changes=tuple(changes),
        mails=mails,
        people=tuple(live) if changes else (),
        consequences=tuple(consequences),
        clashes=clashes_with(session, event, date, plan) if changes and moved else (),
    )


def of_new_title(
    session: DbSession,
    event: Event,
    dates: Sequence[EventSession],
    details: Details,
    *,
    now: datetime,
) -> Effects:
    """Before a published event gets another title. Only those with a place are told: nobody who
    waits has it in a calendar."""
    changes = title_change(event, details.title) if event.published_at is not None else []
    coming = [date.id for date in dates if is_coming(date, now)]
    if not changes or event.status is not EventStatus.PUBLISHED:
        return Effects()
    live = [p for p in live_places_of(session, coming) if p.state is PlaceState.CONFIRMED]
    held = [p for p in live_places(session, coming) if p.state is PlaceState.CONFIRMED]
    mails = foretell(session, notices_of_title(held, changes=changes))
    calendars = (
        "The entry of each date changes in every calendar that follows us. "
        "Whoever got an invitation gets an update for their own calendar."
    )
    return Effects(
        changes=tuple(changes),
        mails=mails,
        people=tuple(live),
        consequences=(
            mails_sent(mails, "with the new title"),
            *_kept(live),
            Consequence("calendar", "Calendars", calendars),
        ),
    )


def _parts(event: Event, date: EventSession, plan: DatePlan) -> list[Consequence]:
    news = part_news(event, date, plan)
    found = []
    if news.moves:
        found.append(Consequence("clock", "Parts with their own time", " ".join(news.moves)))
    if news.misfits:
        found.append(Consequence("warning", "Parts that do not fit", " ".join(news.misfits)))
    return found


def mails_sent(mails: Mails, what: str, *, none: str = NOBODY_BOOKED) -> Consequence:
    """3 people get a mail with your reason. 1 of them also gets a short mail for each of their
    dates, for their calendar: 2 in all."""
    if not mails.people:
        return Consequence("envelope", "Mail", none)
    words = f"{people_words(mails.people)} {'gets' if mails.people == 1 else 'get'} a mail {what}"
    if not mails.calendar:
        return Consequence("envelope", "Mail", f"{words}.")
    if mails.people == 1:
        words += f", and {mails.calendar} short ones for their calendar, one for each date."
        return Consequence("envelope", "Mail", words)
    some = mails.with_calendar
    also = (
        "Each also gets" if some == mails.people else f"{some} of them also get{'s' * (some == 1)}"
    )
    return Consequence(
        "envelope",
        "Mail",
        f"{words}. {also} a short mail for each of their dates, for their calendar: "
        f"{mails.calendar} in all.",
    )


def _kept(live: Sequence[LivePlace]) -> list[Consequence]:
    confirmed = len({p.booking_id for p in live if p.state is PlaceState.CONFIRMED})
    if not confirmed:
        return []
    words = f"{people_words(confirmed)} {keep_words(confirmed)} their place"
    return [Consequence("ticket", "Bookings", f"{words}, and can cancel if it does not suit.")]


def _offers_after_move(live: Sequence[LivePlace], *, moved: bool) -> list[Consequence]:
    waiting = sum(place.state is PlaceState.WAITING for place in live)
    offered = sum(place.state is PlaceState.OFFERED for place in live)
    parts = []
    if waiting:
        parts.append(f"{people_words(waiting)} {keep_words(waiting)} their turn.")
    if offered and moved:
        parts.append(
            f"{count_words(offered, 'place')} on offer: the offer now ends by the new start at "
            "the latest."
        )
    return [Consequence("hourglass", "Waiting list", " ".join(parts))] if parts else []


def people_words(number: int) -> str:
    return count_words(number, "person", "people")


def keep_words(number: int) -> str:
    return "keeps" if number == 1 else "keep"


def _day(moment: datetime, event: Event) -> date_type:
    return to_local(moment, event.zone).date()
