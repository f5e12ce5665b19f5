"""Which calendars there are to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, select

from netapp.events.models import Audience, Event, EventKind, EventTerm
from netapp.events.queries.calendar import KIND_WORDS
from netapp.kernel.db import DbSession
from netapp.vocabulary.models import Term

_PUBLISHED = and_(Event.published_at.is_not(None), Event.audience != Audience.GROUP)


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of the network's events that has a calendar of its own."""

    path: str
    words: str


def kinds(session: DbSession) -> list[Choice]:
    """The kinds that any published event has, in the order of the list of kinds."""
    used = set(session.scalars(select(Event.kind).where(_PUBLISHED).distinct()))
    return [
        Choice(f"/calendar/{kind.value}.ics", KIND_WORDS[kind.value])
        for kind in EventKind
        if kind in used
    ]


def terms(session: DbSession) -> list[Choice]:
    """The terms that any published event is tagged with, in the order of their lists."""
    tagged = exists().where(EventTerm.term_id == Term.id, EventTerm.event_id == Event.id)
    found: Sequence[Term] = session.scalars(
        select(Term).where(tagged.where(_PUBLISHED)).order_by(Term.position, Term.id)
    ).all()
    return [Choice(f"/calendar/terms/{term.slug}.ics", term.label) for term in found]
