"""The calendars that people subscribe to, beside the pages: they say the same of everybody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from netapp.events.models import Event, EventSession, PlaceState
from netapp.events.queries.manage_bookings import Wanted, bookings_page, date_counts
from netapp.events.queries.my_bookings import MyDate, my_bookings
from netapp.kernel.zones import to_local
from netapp.people.addresses import shown
from netapp.people.models import Person
from tests.events.holds.state import State
from tests.feeds.reading import entries, token_of

Entries = Mapping[str, Mapping[str, str]]
"""The entries of a calendar, by UID."""

ALIKE = ("DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS", "LAST-MODIFIED")
"""What the calendar of a person says of a date as that of the event does; where it is depends on
how they take part."""


@dataclass
class Subscriber:
    """Asks only whether anything is new, as calendar programs do, and keeps what it had."""

    path: str
    etag: str = ""
    kept: Entries = field(default_factory=dict)

    def fetch(self, client: FlaskClient) -> Entries:
        answer = client.get(self.path, headers={"If-None-Match": self.etag})
        if answer.status_code != 304:
            self.etag = answer.headers["ETag"]
            self.kept = {entry["UID"]: entry for entry in entries(answer)}
        return self.kept


@dataclass
class Subscribers:
    """Everybody who has ever had a place, each with a calendar of their own."""

    client: FlaskClient
    people: dict[int, Subscriber] = field(default_factory=dict)
    events: dict[str, Subscriber] = field(default_factory=dict)

    def wrong(self, session: Session, state: State, now: datetime) -> list[str]:
        """Of everybody, and beside the desk, too."""
        everybody = sorted({p.person_id for p in state.places.values() if p.person_id})
        found = self.wrong_of(session, everybody, state, now)
        desk = _desk(session, state, now)
        for person_id in everybody:
            mine = self.people[person_id].kept
            here = {key_of(uid) for uid, entry in mine.items() if entry["STATUS"] != "CANCELLED"}
            if not here <= desk[shown(state.email(person_id))]:
                found.append(f"the desk does not know of {here} of person {person_id}")
        return found

    def wrong_of(
        self, session: Session, people: Iterable[int], state: State, now: datetime
    ) -> list[str]:
        """Of these people: right after an act of those whom it concerned, before anything else
        makes the calendars anew."""
        path = f"/events/{state.event.slug}.ics"
        of_event = self.events.setdefault(path, Subscriber(path)).fetch(self.client)
        found = _of_event(state, of_event)
        for person_id in people:
            if person_id not in self.people:
                token = token_of(session, session.get_one(Person, person_id))
                self.people[person_id] = Subscriber(f"/calendar/my/{token}.ics")
            mine = self.people[person_id].fetch(self.client)
            wrong = [
                *_beside_event(mine, of_event),
                *_beside_page(session, person_id, mine, state, now),
            ]
            found += [f"person {person_id}: {words}" for words in wrong]
        return found


def concerned(before: State | None, after: State) -> set[int]:
    """Whose places are others now."""
    was = before.places if before else {}
    rows = [row for row in after.places.values() if row != was.get(row.id)]
    rows += [was[row.id] for row in rows if row.id in was]
    return {row.person_id for row in rows if row.person_id}


def key_of(uid: str) -> str:
    return uid.removeprefix("session-").partition("@")[0]


def _of_event(state: State, feed: Entries) -> list[str]:
    """All its dates, as they stand in the rows."""
    said = {key_of(uid): (e["DTSTART"], e["DTEND"], int(e["SEQUENCE"])) for uid, e in feed.items()}
    rows = {
        date.key: (_local(date.starts_at, state), _local(date.ends_at, state), date.sequence)
        for date in state.dates.values()
    }
    return [] if said == rows else [f"the event's calendar says {said}, its rows {rows}"]


def _beside_event(mine: Entries, of_event: Entries) -> Iterable[str]:
    for uid, entry in mine.items():
        here = {name: entry[name] for name in ALIKE}
        there = {name: of_event[uid][name] for name in ALIKE}
        if here != there:
            yield f"their calendar says {here}, the event's {there}"


def _beside_page(
    session: Session, person_id: int, mine: Entries, state: State, now: datetime
) -> Iterable[str]:
    """The page of all their dates: those they have, and those that were cancelled on them."""
    page = my_bookings(session, person_id, number=1, now=now)
    told = [each for each in (*page.coming, *page.past.items) if each.state == "confirmed"]
    off = [
        each.session_key
        for each in (*page.cancelled, *page.past.items)
        if each.ending
        and each.ending.badge == "Cancelled by the network"
        and not each.ending.waited
    ]
    is_off = {key_of(uid) for uid, entry in mine.items() if entry["STATUS"] == "CANCELLED"}
    if is_off != set(off):
        yield f"cancelled in their calendar {is_off}, on their page {set(off)}"
    said = {
        key_of(uid): (e["DTSTART"], plain(e["SUMMARY"]), plain(e["LOCATION"]))
        for uid, e in mine.items()
        if e["STATUS"] != "CANCELLED"
    }
    shown_there = {each.session_key: _as_entry(each, state) for each in told}
    if said != shown_there:
        yield f"their calendar says {said}, their page {shown_there}"


def _as_entry(date: MyDate, state: State) -> tuple[str, str, str]:
    return _local(date.starts_at, state), date.title, date.place


def _local(moment: datetime, state: State) -> str:
    return f"{to_local(moment, state.event.zone):%Y%m%dT%H%M%S}"


def plain(text: str) -> str:
    """A TEXT value without its escapes."""
    return text.replace("\\,", ",").replace("\\;", ";")


def _desk(session: Session, state: State, now: datetime) -> Mapping[str, set[str]]:
    """The dates in which somebody has a place for the desk, by their address."""
    event = session.scalars(
        select(Event)
        .where(Event.id == state.event.id)
        .options(selectinload(Event.sessions).selectinload(EventSession.pools))
        .execution_options(populate_existing=True)
    ).one()
    confirmed = [p for p in state.places.values() if p.state is PlaceState.CONFIRMED]
    for count in date_counts(session, event, now):
        here = [p for p in confirmed if state.dates[p.session_id].key == count.key]
        assert count.confirmed == len(here)
        for places in (way.places for way in count.ways if way.places.room is not None):
            parts = places.confirmed, places.on_offer, places.kept_back, places.free
            assert sum(part or 0 for part in parts) == places.room
    found: dict[str, set[str]] = defaultdict(set)
    number, pages = 0, 1
    while number < pages:
        number += 1
        page = bookings_page(session, event, Wanted(state="all"), number=number)
        pages = page.count
        for row in page.items:
            for date in event.sessions:
                if not row.people and row.state_on(date.key) is PlaceState.CONFIRMED:
                    found[row.email].add(date.key)
                for person in row.people:
                    if person.states.get(date.key) is PlaceState.CONFIRMED:
                        found[person.email].add(date.key)
    return found
