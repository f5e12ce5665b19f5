"""An application becomes a membership: of the person, or of the organisation they asked for."""

from datetime import datetime

from sqlalchemy import or_, select

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local
from netapp.membership import letters
from netapp.membership.application_models import Application, ApplicationState, StepKind
from netapp.membership.errors import AlreadyMember, OrganisationIsMember
from netapp.membership.models import Holder, Membership, Seat
from netapp.membership.operations import granting
from netapp.membership.operations.granting import HeldBy
from netapp.membership.operations.invoicing import issue
from netapp.membership.operations.steps import note_step
from netapp.membership.policies import last_day_of_term
from netapp.membership.queries.seats import has_seat, seats_of
from netapp.organisations.models import Organisation
from netapp.organisations.operations import editing
from netapp.organisations.operations.affiliations import begin, live_affiliation
from netapp.organisations.operations.contacts import make_contact
from netapp.organisations.operations.editing import Details

SOURCE = "Application to join"


def admit(
    session: DbSession, application: Application, *, words: str = "", actor: Actor, now: datetime
) -> Membership:
    """Give what was asked for, from today, and tell the applicant. Its ``kind`` and ``person`` are
    loaded, and nobody else decides it: the caller has claimed it.

    Another kind that the person holds by themselves ends; what comes to them through an
    organisation is not touched. Raises ``OrganisationIsMember``, ``NotFound``.
    """
    today = to_local(now, site_of(session).zone).date()
    kind = application.kind
    organisation = None
    if kind.holder is Holder.ORGANISATION:
        organisation = _organisation_of(session, application, actor, now)
        holder = HeldBy(organisation_id=organisation.id)
    else:
        holder = HeldBy(person_id=application.person_id)
        _end_other_kinds(session, application, actor, now)
    try:
        held = granting.grant(
            session,
            holder=holder,
            kind=kind.slug,
            starts_on=today,
            ends_on=last_day_of_term(kind, today),
            actor=actor,
            now=now,
        )
    except AlreadyMember as refusal:
        raise OrganisationIsMember from refusal
    held.age_band = application.age_band
    if organisation is not None:
        _make_contact(session, application, organisation, actor, now)
    held.kind = kind
    invoice = issue(session, held, order_number=application.order_number, actor=actor, now=now)
    application.state = ApplicationState.APPROVED
    application.decided_at, application.decided_by_id = now, actor.id
    application.membership_id = held.id
    session.flush()
    note_step(session, application, StepKind.APPROVED, actor=actor, now=now, words=words)
    letters.approved(
        session,
        application=application,
        held=held,
        words=words,
        has_invoice=invoice is not None,
        organisation=organisation,
        has_seat=organisation is not None
        and has_seat(session, organisation.id, application.person_id),
        seats_left=seats_of(session, organisation.id, at=now).left if organisation else 0,
        now=now,
    )
    return held


def _end_other_kinds(
    session: DbSession, application: Application, actor: Actor, now: datetime
) -> None:
    today = to_local(now, site_of(session).zone).date()
    running = select(Membership.key).where(
        Membership.person_id == application.person_id,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
    )
    for key in session.scalars(running).all():
        granting.end(session, key=key, actor=actor, now=now)


def _organisation_of(
    session: DbSession, application: Application, actor: Actor, now: datetime
) -> Organisation:
    """The one a coordinator chose or that had the name; else it is added to the register."""
    if application.organisation_id is None:
        known = editing.known_as(session, application.organisation_name)
        if known is None:
            details = Details(
                name=application.organisation_name, office_area=application.area, source=SOURCE
            )
            known = editing.add(session, details=details, actor=actor, now=now)
        application.organisation_id = known.id
        session.flush()
    found = session.get(Organisation, application.organisation_id)
    if found is None or found.merged_into_id is not None:
        raise NotFound
    return found


def _make_contact(
    session: DbSession,
    application: Application,
    organisation: Organisation,
    actor: Actor,
    now: datetime,
) -> None:
    """The applicant, who offered it, becomes the named contact and takes a seat. One mail tells
    them all of it, so the steps are theirs: they tell nobody by themselves."""
    person = application.person
    own = Actor(person.id, person.name)
    today = to_local(now, site_of(session).zone).date()
    if live_affiliation(session, person.id, organisation.id, on=today) is None:
        begin(
            session,
            person_id=person.id,
            organisation_key=organisation.key,
            role=application.role,
            actor=own,
            now=now,
        )
    make_contact(session, key=organisation.key, person_id=person.id, actor=own, now=now)
    seats = seats_of(session, organisation.id, at=now)
    if has_seat(session, organisation.id, person.id) or seats.left == 0:
        return
    session.add(
        Seat(
            key=new_key(),
            organisation_id=organisation.id,
            person_id=person.id,
            called="",
            given_at=now,
            given_by_id=actor.id,
        )
    )
    session.flush()
    raise_revision(session, "directory", now)
