"""What goes into somebody's calendar by mail: invitations, and word that they ended (iMIP)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from netapp.events.links import booking_url, place_url
from netapp.events.models import Attendee, Booking, Event, EventSession, Mode, Place, SentInvitation
from netapp.events.queries.calendar import calendar_item
from netapp.kernel.db import DbSession
from netapp.kernel.ical.documents import item_bytes
from netapp.kernel.ical.invitations import invitation_bytes
from netapp.kernel.site import Site, site_of
from netapp.mail.operations import Attachment, Invitation
from netapp.people.models import Person

Method = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class CalendarNews:
    """One calendar message to one person: about which of their places, and what."""

    place: Place
    method: Method


def next_invitation(
    session: DbSession,
    event: Event,
    booking: Booking,
    person: Person,
    dates: dict[int, EventSession],
    news: CalendarNews,
    attendee: Attendee | None,
    now: datetime,
) -> Invitation | None:
    """The next calendar message to this person; None where they want or have none. ``attendee``:
    the one they are, where somebody else booked for them.

    Its sequence is the date's and the number of earlier messages to them about it, so that
    cancelling and booking again always rises (RFC 5546, section 2.1.4).
    """
    site, date = site_of(session), dates[news.place.session_id]
    mine = SentInvitation.session_id == date.id, SentInvitation.person_id == person.id
    sent = session.scalar(select(SentInvitation).where(*mine))
    if news.method == "CANCEL" and (sent is None or not sent.standing):
        return None
    if news.method == "REQUEST" and not person.invitations:
        return None
    if sent is None:
        sent = SentInvitation(session_id=date.id, person_id=person.id, messages=0)
        session.add(sent)
    sequence = date.sequence + sent.messages
    sent.messages += 1
    sent.standing = news.method == "REQUEST"
    mode = news.place.mode
    page = place_url(site, booking, attendee) if attendee else booking_url(site, booking)
    join_url = page if mode is Mode.ONLINE else None
    data = invitation_bytes(
        calendar_item(site, event, date, join_url=join_url, mode=mode),
        method=news.method,
        organizer_name=site.name,
        organizer_email=site.mail_from,
        attendee_name=attendee.name if attendee else booking.name,
        attendee_email=person.email,
        sequence=sequence,
        stamped_at=now,
        product_name=site.product_name,
    )
    return Invitation(news.method, data)


def item_files(
    site: Site, event: Event, dates: dict[int, EventSession], news: Sequence[CalendarNews]
) -> tuple[Attachment, ...]:
    """The dates as files, for those who want no invitations."""
    items = [
        calendar_item(site, event, dates[each.place.session_id], mode=each.place.mode)
        for each in news
        if each.method == "REQUEST"
    ]
    return tuple(
        Attachment(
            f"{event.slug}-{number}.ics",
            item_bytes(item, product_name=site.product_name),
            "text/calendar",
        )
        for number, item in enumerate(items, start=1)
    )
