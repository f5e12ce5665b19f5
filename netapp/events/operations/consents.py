"""Consents that were given to an event end with what was told by them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from netapp.events.models import AccessNeed, AccessRequest
from netapp.events.personal_data import needs_agreed
from netapp.events.queries.agreed_answers import agreed_answers
from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import Agreed
from netapp.people.consent_models import ConsentEnd
from netapp.people.operations.consents import note_ended


def end_needs(
    session: DbSession,
    rows: Iterable[AccessNeed | AccessRequest],
    *,
    how: ConsentEnd,
    now: datetime,
) -> None:
    """Before these rows are deleted, or agreed to in other words."""
    for row in rows:
        note_ended(session, row.person_id, needs_agreed(session, row), how=how, now=now)


def end_all_needs(session: DbSession, *, how: ConsentEnd, now: datetime, **where: Any) -> None:
    """Before all that was told is deleted where these columns say so: ``person_id=7``."""
    for model in (AccessNeed, AccessRequest):
        end_needs(session, session.scalars(select(model).filter_by(**where)), how=how, now=now)


def end_answers(
    session: DbSession, *conditions: ColumnElement[bool], how: ConsentEnd, now: datetime
) -> None:
    """Before these answers are deleted or changed: of those by which somebody agreed."""
    for each in agreed_answers(session, *conditions):
        if each.holds and each.person_id is not None:
            agreed = Agreed(each.to, each.text, each.version, each.at)
            note_ended(session, each.person_id, [agreed], how=how, now=now)
