"""Requests for interpreters and captions: counted without opening them, and opened."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from netapp.events.models import AccessRequest, Booking, RequestKind
from netapp.events.queries.asking import IN_A_SENTENCE
from netapp.kernel.crypto import unseal
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import sign
from netapp.kernel.words import join_words


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what its seal held."""

    request: AccessRequest
    kind: RequestKind
    answer: str


def request_mark(secret: str, booking_id: int, person_id: int, kind: RequestKind) -> str:
    """Tells what is asked for from the next only to whoever has the secret."""
    return sign(secret, "access request", str(booking_id), str(person_id), kind.value)


def asked_words(session: DbSession, booking: Booking) -> str:
    """What the booker asks for, within a sentence: a BSL interpreter and live captions; else
    empty. For their own eyes only."""
    mine = {"booking_id": booking.id, "person_id": booking.person_id}
    rows = session.scalars(_ASKED_WITH, mine)
    return join_words([IN_A_SENTENCE[each.kind] for each in asked_of(session, rows)])


_ASKED_WITH = (
    select(AccessRequest)
    .where(
        AccessRequest.booking_id == bindparam("booking_id"),
        AccessRequest.person_id == bindparam("person_id"),
    )
    .order_by(AccessRequest.id)
)


def asked_of(session: DbSession, rows: Iterable[AccessRequest]) -> list[Asked]:
    secret, found = site_of(session).secret, []
    for row in rows:
        plain = json.loads(unseal(secret, row.sealed, bound_to=f"request:{row.key}"))
        found.append(Asked(row, RequestKind(plain["kind"]), str(plain["answer"])))
    return found
