"""The coordinators' first page, and the box that finds anybody and anything."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from netapp.desk.queries.find import find as find_anything
from netapp.desk.queries.today import today
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.text import clean
from netapp.people.session import require_person
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk", __name__, url_prefix="/desk")

LONGEST_SEARCH = 100


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    name = require_person().first_name
    return render_template(
        "desk/today.html", today=today(db.session(), first_name=name, now=utcnow())
    )


@bp.get("/find")
@policy(coordinator)
def find() -> ResponseReturnValue:
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    found = find_anything(db.session(), words, now=utcnow())
    return render_template("desk/find.html", found=found, words=words)
