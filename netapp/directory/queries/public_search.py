"""People whose page is for everybody, found by what everybody reads there."""

from datetime import datetime
from typing import Final

from sqlalchemy import or_, select

from netapp.directory.fields import Audience, Visibility
from netapp.directory.models import Profile
from netapp.directory.queries.seen import Entry, entries
from netapp.directory.words import folded
from netapp.kernel.db import DbSession
from netapp.people.models import Person

MOST_WORDS: Final = 8
MOST_READ: Final = 100


def public_people(session: DbSession, words: str, *, most: int, at: datetime) -> list[Entry]:
    """By name, the first with all these words in their name, what they do or the words about them,
    as far as those are public. The rows are only a first choice: what is compared is what a
    stranger sees, so a word that is hidden finds nobody. Empty words find nothing."""
    asked = words.split()[:MOST_WORDS]
    if not asked:
        return []
    likely = select(Profile.id).join(Person, Person.id == Profile.person_id)
    likely = likely.where(Profile.see_entry == Visibility.EVERYONE)
    for word in asked:
        texts = (Person.name, Profile.role, Profile.about)
        likely = likely.where(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    ids = session.scalars(likely.order_by(Person.name, Profile.id).limit(MOST_READ)).all()
    seen = entries(session, Profile.id.in_(ids), audience=Audience.PUBLIC, at=at)
    wanted = [folded(word) for word in asked]
    return [one for one in seen if all(word in _said(one) for word in wanted)][:most]


def _said(entry: Entry) -> str:
    return folded(f"{entry.name} {entry.role} {entry.about}")
