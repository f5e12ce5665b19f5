"""A coordinator puts a term of membership right: its kind, its days, its note."""

from datetime import date, datetime

from sqlalchemy import select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel import changes
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.kernel.words import day_words
from netapp.membership.errors import EndsBeforeItStarts
from netapp.membership.models import Holder, Membership, MembershipKind
from netapp.membership.operations.granting import HeldBy, hold
from netapp.membership.operations.term_changes import TERM, TERMS, refuse_two_at_once
from netapp.membership.policies import rights_until


def correct_term(
    session: DbSession,
    *,
    key: str,
    person_id: int,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Of a person's own term; ``kind`` is a slug. Its rights hold as long as the kind says. It can
    be undone. Raises ``EndsBeforeItStarts``, ``AlreadyMember``, ``NotFound``."""
    person = hold(session, HeldBy(person_id=person_id))
    term = session.scalar(
        select(Membership).where(Membership.key == key, Membership.person_id == person_id),
        execution_options={"populate_existing": True},
    )
    wanted = Holder.PERSON
    chosen = session.scalar(
        select(MembershipKind).where(MembershipKind.slug == kind, MembershipKind.holder == wanted)
    )
    if term is None or chosen is None:
        raise NotFound
    if ends_on and ends_on < starts_on:
        raise EndsBeforeItStarts
    was = session.get_one(MembershipKind, term.kind_id)
    said = []
    if chosen.id != was.id:
        said.append(f"kind from {was.name} to {chosen.name}")
    if starts_on != term.starts_on:
        said.append(f"first day from {day_words(term.starts_on)} to {day_words(starts_on)}")
    if ends_on != term.ends_on:
        said.append(f"last day from {_last(term.ends_on)} to {_last(ends_on)}")
    if note != term.note:
        said.append("note")
    if not said:
        return
    new = {"starts_on": starts_on, "note": note}
    if ends_on != term.ends_on or chosen.id != was.id:
        new |= {"ends_on": ends_on, "rights_until": rights_until(chosen, ends_on)}
    journal = changes.begin(
        session,
        kind=TERM,
        subject=f"person:{person.key}",
        words=f"Membership ({was.name}): {'; '.join(said)}.",
        by_name=actor.name,
        now=now,
    )
    journal.set(TERMS, {"id": term.id}, "kind_id", chosen.id, **new)
    refuse_two_at_once(session, term.id)
    raise_revision(session, "directory", now)
    audit.record(
        session,
        actor=actor,
        action=TERM,
        subject=f"person:{person.key}",
        summary=f"Corrected a term of membership of {person.name}.",
        now=now,
    )


def _last(day: date | None) -> str:
    return day_words(day) if day else "none"
