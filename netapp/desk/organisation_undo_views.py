"""What a coordinator did to the membership of an organisation is undone."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.organisations.queries.one import find_organisation
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy
from netapp.workflows.undo_term import undo_organisation_term

bp = Blueprint("desk_organisation_undo", __name__, url_prefix="/desk/organisations/<key>")


@bp.post("/terms/<change>/undo")
@policy(coordinator)
def term(key: str, change: str) -> ResponseReturnValue:
    find_organisation(db.session(), key) or abort(404)
    target, now = url_for("desk_seats.index", key=key), utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"organisation.undo:{change}"[:80], now):
                return redirect(earlier.result, code=303)
            undo_organisation_term(db.session, key=key, change_key=change, actor=actor(), now=now)
            once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash("It goes on as before, and whoever was told of the end gets a mail.", "success")
    return redirect(target, code=303)
