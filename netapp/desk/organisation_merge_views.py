"""Merge two organisations of the register: find the other one, see what would happen, do it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from netapp.desk.queries.organisation_merge import preview
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.text import clean
from netapp.membership.errors import BothAreMembers
from netapp.organisations.models import NameKind, Organisation
from netapp.organisations.queries.one import find_organisation, page_of
from netapp.organisations.queries.register import matching
from netapp.people.errors import CannotUndo
from netapp.people.session import actor
from netapp.web import once
from netapp.web.forms import BaseForm, choices_of
from netapp.web.policy import coordinator, policy
from netapp.workflows.merge_organisations import merge_organisations
from netapp.workflows.merge_organisations import take_apart as workflow

bp = Blueprint("desk_merge_organisations", __name__, url_prefix="/desk/organisations/<key>/merge")

LONGEST_SEARCH = 100
MOST_FOUND = 20


class MergeForm(BaseForm):
    as_name = RadioField(
        "The name that goes",
        choices=choices_of(
            [
                (NameKind.FORMER.value, "It was called that before"),
                (NameKind.ALIAS.value, "It is called that too"),
                (NameKind.ABBREVIATION.value, "It is a short name"),
            ]
        ),
        default=NameKind.ALIAS.value,
        validators=[InputRequired("Choose what the name is.")],
    )


@bp.get("")
@policy(coordinator)
def choose(key: str) -> ResponseReturnValue:
    found = _found_or_404(key)
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    others = matching(db.session(), words or found.name.split()[0], most=MOST_FOUND)
    return render_template(
        "desk/organisations/merge.html",
        one=page_of(found),
        words=words,
        others=[other for other in others if other.key != key],
    )


@bp.get("/<into>")
@policy(coordinator)
def show(key: str, into: str) -> ResponseReturnValue:
    return _page(_found_or_404(key), _other_or_404(key, into), MergeForm(formdata=None))


@bp.post("/<into>")
@policy(coordinator)
def merge(key: str, into: str) -> ResponseReturnValue:
    gone, left, form, now = _found_or_404(key), _other_or_404(key, into), MergeForm(), utcnow()
    if not form.validate():
        return _page(gone, left, form), 422
    name = gone.name
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"organisation.merge:{key}", now):
                return redirect(earlier.result, code=303)
            merge_organisations(
                db.session,
                key=key,
                into=into,
                as_name=NameKind(form.as_name.data),
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for("desk_organisations.show", key=into))
    except BothAreMembers as refusal:
        return _page(_found_or_404(key), _other_or_404(key, into), form, str(refusal)), 409
    flash(f"{name} is part of this one now. Its address leads here.", "success")
    return redirect(target, code=303)


@bp.post("/changes/<change>/undo")
@policy(coordinator)
def take_apart(key: str, change: str) -> ResponseReturnValue:
    _found_or_404(key)
    target, now = url_for("desk_organisations.show", key=key), utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"organisation.unmerge:{change}", now):
                return redirect(earlier.result, code=303)
            parted = workflow(db.session, key=key, change_key=change, actor=actor(), now=now)
            name = parted.gone.name
            once.finish(target)
    except CannotUndo as refusal:
        flash(refusal.message, "error")
        return redirect(target, code=303)
    flash(f"{name} is an organisation by itself again.", "success")
    if parted.left:
        flash(f"This was changed since, and stays: {'; '.join(parted.left)}.", "warning")
    return redirect(target, code=303)


def _found_or_404(key: str) -> Organisation:
    return find_organisation(db.session(), key) or abort(404)


def _other_or_404(key: str, into: str) -> Organisation:
    if key == into:
        abort(404)
    return _found_or_404(into)


def _page(gone: Organisation, left: Organisation, form: MergeForm, refusal: str = "") -> str:
    return render_template(
        "desk/organisations/merge_preview.html",
        preview=preview(db.session(), gone, left, at=utcnow()),
        form=form,
        refusal=refusal,
    )
