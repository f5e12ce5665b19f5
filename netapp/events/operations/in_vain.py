"""What was booked for somebody's access, and is needed no longer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.models import Event, RequestState
from netapp.kernel.db import DbSession

THEMSELVES: Final = Actor(None, "Whoever it was about")
"""Who withdraws stands in no line of the log. That they had agreed, and until when, stands with
their own data: see ``people.operations.consents``."""


def note_in_vain(
    session: DbSession, event: Event, gone: Iterable[RequestState], now: datetime
) -> bool:
    """A line in the log for those who arrange it, where what was asked for had been booked: how
    much, neither what nor for whom. Call it when requests in these states are deleted. Returns
    whether any had been booked."""
    number = sum(state is RequestState.BOOKED for state in gone)
    if not number:
        return False
    what = "An interpreter or captions" if number == 1 else f"Interpreters or captions ({number})"
    audit.record(
        session,
        actor=THEMSELVES,
        action="request.in_vain",  # Also read by ``queries.manage_needs``.
        subject=f"event:{event.key}",
        summary=f"{what} booked for {event.title}: asked for no more.",
        detail={"requests": number},
        now=now,
    )
    return True
