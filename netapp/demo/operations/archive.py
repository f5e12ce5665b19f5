"""The past events, as records: what was published of them and nothing else."""

from datetime import datetime

from netapp.demo.queries import slugs_in_use
from netapp.demo.series import LocalDate, Series, past_series
from netapp.events.models import Event, EventSession, EventStatus, Segment
from netapp.kernel.db import DbSession
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_utc


def load_archive(session: DbSession, *, now: datetime) -> int:
    """Add the past series that are missing; returns how many that were."""
    by_slug = {slug_with_year(series): series for series in past_series()}
    present = slugs_in_use(session, by_slug)
    missing = [
        _record(series, slug, now) for slug, series in by_slug.items() if slug not in present
    ]
    session.add_all(missing)
    session.flush()
    return len(missing)


def slug_with_year(series: Series) -> str:
    return f"{series.slug}-{series.dates[0].starts_at.year}"


def dated(day: LocalDate, zone: str, now: datetime) -> EventSession:
    """One date of a series as it was published: when, and what followed."""
    ends_at = to_utc(day.ends_at, zone)
    return EventSession(
        key=new_key(),
        starts_at=to_utc(day.starts_at, zone),
        ends_at=ends_at,
        created_at=now,
        revised_at=now,
        segments=[Segment(title=day.followed_by, starts_at=ends_at)] if day.followed_by else [],
    )


def _record(series: Series, slug: str, now: datetime) -> Event:
    """Texts, place, mode, hosts and places stay None: nobody wrote them down."""
    return Event(
        key=new_key(),
        slug=slug,
        title=series.title,
        kind=series.kind,
        status=EventStatus.PUBLISHED,
        zone=series.zone,
        is_record=True,
        created_at=now,
        published_at=now,
        sessions=[dated(day, series.zone, now) for day in series.dates],
    )
