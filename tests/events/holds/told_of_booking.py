"""Who must have a mail about one booking, by what is different in its rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from netapp.events.models import (
    HELD_STATES,
    EndReason,
    EventStatus,
    PlaceState,
    SessionStatus,
)
from tests.events.holds.crowd import Deed
from tests.events.holds.state import State, lives


class OfBooking:
    """One booking before and after."""

    def __init__(self, before: State, after: State, booking: Row[Any], now: datetime) -> None:
        self.before, self.after, self.booking, self.now = before, after, booking, now
        self.was = before.bookings.get(booking.id)
        self.places = [(before.places.get(p.id), p) for p in after.of_booking(booking.id)]
        self.off = {
            date.id
            for date in after.dates.values()
            if date.status is SessionStatus.CANCELLED
            and date.id in before.dates
            and before.dates[date.id].status is not SessionStatus.CANCELLED
        }
        if after.event.status is EventStatus.CANCELLED:
            self.off = set()  # One mail for all of it.

    def letters(self) -> Iterable[tuple[int, str]]:
        """(person, topic), once for each mail."""
        booker = self.booking.person_id
        if any(new.offered_at and not (old and old.offered_at) for old, new in self.places):
            yield booker, "offer"
        if any(self._newly(each, EndReason.OFFER_ENDED) for each in self.places):
            yield booker, "offer ended"
        yield from ((person, "places") for person in self._of_places())
        dates = self.off | changed_dates(self.before, self.after)
        there = [old for old, _ in self.places if old and lives(old) and old.session_id in dates]
        yield from ((person, "dates") for person in self._concerned(there))
        if self.before.event.title != self.after.event.title:
            there = [p for _, p in self.places if p.state is PlaceState.CONFIRMED]
            there = [p for p in there if self._is_coming(p)]
            yield from ((person, "renamed") for person in self._concerned(there))
        if certainty_changed(self.before, self.after):
            there = [p for _, p in self.places if p.state in HELD_STATES and self._is_coming(p)]
            yield from ((person, "decision") for person in self._concerned(there))
        yield from self._reminders()
        if self._is_asked_for_names():
            yield booker, "names"
        yield from ((person, "questions") for person in self._asked())

    def is_organisers(self, deed: Deed) -> bool:
        """The organiser is told of what people change, and of what nobody was named for."""
        if self.was is None:
            return False
        own = deed.own and any(
            old is None or self._newly((old, new), EndReason.BY_PERSON) or old.mode is not new.mode
            for old, new in self.places
        )
        return own or any(self._newly(each, EndReason.NOT_NAMED) for each in self.places)

    def _of_places(self) -> set[int]:
        told = set()
        if any(self._is_heard(old, new) for old, new in self.places):
            told.add(self.booking.person_id)
        had, has = self._held(self.before), self._held(self.after)
        told |= {person for person, _, _ in had ^ has if person != self.booking.person_id}
        own = {each for each in had ^ has if each[0] == self.booking.person_id}
        if own:
            told.add(self.booking.person_id)
        for attendee in self.after.attendees.values():
            if attendee.booking_id != self.booking.id or self.was is None:
                continue
            old = self.before.attendees.get(attendee.id)
            was = old.person_id if old else None
            if attendee.person_id is not None and was != attendee.person_id:
                mine = [p for _, p in self.places if p.attendee_id == attendee.id]
                if any(p.state is PlaceState.CONFIRMED and self._is_coming(p) for p in mine):
                    told.add(attendee.person_id)  # Also where they have places of their own.
            if was is not None and attendee.person_id is None and not attendee.name:
                told.add(self.booking.person_id)  # It was handed back to them.
        return told

    def _is_heard(self, old: Row[Any] | None, new: Row[Any]) -> bool:
        if old is None:
            return True
        if new.state is old.state:
            return bool(new.pool_id != old.pool_id)
        if new.state in (PlaceState.OFFERED, PlaceState.LAPSED):
            return False  # By another mail, or by nobody's.
        return not (new.end_reason is EndReason.SESSION_CANCELLED and new.session_id in self.off)

    def _held(self, state: State) -> set[tuple[int, int, object]]:
        """(person, date, mode) of the confirmed places by this booking."""
        return {
            (p.person_id, p.session_id, p.mode)
            for p in state.of_booking(self.booking.id)
            if p.person_id and p.state is PlaceState.CONFIRMED and p.session_id not in self.off
        }

    def _concerned(self, places: Sequence[Row[Any]]) -> set[int]:
        """The booker, and whoever else has a confirmed place among these."""
        people = {p.person_id for p in places if p.person_id and p.state is PlaceState.CONFIRMED}
        return people | {self.booking.person_id} if places else set()

    def _reminders(self) -> Iterable[tuple[int, str]]:
        """The day before at the hour of reminders, which in London in winter is one of UTC."""
        found = set()
        for old, new in self.places:
            if old is None or old.reminded_at == new.reminded_at or new.reminded_at is None:
                continue
            day = self.after.dates[new.session_id].starts_at - timedelta(days=1)
            due = day.replace(hour=self.after.event.reminder_hour, minute=0, second=0)
            if new.confirmed_at < due:
                found.add((new.session_id, new.person_id or self.booking.person_id))
        return [(person, "reminder") for _, person in found]

    def _is_asked_for_names(self) -> bool:
        """By a mail of its own; whoever got places later was asked by the letter about these."""
        if self.was is None or self.was.names_asked_at == self.booking.names_asked_at:
            return False
        before = {a.id: a for a in self.before.attendees.values()}
        unnamed = [
            p
            for _, p in self.places
            if p.state is PlaceState.CONFIRMED
            and self._is_coming(p)
            and p.attendee_id in before
            and not before[p.attendee_id].name
        ]
        if not unnamed:
            return False
        first = min(self.after.dates[p.session_id].starts_at for p in unnamed)
        asked = first - timedelta(days=self.after.event.name_until_days + 4)
        asked = asked.replace(hour=self.after.event.reminder_hour, minute=0)
        handed_back = any(
            a.person_id and not self.after.attendees[a.id].person_id
            for a in before.values()
            if a.booking_id == self.booking.id
        )
        return not handed_back and any(p.confirmed_at < asked for p in unnamed)

    def _asked(self) -> set[int]:
        """Whoever answers for somebody that we have just asked about."""
        found = set()
        for (question, attendee_id), at in self.after.asked.items():
            attendee = self.after.attendees.get(attendee_id)
            if attendee is None or attendee.booking_id != self.booking.id:
                continue
            if self.before.asked.get((question, attendee_id)) != at:
                found.add(attendee.person_id or self.booking.person_id)
        return found

    def _is_coming(self, place: Row[Any]) -> bool:
        date = self.after.dates[place.session_id]
        return date.status is SessionStatus.SCHEDULED and date.starts_at > self.now

    def _newly(self, pair: tuple[Row[Any] | None, Row[Any]], reason: EndReason) -> bool:
        old, new = pair
        return new.end_reason is reason and (old is None or old.end_reason is not reason)


def changed_dates(before: State, after: State) -> set[int]:
    """Dates of which something is different that people are told."""
    if after.event.status is not EventStatus.PUBLISHED:
        return set()
    return {
        date.id
        for date in after.dates.values()
        if (old := before.dates.get(date.id))
        and (
            (old.starts_at, old.ends_at, old.place, old.title)
            != (date.starts_at, date.ends_at, date.place, date.title)
            or (old.join_link and old.join_link != date.join_link)
        )
    }


def certainty_changed(before: State, after: State) -> bool:
    """Whether it runs is another question, or has another answer. That the worker has asked the
    organiser is nothing that people are told."""
    was, now = certainty_of(before.event), certainty_of(after.event)
    asked = before.event.decision_asked_at is None and after.event.decision_asked_at is not None
    is_open = isinstance(was, tuple) or isinstance(now, tuple)
    return was != now and is_open and not asked and after.event.status is EventStatus.PUBLISHED


def certainty_of(event: Row[Any]) -> object:
    """What people know: that it runs, that it runs anyway (None), or on what it depends."""
    if event.runs_from is None or event.runs_at is not None:
        return event.runs_from and "runs"
    return event.runs_from, event.decide_on, event.decision_asked_at is not None
