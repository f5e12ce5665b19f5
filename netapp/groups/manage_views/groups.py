"""Groups on the desk: the list, making one, changing it, closing it, copying it."""

from datetime import datetime
from functools import partial
from typing import Protocol

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.audit.operations import Actor
from netapp.extensions import db
from netapp.groups.errors import AddressTaken, DaysTurned, GroupRefused, OwnParent, SizeBelowPeople
from netapp.groups.manage_forms import CopyForm, GroupForm, ReasonForm
from netapp.groups.models import Group
from netapp.groups.operations import editing
from netapp.groups.queries import listing
from netapp.groups.queries.desk import group_by_key
from netapp.kernel.clock import utcnow
from netapp.kernel.db import DbSession, unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.pages import page_number
from netapp.kernel.text import clean
from netapp.people.session import actor
from netapp.web import once
from netapp.web.edits import VersionField, carried, differences
from netapp.web.forms import BaseForm
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_groups", __name__, url_prefix="/desk/groups")

LONGEST_SEARCH = 100
SHOWN = ("open", "closed", "all")
CHANGED = "Somebody changed this group meanwhile. Look at it, then do it again."


class SeenForm(BaseForm):
    version = VersionField()


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    asked = request.args.get("show", "open")
    shown = asked if asked in SHOWN else "open"
    page = listing.desk_rows(
        db.session(), words=words, shown=shown, number=page_number(request.args.get("page"))
    )
    return render_template("desk/groups/index.html", page=page, words=words, shown=shown)


@bp.get("/new")
@policy(coordinator)
def new() -> ResponseReturnValue:
    form = GroupForm(formdata=None, parents=listing.parent_choices(db.session()))
    return render_template("desk/groups/new.html", form=form)


@bp.post("/new")
@policy(coordinator)
def create() -> ResponseReturnValue:
    form, now = GroupForm(parents=listing.parent_choices(db.session())), utcnow()
    if not form.validate():
        return render_template("desk/groups/new.html", form=form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("group.create", now):
                return redirect(earlier.result, code=303)
            group = editing.create_group(db.session, plan=form.plan(), actor=actor(), now=now)
            target = once.finish(url_for("desk_group_people.show", key=group.key))
    except GroupRefused as refusal:
        _blame(form, refusal)
        return render_template("desk/groups/new.html", form=form), 422
    flash("The group is made. Add its people, or let them come.", "success")
    return redirect(target, code=303)


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    group = group_or_404(key)
    return _page(group, _form_of(group))


@bp.post("/<key>")
@policy(coordinator)
def save(key: str) -> ResponseReturnValue:
    group, now = group_or_404(key), utcnow()
    form = GroupForm(parents=listing.parent_choices(db.session(), besides=group.id))
    if "again" in request.form:
        return _page(group, form)
    if not form.validate():
        return _page(group, form), 422
    try:
        with unit_of_work(db.session):
            editing.edit_group(
                db.session,
                group_id=group.id,
                plan=form.plan(),
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
    except StaleEdit:
        return _conflict(group_or_404(key), form)
    except GroupRefused as refusal:
        _blame(form, refusal)
        return _page(group_or_404(key), form), 422
    flash("Saved.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/<key>/close")
@policy(coordinator)
def close(key: str) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        flash("Shorten the reason to 300 characters.", "error")
        return redirect(url_for(".show", key=key), code=303)
    act = partial(editing.close_group, reason=form.reason.data)
    return _do(key, "close", act, "Closed. Nobody joins it any more; its people keep its pages.")


@bp.post("/<key>/reopen")
@policy(coordinator)
def reopen(key: str) -> ResponseReturnValue:
    return _do(key, "reopen", editing.reopen_group, "The group is open again.")


@bp.post("/<key>/copy")
@policy(coordinator)
def copy(key: str) -> ResponseReturnValue:
    group, form, now = group_or_404(key), CopyForm(), utcnow()
    if not form.validate():
        return _page(group, _form_of(group), form), 422
    with unit_of_work(db.session):
        if earlier := once.begin(f"group.copy:{key}", now):
            return redirect(earlier.result, code=303)
        made = editing.copy_group(
            db.session, group_id=group.id, name=form.name.data, actor=actor(), now=now
        )
        target = once.finish(url_for(".show", key=made.key))
    flash("Copied, without its people and days. Say when it runs.", "success")
    return redirect(target, code=303)


def group_or_404(key: str) -> Group:
    return group_by_key(db.session(), key) or abort(404)


class Act(Protocol):
    """An operation on one version of a group."""

    def __call__(
        self,
        session: DbSession,
        *,
        group_id: int,
        seen_version: int,
        actor: Actor,
        now: datetime,
    ) -> None: ...


def _do(key: str, what: str, act: Act, done: str) -> ResponseReturnValue:
    group, form, now = group_or_404(key), SeenForm(), utcnow()
    target = url_for(".show", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"group.{what}:{key}", now):
                return redirect(earlier.result, code=303)
            act(
                db.session,
                group_id=group.id,
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except StaleEdit:
        flash(CHANGED, "warning")
    except GroupRefused as refusal:
        flash(refusal.message, "error")
    else:
        flash(done, "success")
    return redirect(target, code=303)


def _blame(form: GroupForm, refusal: GroupRefused) -> None:
    """Say what is wrong at the field that it is about."""
    fields = {
        AddressTaken: form.slug,
        DaysTurned: form.ends_on,
        SizeBelowPeople: form.size_limit,
        OwnParent: form.parent,
    }
    fields.get(type(refusal), form.name).errors = [refusal.message]


def _form_of(group: Group) -> GroupForm:
    return GroupForm.of(group, listing.parent_choices(db.session(), besides=group.id))


def _page(group: Group, form: GroupForm, copying: CopyForm | None = None) -> str:
    return render_template(
        "desk/groups/show.html",
        group=group,
        form=form,
        copying=copying or CopyForm(formdata=None),
        closing=ReasonForm(formdata=None),
    )


def _conflict(group: Group, mine: GroupForm) -> ResponseReturnValue:
    """Both texts side by side, and a way to keep either. Where they are the same the form was
    sent twice."""
    theirs = _form_of(group)
    found = differences(mine, theirs)
    if not found:
        flash("Saved.", "success")
        return redirect(url_for(".show", key=group.key), code=303)
    page = render_template(
        "desk/groups/conflict.html",
        group=group,
        differences=found,
        theirs=theirs,
        carried=carried(request.form, leave_out=("version", "base", "again")),
    )
    return page, 409
