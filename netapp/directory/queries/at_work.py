"""Who works for an organisation, as far as their entries show it to whoever asks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from netapp.directory.fields import Audience
from netapp.directory.models import Profile
from netapp.directory.queries.seen import Entry, entries
from netapp.directory.queries.standing import may_look
from netapp.kernel.db import DbSession
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class Shown:
    entries: tuple[Entry, ...]
    to_members: bool  # With the eyes of a member; the public may see fewer.


def shown_at_work(
    session: DbSession, people: Collection[int], *, viewer: Person | None, at: datetime
) -> Shown:
    """Of these people (ids) those who let this viewer see where they work, by name. The same
    number of queries for any number of them."""
    looks = may_look(session, viewer, at=at)
    if not people:
        return Shown((), looks)
    audience = Audience.MEMBERS if looks else Audience.PUBLIC
    found = entries(session, Profile.person_id.in_(list(people)), audience=audience, at=at)
    return Shown(tuple(entry for entry in found if entry.organisations), looks)
