"""What people tell an event about taking part, and what coordinators answer."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.events.models import AccessRequest, RequestKind, RequestState
from netapp.events.operations import sharing
from netapp.events.operations.access_requests import answer_request
from netapp.events.operations.preferences import tell_needs
from netapp.events.plans import Telling
from netapp.people.access import Told, profile_of
from netapp.people.models import ProfileKind
from tests.events.holds.crowd import Crowd, Deed

TOLD = (Told(), Told(("step-free",)), Told(("bsl",)), Told(("bsl", "captions"), "In front"))


def tell(crowd: Crowd, session: Session) -> Deed | None:
    """The booker, or somebody they named, shares the profile or writes and asks for this event."""
    booking, chance, now = crowd.live(session), crowd.chance, crowd.now
    if booking is None:
        return None
    people = [a.person_id for a in booking.attendees if a.person_id] or [booking.person_id]
    booking_id, person_id = booking.id, chance.choice(people)
    telling = Telling(
        needs=chance.choice(["", "A seat in front"]),
        shares_access=chance.random() < 0.6,
        asks=frozenset(chance.sample(list(RequestKind), chance.randint(0, 2))),
    )

    def do(own: Session) -> Any:
        return tell_needs(own, booking_id=booking_id, telling=telling, person_id=person_id, now=now)

    return Deed("tell needs", do)


def change_profile(crowd: Crowd, session: Session) -> Deed:
    person_id, told, now = crowd.person(), crowd.chance.choice(TOLD), crowd.now
    kept = profile_of(session, person_id).get(ProfileKind.ACCESS)
    seen = {ProfileKind.ACCESS: kept.version if kept else 0}

    def do(own: Session) -> Any:
        return sharing.save_profile(
            own,
            person_id=person_id,
            told={ProfileKind.ACCESS: told},
            seen_versions=seen,
            now=now,
        )

    return Deed("change the profile", do)


def withdraw(crowd: Crowd, session: Session) -> Deed:
    person_id, now = crowd.person(), crowd.now
    return Deed("withdraw", lambda s: sharing.withdraw_all(s, person_id=person_id, now=now))


def answer(crowd: Crowd, session: Session) -> Deed | None:
    rows = session.execute(
        select(AccessRequest.key, AccessRequest.version)
        .where(AccessRequest.event_id == crowd.event_id)
        .order_by(AccessRequest.id)
    ).all()
    if not rows:
        return None
    chance, now = crowd.chance, crowd.now
    key, version = chance.choice(rows)
    state = chance.choice([RequestState.BOOKED, RequestState.NOT_POSSIBLE])

    def do(own: Session) -> Any:
        return answer_request(
            own,
            event_id=crowd.event_id,
            key=key,
            state=state,
            answer="Nobody is free.",
            seen_version=version,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("answer a request", do)
