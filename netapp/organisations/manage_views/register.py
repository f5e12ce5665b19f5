"""The register on the desk: find, add, change, confirm, take away."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.audit.queries import lines_about
from netapp.extensions import db
from netapp.kernel.changes import changes_of
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.pages import page_number
from netapp.kernel.site import site_of
from netapp.kernel.text import clean
from netapp.kernel.zones import to_local
from netapp.organisations.errors import InRegister, NotYet
from netapp.organisations.forms import (
    ConfirmForm,
    EditOrganisationForm,
    NameForm,
    OrganisationForm,
)
from netapp.organisations.models import NameKind, Organisation
from netapp.organisations.operations import confirming, editing
from netapp.organisations.operations.guard import subject_of
from netapp.organisations.queries import one as queries
from netapp.organisations.queries.register import RegisterFilter, all_of_register, register
from netapp.people.session import actor
from netapp.vocabulary.queries import terms_by_kind
from netapp.web import once
from netapp.web.csv_export import csv_response
from netapp.web.edits import carried, differences
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_organisations", __name__, url_prefix="/desk/organisations")

LONGEST_SEARCH = 100
LONGEST_UNDO = timedelta(days=90)  # Retention takes away what is kept for less.
COLUMNS = (
    *("Name", "Other names", "What it is", "Legal form", "Areas served", "Office", "Website"),
    *("Listed", "Source", "Confirmed on", "Public address"),
)


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    chosen = _chosen()
    found = register(db.session(), chosen, number=page_number(request.args.get("page")))
    return render_template("desk/organisations/index.html", register=found, chosen=chosen)


@bp.get("/organisations.csv")
@policy(coordinator, again=True)
def export() -> ResponseReturnValue:
    site = site_of(db.session())
    pages = [queries.page_of(one) for one in all_of_register(db.session(), _chosen())]
    rows = (
        (
            page.name,
            "; ".join(one.name for one in page.names),
            page.type,
            page.legal_form,
            "; ".join(page.areas),
            page.office_area,
            page.website,
            "yes" if page.is_listed else "no",
            page.source,
            page.confirmed_on.isoformat() if page.confirmed_on else "",
            site.url(f"/taking-off/organisations/{page.slug}") if page.is_listed else "",
        )
        for page in pages
    )
    return csv_response("organisations.csv", COLUMNS, rows)


@bp.get("/new")
@policy(coordinator)
def new() -> ResponseReturnValue:
    form = OrganisationForm(formdata=None, terms=terms_by_kind(db.session()))
    return render_template("desk/organisations/new.html", form=form, known="")


@bp.post("/new")
@policy(coordinator)
def add() -> ResponseReturnValue:
    form, now = OrganisationForm(terms=terms_by_kind(db.session())), utcnow()
    if not form.validate():
        return render_template("desk/organisations/new.html", form=form, known=""), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("organisation.add", now):
                return redirect(earlier.result, code=303)
            added = editing.add(db.session, details=form.details, actor=actor(), now=now)
            target = once.finish(url_for(".show", key=added.key))
    except InRegister as refusal:
        form.name.errors = [refusal.message]
        page = render_template("desk/organisations/new.html", form=form, known=refusal.slug)
        return page, 422
    flash(f"{form.name.data} is in the register.", "success")
    return redirect(target, code=303)


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    moved = queries.target_of(db.session(), key)
    if moved:
        return redirect(url_for(".show", key=moved), code=303)
    found = organisation_or_404(key)
    return _page(found, EditOrganisationForm.of(found, terms_by_kind(db.session())))


@bp.post("/<key>")
@policy(coordinator)
def save(key: str) -> ResponseReturnValue:
    found, now = organisation_or_404(key), utcnow()
    form = EditOrganisationForm(terms=terms_by_kind(db.session()))
    if "again" in request.form:
        return _page(found, form)
    if not form.validate():
        return _page(found, form), 422
    try:
        with unit_of_work(db.session):
            editing.edit(
                db.session,
                key=key,
                version=form.version.number,
                details=form.details,
                old_name=form.old_name_kind,
                actor=actor(),
                now=now,
            )
    except InRegister as refusal:
        form.name.errors = [refusal.message]
        return _page(organisation_or_404(key), form), 422
    except StaleEdit:
        return _conflict(organisation_or_404(key), form)
    flash("Saved.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/<key>/names")
@policy(coordinator)
def add_name(key: str) -> ResponseReturnValue:
    found, form, now = organisation_or_404(key), NameForm(), utcnow()
    if not form.validate():
        return _page(found, _edit_form(found), name_form=form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"organisation.name:{key}", now):
                return redirect(earlier.result, code=303)
            editing.add_name(
                db.session,
                key=key,
                name=form.name.data or "",
                kind=NameKind(form.kind.data),
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for(".show", key=key))
    except InRegister as refusal:
        form.name.errors = [refusal.message]
        found = organisation_or_404(key)
        return _page(found, _edit_form(found), name_form=form), 422
    flash("The name is added. Its address leads here.", "success")
    return redirect(target, code=303)


@bp.post("/<key>/names/<slug>/remove")
@policy(coordinator)
def remove_name(key: str, slug: str) -> ResponseReturnValue:
    organisation_or_404(key)
    with unit_of_work(db.session):
        editing.remove_name(db.session, key=key, slug=slug, actor=actor(), now=utcnow())
    flash("The name is gone, and its address with it.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/<key>/confirm")
@policy(coordinator)
def confirm(key: str) -> ResponseReturnValue:
    found, form, now = organisation_or_404(key), ConfirmForm(), utcnow()
    if not form.validate():
        return _page(found, _edit_form(found), confirm_form=form), 422
    try:
        with unit_of_work(db.session):
            assert form.on.day is not None  # Its validators saw to it.
            confirming.confirm(
                db.session,
                key=key,
                on=form.on.day,
                source=form.source.data or "",
                actor=actor(),
                now=now,
            )
    except NotYet as refusal:
        form.on.errors = [refusal.message]
        found = organisation_or_404(key)
        return _page(found, _edit_form(found), confirm_form=form), 422
    flash("Noted that it is still true.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/<key>/listed")
@policy(coordinator)
def listed(key: str) -> ResponseReturnValue:
    organisation_or_404(key)
    shown = request.form.get("shown") == "yes"
    with unit_of_work(db.session):
        editing.show_to_public(db.session, key=key, shown=shown, actor=actor(), now=utcnow())
    where = "Everybody sees it now." if shown else "Only coordinators see it now."
    flash(where, "success")
    return redirect(url_for(".show", key=key), code=303)


def organisation_or_404(key: str) -> Organisation:
    return queries.find_organisation(db.session(), key) or abort(404)


def _chosen() -> RegisterFilter:
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    return RegisterFilter(
        words=words,
        area=request.args.get("area", "")[:80],
        type=request.args.get("type", "")[:80],
        everything=True,
    )


def _edit_form(found: Organisation) -> EditOrganisationForm:
    return EditOrganisationForm.of(found, terms_by_kind(db.session()))


def _page(
    found: Organisation,
    form: EditOrganisationForm,
    *,
    name_form: NameForm | None = None,
    confirm_form: ConfirmForm | None = None,
) -> str:
    session = db.session()
    today = to_local(utcnow(), site_of(session).zone).date()
    return render_template(
        "desk/organisations/show.html",
        one=queries.page_of(found),
        form=form,
        name_form=name_form or NameForm(formdata=None),
        confirm_form=confirm_form or ConfirmForm(formdata=None, on=today),
        confirmed_by=queries.confirmed_by(session, found),
        merged=queries.merged_into(session, found.id),
        changes=changes_of(session, subject_of(found), since=utcnow() - LONGEST_UNDO),
        lines=lines_about(session, subject_of(found)),
        subject=subject_of(found),
    )


def _conflict(found: Organisation, mine: EditOrganisationForm) -> ResponseReturnValue:
    """Both texts side by side, and a way to keep either. Where they are the same the form was
    sent twice."""
    theirs = _edit_form(found)
    different = [one for one in differences(mine, theirs) if one.label != mine.old_name.label.text]
    if not different:
        flash("Saved.", "success")
        return redirect(url_for(".show", key=found.key), code=303)
    page = render_template(
        "desk/organisations/conflict.html",
        one=queries.page_of(found),
        differences=different,
        theirs=theirs,
        carried=carried(request.form, leave_out=("version", "base", "again")),
    )
    return page, 409
