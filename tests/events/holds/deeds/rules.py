"""What coordinators change about an event as a whole while people book."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from netapp.events.models import WindowFor
from netapp.events.operations import editing, minimum
from netapp.events.operations.cancelling import cancel_event as cancel
from netapp.events.operations.windows import save_windows
from netapp.events.plans import WindowPlan
from tests.events.holds.crowd import REASON, Crowd, Deed
from tests.events.manage.plans import details_of, rules_of


def change_rules(crowd: Crowd, session: Session) -> Deed:
    """Booking opens and closes at other times; the waiting list is there, or is not."""
    event, chance, now = crowd.event(session), crowd.chance, crowd.now
    day = timedelta(days=1)
    rules = rules_of(
        event,
        booking_opens_at=chance.choice([None, now - day, now - day, now + timedelta(hours=20)]),
        booking_closes_at=chance.choice([None, None, now + 3 * day, now - timedelta(hours=1)]),
        has_waiting_list=chance.random() < 0.8,
        offer_hours=chance.choice([2, 24]),
        change_until_hours=chance.choice([0, 0, 24]),
    )
    version = event.version

    def do(own: Session) -> Any:
        return editing.save_booking_rules(
            own,
            event_id=crowd.event_id,
            rules=rules,
            seen_version=version,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("change the rules", do)


def change_windows(crowd: Crowd, session: Session) -> Deed:
    """Who may book first, and so who is before whom on the waiting list."""
    event, chance, now = crowd.event(session), crowd.chance, crowd.now
    opens_at = event.booking_opens_at or now
    early = [opens_at - timedelta(days=days) for days in (2, 3)]
    groups = chance.choice(
        [(), (WindowFor.MEMBERS,), (WindowFor.FIRST_TIMERS,), tuple(WindowFor)[::2]]
    )
    windows = [WindowPlan(who, at) for who, at in zip(groups, early, strict=False)]
    version = event.version

    def do(own: Session) -> Any:
        return save_windows(
            own,
            event_id=crowd.event_id,
            windows=windows,
            seen_version=version,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("change the windows", do)


def rename(crowd: Crowd, session: Session) -> Deed:
    event, now = crowd.event(session), crowd.now
    title = crowd.chance.choice(["Working With Chaos", "Working With Calm", event.title])
    details, version = details_of(event, title=title), event.version

    def do(own: Session) -> Any:
        return editing.save_details(
            own,
            event_id=crowd.event_id,
            details=details,
            seen_version=version,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("rename", do)


def set_minimum(crowd: Crowd, session: Session) -> Deed:
    event, chance, now = crowd.event(session), crowd.chance, crowd.now
    runs_from = chance.choice([None, 2, 5, 5])
    decide_on = chance.choice([None, now.date(), now.date() + timedelta(days=1)])
    version = event.version

    def do(own: Session) -> Any:
        return minimum.set_minimum(
            own,
            event_id=crowd.event_id,
            runs_from=runs_from,
            decide_on=decide_on if runs_from else None,
            seen_version=version,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("set a minimum", do)


def decide(crowd: Crowd, session: Session) -> Deed:
    act = crowd.chance.choice([minimum.decide_runs, minimum.decide_runs, minimum.decide_again])
    version, now = crowd.event(session).version, crowd.now

    def do(own: Session) -> Any:
        return act(
            own, event_id=crowd.event_id, seen_version=version, actor=crowd.desk.actor, now=now
        )

    return Deed(act.__name__.replace("_", " "), do)


def cancel_event(crowd: Crowd, session: Session) -> Deed:
    """Everything ends: for the end of a walk."""
    version, now = crowd.event(session).version, crowd.now

    def do(own: Session) -> Any:
        return cancel(
            own,
            event_id=crowd.event_id,
            reason=REASON,
            seen_version=version,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("cancel the event", do)
