"""The desk's queue of applications: look, ask, approve or decline, one or several."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.audit.operations import Actor
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.kernel.pages import page_number
from netapp.kernel.words import count_words
from netapp.membership.application_models import Application
from netapp.membership.desk_forms import (
    NEW,
    ApproveForm,
    AskRefereeForm,
    NoteForm,
    WordsForm,
)
from netapp.membership.errors import WordsMissing
from netapp.membership.models import Holder
from netapp.membership.operations import deciding, references
from netapp.membership.operations.several import Chosen, approve_several, decline_several
from netapp.membership.queries.applications import (
    FILTERS,
    STATE_WORDS,
    application_counts,
    applications_of,
    applications_page,
    find_application,
)
from netapp.membership.queries.register import pickable
from netapp.people.addresses import shown
from netapp.people.session import actor
from netapp.vocabulary.queries import find_term
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_applications", __name__, url_prefix="/desk/membership/applications")

MOST_AT_ONCE: Final = 100


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    show = request.args.get("show", "open")
    show = show if show in FILTERS else "open"
    page = applications_page(db.session, show=show, number=page_number(request.args.get("page")))
    return render_template(
        "desk/membership/applications.html",
        page=page,
        show=show,
        counts=application_counts(db.session),
        several_form=WordsForm(formdata=None),
    )


@bp.post("/several")
@policy(coordinator)
def several() -> ResponseReturnValue:
    """Approve or decline all that are ticked. What somebody else was quicker with stays as it is,
    and is named."""
    chosen = [Chosen.of(one) for one in request.form.getlist("chosen")[:MOST_AT_ONCE]]
    asked = [one for one in chosen if one is not None]
    form, now, target = WordsForm(), utcnow(), url_for(".index")
    if not asked:
        flash("Tick the applications that you mean.", "warning")
        return redirect(target, code=303)
    if not form.validate():
        flash("Shorten what you write to them.", "error")
        return redirect(target, code=303)
    declines = request.form.get("do") == "decline"
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("applications.several", now):
                return redirect(earlier.result, code=303)
            if declines:
                outcome = decline_several(
                    db.session, chosen=asked, words=form.words.data, actor=actor(), now=now
                )
            else:
                outcome = approve_several(db.session, chosen=asked, actor=actor(), now=now)
            once.finish(target)
    except WordsMissing as refusal:
        flash(refusal.message, "error")
        return redirect(target, code=303)
    done = "declined" if declines else "approved"
    if outcome.done:
        flash(f"{count_words(outcome.done, 'application')} {done}, and told by email.", "success")
    for name, why in outcome.left:
        flash(f"{name}: {why}", "warning")
    return redirect(target, code=303)


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    return _page(_found(key))


@bp.post("/<key>/approve")
@policy(coordinator)
def approve(key: str) -> ResponseReturnValue:
    found = _found(key)
    form = _approve_form(found)
    if not form.validate():
        return _page(found, approve_form=form, status=422)
    picked = form.organisation.data if form.organisation else None
    return _decide(
        found,
        "approve",
        _approved_words(found),
        lambda who: deciding.approve(
            db.session,
            key=key,
            version=form.version.number,
            organisation="" if picked == NEW else picked,
            words=form.words.data,
            actor=who,
            now=utcnow(),
        ),
    )


@bp.post("/<key>/decline")
@policy(coordinator)
def decline(key: str) -> ResponseReturnValue:
    found, form = _found(key), WordsForm()
    if not form.validate():
        return _page(found, decline_form=form, status=422)
    return _decide(
        found,
        "decline",
        "Declined, and told by email in your words.",
        lambda who: deciding.decline(
            db.session,
            key=key,
            version=form.version.number,
            words=form.words.data,
            actor=who,
            now=utcnow(),
        ),
    )


@bp.post("/<key>/ask")
@policy(coordinator)
def ask(key: str) -> ResponseReturnValue:
    found, form = _found(key), WordsForm()
    if not form.validate():
        return _page(found, ask_form=form, status=422)
    return _decide(
        found,
        "ask",
        f"We have asked {found.person.name}. The answer brings the application back here.",
        lambda who: deciding.ask_back(
            db.session,
            key=key,
            version=form.version.number,
            words=form.words.data,
            actor=who,
            now=utcnow(),
        ),
    )


@bp.post("/<key>/note")
@policy(coordinator)
def note(key: str) -> ResponseReturnValue:
    found, form = _found(key), NoteForm()
    if not form.validate():
        return _page(found, note_form=form, status=422)
    return _decide(
        found,
        "note",
        "The note is kept. Only coordinators read it.",
        lambda who: deciding.note(
            db.session, key=key, words=form.words.data, actor=who, now=utcnow()
        ),
    )


@bp.post("/<key>/referee")
@policy(coordinator)
def ask_referee(key: str) -> ResponseReturnValue:
    found, form = _found(key), AskRefereeForm()
    if not form.validate():
        return _page(found, referee_form=form, status=422)
    return _decide(
        found,
        "referee",
        "We have written to them.",
        lambda who: references.ask_referee(
            db.session,
            key=key,
            name=form.name.data,
            email=form.email.address,
            actor=who,
            now=utcnow(),
        ),
    )


def _approved_words(found: Application) -> str:
    name = found.person.name
    if found.kind.holder is Holder.ORGANISATION:
        return (
            f"{found.organisation_name} is a member now. {name} is its contact, and told by email."
        )
    return f"{name} is a member now, and told by email."


def _decide(
    found: Application, what: str, done: str, act: Callable[[Actor], object]
) -> ResponseReturnValue:
    """One button: do it once, say how it went, go back to the application."""
    target = url_for(".show", key=found.key)
    try:
        with unit_of_work(db.session):
            if once.begin(f"application.{what}:{found.key}", utcnow()) is None:
                act(actor())
                once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash(done, "success")
    return redirect(target, code=303)


def _found(key: str) -> Application:
    return find_application(db.session, key[:32]) or abort(404)


def _approve_form(found: Application, *, empty: bool = False) -> ApproveForm:
    options = {"formdata": None} if empty else {}
    is_new = found.kind.holder is Holder.ORGANISATION
    form = ApproveForm(
        organisations=pickable(db.session) if is_new else (),
        typed=found.organisation_name if is_new else "",
        **options,
    )
    if empty:
        form.version.data = str(found.version)
        if form.organisation and found.organisation:
            form.organisation.data = found.organisation.key
    return form


def _words_form(found: Application, words: str = "") -> WordsForm:
    return WordsForm(formdata=None, version=str(found.version), words=words)


def _page(
    found: Application,
    *,
    approve_form: ApproveForm | None = None,
    decline_form: WordsForm | None = None,
    ask_form: WordsForm | None = None,
    note_form: NoteForm | None = None,
    referee_form: AskRefereeForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    forms = {
        "approve_form": approve_form or _approve_form(found, empty=True),
        "decline_form": decline_form or _words_form(found, found.kind.decline_words),
        "ask_form": ask_form or _words_form(found),
        "note_form": note_form or NoteForm(formdata=None),
        "referee_form": referee_form or AskRefereeForm(formdata=None),
    }
    for name, form in forms.items():
        for field in form:  # Several forms of one page have fields of the same name.
            field.id = f"{name.removesuffix('_form')}-{field.name}"
    earlier = applications_of(db.session, found.person_id)
    area = find_term(db.session, found.area) if found.area else None
    page = render_template(
        "desk/membership/application.html",
        one=found,
        address=shown(found.person.email),
        area=area.label if area else "",
        state_words=STATE_WORDS,
        earlier=[each for each in earlier if each.id != found.id],
        **forms,
    )
    return page, status
