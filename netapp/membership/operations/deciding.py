"""What coordinators and applicants do with an application, so that nobody decides it twice."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.membership import letters
from netapp.membership.application_models import (
    OPEN_STATES,
    Application,
    ApplicationState,
    StepKind,
)
from netapp.membership.errors import (
    ApplicationClosed,
    ApplicationMoved,
    NotAskedBack,
    WordsMissing,
)
from netapp.membership.models import Membership
from netapp.membership.operations.admitting import admit
from netapp.membership.operations.steps import note_step
from netapp.organisations.models import Organisation


def approve(
    session: DbSession,
    *,
    key: str,
    version: int,
    organisation: str | None = None,
    words: str = "",
    actor: Actor,
    now: datetime,
) -> Membership:
    """Say yes. ``organisation`` is the key of one of the register that the applicant meant; empty
    for a new one of the name they typed; None: as the name led to.

    Raises ``ApplicationMoved``, ``ApplicationClosed``, ``OrganisationIsMember``, ``NotFound``.
    """
    application = _claim(session, key, version)
    if organisation is not None:
        application.organisation_id = _organisation(session, organisation)
    held = admit(session, application, words=words, actor=actor, now=now)
    _record(session, application, "approve", "Approved", actor, now, words)
    return held


def decline(
    session: DbSession, *, key: str, version: int, words: str, actor: Actor, now: datetime
) -> None:
    """Say no, in words that the applicant reads. Raises as ``approve``, and ``WordsMissing``."""
    application = _claim(session, key, version)
    if not words:
        raise WordsMissing
    _close(application, ApplicationState.DECLINED, actor, now)
    note_step(session, application, StepKind.DECLINED, actor=actor, now=now, words=words)
    letters.declined(session, application=application, words=words, now=now)
    _record(session, application, "decline", "Declined", actor, now, words)


def ask_back(
    session: DbSession, *, key: str, version: int, words: str, actor: Actor, now: datetime
) -> None:
    """Ask the applicant something; they answer on a page. Raises as ``decline``."""
    application = _claim(session, key, version)
    if not words:
        raise WordsMissing
    application.state = ApplicationState.ASKED
    note_step(session, application, StepKind.ASKED, actor=actor, now=now, words=words)
    letters.asked_back(session, application=application, words=words, now=now)
    _record(session, application, "ask", "Asked about", actor, now, words)


def answer(session: DbSession, *, key: str, words: str, now: datetime) -> None:
    """The applicant answers what they were asked. Raises ``NotAskedBack``, ``WordsMissing``."""
    application = _claim(session, key, None)
    if application.state is not ApplicationState.ASKED:
        raise NotAskedBack
    if not words:
        raise WordsMissing
    application.state = ApplicationState.WAITING
    actor = _applicant(application)
    note_step(session, application, StepKind.ANSWERED, actor=actor, now=now, words=words)


def withdraw(session: DbSession, *, key: str, now: datetime) -> None:
    """The applicant takes it back; they may ask again. Raises ``ApplicationClosed``."""
    application = _claim(session, key, None)
    actor = _applicant(application)
    _close(application, ApplicationState.WITHDRAWN, None, now)
    note_step(session, application, StepKind.WITHDRAWN, actor=actor, now=now)
    letters.withdrawn(session, application=application, now=now)
    _record(session, application, "withdraw", "Withdrew", actor, now)


def note(session: DbSession, *, key: str, words: str, actor: Actor, now: datetime) -> None:
    """Something for other coordinators to read; also about one that is decided.

    Raises ``WordsMissing``, ``NotFound``.
    """
    application = session.scalar(select(Application).where(Application.key == key))
    if application is None:
        raise NotFound
    if not words:
        raise WordsMissing
    note_step(session, application, StepKind.NOTE, actor=actor, now=now, words=words)


def _claim(session: DbSession, key: str, version: int | None) -> Application:
    """The open application, with kind and person: nobody else decides it until the commit, and
    whoever looked at it before must look again."""
    claim = (
        update(Application)
        .where(Application.key == key, Application.state.in_(OPEN_STATES))
        .values(version=Application.version + 1)
        .returning(Application.id)
        .execution_options(synchronize_session=False)
    )
    if version is not None:
        claim = claim.where(Application.version == version)
    claimed = session.scalar(claim)
    found = session.scalar(
        select(Application)
        .where(Application.key == key)
        .options(joinedload(Application.kind), joinedload(Application.person))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if claimed is None:
        raise ApplicationMoved if found.is_open else ApplicationClosed
    return found


def _close(
    application: Application, state: ApplicationState, actor: Actor | None, now: datetime
) -> None:
    application.state = state
    application.decided_at = now
    application.decided_by_id = actor.id if actor else None


def _organisation(session: DbSession, key: str) -> int | None:
    if not key:
        return None
    found = session.scalar(select(Organisation.id).where(Organisation.key == key))
    if found is None:
        raise NotFound
    return found


def _applicant(application: Application) -> Actor:
    return Actor(application.person_id, application.person.name)


def _record(
    session: DbSession,
    application: Application,
    act: str,
    verb: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    who = f"the application of {application.person.name} ({application.kind.name})"
    audit.record(
        session,
        actor=actor,
        action=f"application.{act}",
        subject=f"person:{application.person.key}",
        summary=f"{verb} {who}.",
        reason=reason[:500],
        now=now,
    )
