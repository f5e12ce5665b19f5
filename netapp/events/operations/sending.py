"""How letters about bookings go out: what they all need is read once, and they are queued at once.

Who is told what stands in ``queries.recipients``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from netapp.events.models import Attendee, Booking, Event, EventSession, Place, PlaceState
from netapp.events.operations.invitations import Invitations, item_files
from netapp.events.queries.letter_words import (
    attendee_context,
    dates_of,
    letter_context,
    lines_of,
)
from netapp.events.queries.live_places import bookings_with_places
from netapp.events.queries.recipients import (
    CalendarNews,
    Notice,
    Recipient,
    people_of,
    recipients,
    sent_invitations,
)
from netapp.events.queries.waiting_list import positions
from netapp.kernel.db import DbSession
from netapp.kernel.site import Site, site_of
from netapp.mail import operations as mail
from netapp.mail.operations import Address, Attachment, Letter


def send(
    session: DbSession,
    event: Event,
    booking: Booking,
    message: str,
    *,
    about: Sequence[Place],
    now: datetime,
    news: Sequence[CalendarNews] = (),
    extra: Mapping[str, Any] | None = None,
    only: Attendee | None = None,
) -> None:
    """Tell everybody whom these places concern; see ``Notice``."""
    notice = Notice(booking, message, about, news, extra=extra or {}, only=only)
    send_all(session, event, [notice], now=now)


def send_all(
    session: DbSession, event: Event, notices: Sequence[Notice], *, now: datetime
) -> list[Recipient]:
    """Queue the mails of all these, in this order; returns who is told."""
    if not notices:
        return []
    session.flush()
    people = people_of(session, notices)
    dates = dates_of(session, event)
    waiting = [p.id for t in notices for p in t.about if p.state is PlaceState.WAITING]
    writer = _Writer(
        site_of(session),
        event,
        dates,
        positions(session, waiting),
        Invitations(session, event, dates, now, sent_invitations(session, notices, people)),
    )
    told = [(notice, each) for notice in notices for each in recipients(notice, people)]
    letters = [letter for notice, each in told for letter in writer.letters(notice, each)]
    mail.enqueue_all(session, letters, now=now)
    session.flush()
    return [each for _, each in told]


def with_places(session: DbSession, booking_id: int) -> Booking:
    """The booking as a letter needs it, places and attendees loaded."""
    session.flush()
    return bookings_with_places(session, [booking_id])[booking_id]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Makes the letters of one step. ``waiting``: numbers on the waiting list, by place."""

    site: Site
    event: Event
    dates: dict[int, EventSession]
    waiting: Mapping[int, int]
    invitations: Invitations = field(repr=False)

    def letters(self, notice: Notice, recipient: Recipient) -> list[Letter]:
        """One letter, with its calendar message; a short mail for each of several.

        Calendar programs read only the first entry of a file, so each goes by itself. Who has
        turned invitations off gets the dates as files to open.
        """
        booking, person = notice.booking, recipient.person
        context = letter_context(self.site, self.event, booking, person, self.dates)
        if recipient.attendee:
            context |= attendee_context(self.site, booking, recipient.attendee)
        context |= notice.extra
        if notice.changes:
            context["changes"] = self._changes(notice, recipient)
        if notice.clashes:
            context["clashes"] = list(notice.clashes.get(person.id, ()))
        to, about = Address(recipient.name, person.email), f"booking:{booking.reference}"
        written = self.invitations.of(booking, recipient)
        alone = written[0][1] if len(written) == 1 else None
        several = [] if alone else written
        files: Sequence[Attachment] = ()
        if not person.invitations:
            files = item_files(self.site, self.event, self.dates, recipient.news)
        found = [
            Letter(
                to,
                recipient.message,
                about,
                context | {"dates": self._lines(recipient.about), "calendar_mails": len(several)},
                alone,
                files,
            )
        ]
        for news, invitation in several:
            template = "invitation" if invitation.method == "REQUEST" else "invitation_cancelled"
            lines = {"dates": self._lines([news.place])}
            found.append(Letter(to, f"events/{template}", about, context | lines, invitation))
        return found

    def _lines(self, places: Sequence[Place]) -> list[dict[str, Any]]:
        return lines_of(self.site, self.event, self.dates, places, self.waiting)

    def _changes(self, notice: Notice, recipient: Recipient) -> list[Mapping[str, str]]:
        """What is different about their dates, in order of time; what is alike stands once."""
        theirs = {place.session_id for place in recipient.about}
        found: list[Mapping[str, str]] = []
        for date_id in self.dates:
            for change in notice.changes.get(date_id, ()) if date_id in theirs else ():
                if change not in found:
                    found.append(change)
        return found
