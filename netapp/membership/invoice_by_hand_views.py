"""The desk writes an invoice for a term that was given by hand."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.membership.errors import DetailsMissing, InvoiceStands
from netapp.membership.invoice_forms import ByHandForm
from netapp.membership.operations import invoicing
from netapp.membership.queries.invoices import ToInvoice, term_to_invoice
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_invoice_by_hand", __name__, url_prefix="/desk/membership/invoices/for")


@bp.get("/<membership>")
@policy(coordinator)
def show(membership: str) -> ResponseReturnValue:
    found = _found(membership)
    if found.invoice is not None:  # To write another, that one is taken back first.
        return redirect(url_for("desk_invoices.show", key=found.invoice.key), code=303)
    return _page(found, ByHandForm(formdata=None, amount=found.fee_pence or None))


@bp.post("/<membership>")
@policy(coordinator)
def write(membership: str) -> ResponseReturnValue:
    found, form, now = _found(membership), ByHandForm(), utcnow()
    if not form.validate():
        return _page(found, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"invoice.write:{found.key}", now):
                return redirect(earlier.result, code=303)
            invoice = invoicing.issue_by_hand(
                db.session,
                membership=found.key,
                pence=form.amount.pence or 0,
                order_number=form.order_number.data or "",
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for("desk_invoices.show", key=invoice.key))
    except DetailsMissing:
        return _page(found, form, details_missing=True), 422
    except InvoiceStands as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".show", membership=found.key), code=303)
    flash("The invoice is written, and the mail goes out within a minute.", "success")
    return redirect(target, code=303)


def _found(membership: str) -> ToInvoice:
    return term_to_invoice(db.session(), membership[:32], at=utcnow()) or abort(404)


def _page(found: ToInvoice, form: ByHandForm, *, details_missing: bool = False) -> str:
    return render_template(
        "desk/membership/invoice_by_hand.html",
        one=found,
        form=form,
        details_missing=details_missing,
    )
