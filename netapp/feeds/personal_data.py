"""What is kept so that people's calendars can ask for their own dates."""

from typing import Final

from sqlalchemy import select

from netapp.feeds.models import FeedToken, GroupFeedToken
from netapp.groups.models import GroupMember
from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Shared

HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        GroupFeedToken,
        {
            DataClass.TECHNICAL: "id member_id",
            DataClass.CREDENTIAL: "token_hash",
            DataClass.ACTIVITY: "made_at last_fetched_at",
        },
        (
            About(
                of=lambda person: GroupFeedToken.member_id.in_(
                    select(GroupMember.id).where(GroupMember.person_id == person)
                ),
                title="Your calendar addresses of groups",
                why="So that your calendar can ask for the meetings of your groups.",
                until="Until you end them, or leave the group.",
                closing=Delete(),
                words={"made_at": "Made", "last_fetched_at": "Last asked for"},
            ),
        ),
    ),
    Holding(
        FeedToken,
        {
            DataClass.TECHNICAL: "id key person_id",
            DataClass.CREDENTIAL: "token_hash",
            DataClass.ACTIVITY: "name made_at last_fetched_at",
        },
        (
            About(
                of=lambda person: FeedToken.person_id == person,
                title="Your calendar addresses",
                why="So that your calendar can ask for your dates.",
                until="Until you end them.",
                closing=Delete(),
                words={"name": "Name", "made_at": "Made", "last_fetched_at": "Last asked for"},
            ),
        ),
    ),
)
