"""What calendars show of a session: one view for feeds, downloads and invitations alike."""

from netapp.events.links import event_url, session_uid
from netapp.events.models import Event, EventMode, EventSession, EventStatus, Mode, SessionStatus
from netapp.kernel.ical.items import CalendarItem
from netapp.kernel.site import Site
from netapp.kernel.words import time_words

KIND_WORDS = {
    "meeting": "Meeting",
    "training": "Training",
    "conference": "Conference",
    "launch": "Launch",
    "social": "Social",
}
NO_PLACE = "Place not recorded"


def calendar_item(
    site: Site,
    event: Event,
    session: EventSession,
    *,
    join_url: str | None = None,
    mode: Mode | None = None,
) -> CalendarItem:
    """``segments`` of the session must be loaded. ``join_url`` is the address of the joining
    page, for one person's own calendar only; never the meeting link itself. Both addresses are
    written into the description where the bytes are made. ``mode``: how that person takes part."""
    return CalendarItem(
        uid=session_uid(site, session),
        sequence=session.sequence,
        created_at=session.created_at,
        revised_at=session.revised_at,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=event.zone,
        title=session_title(event, session),
        description="\n\n".join(_paragraphs(event, session)),
        location=location_words(event, session, mode),
        url=event_url(site, event),
        cancelled=is_cancelled(event, session),
        tentative=event.is_uncertain,
        categories=(KIND_WORDS[event.kind.value],),
        join_url=join_url,
    )


def session_title(event: Event, session: EventSession) -> str:
    return f"{event.title}: {session.title}" if session.title else event.title


def location_words(event: Event, session: EventSession, mode: Mode | None = None) -> str:
    """Where, in one line; "Online", or that nobody wrote it down. ``mode``: for somebody who takes
    part in this way; None is for everybody."""
    if event.mode is EventMode.ONLINE or mode is Mode.ONLINE:
        return "Online"
    place = session.place or NO_PLACE
    return f"{place}, or online" if event.mode is EventMode.HYBRID and mode is None else place


def is_cancelled(event: Event, session: EventSession) -> bool:
    """Also what was published once and is no more: whoever has it must learn that. Dates of a
    cancelled event that had taken place by then stay as they were."""
    withdrawn = event.status is EventStatus.DRAFT and event.published_at is not None
    return withdrawn or session.status is SessionStatus.CANCELLED


def segment_words(event: Event, session: EventSession) -> list[str]:
    """["Social time from 4pm"]."""
    return [
        f"{segment.title} from {time_words(segment.starts_at, event.zone)}"
        + (f" to {time_words(segment.ends_at, event.zone)}" if segment.ends_at else "")
        for segment in session.segments
    ]


def _paragraphs(event: Event, session: EventSession) -> list[str]:
    parts = ["Sample event."] if event.is_sample else []
    if event.summary:
        parts.append(event.summary)
    if segments := segment_words(event, session):
        parts.append(". ".join(segments) + ".")
    if session.note:
        parts.append(session.note)
    return parts
