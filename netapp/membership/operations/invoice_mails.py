"""What the worker does about invoices: mails them as PDF, and reminds of those that are unpaid."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import day_words
from netapp.kernel.zones import to_local
from netapp.mail.operations import Address, Attachment, enqueue
from netapp.membership.invoice_models import Invoice, InvoiceKind, InvoiceState
from netapp.membership.invoice_pdf import MEDIA_TYPE, filename, pdf_of
from netapp.membership.money import exact_pounds
from netapp.membership.operations.invoicing import details_of
from netapp.membership.operations.noticing import FIRST_HOUR, LAST_HOUR
from netapp.people.models import Person

REMIND_FOR: Final = timedelta(days=92)
"""After that a coordinator rings."""


def send_one(session: DbSession, now: datetime) -> int:
    """Mail the oldest invoice or credit note that was not sent."""
    unsent = Invoice.sent_at.is_(None)
    number = session.scalar(select(Invoice.id).where(unsent).order_by(Invoice.id).limit(1))
    if number is None:
        return 0
    claimed = session.scalar(
        update(Invoice)
        .where(Invoice.id == number, unsent)
        .values(sent_at=now)
        .returning(Invoice.id)
        .execution_options(synchronize_session=False)
    )
    if claimed is not None:
        invoice = _load(session, claimed)
        is_credit = invoice.kind is InvoiceKind.CREDIT_NOTE
        _mail(session, invoice, "credit_note" if is_credit else "invoice", now)
    return 1


def remind_one(session: DbSession, now: datetime) -> int:
    """Remind of one invoice that is unpaid so many days after the day it was due, and again after
    as many; for three months."""
    site = site_of(session)
    local = to_local(now, site.zone)
    if not FIRST_HOUR <= local.hour < LAST_HOUR:
        return 0
    today = local.date()
    late = today - timedelta(days=details_of(session).remind_days)
    due = (
        (Invoice.state == InvoiceState.OPEN)
        & (Invoice.due_on <= late)
        & (Invoice.due_on > today - REMIND_FOR)
        & or_(Invoice.reminded_on.is_(None), Invoice.reminded_on <= late)
    )
    number = session.scalar(select(Invoice.id).where(due).order_by(Invoice.id).limit(1))
    if number is None:
        return 0
    claimed = session.scalar(
        update(Invoice)
        .where(Invoice.id == number, due)
        .values(reminded_on=today)
        .returning(Invoice.id)
        .execution_options(synchronize_session=False)
    )
    if claimed is not None:
        _mail(session, _load(session, claimed), "invoice_reminder", now)
    return 1


def _load(session: DbSession, number: int) -> Invoice:
    return session.scalars(
        select(Invoice)
        .where(Invoice.id == number)
        .options(joinedload(Invoice.credits))
        .execution_options(populate_existing=True)
    ).one()


def _mail(session: DbSession, invoice: Invoice, message: str, now: datetime) -> None:
    """To whoever reads it: of an organisation its contact, by their own name."""
    site = site_of(session)
    reader = session.get(Person, invoice.person_id) if invoice.person_id else None
    name = reader.name if reader is not None and not reader.is_gone else invoice.name
    enqueue(
        session,
        to=Address(name, invoice.email),
        message=f"membership/{message}",
        about=f"invoice:{invoice.key}",
        context={
            "name": name,
            "url": site.url("/account/membership"),
            "number": invoice.number,
            "credits": invoice.credits.number if invoice.credits else None,
            "amount": exact_pounds(invoice.pence),
            "what": invoice.words,
            "due": day_words(invoice.due_on),
            "order_number": invoice.order_number or None,
            "reason": invoice.note or None,
            "payment": invoice.payment or None,
        },
        attachments=[Attachment(filename(invoice), pdf_of(invoice, site=site), MEDIA_TYPE)],
        now=now,
    )
