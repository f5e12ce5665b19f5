"""What a column of a file can be, and by which headings it is known."""

import enum
import hashlib
import re
from collections.abc import Sequence
from typing import Final

from netapp.imports.names import fold


class Field(enum.Enum):
    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first-name"
    LAST_NAME = "last-name"
    ORGANISATION = "organisation"
    ROLE = "role"
    AREA = "area"
    KIND = "kind"
    STARTS_ON = "starts-on"
    ENDS_ON = "ends-on"
    AGE_BAND = "age-band"
    NOTE = "note"
    SEAT = "seat"
    GROUPS = "groups"
    STATUS = "status"
    LEFT = "left"
    FAILED = "failed"


LABELS: Final[dict[Field, str]] = {
    Field.EMAIL: "Email address",
    Field.NAME: "Name",
    Field.FIRST_NAME: "First name",
    Field.LAST_NAME: "Last name",
    Field.ORGANISATION: "Organisation",
    Field.ROLE: "Role there",
    Field.AREA: "Area",
    Field.KIND: "Membership",
    Field.STARTS_ON: "Membership from",
    Field.ENDS_ON: "Membership until",
    Field.AGE_BAND: "Age band",
    Field.NOTE: "Membership note",
    Field.SEAT: "Seat (yes or no)",
    Field.GROUPS: "Groups",
    Field.STATUS: "Status",
    Field.LEFT: "Unsubscribed on",
    Field.FAILED: "Mail failed on",
}

SEVERAL: Final = {Field.GROUPS}
"""What several columns of one file may be."""

OUR_ROW: Final = "Row in the file"
OUR_WORDS: Final = "What to put right"
"""Headings that we add to the list of faulty rows: nothing when it is loaded again."""

_KNOWN: Final[dict[Field, str]] = {
    Field.EMAIL: "email|e mail|email address|e mail address|mail|attendee email|contact email",
    Field.NAME: "name|full name|member|member name|contact|contact name|person|attendee name",
    Field.FIRST_NAME: "first name|firstname|forename|given name|attendee first name|first",
    Field.LAST_NAME: (
        "last name|lastname|surname|family name|attendee last name|attendee surname|last"
    ),
    Field.ORGANISATION: (
        "organisation|organization|company|employer|music service|organisation name|works for|hub"
    ),
    Field.ROLE: "role|job title|position|job|title of post",
    Field.AREA: "area|region|where they work|nation",
    Field.KIND: (
        "kind|membership|membership type|membership kind|kind of membership|type|member type"
        "|type of membership"
    ),
    Field.STARTS_ON: (
        "start|starts|start date|from|member since|joined|date joined|first day|since|valid from"
        "|membership from"
    ),
    Field.ENDS_ON: (
        "end|ends|end date|until|expires|expiry|expiry date|renewal date|last day|valid until|to"
        "|membership until"
    ),
    Field.AGE_BAND: "age band|age|age group",
    Field.NOTE: "note|notes|membership note",
    Field.SEAT: "seat|has a seat|seats|organisation seat",
    Field.GROUPS: "group|groups|working group|working groups|committee|committees",
    Field.STATUS: "attendee status|order status|status|subscription status|email status",
    Field.LEFT: "unsub time|unsubscribed at|when they unsubscribed",
    Field.FAILED: "clean time",
}

HEADINGS: Final[dict[str, Field]] = {
    heading: field for field, known in _KNOWN.items() for heading in known.split("|")
}

EVENTBRITE: Final = "Eventbrite"
MAILCHIMP: Final = "Mailchimp"
_ORDER: Final = {"order", "order id", "order no", "order number"}
_TICKETS: Final = {"ticket type", "attendee", "attendee status", "order status", "event name"}
_BUYER: Final = {
    "buyer email": Field.EMAIL,
    "buyer name": Field.NAME,
    "buyer first name": Field.FIRST_NAME,
    "buyer last name": Field.LAST_NAME,
    "buyer surname": Field.LAST_NAME,
}
_NOT_PEOPLE: Final = {Field.NOTE, Field.KIND, Field.STARTS_ON, Field.ENDS_ON, Field.AREA}
"""What headings of other programs mean something else by: type of ticket, region of a computer."""


def heading_key(heading: str) -> str:
    """``E-mail address *`` is ``e mail address``, ``UNSUB_TIME`` is ``unsub time``."""
    return fold(re.sub(r"\(.*?\)", " ", heading))


def is_ours(heading: str) -> bool:
    return heading_key(heading) in {heading_key(OUR_ROW), heading_key(OUR_WORDS)}


def signature(headings: Sequence[str]) -> str:
    """Names the headings of a file, without those that we add to lists of faulty rows."""
    theirs = "\n".join(heading_key(each) for each in headings if not is_ours(each))
    return hashlib.sha256(theirs.encode()).hexdigest()


def source_of(headings: Sequence[str]) -> str:
    """Of which program this is an export: ``Eventbrite``, ``Mailchimp``, or nothing."""
    keys = {heading_key(each) for each in headings}
    if "email address" in keys and keys & {"leid", "euid", "member rating"}:
        return MAILCHIMP
    if keys & _ORDER and keys & _TICKETS:
        return EVENTBRITE
    return ""


def guess(headings: Sequence[str]) -> list[Field | None]:
    """What each column seems to be; of two alike the first, attendees before buyers."""
    source = source_of(headings)
    found: list[Field | None] = [None] * len(headings)
    taken: set[Field] = set()
    for known in (HEADINGS, _BUYER if source == EVENTBRITE else {}):
        for number, heading in enumerate(headings):
            field = known.get(heading_key(heading))
            if field is None or found[number] or (field in taken and field not in SEVERAL):
                continue
            if source and field in _NOT_PEOPLE:
                continue
            found[number] = field
            taken.add(field)
    if {Field.FIRST_NAME, Field.LAST_NAME} <= taken:
        found = [None if field is Field.NAME else field for field in found]
    return found
