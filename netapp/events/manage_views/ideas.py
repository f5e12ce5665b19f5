"""Ideas on the desk: topics without a date, who would come, and the event that one becomes."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import IdeaOver
from netapp.events.manage_forms.ideas import IdeaForm, MakeEventForm
from netapp.events.manage_views.interested import take_away
from netapp.events.models import EventKind, EventMode
from netapp.events.operations import ideas as operations
from netapp.events.queries import ideas as queries
from netapp.events.queries import interest
from netapp.events.queries.ideas import IdeaRow
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.pages import page_number
from netapp.people.session import actor
from netapp.vocabulary.queries import terms_by_kind
from netapp.web import once
from netapp.web.edits import VersionField, carried, differences
from netapp.web.forms import BaseForm
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_ideas", __name__, url_prefix="/desk/ideas")

CHANGED = "Somebody changed this idea meanwhile. Look at it, then do it again."


class SeenForm(BaseForm):
    version = VersionField()


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    return render_template("desk/ideas/index.html", ideas=queries.idea_rows(db.session))


@bp.get("/new")
@policy(coordinator)
def new() -> ResponseReturnValue:
    form = IdeaForm(formdata=None, terms=terms_by_kind(db.session()))
    return render_template("desk/ideas/new.html", form=form)


@bp.post("/new")
@policy(coordinator)
def create() -> ResponseReturnValue:
    form, now = IdeaForm(terms=terms_by_kind(db.session())), utcnow()
    if not form.validate():
        return render_template("desk/ideas/new.html", form=form), 422
    with unit_of_work(db.session):
        if earlier := once.begin("idea.create", now):
            return redirect(earlier.result, code=303)
        idea = operations.create_idea(
            db.session,
            title=form.title.data,
            words=form.words.data,
            term_ids=form.term_ids,
            actor=actor(),
            now=now,
        )
        target = once.finish(url_for(".show", key=idea.key))
    flash("The idea is on the public page of events now.", "success")
    return redirect(target, code=303)


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    idea = _idea_or_404(key)
    return _page(idea, _form_of(idea))


@bp.post("/<key>")
@policy(coordinator)
def save(key: str) -> ResponseReturnValue:
    idea, form, now = _idea_or_404(key), IdeaForm(terms=terms_by_kind(db.session())), utcnow()
    if "again" in request.form:
        return _page(idea, form)
    if not form.validate():
        return _page(idea, form), 422
    try:
        with unit_of_work(db.session):
            operations.edit_idea(
                db.session,
                idea_id=idea.id,
                title=form.title.data,
                words=form.words.data,
                term_ids=form.term_ids,
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
    except StaleEdit:
        return _conflict(_idea_or_404(key), form)
    except IdeaOver as refusal:
        flash(refusal.message, "error")
    else:
        flash("Saved.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/<key>/close")
@policy(coordinator)
def close(key: str) -> ResponseReturnValue:
    return _do(key, "close", "Closed. Nobody sees it any more.")


@bp.post("/<key>/reopen")
@policy(coordinator)
def reopen(key: str) -> ResponseReturnValue:
    return _do(key, "reopen", "Open again. It is on the public page of events.")


@bp.post("/<key>/event")
@policy(coordinator)
def make_event(key: str) -> ResponseReturnValue:
    idea, form, now = _idea_or_404(key), MakeEventForm(), utcnow()
    if not form.validate():
        return _page(idea, _form_of(idea), form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"idea.event:{key}", now):
                return redirect(earlier.result, code=303)
            event = operations.make_event(
                db.session,
                idea_id=idea.id,
                kind=EventKind(form.kind.data),
                mode=EventMode(form.mode.data),
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for("desk_dates.new", key=event.key))
    except (StaleEdit, IdeaOver) as refusal:
        flash(CHANGED if isinstance(refusal, StaleEdit) else refusal.message, "warning")
        return redirect(url_for(".show", key=key), code=303)
    flash(
        "The draft is made. Give it a date; everybody interested is told when booking opens.",
        "success",
    )
    return redirect(target, code=303)


@bp.post("/<key>/interest.csv")
@policy(coordinator, again=True)
def export(key: str) -> Response:
    """A POST, because taking a list of people away is written down."""
    idea, now = _idea_or_404(key), utcnow()
    return take_away(
        interest.all_interested(db.session(), idea_id=idea.id, now=now),
        title=idea.title,
        subject=f"idea:{idea.key}",
        slug=idea.slug,
        now=now,
    )


def _do(key: str, what: str, done: str) -> ResponseReturnValue:
    idea, form, now = _idea_or_404(key), SeenForm(), utcnow()
    act = operations.close_idea if what == "close" else operations.reopen_idea
    target = url_for(".show", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"idea.{what}:{key}", now):
                return redirect(earlier.result, code=303)
            act(
                db.session,
                idea_id=idea.id,
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except StaleEdit:
        flash(CHANGED, "warning")
    except IdeaOver as refusal:
        flash(refusal.message, "error")
    else:
        flash(done, "success")
    return redirect(target, code=303)


def _idea_or_404(key: str) -> IdeaRow:
    return queries.idea_row(db.session, key) or abort(404)


def _form_of(idea: IdeaRow) -> IdeaForm:
    return IdeaForm.of(
        title=idea.title,
        words=idea.words,
        version=idea.version,
        terms=terms_by_kind(db.session()),
        term_ids=queries.term_ids_of_idea(db.session, idea.id),
    )


def _page(idea: IdeaRow, form: IdeaForm, making: MakeEventForm | None = None) -> str:
    page = interest.interested_page(
        db.session(),
        idea_id=idea.id,
        number=page_number(request.args.get("page")),
        now=utcnow(),
    )
    return render_template(
        "desk/ideas/show.html",
        idea=idea,
        form=form,
        making=making or MakeEventForm(formdata=None),
        page=page,
    )


def _conflict(idea: IdeaRow, mine: IdeaForm) -> ResponseReturnValue:
    """Both texts side by side, and a way to keep either. Where they are the same the form was
    sent twice."""
    theirs = _form_of(idea)
    found = differences(mine, theirs)
    if not found:
        flash("Saved.", "success")
        return redirect(url_for(".show", key=idea.key), code=303)
    page = render_template(
        "desk/ideas/conflict.html",
        idea=idea,
        differences=found,
        theirs=theirs,
        carried=carried(request.form, leave_out=("version", "base", "again")),
    )
    return page, 409
