"""What follows of groups when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.groups.models import GroupInvitation, GroupMember, GroupRequest, RequestState
from netapp.kernel.one_person import Follows, Once, Reference, StaysBehind

REFERENCES: Final[tuple[Reference, ...]] = (
    StaysBehind(GroupMember.person_id, "Who is in a group counts once there.", is_moved=True),
    Follows(
        GroupRequest.person_id,
        "request to join a group",
        "requests to join groups",
        Once(
            (GroupRequest.group_id,),
            GroupRequest.state == RequestState.OPEN,
            ends={
                "state": lambda when, was: RequestState.TAKEN_BACK,
                "answered_at": lambda when, was: when.now,
            },
            words="Both asked to join the same group: one request is left open.",
        ),
    ),
    Follows(GroupRequest.answered_by_id),
    Follows(GroupInvitation.invited_by_id),
)
