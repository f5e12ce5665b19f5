"""Terms of membership change by a coordinator's hand, so that it can be undone for a time."""

from datetime import date, datetime, timedelta
from typing import Final, cast

from sqlalchemy import Table, or_, select

from netapp.audit.operations import Actor
from netapp.kernel import changes
from netapp.kernel.db import DbSession
from netapp.membership.application_models import Application
from netapp.membership.errors import AlreadyMember
from netapp.membership.invoice_models import Invoice
from netapp.membership.models import Membership, MembershipKind

TERM: Final = "person.term"
TERM_OF_ORGANISATION: Final = "organisation.term"
TERMS = cast(Table, Membership.__table__)
POINT_AT_TERMS = tuple(cast(Table, model.__table__) for model in (Invoice, Application))


def end_noted(
    session: DbSession, held: Membership, *, subject: str, today: date, actor: Actor, now: datetime
) -> None:
    """Yesterday was its last day; one that has not lasted a day goes. How it was is written down.
    ``subject`` is its holder, as in the activity log, who is locked."""
    kind = session.get_one(MembershipKind, held.kind_id)
    journal = changes.begin(
        session,
        kind=TERM_OF_ORGANISATION if held.person_id is None else TERM,
        subject=subject,
        words=f"Membership ({kind.name}): ended.",
        by_name=actor.name,
        now=now,
    )
    if held.starts_on < today:
        last = today - timedelta(days=1)
        row = {"id": held.id}
        journal.set(TERMS, row, "ended_early", True, ends_on=last, rights_until=last)
        session.expire(held)
        return
    for table in POINT_AT_TERMS:  # First these: undone in reverse, the term is there before them.
        for number in session.scalars(select(table.c.id).where(table.c.membership_id == held.id)):
            journal.set(table, {"id": number}, "membership_id", None)
    this = [(TERMS, TERMS.c.id == held.id)]
    before = changes.picture(session, this)
    session.delete(held)
    session.flush()
    journal.note(before, changes.picture(session, this), adds_to=())


def refuse_two_at_once(session: DbSession, term_id: int) -> None:
    """Raises ``AlreadyMember`` where its holder has another own term that shares a day with it."""
    term = session.get_one(Membership, term_id, populate_existing=True)
    there = [
        Membership.id != term.id,
        Membership.person_id == term.person_id
        if term.person_id is not None
        else Membership.organisation_id == term.organisation_id,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= term.starts_on),
    ]
    if term.ends_on:
        there.append(Membership.starts_on <= term.ends_on)
    if session.scalar(select(Membership.id).where(*there).limit(1)) is not None:
        raise AlreadyMember
