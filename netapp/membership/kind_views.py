"""The desk's kinds of membership: what each asks, allows, costs; effects are said before saving."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.membership.errors import DetailsMissing, KindInUse, KindNameTaken
from netapp.membership.kind_forms import YOUNG, KindForm, NewKindForm, VersionForm
from netapp.membership.models import MembershipKind
from netapp.membership.operations.kind_adding import add_kind, remove_kind
from netapp.membership.operations.kind_editing import edit_kind, effects_of
from netapp.membership.queries.kinds import all_kinds, find_kind, member_counts, uses_of
from netapp.people.session import actor
from netapp.web import once
from netapp.web.edits import carried, differences
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_kinds", __name__, url_prefix="/desk/membership/kinds")


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    return render_template(
        "desk/membership/kinds.html",
        kinds=all_kinds(db.session),
        counts=member_counts(db.session, at=utcnow()),
    )


@bp.get("/new")
@policy(coordinator)
def new() -> ResponseReturnValue:
    """``?like=`` the slug of a kind: filled with all that it has but its name."""
    like = find_kind(db.session, request.args.get("like", "")[:80])
    return _new_page(NewKindForm.like(like))


@bp.post("/new")
@policy(coordinator)
def add() -> ResponseReturnValue:
    form, now = NewKindForm(), utcnow()
    if not form.validate():
        return _new_page(form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("kind.add", now):
                return redirect(earlier.result, code=303)
            add_kind(
                db.session,
                plan=form.plan(),
                holder=form.holder,
                is_young=form.held_by.data == YOUNG,
                actor=actor(),
                now=now,
            )
            once.finish(url_for(".index"))
    except KindNameTaken as refusal:
        form.name.errors = [refusal.message]
    except DetailsMissing:
        return _new_page(form, details_missing=True), 422
    else:
        open_words = " People can ask for it now." if form.is_open.data else ""
        flash(f"{form.name.data} is added.{open_words}", "success")
        return redirect(url_for(".index"), code=303)
    return _new_page(form), 422


@bp.post("/<slug>/remove")
@policy(coordinator)
def remove(slug: str) -> ResponseReturnValue:
    kind, form, now = _found(slug), VersionForm(), utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"kind.remove:{slug}", now):
                return redirect(earlier.result, code=303)
            remove_kind(db.session, slug=slug, version=form.version.number, actor=actor(), now=now)
            once.finish(url_for(".index"))
    except KindInUse as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".show", slug=slug), code=303)
    except StaleEdit:
        flash("Somebody changed this kind meanwhile. Look again, then decide.", "warning")
        return redirect(url_for(".show", slug=slug), code=303)
    flash(f"{kind.name} is removed.", "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/<slug>")
@policy(coordinator)
def show(slug: str) -> ResponseReturnValue:
    kind = _found(slug)
    return _page(kind, KindForm.of(kind))


@bp.post("/<slug>")
@policy(coordinator)
def save(slug: str) -> ResponseReturnValue:
    """A change that touches somebody is said first, and saved when that was read."""
    kind = _found(slug)
    form, now = KindForm(kind=kind), utcnow()
    if not form.validate():
        return _page(kind, form), 422
    plan = form.plan()
    effects = effects_of(db.session, kind=kind, plan=plan, at=now)
    if effects and "confirmed" not in request.form:
        return render_template(
            "desk/membership/kind_effects.html",
            kind=kind,
            effects=effects,
            carried=carried(request.form),
        )
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"kind.edit:{slug}", now):
                return redirect(earlier.result, code=303)
            edit_kind(
                db.session,
                slug=slug,
                version=form.version.number,
                plan=plan,
                actor=actor(),
                now=now,
            )
            once.finish(url_for(".index"))
    except StaleEdit:
        theirs = _found(slug)
        page = render_template(
            "desk/membership/kind_conflict.html",
            kind=theirs,
            differences=differences(form, KindForm.of(theirs)),
            carried=[
                *carried(request.form, ("version", "confirmed")),
                ("version", str(theirs.version)),
            ],
        )
        return page, 409
    except DetailsMissing:
        return _page(kind, form, details_missing=True), 422
    flash(f"{form.name.data} is saved.", "success")
    return redirect(url_for(".index"), code=303)


def _found(slug: str) -> MembershipKind:
    return find_kind(db.session, slug[:80]) or abort(404)


def _page(kind: MembershipKind, form: KindForm, *, details_missing: bool = False) -> str:
    return render_template(
        "desk/membership/kind.html",
        kind=kind,
        form=form,
        uses=uses_of(db.session(), kind),
        details_missing=details_missing,
    )


def _new_page(form: NewKindForm, *, details_missing: bool = False) -> str:
    return render_template(
        "desk/membership/kind_new.html",
        form=form,
        kinds=all_kinds(db.session),
        details_missing=details_missing,
    )
