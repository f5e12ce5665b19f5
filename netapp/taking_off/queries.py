"""Who works for an organisation, as far as these people let whoever asks see it."""

from dataclasses import dataclass
from datetime import datetime

from netapp.directory.fields import Audience
from netapp.directory.models import Profile
from netapp.directory.queries.seen import entries
from netapp.directory.queries.standing import may_look
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
    """Those whose entry in the directory shows where they work to this viewer, by name. The same
    number of queries for any number of people."""
    looks = may_look(session, viewer, at=at)
    roles = roles_there(session, organisation_id, at=at)
    if not roles:
        return PeopleThere((), looks)
    found = entries(
        session,
        Profile.person_id.in_(list(roles)),
        audience=Audience.MEMBERS if looks else Audience.PUBLIC,
        at=at,
    )
    shown = [one for one in found if one.organisations]
    people = tuple(PersonThere(one.name, roles[one.person_id], one.path) for one in shown)
    return PeopleThere(people, looks)
