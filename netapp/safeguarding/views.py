"""Whom to talk to, for everybody."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.safeguarding.queries import network_contact
from netapp.web.policy import everyone, policy

bp = Blueprint("safeguarding", __name__)


@bp.get("/safeguarding")
@policy(everyone)
def show() -> ResponseReturnValue:
    return render_template("safeguarding/show.html", contact=network_contact(db.session()))
