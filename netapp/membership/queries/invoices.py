"""Invoices as coordinators list them, and those of one person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.words import day_words
from netapp.membership.invoice_models import Invoice, InvoiceKind, InvoiceState
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.money import exact_pounds
from netapp.membership.queries.terms import Recipient, holder_of, recipients_of, today_of
from netapp.organisations.models import Organisation
from netapp.people.models import Person

LATELY: Final = timedelta(days=92)
FILTERS: Final = ("open", "overdue", "paid", "cancelled", "all")


@dataclass(frozen=True, slots=True)
class Sums:
    """How many invoices of a list there are, and for how much."""

    number: int
    pence: int


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice that is still to be paid, in words."""

    key: str
    number: str
    amount: str  # £24.00
    due: str
    payment: str  # How to pay, as it says.


def invoices_page(session: DbSession, *, show: str, number: int, at: datetime) -> Page[Invoice]:
    """``show`` is one of ``FILTERS``. What is open: due first comes first; else the newest first.
    Two queries."""
    today = today_of(session, at)
    where = _shown(show, today)
    total = session.scalar(select(func.count()).select_from(Invoice).where(where)) or 0
    order = (
        (Invoice.due_on, Invoice.id)
        if show in ("open", "overdue")
        else (Invoice.year.desc(), Invoice.sequence.desc())
    )
    found = session.scalars(
        select(Invoice)
        .where(where)
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return Page(found, number, total)


def invoice_sums(session: DbSession, *, at: datetime) -> dict[str, Sums]:
    """By the name of each filter."""
    today = today_of(session, at)
    sums = {}
    for show in FILTERS:
        number, pence = session.execute(
            select(func.count(), func.coalesce(func.sum(Invoice.pence), 0)).where(
                _shown(show, today)
            )
        ).one()
        sums[show] = Sums(int(number), int(pence))
    return sums


def all_invoices(session: DbSession, *, show: str, at: datetime) -> Iterator[Invoice]:
    """In the order of their numbers, for a table to take away."""
    where = _shown(show, today_of(session, at))
    order = Invoice.year, Invoice.sequence
    found = select(Invoice).where(where).options(joinedload(Invoice.credits)).order_by(*order)
    yield from session.scalars(found.execution_options(yield_per=500))


def find_invoice(session: DbSession, key: str) -> Invoice | None:
    """With the invoice that a credit note takes back."""
    return session.scalar(
        select(Invoice)
        .where(Invoice.key == key)
        .options(joinedload(Invoice.credits))
        .execution_options(populate_existing=True)
    )


def credit_of(session: DbSession, invoice: Invoice) -> Invoice | None:
    return session.scalar(select(Invoice).where(Invoice.credits_id == invoice.id))


def page_of_term(session: DbSession, term_id: int | None) -> str:
    """Where the desk shows whoever holds a term; empty where that has gone."""
    found = session.execute(
        select(Organisation.key.label("organisation"), Person.key.label("person"))
        .select_from(Membership)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Person, Person.id == Membership.person_id)
        .where(Membership.id == term_id)
    ).one_or_none()
    return _page_of(found.organisation, found.person) if found else ""


def _page_of(organisation: str | None, person: str | None) -> str:
    if organisation:
        return f"/desk/organisations/{organisation}/membership"
    return f"/desk/people/{person}"


def invoices_of(session: DbSession, person_id: int) -> Sequence[Invoice]:
    """Those that were sent to one person, the newest first."""
    return session.scalars(
        select(Invoice)
        .where(Invoice.person_id == person_id)
        .order_by(Invoice.year.desc(), Invoice.sequence.desc())
    ).all()


def owed_by(session: DbSession, person_id: int) -> list[Owed]:
    """What one person has still to pay, the first due first."""
    found = session.scalars(
        select(Invoice)
        .where(
            Invoice.person_id == person_id,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.state == InvoiceState.OPEN,
        )
        .order_by(Invoice.due_on, Invoice.id)
    )
    return [
        Owed(one.key, one.number, exact_pounds(one.pence), day_words(one.due_on), one.payment)
        for one in found
    ]


def overdue_count(session: DbSession, *, at: datetime) -> int:
    where = _shown("overdue", today_of(session, at))
    return session.scalar(select(func.count()).select_from(Invoice).where(where)) or 0


def has_invoices(session: DbSession) -> bool:
    """Whether there ever was one: where nothing costs anything nobody reads of money."""
    return session.scalar(select(Invoice.id).limit(1)) is not None


def _shown(show: str, today: date) -> ColumnElement[bool]:
    if show == "all":
        return Invoice.id > 0
    if show == "overdue":
        return and_(Invoice.state == InvoiceState.OPEN, Invoice.due_on < today)
    return and_(Invoice.state == InvoiceState(show), Invoice.kind == InvoiceKind.INVOICE)


@dataclass(frozen=True, slots=True)
class ToInvoice:
    """A term that a coordinator gave, with what an invoice for it would say."""

    key: str
    name: str
    kind: str
    starts_on: date
    ends_on: date | None
    fee_pence: int
    to: Recipient | None  # None: it goes to ourselves.
    invoice: Invoice | None  # The one that stands for it already.
    back: str  # The page of whoever holds it.


def term_to_invoice(session: DbSession, key: str, *, at: datetime) -> ToInvoice | None:
    held = session.scalar(
        select(Membership)
        .where(Membership.key == key)
        .options(joinedload(Membership.kind), joinedload(Membership.organisation))
    )
    if held is None:
        return None
    person = session.scalar(select(Person.key).where(Person.id == held.person_id))
    return ToInvoice(
        key=held.key,
        name=holder_of(session, held),
        kind=held.kind.name,
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        fee_pence=held.kind.fee_pence,
        to=next(iter(recipients_of(session, held, at=at)), None),
        invoice=session.scalar(select(Invoice).where(*_stands(), Invoice.membership_id == held.id)),
        back=_page_of(held.organisation.key if held.organisation else None, person),
    )


@dataclass(frozen=True, slots=True)
class Uninvoiced:
    key: str
    name: str
    kind: str
    granted_at: datetime


def given_without_invoice(session: DbSession, *, at: datetime) -> list[Uninvoiced]:
    """Terms given in the last three months whose kind has a fee, and for which none was ever
    written: those that a coordinator gave, or that were given before there was a fee. The newest
    first. One query."""
    written = select(Invoice.id).where(Invoice.membership_id == Membership.id)
    rows = session.execute(
        select(
            Membership.key,
            func.coalesce(Organisation.name, Person.name).label("name"),
            MembershipKind.name.label("kind"),
            Membership.granted_at,
        )
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .outerjoin(Person, Person.id == Membership.person_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            MembershipKind.fee_pence > 0,
            Membership.granted_at > at - LATELY,
            Membership.ended_early.is_(False),
            ~written.correlate(Membership).exists(),
        )
        .order_by(Membership.granted_at.desc(), Membership.id.desc())
        .limit(PER_PAGE)
    )
    return [Uninvoiced(row.key, row.name, row.kind, row.granted_at) for row in rows]


def _stands() -> tuple[ColumnElement[bool], ...]:
    return Invoice.kind == InvoiceKind.INVOICE, Invoice.state != InvoiceState.CANCELLED
