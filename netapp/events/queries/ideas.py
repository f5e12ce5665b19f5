"""Ideas: topics without a date, for the public and for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from netapp.events.models import Event, EventStatus, Idea, IdeaState, IdeaTerm, Interest
from netapp.kernel.db import DbSession
from netapp.vocabulary.models import Term

MOST_IDEAS: Final = 30
ORDER: Final = {IdeaState.OPEN: 0, IdeaState.EVENT: 1, IdeaState.CLOSED: 2}


@dataclass(frozen=True, slots=True)
class OpenIdea:
    """An idea as the public sees it."""

    id: int
    slug: str
    title: str
    words: str
    is_sample: bool
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """An idea as coordinators see it; ``event_…`` are those of the event that it became."""

    id: int
    key: str
    slug: str
    title: str
    words: str
    state: IdeaState
    version: int
    is_sample: bool
    created_at: datetime
    event_key: str
    event_title: str
    event_status: str
    interested: int  # Those who have not booked.

    @property
    def is_public(self) -> bool:
        """Whether its own page is there: an idea that is an event in public leads to that."""
        return self.state is IdeaState.OPEN or self.event_status == "draft"

    @property
    def can_open_again(self) -> bool:
        return self.state is IdeaState.CLOSED or self.event_status == "cancelled"


def open_ideas(session: DbSession) -> list[OpenIdea]:
    """What is not dated yet, the newest first: one query. An idea stays until its event is
    published."""
    found = session.scalars(
        select(Idea)
        .outerjoin(Idea.event)
        .where(_public())
        .order_by(Idea.created_at.desc(), Idea.id.desc())
        .limit(MOST_IDEAS)
    )
    return [_open(idea) for idea in found]


def open_idea(session: DbSession, slug: str) -> OpenIdea | None:
    """One that is not dated yet, with the words of its terms."""
    idea = session.scalar(select(Idea).outerjoin(Idea.event).where(Idea.slug == slug, _public()))
    if idea is None:
        return None
    terms = session.scalars(
        select(Term.label)
        .join(IdeaTerm, IdeaTerm.term_id == Term.id)
        .where(IdeaTerm.idea_id == idea.id)
        .order_by(Term.position, Term.id)
    )
    return _open(idea, tuple(terms))


def ideas_of(session: DbSession, person_id: int) -> frozenset[int]:
    """The ids of the ideas that this person is interested in: one query."""
    mine = Interest.person_id == person_id, Interest.idea_id.is_not(None)
    return frozenset(session.scalars(select(Interest.idea_id).where(*mine)))


def idea_rows(session: DbSession) -> list[IdeaRow]:
    """All ideas: open ones first, then those that became an event, then closed ones; the newest
    first. Two queries."""
    found = session.scalars(
        select(Idea).options(joinedload(Idea.event)).order_by(Idea.id.desc())
    ).all()
    numbers = _interested(session)
    ordered = sorted(found, key=lambda idea: ORDER[idea.state])
    return [_row(idea, numbers.get(idea.id, 0)) for idea in ordered]


def idea_row(session: DbSession, key: str) -> IdeaRow | None:
    idea = session.scalar(
        select(Idea).where(Idea.key == key).options(joinedload(Idea.event)),
        execution_options={"populate_existing": True},
    )
    return _row(idea, _interested(session, idea.id).get(idea.id, 0)) if idea else None


def term_ids_of_idea(session: DbSession, idea_id: int) -> frozenset[int]:
    mine = select(IdeaTerm.term_id).where(IdeaTerm.idea_id == idea_id)
    return frozenset(session.scalars(mine))


def _public() -> ColumnElement[bool]:
    draft = Event.status == EventStatus.DRAFT
    return or_(Idea.state == IdeaState.OPEN, (Idea.state == IdeaState.EVENT) & draft)


def _open(idea: Idea, terms: Sequence[str] = ()) -> OpenIdea:
    return OpenIdea(idea.id, idea.slug, idea.title, idea.words, idea.is_sample, tuple(terms))


def _interested(session: DbSession, idea_id: int | None = None) -> dict[int, int]:
    which = Interest.idea_id == idea_id if idea_id else Interest.idea_id.is_not(None)
    rows = session.execute(
        select(Interest.idea_id, func.count())
        .where(which, Interest.booked_at.is_(None))
        .group_by(Interest.idea_id)
    )
    return {each: int(number) for each, number in rows if each is not None}


def _row(idea: Idea, interested: int) -> IdeaRow:
    event = idea.event
    return IdeaRow(
        id=idea.id,
        key=idea.key,
        slug=idea.slug,
        title=idea.title,
        words=idea.words,
        state=idea.state,
        version=idea.version,
        is_sample=idea.is_sample,
        created_at=idea.created_at,
        event_key=event.key if event else "",
        event_title=event.title if event else "",
        event_status=event.status.value if event else "",
        interested=interested,
    )
