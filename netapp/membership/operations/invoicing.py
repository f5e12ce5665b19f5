"""Invoices for fees: written with the term, numbered without a gap, paid or taken back by hand."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.words import day_words
from netapp.kernel.zones import to_local
from netapp.membership.errors import (
    DetailsMissing,
    InvoiceClosed,
    InvoiceStands,
    NotPaid,
    PaidTooEarly,
    ReasonMissing,
)
from netapp.membership.invoice_models import (
    Invoice,
    InvoiceDetails,
    InvoiceKind,
    InvoiceState,
    InvoiceYear,
)
from netapp.membership.models import Membership
from netapp.membership.money import exact_pounds
from netapp.membership.queries.terms import holder_of, recipients_of


def issue(
    session: DbSession, held: Membership, *, order_number: str = "", actor: Actor, now: datetime
) -> Invoice | None:
    """The invoice for a term that was just given, with its kind; None where it costs nothing.

    It goes to the person, or to the first contact of the organisation; to the coordinators where
    there is nobody. The worker mails it.
    """
    if not held.kind.fee_pence:
        return None
    return _write(session, held, held.kind.fee_pence, order_number, actor, now)


def issue_by_hand(
    session: DbSession,
    *,
    membership: str,
    pence: int,
    order_number: str,
    actor: Actor,
    now: datetime,
) -> Invoice:
    """The invoice for a term that a coordinator gave (its key), with the fee of its kind or what
    was agreed. One that was taken back makes room for another.

    Raises ``InvoiceStands``, ``DetailsMissing`` and ``NotFound``.
    """
    claim = update(Membership).where(Membership.key == membership).values(key=Membership.key)
    session.execute(claim.execution_options(synchronize_session=False))  # One after the other.
    held = session.scalar(
        select(Membership)
        .where(Membership.key == membership)
        .options(joinedload(Membership.kind), joinedload(Membership.organisation))
        .execution_options(populate_existing=True)
    )
    if held is None:
        raise NotFound
    if not details_of(session).payment:
        raise DetailsMissing
    stands = select(Invoice.id).where(
        Invoice.membership_id == held.id,
        Invoice.kind == InvoiceKind.INVOICE,
        Invoice.state != InvoiceState.CANCELLED,
    )
    if session.scalar(stands.limit(1)) is not None:
        raise InvoiceStands
    return _write(session, held, pence, order_number, actor, now)


def _write(
    session: DbSession,
    held: Membership,
    pence: int,
    order_number: str,
    actor: Actor,
    now: datetime,
) -> Invoice:
    site, details = site_of(session), details_of(session)
    today = to_local(now, site.zone).date()
    to = next(iter(recipients_of(session, held, at=now)), None)
    until = f" to {day_words(held.ends_on)}" if held.ends_on else ""
    invoice = Invoice(
        key=new_key(),
        kind=InvoiceKind.INVOICE,
        year=today.year,
        sequence=next_number(session, today.year),
        membership_id=held.id,
        person_id=to.person_id if to else None,
        name=holder_of(session, held),
        email=to.email if to else site.contact_email,
        words=f"{held.kind.name} membership, {day_words(held.starts_on)}{until}"[:200],
        pence=pence,
        order_number=order_number,
        sender=details.sender or site.name,
        payment=details.payment,
        issued_on=today,
        due_on=today + timedelta(days=details.due_days),
        state=InvoiceState.OPEN,
        note="",
        version=1,
    )
    session.add(invoice)
    session.flush()
    _record(session, invoice, "issue", "Wrote", actor, now)
    return invoice


def next_number(session: DbSession, year: int) -> int:
    """The next of a year, from 1. Whoever asks at the same time waits for this transaction; if it
    is undone, the number is given again."""
    row = insert_for(session, InvoiceYear).values(year=year, last=1)
    given = session.scalar(
        row.on_conflict_do_update(
            index_elements=[InvoiceYear.year], set_={"last": InvoiceYear.last + 1}
        ).returning(InvoiceYear.last)
    )
    assert given is not None
    return int(given)


def mark_paid(
    session: DbSession,
    *,
    key: str,
    version: int,
    paid_on: date,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises ``InvoiceClosed``, ``PaidTooEarly``, ``StaleEdit``, ``NotFound``."""
    invoice = _claim(session, key, version, InvoiceState.OPEN)
    today = to_local(now, site_of(session).zone).date()
    if not invoice.issued_on <= paid_on <= today:
        raise PaidTooEarly
    invoice.state = InvoiceState.PAID
    invoice.paid_on, invoice.note = paid_on, note
    session.flush()
    _record(session, invoice, "paid", "Marked as paid", actor, now, note)


