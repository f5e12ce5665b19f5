"""What goes into somebody's calendar by email: invitations, and word that they ended (iMIP)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from netapp.events.links import booking_url, place_url
from netapp.events.models import Booking, Event, EventSession, Mode, SentInvitation
from netapp.events.queries.calendar import calendar_item
from netapp.events.queries.recipients import CalendarNews, Recipient, Sent, calendar_mails
from netapp.kernel.db import DbSession
from netapp.kernel.ical.documents import item_bytes
from netapp.kernel.ical.invitations import invitation_bytes
from netapp.kernel.site import Site, site_of
from netapp.mail.operations import Attachment, Invitation


@dataclass(frozen=True, slots=True)
class Invitations:
    """The calendar messages of one step: ``sent`` is what was sent before, and is kept up to date.

    The sequence of each is the date's and the number of earlier messages to this person about it,
    so that cancelling and booking again always rises (RFC 5546, section 2.1.4).
    """

    session: DbSession
    event: Event
    dates: Mapping[int, EventSession]
    now: datetime
    sent: Sent = field(repr=False)

    def of(self, booking: Booking, recipient: Recipient) -> list[tuple[CalendarNews, Invitation]]:
        """The next calendar messages to this person; none where they want or have none."""
        due = calendar_mails(recipient, self.sent)
        return [(news, self._next(booking, recipient, news)) for news in due]

    def _next(self, booking: Booking, recipient: Recipient, news: CalendarNews) -> Invitation:
        site, date, person = (
            site_of(self.session),
            self.dates[news.place.session_id],
            recipient.person,
        )
        sent = self._count(date, person.id)
        sequence = date.sequence + sent.messages
        sent.messages += 1
        sent.standing = news.method == "REQUEST"
        attendee, mode = recipient.attendee, news.place.mode
        page = place_url(site, booking, attendee) if attendee else booking_url(site, booking)
        join_url = page if mode is Mode.ONLINE else None
        data = invitation_bytes(
            calendar_item(site, self.event, date, join_url=join_url, mode=mode),
            method=news.method,
            organizer_name=site.name,
            organizer_email=site.mail_from,
            attendee_name=attendee.name if attendee else booking.name,
            attendee_email=person.email,
            sequence=sequence,
            stamped_at=self.now,
            product_name=site.product_name,
        )
        return Invitation(news.method, data)

    def _count(self, date: EventSession, person_id: int) -> SentInvitation:
        found = self.sent.get((date.id, person_id))
        if found is None:
            found = SentInvitation(session_id=date.id, person_id=person_id, messages=0)
            self.session.add(found)
            self.sent[date.id, person_id] = found
        return found


def item_files(
    site: Site, event: Event, dates: Mapping[int, EventSession], news: Sequence[CalendarNews]
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
