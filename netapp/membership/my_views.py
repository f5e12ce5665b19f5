"""My membership: how I belong, until when, and what I asked for."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.membership.money import pounds
from netapp.membership.policies import year_end_words
from netapp.membership.queries.applications import applications_of
from netapp.membership.queries.belonging import belongings
from netapp.people.session import require_person
from netapp.web.policy import policy, signed_in

bp = Blueprint("my_membership", __name__, url_prefix="/account/membership")
bp.add_app_template_filter(pounds)
bp.add_app_template_filter(year_end_words)


@bp.get("")
@policy(signed_in)
def show() -> ResponseReturnValue:
    person, now = require_person(), utcnow()
    return render_template(
        "account/membership.html",
        ways=belongings(db.session, person.id, at=now),
        applications=applications_of(db.session, person.id),
    )
