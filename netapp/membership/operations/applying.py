"""Somebody asks to become a member. Kinds that need no coordinator are given at once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import new_key
from netapp.membership import letters
from netapp.membership.application_models import (
    OPEN_STATES,
    Application,
    ApplicationState,
    StepKind,
)
from netapp.membership.errors import HasAsked, HasThisKind, KindClosed
from netapp.membership.models import AgeBand, Approval, Holder, Membership, MembershipKind
from netapp.membership.operations.admitting import admit
from netapp.membership.operations.steps import note_step
from netapp.membership.queries.belonging import gives_rights
from netapp.organisations.operations.editing import known_as
from netapp.people.models import Person
from netapp.people.operations.guards import hold_person


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody typed who wants to join, beside name and address."""

    organisation: str = ""
    role: str = ""
    area: str = ""  # Slug of a term.
    age_band: AgeBand | None = None
    reason: str = ""
    order_number: str = ""


def apply(
    session: DbSession, *, kind: str, person_id: int, answers: Answers, now: datetime
) -> Application:
    """Keep the application of somebody whose address is confirmed; the one that is open already
    where they ask for the same again.

    Raises ``KindClosed``, ``HasThisKind``, ``HasAsked``, ``NotFound``.
    """
    person = hold_person(session, person_id)
    chosen = session.scalar(
        select(MembershipKind)
        .where(MembershipKind.slug == kind)
        .options(selectinload(MembershipKind.asks))
    )
    if person is None or chosen is None:
        raise NotFound
    for_organisation = chosen.holder is Holder.ORGANISATION
    name = answers.organisation if for_organisation else ""
    if found := _open_one(session, person, chosen, name):
        return found
    if not chosen.is_open:
        raise KindClosed
    if not for_organisation and _holds(session, person, chosen, now):
        raise HasThisKind
    _fill_profile(person, answers)
    known = known_as(session, name) if name else None
    application = Application(
        key=new_key(),
        kind_id=chosen.id,
        person_id=person.id,
        organisation_name=name,
        organisation_id=known.id if known else None,
        role=answers.role,
        area=answers.area,
        age_band=answers.age_band if chosen.is_young else None,
        reason=answers.reason,
        order_number=answers.order_number,
        sent_at=now,
        state=ApplicationState.WAITING,
        version=1,
    )
    application.kind, application.person = chosen, person
    session.add(application)
    session.flush()
    actor = Actor(person.id, person.name)
    note_step(session, application, StepKind.SENT, actor=actor, now=now)
    audit.record(
        session,
        actor=actor,
        action="application.send",
        subject=f"person:{person.key}",
        summary=f"{person.name} asked for a membership ({chosen.name}).",
        now=now,
    )
    if chosen.approval is Approval.AT_ONCE and not for_organisation:
        admit(session, application, actor=audit.WORKER, now=now)
    else:
        letters.received(session, application=application, now=now)
    return application


def _open_one(
    session: DbSession, person: Person, kind: MembershipKind, organisation_name: str
) -> Application | None:
    """The same application, where it is open. Raises ``HasAsked`` where they asked for another
    kind for themselves."""
    found = session.scalars(
        select(Application)
        .join(MembershipKind, MembershipKind.id == Application.kind_id)
        .where(
            Application.person_id == person.id,
            Application.state.in_(OPEN_STATES),
            MembershipKind.holder == kind.holder,
        )
    ).all()
    for one in found:
        if one.kind_id == kind.id and one.organisation_name == organisation_name:
            return one
    if found and kind.holder is Holder.PERSON:
        raise HasAsked
    return None


def _holds(session: DbSession, person: Person, kind: MembershipKind, now: datetime) -> bool:
    held = select(Membership.id).where(
        Membership.person_id == person.id,
        Membership.kind_id == kind.id,
        gives_rights(session, now),
    )
    return session.scalar(held.limit(1)) is not None


def _fill_profile(person: Person, answers: Answers) -> None:
    """What was asked once is not asked again. What they have said already stays."""
    before = person.organisation, person.area
    person.organisation = person.organisation or answers.organisation[:120]
    person.area = person.area or answers.area
    if (person.organisation, person.area) != before:
        person.version += 1
