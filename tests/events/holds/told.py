"""Who must have a mail after an act, by what is different in the rows: no more, no fewer.

The rules are those of the guide. Whoever booked hears of everything that becomes of their places
but what they have just said themselves: that they do not want an offer. The other people of a
party hear of their own confirmed places.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from netapp.events.models import RequestState
from tests.events.holds.crowd import Deed
from tests.events.holds.state import State, lives
from tests.events.holds.told_of_booking import OfBooking
from tests.events.holds.watching import Mail

Letters = Counter[tuple[str, str, str]]
"""(address, about what, topic)"""

TOPICS: Final = {
    "already_booked": "already",
    "booking_open": "interest",
    "dates_changed": "dates",
    "decide": "decide",
    "event_renamed": "renamed",
    "interest_asked": "asked",
    "interest_known": "asked",
    "minimum_changed": "decision",
    "names_wanted": "names",
    "needs_changed": "needs",
    "offer": "offer",
    "offer_ended": "offer ended",
    "organiser_told": "organiser",
    "place_changed": "dates",
    "questions": "questions",
    "reminder": "reminder",
    "request_answered": "request",
    "runs": "decision",
    "session_cancelled": "dates",
    "session_moved": "dates",
    "undecided": "decision",
}
"""All else is about places that were given, changed or ended."""

FOR_CALENDARS: Final = ("events/invitation", "events/invitation_cancelled")
"""They go beside another mail, one for each of several dates."""


def told_wrongly(
    before: State, after: State, mails: Sequence[Mail], deed: Deed, now: datetime
) -> list[str]:
    said: Letters = Counter()
    beside = set()
    for mail in mails:
        if mail.message in FOR_CALENDARS:
            beside.add((mail.to, mail.about))
        else:
            topic = TOPICS.get(mail.message.removeprefix("events/"), "places")
            said[mail.to, mail.about, topic] += 1
    wanted = expected(before, after, deed, now)
    found = [f"no mail: {each} × {n}" for each, n in sorted((wanted - said).items())]
    found += [f"a mail too many: {each} × {n}" for each, n in sorted((said - wanted).items())]
    alone = beside - {(to, about) for to, about, _ in said}
    return found + [f"nothing but an invitation: {each}" for each in sorted(alone)]


def expected(before: State, after: State, deed: Deed, now: datetime) -> Letters:
    wanted: Letters = Counter()
    for booking in after.bookings.values():
        of_booking = OfBooking(before, after, booking, now)
        about = after.about(booking.id)
        for person_id, topic in of_booking.letters():
            wanted[after.email(person_id), about, topic] += 1
        if of_booking.is_organisers(deed):
            wanted[after.email(after.event.organiser_id), about, "organiser"] += 1
    wanted.update(_of_the_event(before, after, deed, now))
    if deed.asks:
        wanted.update(_of_asking(before, after, deed))
    return wanted


def _of_the_event(before: State, after: State, deed: Deed, now: datetime) -> Letters:
    wanted: Letters = Counter()
    event, organiser = after.event, after.email(after.event.organiser_id)
    bookers = {b.person_id for b in after.bookings.values() if b.live}
    for each in after.interests.values():
        old = before.interests.get(each.id)
        if each.told_at and each.person_id not in bookers and not (old and old.told_at):
            wanted[after.email(each.person_id), f"interest:event:{event.key}", "interest"] += 1
    coming = any(d.starts_at > now for d in after.dates.values() if d.cancelled_at is None)
    if coming and event.decision_asked_at and not before.event.decision_asked_at:
        wanted[organiser, f"event:{event.key}", "decide"] += 1
    for row in after.requests.values():
        was = before.requests.get(row.id)
        if was and was.version != row.version:
            wanted[after.email(row.person_id), after.about(row.booking_id), "request"] += 1
    if _needs_changed(before, after, deed, now):
        wanted[organiser, f"event:{event.key}", "needs"] += 1
    return wanted


def _needs_changed(before: State, after: State, deed: Deed, now: datetime) -> bool:
    """What is booked is not wanted any more, or what somebody shares is different."""
    gone = [row for key, row in before.requests.items() if key not in after.requests]
    if any(row.state is RequestState.BOOKED for row in gone):
        return True
    if all(date.ends_at <= now for date in after.dates.values()):
        return False
    needs = [(old, after.needs.get(key)) for key, old in before.needs.items()]
    if deed.name == "change the profile":
        return any(o.shared_at and (n is None or n.version != o.version) for o, n in needs)
    return deed.name == "withdraw" and (bool(gone) or any(new is None for _, new in needs))


def _of_asking(before: State, after: State, deed: Deed) -> Letters:
    """The truth goes to the address, never to the page."""
    if deed.name == "ask for interest":
        return Counter([(deed.asks, f"interest:event:{after.event.id}", "asked")])
    person = next(p.id for p in after.people.values() if p.email == deed.asks)
    if any(b.person_id == person for b in after.bookings.values() if b.id not in before.bookings):
        return Counter()
    mine = [b.id for b in after.bookings.values() if b.live and b.person_id == person]
    if not mine:
        mine = [
            p.booking_id
            for p in after.places.values()
            if p.person_id == person
            and lives(p)
            and (not deed.keys or after.dates[p.session_id].key in deed.keys)
        ]
    return Counter((deed.asks, after.about(each), "already") for each in set(mine))
