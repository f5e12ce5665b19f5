"""What follows of meetings when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.kernel.one_person import Follows, Once, Reference
from netapp.meetings.models import Decision, Meeting, MeetingPresence, Presence


def _was_there(kept: Presence, gone: Presence) -> Presence:
    """Present, if either was; else as it stands."""
    return Presence.PRESENT if Presence.PRESENT in (kept, gone) else kept


REFERENCES: Final[tuple[Reference, ...]] = (
    Follows(
        MeetingPresence.person_id,
        "line in the registers of meetings",
        "lines in the registers of meetings",
        Once((MeetingPresence.meeting_id,), lend={"presence": _was_there}),
    ),
    Follows(Meeting.notes_by_id),
    Follows(Meeting.circulated_by_id),
    Follows(Decision.owner_id, "decision that they see to", "decisions that they see to"),
)
