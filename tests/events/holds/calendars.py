"""Which calendar messages must go out after an act, by who holds which dates before and after."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from netapp.events.models import SessionStatus
from tests.events.holds.state import Pair, State
from tests.events.holds.told_of_booking import changed_dates
from tests.events.holds.watching import Mail


def calendars_wrongly(
    before: State, after: State, mails: Sequence[Mail], domain: str, now: datetime
) -> list[str]:
    """Whoever gets a date is invited, whoever loses it is told so, and whoever keeps it hears of
    it only when something is different."""
    sent = Counter((m.to, m.calendar[0], m.calendar[1]) for m in mails if m.calendar)
    wanted = Counter(
        (after.email(person), f"session-{after.dates[date].key}@{domain}", method)
        for (date, person), method in _wanted(before, after, now)
    )
    found = [f"no calendar message: {each}" for each in sorted((wanted - sent).elements())]
    return found + [f"a calendar message too many: {e}" for e in sorted((sent - wanted).elements())]


def _wanted(before: State, after: State, now: datetime) -> Iterable[tuple[Pair, str]]:
    had, has = before.held(), after.held()
    changed = changed_dates(before, after)
    for pair in sorted(had.keys() | has.keys()):
        date_id, person_id = pair
        invites = after.people[person_id].invitations
        if pair not in has:
            if pair in before.invited:
                yield pair, "CANCEL"
            continue
        if not invites:
            continue
        if pair not in had:
            yield pair, "REQUEST"
            continue
        if date_id in changed:
            yield pair, "REQUEST"
        if had[pair].mode is not has[pair].mode:
            yield pair, "REQUEST"
        renamed = before.event.title != after.event.title
        if renamed and _is_coming(after, date_id, now):
            yield pair, "REQUEST"


def _is_coming(after: State, date_id: int, now: datetime) -> bool:
    date = after.dates[date_id]
    return date.status is SessionStatus.SCHEDULED and now < date.starts_at


def out_of_order(mails: Sequence[Mail]) -> list[str]:
    """Messages to one person about one date must rise in number; otherwise calendars take no
    notice of them (RFC 5546, section 2.1.4)."""
    last: dict[tuple[str, str], int] = {}
    found = []
    for mail in mails:
        if mail.calendar is None:
            continue
        uid, method, sequence = mail.calendar
        if sequence <= last.get((mail.to, uid), -1):
            found.append(f"{method} {sequence} after {last[mail.to, uid]}: {mail.to}, {uid}")
        last[mail.to, uid] = sequence
    return found
