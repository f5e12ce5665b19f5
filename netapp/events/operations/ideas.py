"""Ideas on the desk: made, edited, closed, opened again, turned into an event."""

from datetime import datetime

from sqlalchemy import delete, exists, select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import IdeaOver
from netapp.events.models import (
    Event,
    EventKind,
    EventMode,
    EventStatus,
    EventTerm,
    Idea,
    IdeaState,
    IdeaTerm,
    Interest,
)
from netapp.events.operations.creating import draft_without_date
from netapp.events.operations.guard import UNSYNCED, show_in_calendars
from netapp.events.operations.interest import lock_idea
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import StaleEdit
from netapp.kernel.slugs import slugify
from netapp.kernel.tokens import new_key


def create_idea(
    session: DbSession,
    *,
    title: str,
    words: str,
    term_ids: frozenset[int],
    actor: Actor,
    now: datetime,
) -> Idea:
    """A topic without a date, public at once. Its address is made from its first title."""
    idea = _insert(session, title=title, words=words, state=IdeaState.OPEN, created_at=now)
    session.add_all([IdeaTerm(idea_id=idea.id, term_id=term_id) for term_id in sorted(term_ids)])
    _record(session, idea, actor, "idea.create", f"Added the idea {title}.", now)
    session.flush()
    return idea


def edit_idea(
    session: DbSession,
    *,
    idea_id: int,
    title: str,
    words: str,
    term_ids: frozenset[int],
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Idea:
    """Raises ``StaleEdit``, and ``IdeaOver`` for one that is closed or an event."""
    idea = _open(session, idea_id, seen_version)
    before = frozenset(session.scalars(select(IdeaTerm.term_id).where(IdeaTerm.idea_id == idea_id)))
    if (title, words, term_ids) == (idea.title, idea.words, before):
        return idea
    idea.title, idea.words = title, words
    session.execute(delete(IdeaTerm).where(IdeaTerm.idea_id == idea_id), execution_options=UNSYNCED)
    session.add_all([IdeaTerm(idea_id=idea_id, term_id=term_id) for term_id in sorted(term_ids)])
    idea.version += 1
    _record(session, idea, actor, "idea.edit", f"Edited the idea {title}.", now)
    session.flush()
    return idea


def close_idea(
    session: DbSession, *, idea_id: int, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Nobody sees it any more; who was interested stays on the desk until that expires. Raises
    ``StaleEdit`` and ``IdeaOver``."""
    idea = _open(session, idea_id, seen_version)
    idea.state = IdeaState.CLOSED
    idea.version += 1
    _record(session, idea, actor, "idea.close", f"Closed the idea {idea.title}.", now)
    session.flush()


def reopen_idea(
    session: DbSession, *, idea_id: int, seen_version: int, actor: Actor, now: datetime
) -> None:
    """An idea that was closed, or whose event was cancelled, is open again, and so is the
    interest that came with it, also of those who had booked. Raises ``StaleEdit``, ``IdeaOver``."""
    idea = lock_idea(session, idea_id)
    if idea.version != seen_version:
        raise StaleEdit
    if idea.event_id is not None:
        event = session.get_one(Event, idea.event_id, populate_existing=True)
        if event.status is not EventStatus.CANCELLED:
            raise IdeaOver
        _let_go(session, idea)
    elif idea.state is not IdeaState.CLOSED:
        raise IdeaOver
    idea.state = IdeaState.OPEN
    idea.version += 1
    _record(session, idea, actor, "idea.reopen", f"Opened the idea {idea.title} again.", now)
    session.flush()


def make_event(
    session: DbSession,
    *,
    idea_id: int,
    kind: EventKind,
    mode: EventMode,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Event:
    """A draft with the title, the words and the terms of an idea, without a date yet.

    The interest follows: when booking opens, everybody is told. The idea stays public until the
    event is published. Raises ``StaleEdit`` and ``IdeaOver``.
    """
    idea = _open(session, idea_id, seen_version)
    event = draft_without_date(
        session, title=idea.title, summary=idea.words, kind=kind, mode=mode, actor=actor, now=now
    )
    terms = session.scalars(select(IdeaTerm.term_id).where(IdeaTerm.idea_id == idea_id)).all()
    session.add_all([EventTerm(event_id=event.id, term_id=term_id) for term_id in terms])
    idea.state, idea.event_id = IdeaState.EVENT, event.id
    idea.version += 1
    session.flush()
    follow = update(Interest).where(Interest.idea_id == idea_id).values(event_id=event.id)
    session.execute(follow, execution_options=UNSYNCED)
    words = f"Made an event of the idea {idea.title}."
    _record(session, idea, actor, "idea.event", words, now)
    session.flush()
    return event


def release_idea(session: DbSession, *, event_id: int) -> None:
    """The draft that an idea became is deleted: the idea is open again, with its interest. Under
    the event's lock."""
    idea_id = session.scalar(select(Idea.id).where(Idea.event_id == event_id))
    if idea_id is None:
        return
    idea = lock_idea(session, idea_id)
    _let_go(session, idea)
    idea.state = IdeaState.OPEN
    idea.version += 1
    session.flush()


def _let_go(session: DbSession, idea: Idea) -> None:
    """The interest that came with the idea goes back to it."""
    theirs = Interest.idea_id == idea.id, Interest.event_id == idea.event_id
    back = update(Interest).where(*theirs).values(event_id=None, told_at=None, booked_at=None)
    session.execute(back, execution_options=UNSYNCED)
    idea.event_id = None


def _open(session: DbSession, idea_id: int, seen_version: int) -> Idea:
    idea = lock_idea(session, idea_id)
    if idea.version != seen_version:
        raise StaleEdit
    if idea.state is not IdeaState.OPEN:
        raise IdeaOver
    return idea


def _insert(session: DbSession, *, title: str, **values: object) -> Idea:
    """The row of a new idea. Two at once with one title get two addresses."""
    while True:
        row = insert_for(session, Idea).values(
            key=new_key(), slug=_free_slug(session, slugify(title)), title=title, **values
        )
        made = session.scalar(
            row.on_conflict_do_nothing(index_elements=[Idea.slug]).returning(Idea)
        )
        if made is not None:
            assert isinstance(made, Idea)
            return made


def _free_slug(session: DbSession, wanted: str) -> str:
    base, number, slug = wanted[:90].rstrip("-"), 1, wanted
    while session.scalar(select(exists().where(Idea.slug == slug))):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _record(
    session: DbSession, idea: Idea, actor: Actor, action: str, summary: str, now: datetime
) -> None:
    """Each act changes what the public list shows, too."""
    show_in_calendars(session, now)
    audit.record(
        session, actor=actor, action=action, subject=f"idea:{idea.key}", summary=summary, now=now
    )
