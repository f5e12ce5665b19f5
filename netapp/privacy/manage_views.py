"""What people asked about their data, and how long things are kept: for coordinators."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.session import actor
from netapp.privacy.errors import AnsweredAlready, DaysOutOfRange
from netapp.privacy.forms import ASKS, AnswerForm, RetentionForm, retention_form
from netapp.privacy.operations import asking, keeping
from netapp.privacy.queries.asks import answered_asks, find_ask, open_asks
from netapp.privacy.queries.retention import lines, promises
from netapp.privacy.retention import RULES
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_privacy", __name__, url_prefix="/desk/privacy")


@bp.get("")
@policy(coordinator)
def asks() -> ResponseReturnValue:
    return render_template(
        "desk/privacy/asks.html",
        waiting=open_asks(db.session()),
        answered=answered_asks(db.session()),
        kinds=ASKS,
        now=utcnow(),
    )


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    return _ask_page(key, AnswerForm(formdata=None))


@bp.post("/<key>")
@policy(coordinator)
def answer(key: str) -> ResponseReturnValue:
    form, now = AnswerForm(), utcnow()
    if not form.validate():
        return _ask_page(key, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"privacy.answer:{key}", now):
                return redirect(earlier.result, code=303)
            asking.answer(db.session, key=key, words=form.words.data, actor=actor(), now=now)
            target = once.finish(url_for(".asks"))
    except AnsweredAlready as refusal:
        form.words.errors = [refusal.message]
        return _ask_page(key, form), 409
    flash("Your answer is on its way.", "success")
    return redirect(target, code=303)


@bp.get("/kept")
@policy(coordinator)
def kept() -> ResponseReturnValue:
    """How long each thing is kept, and how much would go today."""
    return _kept_page({})


@bp.post("/kept/<name>")
@policy(coordinator, again=True)
def keep(name: str) -> ResponseReturnValue:
    if name not in RULES:
        abort(404)
    form = retention_form(RULES[name])
    if not form.validate():
        return _kept_page({name: form}), 422
    try:
        with unit_of_work(db.session):
            keeping.set_days(
                db.session, name=name, days=form.days.data or 0, actor=actor(), now=utcnow()
            )
    except DaysOutOfRange as refusal:
        form.days.errors = [refusal.message]
        return _kept_page({name: form}), 422
    flash("Saved. The worker keeps to it from tonight.", "success")
    return redirect(url_for(".kept"), code=303)


def _ask_page(key: str, form: AnswerForm) -> str:
    asked = find_ask(db.session(), key) or abort(404)
    return render_template("desk/privacy/ask.html", ask=asked, form=form, kinds=ASKS)


def _kept_page(typed: dict[str, RetentionForm]) -> str:
    found = lines(db.session(), utcnow())
    forms = {
        line.name: typed.get(line.name) or retention_form(line.rule, line.days) for line in found
    }
    return render_template(
        "desk/privacy/kept.html",
        lines=found,
        forms=forms,
        promises=promises(db.session()),
        wrong=next(iter(typed.values()), None),
    )
