"""What another minimum number would say to those who have booked."""

from dataclasses import dataclass
from datetime import date, datetime

from netapp.events.models import Event, EventStatus, PlaceState
from netapp.events.policies import is_coming
from netapp.events.queries.changes import Change
from netapp.events.queries.effects import Consequence, Effects, mails_sent
from netapp.events.queries.live_places import live_places_of
from netapp.events.queries.minimum import bookings_to_tell, minimum_words
from netapp.events.queries.notices import notices_of_minimum
from netapp.events.queries.recipients import foretell
from netapp.kernel.db import DbSession

MESSAGE = "events/minimum_changed"
HOWEVER_FEW = "It runs, however few come."


@dataclass(frozen=True, slots=True)
class NewRule:
    """The rule that an event would have; see ``minimum.Rule``."""

    runs_from: int | None
    decide_on: date | None
    decision_asked_at: datetime | None
    runs_at: datetime | None
    zone: str
    reminder_hour: int

    @property
    def is_uncertain(self) -> bool:
        return self.runs_from is not None and self.runs_at is None


def rule_with(event: Event, runs_from: int | None, decide_on: date | None) -> NewRule:
    """Another day is asked about again; without a number there is nothing to decide."""
    same_day = decide_on == event.decide_on
    needs = runs_from is not None
    return NewRule(
        runs_from=runs_from,
        decide_on=decide_on if needs else None,
        decision_asked_at=event.decision_asked_at if needs and same_day else None,
        runs_at=event.runs_at if needs else None,
        zone=event.zone,
        reminder_hour=event.reminder_hour,
    )


def changes_of_minimum(event: Event, rule: NewRule) -> list[Change]:
    """What is new to those who hold a place: nothing where it was certain and stays so."""
    before, after = minimum_words(event), minimum_words(rule)
    published = event.status is EventStatus.PUBLISHED
    if not published or before == after or not (event.is_uncertain or rule.is_uncertain):
        return []
    return [Change("Does it run?", " ".join(before), " ".join(after) or HOWEVER_FEW)]


def of_minimum(
    session: DbSession,
    event: Event,
    runs_from: int | None,
    decide_on: date | None,
    *,
    now: datetime,
) -> Effects:
    """``sessions`` must be loaded. Nothing, where nobody has to be told."""
    changes = changes_of_minimum(event, rule_with(event, runs_from, decide_on))
    bookings = bookings_to_tell(session, event, now) if changes else []
    mails = foretell(session, notices_of_minimum(event, bookings, MESSAGE, now=now))
    if not mails.people:
        return Effects()
    page = "The page of the event says it at once, and calendars that follow us show "
    coming = [each.id for each in event.sessions if is_coming(each, now)]
    held = [p for p in live_places_of(session, coming) if p.state is not PlaceState.WAITING]
    how = "the dates as tentative" if runs_from is not None else "that they take place"
    return Effects(
        changes=tuple(changes),
        mails=mails,
        people=tuple(held),
        consequences=(
            mails_sent(mails, "with what is different"),
            Consequence("ticket", "Bookings", "Everybody keeps their place."),
            Consequence("calendar", "Page and calendars", f"{page}{how}."),
        ),
    )
