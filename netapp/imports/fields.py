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
    WHAT_THEY_DO = "what-they-do"
    PRONOUNS = "pronouns"
    PHONE = "phone"
    WEBSITE = "website"
    ABOUT = "about"
    CHECK = "check"
    CHECK_SEEN_ON = "check-seen-on"
    CHECK_SEEN_BY = "check-seen-by"
    CHECK_DUE_ON = "check-due-on"
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
    Field.WHAT_THEY_DO: "Profile: what they do",
    Field.PRONOUNS: "Profile: pronouns",
    Field.PHONE: "Profile: phone",
    Field.WEBSITE: "Profile: website",
    Field.ABOUT: "Profile: about them",
    Field.CHECK: "Check: which one",
    Field.CHECK_SEEN_ON: "Check: seen on",
    Field.CHECK_SEEN_BY: "Check: seen by",
    Field.CHECK_DUE_ON: "Check: due again on",
    Field.STATUS: "Status",
    Field.LEFT: "Unsubscribed on",
    Field.FAILED: "Mail failed on",
}

SEVERAL: Final = {Field.GROUPS}
"""What several columns of one file may be."""

PROFILE: Final[dict[Field, str]] = {
    Field.WHAT_THEY_DO: "role",
    Field.PRONOUNS: "pronouns",
    Field.PHONE: "phone",
    Field.WEBSITE: "website",
    Field.ABOUT: "about",
}
"""What stands in a profile, by the name it has there."""

CHECKS: Final = {Field.CHECK, Field.CHECK_SEEN_ON, Field.CHECK_SEEN_BY, Field.CHECK_DUE_ON}
"""What only those read who look after checks."""

A_CHECK: Final = "Check"
"""Stands for the column where it is the whole check that cannot be taken."""

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
    Field.WHAT_THEY_DO: "what they do|what you do|practice|profession|occupation",
    Field.PRONOUNS: "pronouns|pronoun|your pronouns|preferred pronouns",
    Field.PHONE: (
        "phone|phone number|telephone|telephone number|tel|mobile|mobile number|mobile phone"
        "|cell phone|contact number"
    ),
    Field.WEBSITE: "website|web site|web page|homepage|web address|website address",
    Field.ABOUT: "about|about them|about you|bio|biography",
    Field.CHECK: "check|checks|which check|kind of check|type of check|check type|dbs type",
    Field.CHECK_SEEN_ON: (
        "seen on|check seen on|date seen|dbs seen|dbs seen on|dbs date|date of dbs|dbs check date"
        "|dbs checked|check date|safeguarding training|safeguarding training date"
        "|safeguarding training seen"
    ),
    Field.CHECK_SEEN_BY: "seen by|check seen by|dbs seen by|checked by",
    Field.CHECK_DUE_ON: (
        "due again|due again on|check due|check due on|dbs due|dbs expiry|dbs expires"
        "|dbs renewal|dbs renewal date|safeguarding training due"
    ),
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
_NOT_PEOPLE: Final = {
    *(Field.NOTE, Field.KIND, Field.STARTS_ON, Field.ENDS_ON, Field.AREA),
    *PROFILE,
}
"""What headings of other programs mean something else by (type of ticket, region of a computer),
and what people gave there for a ticket and not for a profile."""


def columns_of_checks(columns: Sequence[str]) -> set[int]:
    """Their numbers; ``columns`` are names of fields."""
    names = {each.value for each in CHECKS}
    return {number for number, name in enumerate(columns) if name in names}


def perhaps_checks(headings: Sequence[str], columns: Sequence[str]) -> set[int]:
    """Also those that seem to be about checks by their heading, whatever was chosen for them."""
    seeming = [field.value if field else "" for field in guess(headings)]
    return columns_of_checks(columns) | columns_of_checks(seeming)


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
