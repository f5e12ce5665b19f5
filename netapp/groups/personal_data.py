"""What is kept about people in groups."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from netapp.groups.models import (
    FormerGroupSlug,
    Group,
    GroupInvitation,
    GroupMember,
    GroupOrganisation,
    GroupRequest,
    GroupRole,
    GroupSite,
)
from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Shared
from netapp.people.models import Person

TECHNICAL, ACTIVITY, BELONGING = DataClass.TECHNICAL, DataClass.ACTIVITY, DataClass.BELONGING
UNTIL_CLOSED: Final = "Until you close your account."


def _group(session: DbSession, row: GroupMember | GroupRequest) -> Mapping[str, Any]:
    return {"Group": session.scalar(select(Group.name).where(Group.id == row.group_id))}


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        GroupMember,
        {
            TECHNICAL: "id key group_id person_id",
            BELONGING: "is_named left_by",
            ACTIVITY: "joined_at left_at",
        },
        (
            About(
                of=lambda person: GroupMember.person_id == person,
                title="Your groups",
                why="So that you hear of meetings, and the group knows who is in it.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                reads=_group,
                words={
                    "joined_at": "Since",
                    "left_at": "Until",
                    "is_named": "Named on the public page",
                },
            ),
        ),
    ),
    Holding(
        GroupRole,
        {TECHNICAL: "id key member_id reminded_on", BELONGING: "role title starts_on ends_on"},
        (
            About(
                of=lambda person: GroupRole.member_id.in_(
                    select(GroupMember.id).where(GroupMember.person_id == person)
                ),
                title="Your roles in groups",
                why="So that the group knows who leads what, and until when.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={"role": "Role", "title": "Called", "starts_on": "From", "ends_on": "Until"},
            ),
        ),
    ),
    Holding(
        GroupRequest,
        {
            TECHNICAL: "id key group_id person_id answered_by_id",
            DataClass.WORDS: "words answer",
            ACTIVITY: "state asked_at answered_at",
        },
        (
            About(
                of=lambda person: GroupRequest.person_id == person,
                title="Groups you asked to join",
                why="So that whoever leads the group can answer.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                reads=_group,
                words={"words": "What you wrote", "answer": "The answer", "state": "State"},
            ),
        ),
    ),
    Holding(
        GroupInvitation,
        {
            TECHNICAL: "id key group_id invited_by_id",
            DataClass.CREDENTIAL: "token_hash",
            DataClass.CONTACT: "email",
            DataClass.IDENTITY: "name",
            ACTIVITY: "invited_at ends_at used_at withdrawn_at",
        },
        (
            About(
                of=lambda person: GroupInvitation.email.in_(
                    select(Person.email).where(Person.id == person)
                ),
                title="Invitations to groups",
                why="So that the link in the mail works once, for you.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={"email": "Sent to", "invited_at": "Invited", "used_at": "Used"},
            ),
        ),
    ),
    *(Shared(model) for model in (FormerGroupSlug, Group, GroupOrganisation, GroupSite)),
)
