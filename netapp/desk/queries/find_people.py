"""People for the box that finds anything: whose name, address, organisation or booking it is, and
which of these it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select

from netapp.events.models import Booking, Place
from netapp.kernel.db import DbSession
from netapp.membership.queries.people_list import (
    PersonLine,
    former_addresses,
    former_names,
    organisations_of,
    people_page,
)
from netapp.people.addresses import CLOSED_HOST, shown
from netapp.people.models import Person

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """``why`` is empty where name, address or organisation of the line say it themselves."""

    key: str
    name: str
    email: str
    organisation: str
    why: str


@dataclass(frozen=True, slots=True)
class FoundPeople:
    lines: Sequence[FoundPerson] = ()
    more: int = 0  # How many are not shown.


def find_people(
    session: DbSession, words: str, *, references: Sequence[str], now: datetime
) -> FoundPeople:
    """Whoever has all these words, and the people of the bookings of ``references``."""
    page = people_page(session, words=words, who="everyone", number=1, at=now)
    lines = [_line(line, _why(session, line, words)) for line in page.items[:MOST]]
    known = {line.key for line in lines}
    lines += [line for line in _of_bookings(session, references) if line.key not in known]
    return FoundPeople(lines, max(0, page.total - MOST))


def _line(line: PersonLine, why: str) -> FoundPerson:
    return FoundPerson(line.key, line.name, _address(line.email), line.organisation, why)


def _address(email: str) -> str:
    """Empty where there is none any more."""
    return "" if email.endswith(f"@{CLOSED_HOST}") else shown(email)


def _why(session: DbSession, line: PersonLine, words: str) -> str:
    """In words, for those of the words that the line itself does not have."""
    seen = " ".join((line.name, line.email, line.organisation)).casefold()
    hidden = [word for word in words.casefold().split() if word not in seen]
    if not hidden:
        return ""
    person = session.scalar(select(Person.id).where(Person.key == line.key)) or 0

    def among(values: Sequence[str]) -> list[str]:
        return [one for one in values if any(word in one.casefold() for word in hidden)]

    works = among(organisations_of(session, person))
    names = among(former_names(session, person))
    former = among(former_addresses(session, person))
    parts = [f"Works at or belongs through {name}" for name in works[:2]]
    parts += [f"Was here as {name}, too" for name in names[:2]]
    parts += [f"Had the address {shown(address)}" for address in former[:2]]
    return "; ".join(parts)


def _of_bookings(session: DbSession, references: Sequence[str]) -> list[FoundPerson]:
    if not references:
        return []
    rows = session.execute(
        select(Person.key, Person.name, Person.email, Person.organisation, Booking.reference)
        .join(Place, Place.person_id == Person.id, isouter=True)
        .join(Booking, or_(Booking.id == Place.booking_id, Booking.person_id == Person.id))
        .where(Booking.reference.in_(references))
        .distinct()
        .order_by(Person.name, Booking.reference)
        .limit(MOST)
    )
    found: dict[str, FoundPerson] = {}
    for key, name, email, organisation, reference in rows:
        why = f"On booking {reference}"
        found.setdefault(key, FoundPerson(key, name, _address(email), organisation, why))
    return list(found.values())
