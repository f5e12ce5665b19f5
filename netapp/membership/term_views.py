"""The desk's list of terms: who is a member until when, and renewing one or many."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.pages import page_number
from netapp.kernel.words import count_words
from netapp.membership.operations.renewing import renew_several
from netapp.membership.queries.kinds import all_kinds
from netapp.membership.queries.terms import SHOWN, term_counts, terms_page
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_terms", __name__, url_prefix="/desk/membership/terms")

MOST_AT_ONCE: Final = 100


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    show, kind = _chosen()
    now = utcnow()
    page = terms_page(
        db.session, show=show, kind=kind, number=page_number(request.args.get("page")), at=now
    )
    return render_template(
        "desk/membership/terms.html",
        page=page,
        show=show,
        kind=kind,
        kinds=all_kinds(db.session),
        counts=term_counts(db.session, at=now),
    )


@bp.post("/renew")
@policy(coordinator)
def renew() -> ResponseReturnValue:
    keys = [key[:32] for key in request.form.getlist("chosen")[:MOST_AT_ONCE]]
    show, kind = _chosen()
    now, target = utcnow(), url_for(".index", show=show, kind=kind or None)
    if not keys:
        flash("Tick the memberships that you mean.", "warning")
        return redirect(target, code=303)
    with unit_of_work(db.session):
        if earlier := once.begin("memberships.renew", now):
            return redirect(earlier.result, code=303)
        outcome = renew_several(db.session, keys=keys, actor=actor(), now=now)
        once.finish(target)
    if outcome.done:
        words = count_words(outcome.done, "membership")
        flash(f"{words} renewed, and told by email.", "success")
    for name, why in outcome.left:
        flash(f"{name}: {why}", "warning")
    return redirect(target, code=303)


def _chosen() -> tuple[str, str]:
    show, kind = request.values.get("show", "ending"), request.values.get("kind", "")
    known = {one.slug for one in all_kinds(db.session)}
    return show if show in SHOWN else "ending", kind if kind in known else ""
