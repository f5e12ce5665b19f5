"""Pairs that only look like one person: told apart, and looked at again."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.operations import telling_apart
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_people_apart", __name__, url_prefix="/desk/people/<key>/apart/<other>")


@bp.post("")
@policy(coordinator)
def tell(key: str, other: str) -> ResponseReturnValue:
    now, target = utcnow(), url_for("desk_merge_people.possible")
    with unit_of_work(db.session):
        if once.begin(f"person.apart:{key}:{other}"[:80], now) is None:
            telling_apart.tell_apart(db.session, key=key, other=other, actor=actor(), now=now)
            once.finish(target)
    flash("Noted: these are two people. They are not listed any more.", "success")
    return redirect(target, code=303)


@bp.post("/again")
@policy(coordinator)
def again(key: str, other: str) -> ResponseReturnValue:
    now, target = utcnow(), url_for("desk_merge_people.possible")
    with unit_of_work(db.session):
        if once.begin(f"person.again:{key}:{other}"[:80], now) is None:
            telling_apart.look_again(db.session, key=key, other=other, actor=actor(), now=now)
            once.finish(target)
    flash("They are listed again, as long as they look alike.", "success")
    return redirect(target, code=303)
