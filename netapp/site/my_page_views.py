"""My page: what comes next, what is due, where I belong."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.people.addresses import shown
from netapp.people.session import require_person
from netapp.site.my_page import my_page
from netapp.vocabulary.queries import find_term
from netapp.web.policy import policy, signed_in

bp = Blueprint("my_page", __name__, url_prefix="/account")


@bp.get("")
@policy(signed_in)
def show() -> ResponseReturnValue:
    person, session = require_person(), db.session()
    area = find_term(session, person.area) if person.area else None
    return render_template(
        "account/show.html",
        person=person,
        address=shown(person.email),
        area=area.label if area else "",
        mine=my_page(session, person.id, now=utcnow()),
    )
