"""For those who lead a group: who asks to join, and whom they invite."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.groups.errors import GroupRefused, WordsMissing
from netapp.groups.forms import AnswerForm, InviteForm
from netapp.groups.models import Group
from netapp.groups.operations import inviting, joining
from netapp.groups.policies import Standing
from netapp.groups.queries import page
from netapp.groups.queries.people import people_rows
from netapp.groups.session import find, led_or_404, moved
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import policy, signed_in

bp = Blueprint("group_people", __name__, url_prefix="/groups/<slug>/people")


@bp.get("")
@policy(signed_in)
def show(slug: str) -> ResponseReturnValue:
    if find(slug) is None:
        return moved(slug)
    return _page(*led_or_404(slug), InviteForm(formdata=None))


@bp.post("/requests/<key>/accept")
@policy(signed_in)
def accept(slug: str, key: str) -> ResponseReturnValue:
    return _answer(slug, key, accepted=True)


@bp.post("/requests/<key>/decline")
@policy(signed_in)
def decline(slug: str, key: str) -> ResponseReturnValue:
    return _answer(slug, key, accepted=False)


@bp.post("/invitations")
@policy(signed_in)
def invite(slug: str) -> ResponseReturnValue:
    group, standing = led_or_404(slug)
    form, now = InviteForm(), utcnow()
    if not form.validate():
        return _page(group, standing, form), 422
    target = url_for(".show", slug=slug)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"group.invite:{group.key}", now):
                return redirect(earlier.result, code=303)
            inviting.invite(
                db.session,
                group_id=group.id,
                email=form.email.address,
                name=form.name.data,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except GroupRefused as refusal:
        return _page(group, standing, form, refusal.message), 409
    flash("The invitation is on its way. Its link works once, for 14 days.", "success")
    return redirect(target, code=303)


@bp.post("/invitations/<key>/withdraw")
@policy(signed_in)
def withdraw(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    try:
        with unit_of_work(db.session):
            inviting.withdraw(db.session, group_id=group.id, key=key, actor=actor(), now=utcnow())
    except GroupRefused as refusal:
        flash(refusal.message, "warning")
    else:
        flash("The invitation is taken back. Its link works no more.", "success")
    return redirect(url_for(".show", slug=slug), code=303)


def _answer(slug: str, key: str, *, accepted: bool) -> ResponseReturnValue:
    group, standing = led_or_404(slug)
    form, now, target = AnswerForm(), utcnow(), url_for(".show", slug=slug)
    act = joining.accept if accepted else joining.decline
    if not form.validate():
        flash("Shorten your words to 1,000 characters.", "error")
        return redirect(target, code=303)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"group.answer:{key}", now):
                return redirect(earlier.result, code=303)
            act(
                db.session,
                group_id=group.id,
                key=key,
                words=form.words.data,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except WordsMissing as refusal:
        form.words.errors = [refusal.message]
        return _page(group, standing, InviteForm(formdata=None), asked=(key, form)), 422
    except GroupRefused as refusal:
        flash(refusal.message, "error")
    else:
        flash("They are in, and told." if accepted else "Declined, with your words.", "success")
    return redirect(target, code=303)


def _page(
    group: Group,
    standing: Standing,
    form: InviteForm,
    refusal: str = "",
    *,
    asked: tuple[str, AnswerForm] | None = None,
) -> str:
    """``asked``: the key of a request, and the answer to it that must be put right."""
    session, now = db.session(), utcnow()
    return render_template(
        "groups/people.html",
        group=group,
        standing=standing,
        requests=page.open_requests_of(session, group.id, addresses=standing.is_coordinator),
        invitations=page.open_invitations(session, group.id, at=now),
        people=people_rows(session, group.id, at=now, addresses=standing.is_coordinator),
        form=form,
        answer=AnswerForm(formdata=None),
        asked=asked,
        refusal=refusal,
    )
