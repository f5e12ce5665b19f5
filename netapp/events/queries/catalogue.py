"""What lists must know of every public event to choose and order: kept in memory by revision,
and no longer than until the next date is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import select

from netapp.events.models import (
    Audience,
    Event,
    EventSession,
    EventStatus,
    EventTerm,
    SessionStatus,
)
from netapp.events.queries.ideas import OpenIdea, open_ideas
from netapp.events.queries.wording import Span
from netapp.kernel.db import DbSession
from netapp.kernel.kept import Kept
from netapp.kernel.revisions import revision_of
from netapp.kernel.zones import to_local
from netapp.vocabulary.models import Term, TermKind

GroupName = Literal["kind", "mode", "theme", "month", "term"]
GROUPS: Final[tuple[GroupName, ...]] = ("kind", "mode", "theme", "month", "term")

Filters = Mapping[GroupName, frozenset[str]]
"""What was ticked: values by group. A group that is empty or missing allows everything."""


Revision = tuple[int, datetime | None]


@dataclass(frozen=True, slots=True)
class Listed:
    """One public event. ``spans`` are its dates, without cancelled ones unless all are.

    ``facets`` are what it can be chosen by; its months are those in which a date is not over.
    """

    id: int
    words: str  # The title, case folded; …
    about: str  # … and so all else that lists and the top of its page say.
    is_cancelled: bool
    zone: str
    spans: tuple[Span, ...]
    facets: Mapping[GroupName, frozenset[str]]
    last_end: datetime

    def next_start(self, now: datetime) -> datetime:
        return min(span.starts_at for span in self.spans if span.ends_at > now)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every public event in order, and the words of the terms they are tagged with, in theirs."""

    revision: Revision
    coming: tuple[Listed, ...]  # Not over yet, the next first.
    past: tuple[Listed, ...]  # Over, the one that began last first.
    terms: Mapping[str, str]
    ideas: tuple[OpenIdea, ...]  # What is not dated yet.
    changes_at: datetime | None  # When the next date is over; None: never.


_kept: Kept[Revision, Catalogue] = Kept(2)


def catalogue(session: DbSession, now: datetime) -> Catalogue:
    """Made anew whenever the revision of ``events`` was raised or a date is over; until then one
    query."""
    revision = revision_of(session, "events")
    found = _kept.find(revision, now)
    if found is not None:
        return found
    made = _read(session, revision, now)
    never_raised = revision[1] is None
    if never_raised:
        return made
    return _kept.keep(revision, made, now=now, until=made.changes_at)


def _read(session: DbSession, revision: Revision, now: datetime) -> Catalogue:
    public = Event.status.in_([EventStatus.PUBLISHED, EventStatus.CANCELLED])
    columns = (Event.id, Event.title, Event.status, Event.zone, Event.kind, Event.theme, Event.mode)
    texts = (Event.summary, Event.hosts, Event.partners)
    for_all = Event.audience != Audience.GROUP
    events = session.execute(select(*columns, *texts).where(public, for_all)).all()
    dates: dict[int, list[tuple[Span, bool]]] = {}
    for event_id, starts_at, ends_at, status in session.execute(
        select(
            EventSession.event_id,
            EventSession.starts_at,
            EventSession.ends_at,
            EventSession.status,
        ).order_by(EventSession.starts_at, EventSession.id)
    ):
        is_on = status is SessionStatus.SCHEDULED
        dates.setdefault(event_id, []).append((Span(starts_at, ends_at), is_on))
    tagged: dict[int, set[str]] = {}
    terms: dict[str, str] = {}
    for event_id, slug, label in session.execute(
        select(EventTerm.event_id, Term.slug, Term.label)
        .join(Term, Term.id == EventTerm.term_id)
        .where(Term.kind == TermKind.CIRCUMSTANCE)
        .order_by(Term.position, Term.id)
    ):
        tagged.setdefault(event_id, set()).add(slug)
        terms[slug] = label
    listed = []
    for row in events:
        of_event = dates.get(row.id, [])
        spans = [span for span, is_on in of_event if is_on] or [span for span, _ in of_event]
        if not spans:
            continue
        facets: dict[GroupName, frozenset[str]] = {
            "kind": frozenset({row.kind.value}),
            "mode": frozenset(mode.value for mode in row.mode.modes) if row.mode else frozenset(),
            "theme": frozenset({row.theme.value} if row.theme else ()),
            "term": frozenset(tagged.get(row.id, ())),
            "month": _months(spans, row.zone, now),
        }
        listed.append(
            Listed(
                id=row.id,
                words=row.title.casefold(),
                about=" ".join(filter(None, (row.summary, row.hosts, row.partners))).casefold(),
                is_cancelled=row.status is EventStatus.CANCELLED,
                zone=row.zone,
                spans=tuple(spans),
                facets=facets,
                last_end=max(span.ends_at for span in spans),
            )
        )
    coming = [one for one in listed if one.last_end > now]
    past = [one for one in listed if one.last_end <= now]
    ends = (span.ends_at for one in coming for span in one.spans if span.ends_at > now)
    return Catalogue(
        revision,
        coming=tuple(sorted(coming, key=lambda one: (one.next_start(now), one.id))),
        past=tuple(sorted(past, key=lambda one: (one.spans[0].starts_at, one.id), reverse=True)),
        terms=terms,
        ideas=tuple(open_ideas(session)),
        changes_at=min(ends, default=None),
    )


def _months(spans: Sequence[Span], zone: str, now: datetime) -> frozenset[str]:
    return frozenset(
        f"{to_local(span.starts_at, zone):%Y-%m}" for span in spans if span.ends_at > now
    )


def matching(coming: Sequence[Listed], filters: Filters) -> Sequence[Listed]:
    """Those that fit one value of each group that has any."""
    asked = [(group, filters[group]) for group in GROUPS if filters.get(group)]
    if not asked:
        return coming
    return [one for one in coming if all(one.facets[group] & some for group, some in asked)]
