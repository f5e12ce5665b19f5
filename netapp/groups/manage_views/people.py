"""The people of a group on the desk: adding, roles and terms, organisations, sites, the table."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.audit import operations as audit
from netapp.extensions import db
from netapp.groups.errors import AlreadyPartner, DaysTurned, GroupRefused, RoleOverlaps
from netapp.groups.forms import AnswerForm
from netapp.groups.manage_forms import AddForm, PartnerForm, ReasonForm, RoleForm, SiteForm
from netapp.groups.manage_views.groups import group_or_404
from netapp.groups.models import Group, RoleKind
from netapp.groups.operations import partners, people
from netapp.groups.operations.guard import subject_of
from netapp.groups.queries import desk, page
from netapp.groups.queries.people import former_rows, people_rows
from netapp.groups.queries.standing import today_of
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.errors import NoAccount
from netapp.people.session import actor
from netapp.web import once
from netapp.web.csv_export import csv_response
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_group_people", __name__, url_prefix="/desk/groups/<key>/people")

NOBODY = "Nobody has an account with this address. Invite them from the group’s page instead."


@bp.get("")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    return _page(group_or_404(key))


@bp.post("/add")
@policy(coordinator)
def add(key: str) -> ResponseReturnValue:
    group, form, now = group_or_404(key), AddForm(), utcnow()
    if not form.validate():
        return _page(group, adding=form), 422
    target = url_for(".show", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"group.add:{key}", now):
                return redirect(earlier.result, code=303)
            person = people.add_by_hand(
                db.session, group_id=group.id, email=form.email.address, actor=actor(), now=now
            )
            once.finish(target)
    except NoAccount:
        form.email.errors = [NOBODY]
    except GroupRefused as refusal:
        form.email.errors = [refusal.message]
    else:
        flash(f"{person.name} is in the group, and told.", "success")
        return redirect(target, code=303)
    return _page(group_or_404(key), adding=form), 422


@bp.post("/roles")
@policy(coordinator)
def give_role(key: str) -> ResponseReturnValue:
    group, now = group_or_404(key), utcnow()
    form = RoleForm(people=people_rows(db.session(), group.id, at=now))
    if not form.validate():
        return _page(group, giving=form), 422
    target = url_for(".show", key=key)
    assert form.starts_on.day is not None  # Its validators saw to it.
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"group.role:{key}", now):
                return redirect(earlier.result, code=303)
            people.give_role(
                db.session,
                group_id=group.id,
                member_key=form.member.data,
                role=RoleKind(form.role.data),
                title=form.title.data,
                starts_on=form.starts_on.day,
                ends_on=form.ends_on.day,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except (DaysTurned, RoleOverlaps) as refusal:
        at = form.ends_on if isinstance(refusal, DaysTurned) else form.starts_on
        at.errors = [refusal.message]
        return _page(group_or_404(key), giving=form), 422
    flash("The role is given. We remind you four weeks before its last day.", "success")
    return redirect(target, code=303)


@bp.post("/roles/<role>/end")
@policy(coordinator)
def end_role(key: str, role: str) -> ResponseReturnValue:
    group = group_or_404(key)
    with unit_of_work(db.session):
        people.end_role(db.session, group_id=group.id, role_key=role, actor=actor(), now=utcnow())
    flash("The term is ended.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/organisations")
@policy(coordinator)
def add_organisation(key: str) -> ResponseReturnValue:
    group, now = group_or_404(key), utcnow()
    form = PartnerForm(organisations=desk.organisation_choices(db.session()))
    if not form.validate():
        return _page(group, partner=form), 422
    target = url_for(".show", key=key, _anchor="organisations")
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"group.organisation:{key}", now):
                return redirect(earlier.result, code=303)
            partners.add_organisation(
                db.session,
                group_id=group.id,
                slug=form.organisation.data,
                part=form.part.data,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except AlreadyPartner as refusal:
        form.organisation.errors = [refusal.message]
        return _page(group_or_404(key), partner=form), 422
    flash("The organisation is in the list.", "success")
    return redirect(target, code=303)


@bp.post("/organisations/<slug>/end")
@policy(coordinator)
def end_organisation(key: str, slug: str) -> ResponseReturnValue:
    group = group_or_404(key)
    with unit_of_work(db.session):
        partners.end_organisation(
            db.session, group_id=group.id, slug=slug, actor=actor(), now=utcnow()
        )
    flash("The organisation is out of the list.", "success")
    return redirect(url_for(".show", key=key, _anchor="organisations"), code=303)


@bp.post("/sites")
@policy(coordinator)
def add_site(key: str) -> ResponseReturnValue:
    group, form, now = group_or_404(key), SiteForm(), utcnow()
    if not form.validate():
        return _page(group, site_form=form), 422
    target = url_for(".show", key=key, _anchor="sites")
    with unit_of_work(db.session):
        if earlier := once.begin(f"group.site:{key}", now):
            return redirect(earlier.result, code=303)
        partners.add_site(
            db.session, group_id=group.id, name=form.name.data, actor=actor(), now=now
        )
        once.finish(target)
    flash("The place is in the list.", "success")
    return redirect(target, code=303)


@bp.post("/sites/<place>/end")
@policy(coordinator)
def end_site(key: str, place: str) -> ResponseReturnValue:
    group = group_or_404(key)
    with unit_of_work(db.session):
        partners.end_site(db.session, group_id=group.id, key=place, actor=actor(), now=utcnow())
    flash("The place is out of the list.", "success")
    return redirect(url_for(".show", key=key, _anchor="sites"), code=303)


@bp.post("/table.csv")
@policy(coordinator, again=True)
def table(key: str) -> ResponseReturnValue:
    """A POST, because taking a list of people away is written down."""
    group, now = group_or_404(key), utcnow()
    rows = desk.table_of(db.session(), group.id, now=now)
    with unit_of_work(db.session):
        audit.record(
            db.session,
            actor=actor(),
            action="group.export",
            subject=subject_of(group),
            summary=f"Took away {len(rows)} people of {group.name} as a table.",
            now=now,
        )
    return csv_response(f"{group.slug}-people.csv", desk.COLUMNS, rows)


def _page(
    group: Group,
    *,
    adding: AddForm | None = None,
    giving: RoleForm | None = None,
    partner: PartnerForm | None = None,
    site_form: SiteForm | None = None,
) -> str:
    """The forms that must be put right are given; the others are empty."""
    session, now = db.session(), utcnow()
    rows = people_rows(session, group.id, at=now, addresses=True)
    today = today_of(session, now)
    return render_template(
        "desk/groups/people.html",
        group=group,
        people=rows,
        former=former_rows(session, group.id, at=now),
        requests=page.open_requests_of(session, group.id, addresses=True),
        answer=AnswerForm(formdata=None),
        partners=page.partners_of(session, group.id),
        sites=page.sites_of(session, group.id),
        adding=adding or AddForm(formdata=None),
        giving=giving or RoleForm(formdata=None, people=rows, starts_on=today),
        partner=partner
        or PartnerForm(formdata=None, organisations=desk.organisation_choices(session)),
        site_form=site_form or SiteForm(formdata=None),
        removing=ReasonForm(formdata=None),
        wrong=next((f for f in (adding, giving, partner, site_form) if f and f.errors), None),
    )
