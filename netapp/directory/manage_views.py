"""The desk's pages of the directory: numbers, rules for everybody, locks of one person, reports."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.directory.fields import FIELD_WORDS, TITLES, ProfileField, Visibility
from netapp.directory.forms import RULE_CHOICES, CloseReportForm, LockForm, RuleForm
from netapp.directory.operations import locks as operations
from netapp.directory.queries.manage import Report, find_report, overview, parts_of
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import NotFound
from netapp.people.models import Person
from netapp.people.queries import find_person
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_directory", __name__, url_prefix="/desk/directory")


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    return render_template(
        "desk/directory/index.html",
        shown=overview(db.session(), now=utcnow()),
        titles=TITLES,
        most_words=RULE_CHOICES,
    )


@bp.get("/rules/<name>")
@policy(coordinator)
def rule(name: str) -> ResponseReturnValue:
    field = _field_or_404(name)
    rules = overview(db.session(), now=utcnow()).rules
    kept = next(each for each in rules if each.field is field)
    form = RuleForm(formdata=None, most=kept.most.value, reason=kept.reason)
    return _rule_page(field, form)


@bp.post("/rules/<name>")
@policy(coordinator)
def set_rule(name: str) -> ResponseReturnValue:
    field, form, now = _field_or_404(name), RuleForm(), utcnow()
    if not form.validate():
        return _rule_page(field, form), 422
    with unit_of_work(db.session):
        if earlier := once.begin(f"directory.rule:{name}", now):
            return redirect(earlier.result, code=303)
        operations.set_rule(
            db.session(),
            field=field,
            most=Visibility(form.most.data),
            reason=form.reason.data or "",
            actor=actor(),
            now=now,
        )
        target = once.finish(url_for(".index"))
    flash("The rule is saved. It holds at once, for every profile.", "success")
    return redirect(target, code=303)


@bp.get("/people/<key>")
@policy(coordinator)
def person(key: str) -> ResponseReturnValue:
    found = _person_or_404(key)
    return render_template(
        "desk/directory/person.html",
        person=found,
        parts=parts_of(db.session(), found.id, now=utcnow()),
        titles=TITLES,
        field_words=FIELD_WORDS,
    )


@bp.get("/people/<key>/lock/<name>")
@policy(coordinator)
def lock(key: str, name: str) -> ResponseReturnValue:
    return _lock_page(_person_or_404(key), _field_or_404(name), LockForm(formdata=None))


@bp.post("/people/<key>/lock/<name>")
@policy(coordinator)
def set_lock(key: str, name: str) -> ResponseReturnValue:
    found, field, form, now = _person_or_404(key), _field_or_404(name), LockForm(), utcnow()
    if not form.validate():
        return _lock_page(found, field, form), 422
    with unit_of_work(db.session):
        if earlier := once.begin(f"directory.lock:{key}:{name}", now):
            return redirect(earlier.result, code=303)
        operations.lock(
            db.session(),
            person_key=key,
            field=field,
            reason=form.reason.data or "",
            actor=actor(),
            now=now,
        )
        target = once.finish(url_for(".person", key=key))
    flash("Nobody sees that part now. The person is told why.", "success")
    return redirect(target, code=303)


@bp.post("/people/<key>/unlock/<name>")
@policy(coordinator)
def unlock(key: str, name: str) -> ResponseReturnValue:
    field = _field_or_404(name)
    with unit_of_work(db.session):
        operations.unlock(db.session(), person_key=key, field=field, actor=actor(), now=utcnow())
    flash("The person chooses again who sees it.", "success")
    return redirect(url_for(".person", key=key), code=303)


@bp.post("/people/<key>/let-send")
@policy(coordinator)
def let_send(key: str) -> ResponseReturnValue:
    with unit_of_work(db.session):
        operations.let_send(db.session(), person_key=key, actor=actor(), now=utcnow())
    flash("They can send messages again.", "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/reports/<key>")
@policy(coordinator)
def report(key: str) -> ResponseReturnValue:
    return _report_page(_report_or_404(key), CloseReportForm(formdata=None))


@bp.post("/reports/<key>")
@policy(coordinator)
def close_report(key: str) -> ResponseReturnValue:
    found, form, now = _report_or_404(key), CloseReportForm(), utcnow()
    if not form.validate():
        return _report_page(found, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"directory.close-report:{key}", now):
                return redirect(earlier.result, code=303)
            operations.close_report(
                db.session(),
                key=key,
                outcome=form.outcome.data or "",
                stops_sender=bool(form.stops_sender.data),
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for(".index"))
    except NotFound:
        flash("Somebody else closed this report meanwhile.", "warning")
        return redirect(url_for(".report", key=key), code=303)
    flash("The report is closed.", "success")
    return redirect(target, code=303)


def _field_or_404(name: str) -> ProfileField:
    try:
        return ProfileField(name)
    except ValueError:
        abort(404)


def _person_or_404(key: str) -> Person:
    found = find_person(db.session(), key)
    if found is None or found.is_gone:
        abort(404)
    return found


def _report_or_404(key: str) -> Report:
    found = find_report(db.session(), key)
    if found is None:
        abort(404)
    return found


def _rule_page(field: ProfileField, form: RuleForm) -> str:
    return render_template("desk/directory/rule.html", field=field, form=form, title=TITLES[field])


def _lock_page(found: Person, field: ProfileField, form: LockForm) -> str:
    return render_template(
        "desk/directory/lock.html", person=found, field=field, form=form, title=TITLES[field]
    )


def _report_page(found: Report, form: CloseReportForm) -> str:
    return render_template("desk/directory/report.html", report=found, form=form)
