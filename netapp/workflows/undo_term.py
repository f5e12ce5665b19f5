"""A term of membership that a coordinator ended or changed is as it was before."""

from datetime import datetime, timedelta

from sqlalchemy import select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel import changes, undoing
from netapp.kernel.changes import Change, Move
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.membership.operations.going_on import tell_goes_on
from netapp.membership.operations.term_changes import (
    TERM_OF_ORGANISATION,
    TERMS,
    refuse_two_at_once,
)
from netapp.organisations.operations.guard import hold_organisation, subject_of
from netapp.people.errors import CannotUndo, ChangedSince
from netapp.privacy.queries.retention import chosen_days
from netapp.workflows.merge_people import CHANGES


def undo_organisation_term(
    session: DbSession, *, key: str, change_key: str, actor: Actor, now: datetime
) -> None:
    """Of the organisation with this key. Raises ``NotFound``, ``CannotUndo``, ``ChangedSince``,
    ``AlreadyMember``."""
    organisation = hold_organisation(session, key)
    change = changes.find(session, change_key)
    if change is None or (change.subject, change.kind) != (
        subject_of(organisation),
        TERM_OF_ORGANISATION,
    ):
        raise NotFound
    if change.at <= now - timedelta(days=chosen_days(session)[CHANGES]):
        raise CannotUndo
    cells_back(session, change, now)
    settle_term(session, change, now)
    raise_revision(session, "directory", now)
    audit.record(
        session,
        actor=actor,
        action="organisation.undo",
        subject=subject_of(organisation),
        summary=f"Undid that {change.by_name} ended the membership of {organisation.name}.",
        now=now,
    )
    session.flush()


def cells_back(session: DbSession, change: Change, now: datetime) -> None:
    """All of it, or nothing. Who it is about is locked. Raises ``CannotUndo``, ``ChangedSince``."""
    if not undoing.is_as_left(session, change.id):
        raise CannotUndo if change.undone_at else ChangedSince
    if not changes.claim(session, change, now):
        raise CannotUndo
    if undoing.undo(session, change):
        raise ChangedSince


def settle_term(session: DbSession, change: Change, now: datetime) -> None:
    """After its cells are back. Whoever was told that it had ended is told that it goes on.
    Raises ``AlreadyMember``."""
    here = Move.change_id == change.id, Move.place == TERMS.name
    move = session.scalars(select(Move).where(*here)).one()
    term_id = move.row["id"]
    refuse_two_at_once(session, term_id)
    if not move.new or move.new.get("ended_early"):
        tell_goes_on(session, term_id, now=now)
