"""The kinds of membership that a network begins with; coordinators change them on the desk."""

from typing import Any, Final

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.membership.models import (
    Approval,
    AskedField,
    Holder,
    KindField,
    KindReminder,
    MembershipKind,
    TermRule,
)

CORE: Final = "core-member"
REMIND_DAYS: Final = (-60, -14, 0, 14)
"""Before the last day of a term, on it, and in the days of grace after it."""

WORK: Final = ((AskedField.ORGANISATION, False), (AskedField.ROLE, True), (AskedField.AREA, False))
SORRY: Final = (
    "Thank you for asking to join us. We read what you wrote with care, and we cannot say yes to "
    "this kind of membership now.\n\nYou are welcome at every event that is open to all."
)

STARTING_KINDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "slug": CORE,
        "name": "Core member",
        "summary": "You work with young people who face barriers to music, and shape the network.",
        "holder": Holder.PERSON,
        "approval": Approval.COORDINATOR,
        "needs_referee": True,
        "term": TermRule.YEARLY,
        "votes": True,
        "asks": WORK,
        "decline_words": SORRY,
    },
    {
        "slug": "associate",
        "name": "Associate",
        "summary": "You work in music or with young people, and want to learn with the network.",
        "holder": Holder.PERSON,
        "approval": Approval.COORDINATOR,
        "term": TermRule.ROLLING,
        "asks": WORK,
        "decline_words": SORRY,
    },
    {
        "slug": "wider-community",
        "name": "Wider community",
        "summary": "You want to hear what the network does, and come to what is open to all.",
        "holder": Holder.PERSON,
        "approval": Approval.AT_ONCE,
        "term": TermRule.ENDLESS,
        "books_as_member": False,
        "sees_directory": False,
        "joins_groups": False,
    },
    {
        "slug": "young-member",
        "name": "Young member",
        "summary": "You are 16 to 25. Nothing about you is public. We ask for an age band only.",
        "holder": Holder.PERSON,
        "is_young": True,
        "approval": Approval.COORDINATOR,
        "term": TermRule.ROLLING,
        "sees_directory": False,
        "asks": ((AskedField.AGE_BAND, True),),
        "decline_words": SORRY,
    },
    {
        "slug": "organisation",
        "name": "Organisation",
        "summary": "Your organisation joins, and gives its people seats by one link.",
        "holder": Holder.ORGANISATION,
        "approval": Approval.COORDINATOR,
        "term": TermRule.YEARLY,
        "seats": 5,
        "votes": True,
        "asks": (
            (AskedField.ORGANISATION, True),
            (AskedField.ROLE, False),
            (AskedField.AREA, False),
        ),
        "decline_words": SORRY,
    },
)


def load_kinds(session: DbSession) -> int:
    """Add them where there is no kind yet; returns how many. After that the list is the
    coordinators': what they changed, added or removed stays so."""
    if session.scalar(select(MembershipKind.id).limit(1)) is not None:
        return 0
    found = [_kind(position, values) for position, values in enumerate(STARTING_KINDS, start=1)]
    session.add_all(found)
    session.flush()
    return len(found)


def _kind(position: int, values: dict[str, Any]) -> MembershipKind:
    plain = {name: value for name, value in values.items() if name != "asks"}
    days = () if values["term"] is TermRule.ENDLESS else REMIND_DAYS
    return MembershipKind(
        position=position,
        asks=[KindField(field=f, is_required=required) for f, required in values.get("asks", ())],
        reminders=[KindReminder(days=each) for each in days],
        **plain,
    )
