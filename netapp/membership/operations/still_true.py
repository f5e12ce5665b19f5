"""Once a year a member is asked whether what we know of them is still true; one button says so."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.links import is_still_true_key, still_true_url
from netapp.membership.operations import term_letters as letters
from netapp.membership.operations.noticing import FIRST_HOUR, LAST_HOUR
from netapp.membership.queries.still_true import due_for_mail
from netapp.membership.queries.terms import Recipient
from netapp.membership.term_models import StillTrue
from netapp.people.models import Person

AT_ONCE: Final = 25


def ask_due(session: DbSession, now: datetime) -> int:
    """One helping of mails to members who have not said for a year that it is still true. Each is
    asked once a year."""
    if not FIRST_HOUR <= to_local(now, site_of(session).zone).hour < LAST_HOUR:
        return 0
    people = due_for_mail(session, now=now, most=AT_ONCE)
    for person in people:
        row = insert_for(session, StillTrue).values(person_id=person.id, asked_at=now)
        session.execute(
            row.on_conflict_do_update(index_elements=[StillTrue.person_id], set_={"asked_at": now})
        )
        to = Recipient(person.id, person.name, person.email)
        letters.still_true(session, to=to, url=still_true_url(site_of(session), person), now=now)
    return len(people)


def is_opened_by(session: DbSession, person: Person, sent: str) -> bool:
    """Whether this is the key of the link in their mail."""
    return is_still_true_key(site_of(session), person, sent)


def confirm(session: DbSession, *, key: str, now: datetime) -> None:
    """This person (by key) says that all of it is still true. Harmless when repeated.

    Raises ``NotFound``.
    """
    person = session.scalar(select(Person).where(Person.key == key, Person.disabled_at.is_(None)))
    if person is None:
        raise NotFound
    before = session.scalar(select(StillTrue.confirmed_at).where(StillTrue.person_id == person.id))
    if before is not None and now - before < timedelta(days=1):
        return
    row = insert_for(session, StillTrue).values(person_id=person.id, confirmed_at=now)
    session.execute(
        row.on_conflict_do_update(index_elements=[StillTrue.person_id], set_={"confirmed_at": now})
    )
    audit.record(
        session,
        actor=Actor(person.id, person.name),
        action="person.still_true",
        subject=f"person:{person.key}",
        summary=f"{person.name} said that their details and consents are still true.",
        now=now,
    )
