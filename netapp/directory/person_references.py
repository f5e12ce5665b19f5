"""What follows of the directory when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.directory.message_models import Block, Message, SendingStop
from netapp.directory.models import FieldLock, FieldRule, Profile, Sightings
from netapp.kernel.one_person import Follows, Once, Reference, StaysBehind

REFERENCES: Final[tuple[Reference, ...]] = (
    Follows(
        Profile.person_id,
        "profile",
        "profiles",
        Once(words="Both have a profile: that of the one who stays is kept, as they wrote it."),
    ),
    Follows(FieldLock.person_id, once=Once((FieldLock.field,))),
    Follows(FieldLock.locked_by_id),
    Follows(FieldRule.set_by_id),
    Follows(Message.sender_id, "message to a member", "messages to members"),
    Follows(Message.recipient_id, "message from a member", "messages from members"),
    Follows(Message.handled_by_id),
    Follows(Block.person_id, once=Once((Block.blocked_id,)), apart=Block.blocked_id),
    Follows(Block.blocked_id, once=Once((Block.person_id,)), apart=Block.person_id),
    Follows(SendingStop.person_id, once=Once()),
    Follows(SendingStop.stopped_by_id),
    StaysBehind(Sightings.person_id, "Of the last ten minutes."),
)
