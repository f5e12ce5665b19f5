"""Who works for an organisation, as far as these people let whoever asks see it."""

from dataclasses import dataclass
from datetime import datetime

from netapp.directory.queries.at_work import shown_at_work
from netapp.kernel.db import DbSession
from netapp.organisations.queries.people import roles_there
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class PersonThere:
    """``path`` leads to their entry in the directory."""

    name: str
    role: str
    path: str


@dataclass(frozen=True, slots=True)
class PeopleThere:
    people: tuple[PersonThere, ...]
    for_members: bool  # Seen with the eyes of a member; the public may see fewer.


def people_for(
    session: DbSession, organisation_id: int, *, viewer: Person | None, at: datetime
) -> PeopleThere:
    """Those whose entry in the directory shows this viewer where they work, by name."""
    roles = roles_there(session, organisation_id, at=at)
    shown = shown_at_work(session, roles, viewer=viewer, at=at)
    people = (PersonThere(one.name, roles[one.person_id], one.path) for one in shown.entries)
    return PeopleThere(tuple(people), shown.to_members)
