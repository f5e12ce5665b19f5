"""Two people who are one: find them, see what would happen, merge, take apart again."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField

from netapp.desk.queries.duplicates import are_told_apart, duplicates, told_apart
from netapp.desk.queries.person_merge import Choice, MergePreview, preview
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound, StaleEdit
from netapp.kernel.text import clean
from netapp.membership.queries.people_list import people_page
from netapp.people.models import Person
from netapp.people.queries import find_person
from netapp.people.session import actor
from netapp.privacy.queries.retention import chosen_days
from netapp.web import once
from netapp.web.edits import VersionField
from netapp.web.forms import BaseForm, choices_of
from netapp.web.policy import coordinator, policy
from netapp.workflows.merge_people import CHANGES, merge_people, undo_merge

bp = Blueprint("desk_merge_people", __name__, url_prefix="/desk/people")

LONGEST_SEARCH = 100
CHANGED_MEANWHILE = "One of the two was changed meanwhile. Look at it, then send it again."


class MergePeopleForm(BaseForm):
    gone_version = VersionField()
    kept_version = VersionField()
    name = RadioField("Name", validate_choice=False)
    email = RadioField("Email address", validate_choice=False)
    organisation = RadioField("Organisation", validate_choice=False)
    gives_up = BooleanField("Give the second place back, to whoever waits")

    def offer(self, choices: Sequence[Choice]) -> None:
        """Only where the two differ there is something to choose."""
        for choice in choices:
            field: RadioField = self[choice.name]
            pairs = [("kept", choice.kept or "Nothing"), ("gone", choice.gone or "Nothing")]
            field.choices, field.label.text = choices_of(pairs), choice.label
            if field.data not in ("kept", "gone"):
                field.data = choice.usual

    def taken(self, choices: Sequence[Choice]) -> set[str]:
        return {c.name for c in choices if c.is_open and self[c.name].data == "gone"}


@bp.get("/duplicates")
@policy(coordinator)
def possible() -> ResponseReturnValue:
    pairs, number = duplicates(db.session())
    return render_template(
        "desk/people/duplicates.html", pairs=pairs, number=number, apart=told_apart(db.session())
    )


@bp.get("/<key>/merge")
@policy(coordinator)
def choose(key: str) -> ResponseReturnValue:
    found = _person_or_404(key)
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    asked = words or found.name
    page = people_page(db.session(), words=asked, who="everyone", number=1, at=utcnow())
    return render_template(
        "desk/people/merge_choose.html",
        person=found,
        words=words,
        others=[line for line in page.items if line.key != key],
    )


@bp.get("/<key>/merge/<into>")
@policy(coordinator, again=True)
def show(key: str, into: str) -> ResponseReturnValue:
    form = MergePeopleForm(formdata=None)
    found = _preview(key, into)
    return _page(found, form)


@bp.post("/<key>/merge/<into>")
@policy(coordinator, again=True)
def merge(key: str, into: str) -> ResponseReturnValue:
    found, form, now = _preview(key, into), MergePeopleForm(), utcnow()
    names = found.gone.name, found.kept.name
    if not form.validate():
        return _page(found, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"person.merge:{key}", now):
                return redirect(earlier.result, code=303)
            merge_people(
                db.session,
                key=key,
                into=into,
                versions=(form.gone_version.number, form.kept_version.number),
                take=form.taken(found.choices),
                gives_up=form.gives_up.data,
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for("desk_people.person", key=into))
    except StaleEdit:
        return _page(_preview(key, into), form, CHANGED_MEANWHILE), 409
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(_preview(key, into), form, str(refusal)), 409
    flash(f"{names[0]} and {names[1]} are one now, and told by email.", "success")
    return redirect(target, code=303)


@bp.post("/<key>/merges/<change>/undo")
@policy(coordinator, again=True)
def take_apart(key: str, change: str) -> ResponseReturnValue:
    target, now = url_for("desk_people.person", key=key), utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"person.unmerge:{change}", now):
                return redirect(earlier.result, code=303)
            undone = undo_merge(db.session, change_key=change, actor=actor(), now=now)
            once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
        return redirect(target, code=303)
    flash(f"{undone.other.name} is somebody by themselves again. Both are told.", "success")
    if undone.left:
        flash(f"This was changed since, and stays: {'; '.join(undone.left)}.", "warning")
    return redirect(target, code=303)


def _person_or_404(key: str) -> Person:
    found = find_person(db.session(), key)
    if found is None or found.is_gone or found.merged_into_id is not None:
        abort(404)
    return found


def _preview(key: str, into: str) -> MergePreview:
    if key == into:
        abort(404)
    gone, kept = _person_or_404(key), _person_or_404(into)
    return preview(db.session(), gone, kept, now=utcnow())


def _page(found: MergePreview, form: MergePeopleForm, refusal: str = "") -> str:
    form.offer(found.choices)
    form.gone_version.data = str(found.gone.version)
    form.kept_version.data = str(found.kept.version)
    return render_template(
        "desk/people/merge_preview.html",
        preview=found,
        form=form,
        refusal=refusal or found.refusal,
        days=chosen_days(db.session())[CHANGES],
        apart=are_told_apart(db.session(), found.gone, found.kept),
    )
