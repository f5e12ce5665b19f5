"""The desk's invoices: what is open, paid by hand, taken back; what stands on them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.audit.operations import Actor
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.kernel.pages import page_number
from netapp.kernel.site import site_of
from netapp.membership.invoice_forms import CancelForm, InvoiceDetailsForm, PaidForm
from netapp.membership.invoice_models import Invoice, InvoiceKind, InvoiceState
from netapp.membership.invoice_pdf import MEDIA_TYPE, filename, pdf_of
from netapp.membership.money import exact_pounds
from netapp.membership.operations import invoicing
from netapp.membership.queries.invoices import (
    FILTERS,
    all_invoices,
    credit_of,
    find_invoice,
    given_without_invoice,
    has_invoices,
    invoice_sums,
    invoices_page,
    page_of_term,
)
from netapp.membership.queries.kinds import all_kinds
from netapp.membership.queries.terms import today_of
from netapp.people.session import actor
from netapp.web import once
from netapp.web.csv_export import csv_response
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_invoices", __name__, url_prefix="/desk/membership/invoices")
bp.add_app_template_filter(exact_pounds)

COLUMNS = (
    *("Number", "Kind", "Name", "Email", "For", "Amount in pounds", "Order number"),
    *("Written on", "Due on", "State", "Paid on", "Note", "Takes back"),
)


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    show, now = _chosen(), utcnow()
    page = invoices_page(
        db.session, show=show, number=page_number(request.args.get("page")), at=now
    )
    return render_template(
        "desk/membership/invoices.html",
        page=page,
        show=show,
        sums=invoice_sums(db.session, at=now),
        uninvoiced=given_without_invoice(db.session(), at=now),
        today=today_of(db.session(), now),
    )


@bp.get("/invoices.csv")
@policy(coordinator, again=True)
def export() -> ResponseReturnValue:
    rows = (_row(one) for one in all_invoices(db.session, show=_chosen(), at=utcnow()))
    return csv_response("invoices.csv", COLUMNS, rows)


@bp.get("/details")
@policy(coordinator)
def details() -> ResponseReturnValue:
    kept = invoicing.details_of(db.session)
    form = InvoiceDetailsForm(
        formdata=None,
        version=str(kept.version),
        sender=kept.sender,
        payment=kept.payment,
        due_days=kept.due_days,
        remind_days=kept.remind_days,
    )
    return render_template("desk/membership/invoice_details.html", form=form)


@bp.post("/details")
@policy(coordinator)
def save_details() -> ResponseReturnValue:
    form, now = InvoiceDetailsForm(), utcnow()
    if not form.validate():
        return render_template("desk/membership/invoice_details.html", form=form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("invoices.details", now):
                return redirect(earlier.result, code=303)
            invoicing.change_details(
                db.session,
                version=form.version.number,
                sender=form.sender.data,
                payment=form.payment.data,
                due_days=form.due_days.data or 0,
                remind_days=form.remind_days.data or 1,
                actor=actor(),
                now=now,
            )
            once.finish(url_for(".index"))
    except DomainError as refusal:
        page = render_template(
            "desk/membership/invoice_details.html", form=form, refusal=str(refusal)
        )
        return page, 409
    flash("Saved, for all invoices from now on.", "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    return _page(_found(key))


@bp.get("/<key>.pdf")
@policy(coordinator)
def pdf(key: str) -> ResponseReturnValue:
    return pdf_answer(_found(key))


@bp.post("/<key>/paid")
@policy(coordinator)
def paid(key: str) -> ResponseReturnValue:
    found, form = _found(key), PaidForm()
    if not form.validate():
        return _page(found, paid_form=form, status=422)
    assert form.paid_on.day is not None  # Its validators saw to it.
    day = form.paid_on.day
    return _act(
        found,
        "paid",
        "Marked as paid.",
        lambda who: invoicing.mark_paid(
            db.session,
            key=key,
            version=form.version.number,
            paid_on=day,
            note=form.note.data,
            actor=who,
            now=utcnow(),
        ),
    )


@bp.post("/<key>/unpaid")
@policy(coordinator)
def unpaid(key: str) -> ResponseReturnValue:
    found, form = _found(key), PaidForm()
    return _act(
        found,
        "unpaid",
        "It is open again.",
        lambda who: invoicing.mark_unpaid(
            db.session, key=key, version=form.version.number, actor=who, now=utcnow()
        ),
    )


@bp.post("/<key>/cancel")
@policy(coordinator)
def cancel(key: str) -> ResponseReturnValue:
    found, form = _found(key), CancelForm()
    if not form.validate():
        return _page(found, cancel_form=form, status=422)
    return _act(
        found,
        "cancel",
        "Taken back. The credit note goes out by email.",
        lambda who: invoicing.cancel(
            db.session,
            key=key,
            version=form.version.number,
            reason=form.reason.data,
            actor=who,
            now=utcnow(),
        ),
    )


@bp.app_template_global()
def money_is_used() -> bool:
    """Whether any kind costs something, or did: else nobody reads a word of money."""
    return any(kind.fee_pence for kind in all_kinds(db.session)) or has_invoices(db.session)


def pdf_answer(invoice: Invoice) -> Response:
    answer = Response(pdf_of(invoice, site=site_of(db.session())), mimetype=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename(invoice)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _act(
    found: Invoice, what: str, done: str, act: Callable[[Actor], object]
) -> ResponseReturnValue:
    target = url_for(".show", key=found.key)
    try:
        with unit_of_work(db.session):
            if once.begin(f"invoice.{what}:{found.key}", utcnow()) is None:
                act(actor())
                once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash(done, "success")
    return redirect(target, code=303)


def _found(key: str) -> Invoice:
    return find_invoice(db.session, key[:32]) or abort(404)


def _chosen() -> str:
    show = request.args.get("show", "open")
    return show if show in FILTERS else "open"


def _row(one: Invoice) -> tuple[Any, ...]:
    is_credit = one.kind is InvoiceKind.CREDIT_NOTE
    pence = -one.pence if is_credit else one.pence
    return (
        one.number,
        "Credit note" if is_credit else "Invoice",
        one.name,
        one.email,
        one.words,
        f"{pence / 100:.2f}",
        one.order_number,
        one.issued_on,
        "" if is_credit else one.due_on,
        "" if is_credit else one.state.value,
        one.paid_on or "",
        one.note,
        one.credits.number if one.credits else "",
    )


def _page(
    found: Invoice,
    *,
    paid_form: PaidForm | None = None,
    cancel_form: CancelForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    today, version = today_of(db.session(), utcnow()), str(found.version)
    page = render_template(
        "desk/membership/invoice.html",
        one=found,
        credit=credit_of(db.session, found),
        holder=page_of_term(db.session(), found.membership_id),
        today=today,
        is_open=found.state is InvoiceState.OPEN,
        paid_form=paid_form or PaidForm(formdata=None, version=version, paid_on=today),
        cancel_form=cancel_form or CancelForm(formdata=None, version=version),
    )
    return page, status
