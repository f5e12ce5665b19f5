"""What happened without a coordinator: from the stories of bookings and the mails that went out."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from netapp.events.models import BookingEntry
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, join_words
from netapp.mail.models import MailState, OutboxMessage


def done_since(session: DbSession, since: datetime) -> list[str]:
    """What happened without a coordinator since then, a sentence each."""
    entries = session.execute(
        select(BookingEntry.what, func.count())
        .where(BookingEntry.at >= since, BookingEntry.by.in_(["", "worker"]))
        .group_by(BookingEntry.what)
    )
    happened = {what: int(number) for what, number in entries}
    lines = [
        f"{count_words(happened[what], one, many)} {verb}."
        for what, one, many, verb in STORIES
        if what in happened
    ]
    sent = session.execute(
        select(OutboxMessage.message, func.count())
        .where(OutboxMessage.state == MailState.SENT, OutboxMessage.sent_at >= since)
        .group_by(OutboxMessage.message)
    )
    mails = {message: int(number) for message, number in sent}
    if total := sum(mails.values()):
        kinds = [
            f"{count_words(mails[message], one, many)}"
            for message, one, many in MAILS
            if message in mails
        ]
        among = f", among them {join_words(kinds)}" if kinds else ""
        lines.append(f"{count_words(total, 'mail was', 'mails were')} sent{among}.")
    return lines


STORIES: Final = (
    ("Booked.", "person", "people", "booked"),
    ("Changed the dates.", "person", "people", "changed their dates"),
    ("Cancelled.", "person", "people", "cancelled"),
    ("A place came free and was offered.", "place", "places", "came free and went to the next"),
    ("The offered place was taken.", "place", "places", "on offer was taken"),
    ("The offered place was refused.", "place", "places", "on offer was refused"),
    ("The offer ended without an answer.", "offer", "offers", "ended without an answer"),
)
MAILS: Final = (
    ("events/booking_confirmed", "confirmation", "confirmations"),
    ("events/reminder", "reminder", "reminders"),
    ("events/offer", "offer of a place", "offers of a place"),
)
