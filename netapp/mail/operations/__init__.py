"""Queue mail, keep account of what became of it, look after what is stuck."""

from netapp.mail.addresses import Address
from netapp.mail.mime import Attachment, Invitation
from netapp.mail.operations.care import give_up, note_reading, purge, send_again
from netapp.mail.operations.queueing import Letter, enqueue, enqueue_all, rehearse
from netapp.mail.operations.sending import (
    Claim,
    claim_next,
    mark_dead,
    mark_delayed,
    mark_sent,
)

__all__ = [
    "Address",
    "Attachment",
    "Claim",
    "Invitation",
    "Letter",
    "claim_next",
    "enqueue",
    "enqueue_all",
    "give_up",
    "mark_dead",
    "mark_delayed",
    "mark_sent",
    "note_reading",
    "purge",
    "rehearse",
    "send_again",
]
