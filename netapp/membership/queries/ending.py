"""What ends with a membership that a coordinator is about to end, and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, join_words
from netapp.membership.invoice_models import Invoice, InvoiceKind, InvoiceState
from netapp.membership.models import Membership, Seat
from netapp.membership.policies import allowed_words
from netapp.membership.queries.belonging import belongings
from netapp.membership.queries.invoices import page_of_term
from netapp.membership.queries.terms import holder_of, recipients_of, today_of


@dataclass(frozen=True, slots=True)
class Ending:
    """``effects`` are sentences; ``invoices`` are open and stay so; ``back`` is the page of the
    holder on the desk."""

    key: str
    back: str
    is_of_organisation: bool
    holder: str
    kind: str
    effects: Sequence[str]
    invoices: Sequence[Invoice]


def ending_of(session: DbSession, key: str, *, at: datetime) -> Ending | None:
    """None where there is no such membership."""
    held = session.scalar(
        select(Membership).where(Membership.key == key).options(joinedload(Membership.kind))
    )
    if held is None:
        return None
    to = [one.name for one in recipients_of(session, held, at=at)]
    told = f"{join_words(to)} {'gets' if len(to) == 1 else 'get'} a mail." if to else ""
    gone = ""
    if held.starts_on >= today_of(session, at):
        gone = "It has not lasted a day, so nothing of it stays in the list."
    what = _of_person if held.person_id is not None else _of_organisation
    effects = [words for words in (told, *what(session, held, at), gone) if words]
    return Ending(
        key=held.key,
        back=page_of_term(session, held.id),
        is_of_organisation=held.organisation_id is not None,
        holder=holder_of(session, held),
        kind=held.kind.name,
        effects=effects,
        invoices=_open(session, held),
    )


def _of_person(session: DbSession, held: Membership, at: datetime) -> list[str]:
    assert held.person_id is not None
    others = [way for way in belongings(session, held.person_id, at=at) if way.key != held.key]
    kept = {words for way in others for words in allowed_words(way.kind)}
    lost = [words for words in allowed_words(held.kind) if words not in kept]
    through = [way.organisation for way in others if way.organisation]
    return [
        f"From today they can no longer {', '.join(lost)}." if lost else "",
        f"They stay a member through {join_words(through)}." if through else "",
        "Their account, their bookings and the groups they are in stay.",
    ]


def _of_organisation(session: DbSession, held: Membership, at: datetime) -> list[str]:
    live = Seat.organisation_id == held.organisation_id, Seat.ended_at.is_(None)
    number = session.scalar(select(func.count()).select_from(Seat).where(*live)) or 0
    who = count_words(number, "person", "people")
    return [
        f"{who} with a seat {'belongs' if number == 1 else 'belong'} through it no longer."
        if number
        else "",
        "The contacts and everybody with a seat get a mail." if number else "",
        "What people have by themselves or through others stays.",
    ]


def _open(session: DbSession, held: Membership) -> Sequence[Invoice]:
    mine = Invoice.membership_id == held.id, Invoice.kind == InvoiceKind.INVOICE
    found = select(Invoice).where(*mine, Invoice.state == InvoiceState.OPEN)
    return session.scalars(found.order_by(Invoice.id)).all()
