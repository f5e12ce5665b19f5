"""What follows of memberships when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.kernel.one_person import Follows, Once, Reference, StaysBehind
from netapp.membership.application_models import (
    OPEN_STATES,
    Application,
    ApplicationState,
    ApplicationStep,
)
from netapp.membership.invoice_models import Invoice
from netapp.membership.models import Membership, Seat
from netapp.membership.seat_models import SeatLink
from netapp.membership.term_models import StillTrue

REFERENCES: Final[tuple[Reference, ...]] = (
    StaysBehind(Membership.person_id, "Terms that run at once: the longer stays.", is_moved=True),
    Follows(Membership.granted_by_id),
    Follows(
        Seat.person_id,
        "seat",
        "seats",
        Once(
            (Seat.organisation_id,),
            Seat.ended_at.is_(None),
            ends={"ended_at": lambda when, was: when.now},
            words="Both have a seat in the membership of one organisation: one stays.",
        ),
    ),
    Follows(Seat.given_by_id),
    Follows(Seat.ended_by_id),
    Follows(SeatLink.changed_by_id),
    Follows(
        Application.person_id,
        "application",
        "applications",
        Once(
            (Application.kind_id, Application.organisation_name),
            Application.state.in_(OPEN_STATES),
            ends={
                "state": lambda when, was: ApplicationState.WITHDRAWN,
                "decided_at": lambda when, was: when.now,
            },
            words="Both have asked for the same kind of membership: one of the two is left open.",
        ),
    ),
    Follows(Application.decided_by_id),
    Follows(ApplicationStep.actor_id),
    Follows(Invoice.person_id, "invoice", "invoices"),
    Follows(StillTrue.person_id, once=Once()),
)
