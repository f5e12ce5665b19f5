"""The kinds of membership that a network begins with; coordinators change them on the desk."""

from typing import Any, Final

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.membership.models import Approval, Holder, MembershipKind, TermRule

CORE: Final = "core-member"

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
    },
    {
        "slug": "associate",
        "name": "Associate",
        "summary": "You work in music or with young people, and want to learn with the network.",
        "holder": Holder.PERSON,
        "approval": Approval.COORDINATOR,
        "term": TermRule.ROLLING,
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
    },
)


def load_kinds(session: DbSession) -> int:
    """Add the kinds that are missing; returns how many. Those that are there stay as coordinators
    made them."""
    known = set(session.scalars(select(MembershipKind.slug)))
    missing = [
        MembershipKind(position=position, **values)
        for position, values in enumerate(STARTING_KINDS, start=1)
        if values["slug"] not in known
    ]
    session.add_all(missing)
    session.flush()
    return len(missing)