def mark_unpaid(session: DbSession, *, key: str, version: int, actor: Actor, now: datetime) -> None:
    """It was marked by mistake. Raises ``NotPaid``, ``StaleEdit``, ``NotFound``."""
    invoice = _claim(session, key, version, InvoiceState.PAID)
    invoice.state = InvoiceState.OPEN
    invoice.paid_on, invoice.note = None, ""
    session.flush()
    _record(session, invoice, "unpaid", "Marked as not paid", actor, now)


def cancel(
    session: DbSession, *, key: str, version: int, reason: str, actor: Actor, now: datetime
) -> Invoice:
    """Take an open invoice back by a credit note with a number of its own, which the worker mails.
    The membership stays as it is.

    Raises ``InvoiceClosed``, ``ReasonMissing``, ``StaleEdit``, ``NotFound``.
    """
    invoice = _claim(session, key, version, InvoiceState.OPEN)
    if not reason:
        raise ReasonMissing
    today = to_local(now, site_of(session).zone).date()
    invoice.state = InvoiceState.CANCELLED
    credit = Invoice(
        key=new_key(),
        kind=InvoiceKind.CREDIT_NOTE,
        year=today.year,
        sequence=next_number(session, today.year),
        membership_id=invoice.membership_id,
        credits_id=invoice.id,
        person_id=invoice.person_id,
        name=invoice.name,
        email=invoice.email,
        words=invoice.words,
        pence=invoice.pence,
        order_number=invoice.order_number,
        sender=invoice.sender,
        payment="",
        issued_on=today,
        due_on=today,
        state=InvoiceState.CANCELLED,
        note=reason,
        version=1,
    )
    session.add(credit)
    session.flush()
    _record(session, invoice, "cancel", "Took back", actor, now, reason)
    return credit


def details_of(session: DbSession) -> InvoiceDetails:
    """What stands on invoices from now on; empty until somebody fills it in."""
    found = session.get(InvoiceDetails, 1, populate_existing=True)
    return found or InvoiceDetails(
        id=1, sender="", payment="", due_days=30, remind_days=7, version=0
    )


def change_details(
    session: DbSession,
    *,
    version: int,
    sender: str,
    payment: str,
    due_days: int,
    remind_days: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises ``StaleEdit``. Invoices that are written stay as they were sent."""
    values = {
        "sender": sender,
        "payment": payment,
        "due_days": due_days,
        "remind_days": remind_days,
    }
    new = insert_for(session, InvoiceDetails).values(id=1, version=1, **values)
    if version == 0:
        kept = new.on_conflict_do_nothing().returning(InvoiceDetails.id)
        changed = session.scalar(kept)
    else:
        changed = session.scalar(
            update(InvoiceDetails)
            .where(InvoiceDetails.id == 1, InvoiceDetails.version == version)
            .values(version=version + 1, **values)
            .returning(InvoiceDetails.id)
            .execution_options(synchronize_session=False)
        )
    if changed is None:
        raise StaleEdit
    audit.record(
        session,
        actor=actor,
        action="invoices.details",
        subject="invoices",
        summary="Changed what stands on invoices.",
        now=now,
    )


def _claim(session: DbSession, key: str, version: int, state: InvoiceState) -> Invoice:
    claimed = session.scalar(
        update(Invoice)
        .where(
            Invoice.key == key,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.state == state,
            Invoice.version == version,
        )
        .values(version=version + 1)
        .returning(Invoice.id)
        .execution_options(synchronize_session=False)
    )
    found = session.scalar(
        select(Invoice).where(Invoice.key == key).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if claimed is None and found.state is not state:
        raise NotPaid if state is InvoiceState.PAID else InvoiceClosed
    if claimed is None:
        raise StaleEdit
    return found


def _record(
    session: DbSession,
    invoice: Invoice,
    act: str,
    verb: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    what = f"invoice {invoice.number} of {exact_pounds(invoice.pence)} to {invoice.name}"
    audit.record(
        session,
        actor=actor,
        action=f"invoice.{act}",
        subject=f"invoice:{invoice.key}",
        summary=f"{verb} {what}.",
        reason=reason,
        now=now,
    )
