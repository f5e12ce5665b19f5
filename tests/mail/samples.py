"""What the tests write mails with: a site, a letter's words, an invitation, a mail in the queue."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from typing import Any

from sqlalchemy.orm import Session

from netapp.kernel.ical.invitations import Method, invitation_bytes
from netapp.kernel.ical.items import CalendarItem
from netapp.kernel.site import Site, site_of
from netapp.mail import drafts
from netapp.mail.models import OutboxMessage
from netapp.mail.operations import Address, Attachment, Invitation, enqueue
from tests.factories import NOW

SITE = Site(
    name="Music and Social Justice Network",
    short_name="MSJN",
    base_url="https://network.example",
    uid_domain="network.example",
    mail_from="bookings@network.example",
    contact_email="coordinators@network.example",
    zone="Europe/London",
    secret="0123456789abcdef0123456789abcdef",
)

WORDS: dict[str, Any] = {
    "name": "Amara",
    "event": {
        "title": "Working With Chaos",
        "url": "https://network.example/events/working-with-chaos",
        "zone": "Europe/London",
    },
    "reference": "7KQ4-X9PD-M2",
    "manage_url": "https://network.example/bookings/7KQ4-X9PD-M2?key=manage&now=1",
    "take_url": "https://network.example/bookings/7KQ4-X9PD-M2?key=take#offer",
    "leave_url": "https://network.example/bookings/7KQ4-X9PD-M2?key=leave#change",
    "joining_url": "https://network.example/bookings/7KQ4-X9PD-M2?key=join",
    "invitations_url": "https://network.example/bookings/7KQ4-X9PD-M2?key=off",
    "dates": [
        {
            "words": "Thursday 21 January 2027, 2pm to 5:30pm GMT",
            "place": "Room 1, Example House, London",
            "state": "confirmed",
            "position": None,
            "title": "Working With Chaos: first day",
            "segments": ["Social time from 4pm"],
            "calendar_url": "https://network.example/events/working-with-chaos/sessions/a.ics",
        },
        {
            "words": "Thursday 28 January 2027, 2pm to 5:30pm GMT",
            "place": "Online",
            "state": "waiting",
            "position": 3,
            "title": "Working With Chaos",
            "segments": [],
            "calendar_url": "https://network.example/events/working-with-chaos/sessions/b.ics",
        },
    ],
    "offer_ends": "Friday 22 January 2027, 10am GMT",
    "keeps": "online",
    "reason": "The hall is flooded.\nWe are looking for another one.",
    "changes": [{"what": "Place", "before": "Room 1", "after": "Room 2"}],
    "contact": {"name": "Jo Field", "email": "jo@network.example"},
    "summary": "Amara Osei cancelled their booking.",
    "given_by": None,
    "who_waits": "2 people wait",
    "since": "Monday 11 January 2027",
    "first_day": "11 January 2027",
    "allows": ["book as a member", "join groups"],
    "organisation": "Bury Music",
    "party": None,
    "online": False,
    "cancel_until": "2pm on Wednesday 20 January 2027",
    "cancelled_by": "coordinator",
    "cost": "£30, by invoice.",
    "is_guest": True,
    "code": "482913",
    "url": "https://network.example/reset-password/secret-token",
    "topic": {
        "title": "Working With Chaos",
        "url": "https://network.example/ideas/working-with-chaos",
    },
    "full": False,
    "numbers": [{"day": "Thursday 21 January 2027", "people": 5, "needed": 8}],
    "uncertain": "It is not certain yet: this runs from 8 people.",
    "minutes": 60,
    "what": "An app for codes was added",
    "left": 9,
    "edits": True,
    "reads_needs": True,
    "withdrawn": False,
    "in_vain": False,
    "booked": False,
    "answer": "There is no interpreter free on that day. We type what is said.",
    "days": 7,
    "browser": "Firefox on Linux",
    "questions": [
        {"words": "Which instrument do you bring?", "whom": ""},
        {"words": "May we show photographs of you?", "whom": "Amara and Ben"},
    ],
    "answer_by": "Monday 18 January 2027",
    "sender": "Sam Okoro",
    "said": "Hello Amara,\nwould you come and see our group?",
    "is_answer": False,
    "part": "your phone number",
    "answer_url": "https://network.example/bookings/7KQ4-X9PD-M2/questions?key=answer",
    "group": {"name": "Early years"},
    "who": "Sam Okoro",
    "by": "Jo Field",
    "role": "Chair",
    "mine": True,
    "places": 2,
    "title": "Spring meeting",
    "when_words": "Thursday 4 February 2027, 2pm to 4pm GMT",
    "where": "Online",
    "notes": "We agreed on much.\n\n- And wrote it down.",
    "decisions": ["Ask the hubs for figures. Sam Okoro, by 1 March 2027."],
    "kind": "Core member",
    "parts": [("Your bookings", "Stays without your name.")],
    "owed": [
        {
            "number": "2027-0001",
            "amount": "£24.00",
            "due": "11 January 2027",
            "payment": "By bank transfer",
        }
    ],
    "office": "office@example.org",
    "person": "Sam Okoro",
    "is_late": False,
    "is_contact": True,
    "ways": "You are a member through Merton Music, too.",
    "applicant": "Ben Adeyemi",
    "words": "Which age groups do you work with?\nAnd where?",
    "until": "31 August 2027",
    "welcome": "Come to our open day.",
    "referee": True,
    "has_invoice": True,
    "fee": "£25.50",
    "has_term": True,
    "has_seat": True,
    "seats_left": "3 more seats",
    "last_day": "31 August 2027",
    "rights_until": "28 September 2027",
    "number": "2027-0001",
    "credits": "2027-0001",
    "amount": "£25.50",
    "due": "10 February 2027",
    "undo_until": "10 February 2027",
    "order_number": "PO/123",
    "payment": "Sort code 00-00-00",
}

PARTY: dict[str, Any] = {
    "places": 5,
    "organisation": "Example School",
    "order_number": "PO/123",
    "unnamed": 2,
    "names_url": "https://network.example/bookings/7KQ4-X9PD-M2/names?key=names",
    "name_until": "Monday 18 January 2027, 2pm GMT",
}
"""What a letter to the booker of a party says of it."""

ITEM = CalendarItem(
    uid="session-k3v9@network.example",
    sequence=2,
    created_at=NOW,
    revised_at=NOW,
    starts_at=datetime(2027, 1, 21, 14, tzinfo=UTC),
    ends_at=datetime(2027, 1, 21, 17, 30, tzinfo=UTC),
    zone="Europe/London",
    title="Working With Chaos",
    description="Ö, ü; and a line that is long enough to be folded. " * 3,
    location="Room 1, Example House, London",
    url="https://network.example/events/working-with-chaos",
    cancelled=False,
)


def make_invitation(method: Method = "REQUEST") -> Invitation:
    data = invitation_bytes(
        ITEM,
        method=method,
        organizer_name=SITE.name,
        organizer_email=SITE.mail_from,
        attendee_name="Amara Osei",
        attendee_email="amara@example.org",
        sequence=3,
        stamped_at=NOW,
        product_name=SITE.product_name,
    )
    return Invitation(method, data)


def queue(
    session: Session,
    *,
    email: str = "amara@example.org",
    name: str = "Amara Osei",
    message: str = "events/booking_confirmed",
    about: str = "booking:7KQ4-X9PD-M2",
    now: datetime = NOW,
    invitation: Invitation | None = None,
    attachments: Sequence[Attachment] = (),
    **words: Any,
) -> OutboxMessage:
    """A mail in the queue, committed."""
    row = enqueue(
        session,
        to=Address(name, email),
        message=message,
        about=about,
        now=now,
        context=WORDS | words,
        invitation=invitation,
        attachments=attachments,
    )
    session.commit()
    return row


def parsed(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)


def bytes_of(session: Session, row: OutboxMessage) -> bytes:
    """As it goes out."""
    return drafts.bytes_of(site_of(session), row.key, row.sealed or b"")


def raw(part: MIMEPart) -> bytes:
    """The bytes of a part, taken out of base64."""
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def part(mail: EmailMessage, kind: str) -> str:
    """The words of one kind of body: plain, html or calendar."""
    found = [p for p in mail.walk() if p.get_content_type() == f"text/{kind}"]
    return str(found[0].get_content())
