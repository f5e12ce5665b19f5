"""Invoices as coordinators list them, and those of one person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.membership.invoice_models import Invoice, InvoiceKind, InvoiceState
from netapp.membership.queries.terms import today_of

FILTERS: Final = ("open", "overdue", "paid", "cancelled", "all")


@dataclass(frozen=True, slots=True)
class Sums:
    """How many invoices of a list there are, and for how much."""

    number: int
    pence: int


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


def invoices_of(session: DbSession, person_id: int) -> Sequence[Invoice]:
    """Those that were sent to one person, the newest first."""
    return session.scalars(
        select(Invoice)
        .where(Invoice.person_id == person_id)
        .order_by(Invoice.year.desc(), Invoice.sequence.desc())
    ).all()


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
