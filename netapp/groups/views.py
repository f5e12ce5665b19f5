"""Groups for everybody: the list, joining one, invitations."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.groups.errors import GroupRefused
from netapp.groups.forms import AskForm
from netapp.groups.models import Group, Joining
from netapp.groups.operations import inviting, joining
from netapp.groups.policies import Looker
from netapp.groups.queries import listing, page
from netapp.groups.session import find, group_or_404, looker, moved, my_standing
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.pages import page_number
from netapp.membership.queries.belonging import Right, has_right
from netapp.people.session import current_person, require_person
from netapp.web import once
from netapp.web.policy import everyone, link_holder, policy, signed_in

bp = Blueprint("groups", __name__, url_prefix="/groups")

LONGEST_TOKEN = 100


@bp.get("")
@policy(everyone)
def index() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    found = listing.groups_for(db.session(), looker(), number=number)
    return render_template("groups/index.html", listing=found)


@bp.get("/<slug>/join")
@policy(signed_in)
def join_page(slug: str) -> ResponseReturnValue:
    group = find(slug)
    return _join_page(group, AskForm(formdata=None)) if group else moved(slug)


@bp.post("/<slug>/join")
@policy(signed_in)
def join(slug: str) -> ResponseReturnValue:
    """Join an open group at once; ask to join another."""
    group, form, now, person = group_or_404(slug), AskForm(), utcnow(), require_person()
    if not form.validate():
        return _join_page(group, form), 422
    target = url_for("group.show", slug=slug)
    at_once = group.joining is Joining.OPEN
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"group.join:{group.key}", now):
                return redirect(earlier.result, code=303)
            if at_once:
                joining.join(db.session, group_id=group.id, person=person, now=now)
            else:
                words = form.words.data
                joining.ask(db.session, group_id=group.id, person=person, words=words, now=now)
            once.finish(target)
    except GroupRefused as refusal:
        return _join_page(group_or_404(slug), form, refusal.message), 409
    done = "You are in. Welcome!" if at_once else "Your request is on its way. We write to you."
    flash(done, "success")
    return redirect(target, code=303)


@bp.post("/<slug>/join/take-back")
@policy(signed_in)
def take_back(slug: str) -> ResponseReturnValue:
    group = group_or_404(slug)
    try:
        with unit_of_work(db.session):
            joining.take_back(db.session, group_id=group.id, person=require_person(), now=utcnow())
    except GroupRefused as refusal:
        flash(refusal.message, "warning")
    else:
        flash("Your request is taken back.", "success")
    return redirect(url_for("group.show", slug=slug), code=303)


@bp.get("/invitations/<token>")
@policy(link_holder)
def invitation(token: str) -> ResponseReturnValue:
    return _invitation_page(token)


@bp.post("/invitations/<token>")
@policy(link_holder)
def accept_invitation(token: str) -> ResponseReturnValue:
    person, now = current_person() or abort(404), utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("group.invitation", now):
                return redirect(earlier.result, code=303)
            member = inviting.use(db.session, token=token[:LONGEST_TOKEN], person=person, now=now)
            slug = db.session.get_one(Group, member.group_id).slug
            target = once.finish(url_for("group.show", slug=slug))
    except GroupRefused as refusal:
        return _invitation_page(token, refusal.message), 409
    flash("You are in. Welcome!", "success")
    return redirect(target, code=303)


def _join_page(group: Group, form: AskForm, refusal: str = "") -> str:
    person, now = require_person(), utcnow()
    return render_template(
        "groups/join.html",
        group=page.group_page(
            db.session(), group, Looker(person.id, person.is_coordinator), now=now
        ),
        standing=my_standing(group),
        request_of_mine=page.my_request(db.session(), group.id, person.id),
        may_join=has_right(db.session(), person.id, Right.JOINS_GROUPS, at=now),
        form=form,
        refusal=refusal,
    )


def _invitation_page(token: str, refusal: str = "") -> str:
    found = page.find_invitation(db.session(), token[:LONGEST_TOKEN], at=utcnow())
    return render_template(
        "groups/invitation.html",
        found=found,
        token=token,
        person=current_person(),
        refusal=refusal,
    )
