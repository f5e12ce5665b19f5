"""Somebody who knows the applicant's work is asked by email, and answers by a link that works
once."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import hash_token, new_key, new_token
from netapp.membership import letters
from netapp.membership.application_models import Application, Referee, RefereeView, StepKind
from netapp.membership.errors import (
    ApplicationClosed,
    OwnReferee,
    ReferenceEnded,
    TooManyReferees,
)
from netapp.membership.operations.steps import note_step

LINK_LIVES: Final = timedelta(days=28)
MOST: Final = 3


def ask_referee(
    session: DbSession, *, key: str, name: str, email: str, actor: Actor | None, now: datetime
) -> None:
    """Mail somebody whom the applicant (or, with ``actor``, a coordinator) named. A link that they
    were sent before ends; ``email`` is canonical.

    Raises ``ApplicationClosed``, ``OwnReferee``, ``TooManyReferees``, ``NotFound``.
    """
    hold = update(Application).where(Application.key == key).values(id=Application.id)
    session.execute(hold.execution_options(synchronize_session=False))
    application = session.scalar(
        select(Application)
        .where(Application.key == key)
        .options(joinedload(Application.kind), joinedload(Application.person))
        .execution_options(populate_existing=True)
    )
    if application is None:
        raise NotFound
    if not application.is_open:
        raise ApplicationClosed
    if email == application.person.email:
        raise OwnReferee
    of_it = Referee.application_id == application.id
    asked = session.scalar(select(func.count()).select_from(Referee).where(of_it)) or 0
    if asked >= MOST:
        raise TooManyReferees
    session.execute(
        update(Referee)
        .where(of_it, Referee.email == email, Referee.replied_at.is_(None))
        .values(ends_at=now)
        .execution_options(synchronize_session=False)
    )
    token = new_token()
    referee = Referee(
        key=new_key(),
        application_id=application.id,
        name=name,
        email=email,
        token_hash=hash_token(token),
        asked_at=now,
        ends_at=now + LINK_LIVES,
    )
    session.add(referee)
    session.flush()
    who = actor or Actor(application.person_id, application.person.name)
    note_step(session, application, StepKind.REFEREE_ASKED, actor=who, now=now, words=name)
    letters.referee_asked(session, application=application, referee=referee, token=token, now=now)


def open_reference(session: DbSession, token: str, *, now: datetime) -> Referee | None:
    """What a referee's link is about, while it works: with application, kind and applicant."""
    found = session.scalar(
        select(Referee)
        .where(
            Referee.token_hash == hash_token(token),
            Referee.replied_at.is_(None),
            Referee.ends_at > now,
        )
        .options(
            joinedload(Referee.application).joinedload(Application.kind),
            joinedload(Referee.application).joinedload(Application.person),
        )
    )
    return found if found and found.application.is_open else None


def reply(session: DbSession, token: str, *, view: RefereeView, words: str, now: datetime) -> None:
    """Keep what a referee says; one atomic step, so that the link works once.

    Raises ``ReferenceEnded``.
    """
    if open_reference(session, token, now=now) is None:
        raise ReferenceEnded
    used = session.scalar(
        update(Referee)
        .where(
            Referee.token_hash == hash_token(token),
            Referee.replied_at.is_(None),
            Referee.ends_at > now,
        )
        .values(replied_at=now, view=view, words=words)
        .returning(Referee)
        .execution_options(populate_existing=True)
    )
    if used is None:
        raise ReferenceEnded
    application = session.get_one(Application, used.application_id)
    note_step(
        session,
        application,
        StepKind.REFEREE_REPLIED,
        actor=None,
        name=used.name,
        words=words,
        now=now,
    )
