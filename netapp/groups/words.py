"""The words of groups: kinds, ways to join, stages, roles."""

from typing import Final

from netapp.groups.models import GroupKind, GroupRole, Joining, ProgrammeStatus, RoleKind

KIND_WORDS: Final = {
    GroupKind.WORKING_GROUP: "Working group",
    GroupKind.PROGRAMME: "Programme",
    GroupKind.COMMITTEE: "Committee",
    GroupKind.COHORT: "Cohort",
    GroupKind.SMALL_GROUP: "Small group",
    GroupKind.PAIR: "Pair",
}
JOINING_WORDS: Final = {
    Joining.OPEN: "Open: members join at once",
    Joining.REQUEST: "By request: members ask, and get an answer",
    Joining.INVITATION: "By invitation only",
}
STAGE_WORDS: Final = {
    ProgrammeStatus.CALL: "Call open",
    ProgrammeStatus.PILOT: "Pilot",
    ProgrammeStatus.ROLL_OUT: "Roll-out",
    ProgrammeStatus.CLOSED: "Closed",
}
ROLE_WORDS: Final = {
    RoleKind.CHAIR: "Chair",
    RoleKind.LEAD: "Lead",
    RoleKind.FACILITATOR: "Facilitator",
    RoleKind.SECRETARY: "Secretary",
    RoleKind.TREASURER: "Treasurer",
    RoleKind.REPRESENTATIVE: "Representative",
}


def role_words(role: GroupRole) -> str:
    """As the group calls it, else the role's own word."""
    return role.title or ROLE_WORDS[role.role]
