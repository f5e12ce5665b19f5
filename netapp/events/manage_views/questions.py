"""The library of questions on the desk."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import OptionDecides
from netapp.events.manage_forms.questions import EditQuestionForm, NewQuestionForm
from netapp.events.manage_words import QUESTION_KINDS
from netapp.events.operations import question_library as operations
from netapp.events.queries import question_library as queries
from netapp.events.queries.question_library import LibraryRow
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_questions", __name__, url_prefix="/desk/questions")

CHANGED = (
    "Somebody changed this meanwhile. There now: “{there}”. Save again to keep what you typed."
)
KIND_WORDS = dict(QUESTION_KINDS)


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    rows = queries.library(db.session())
    return render_template("desk/questions/index.html", rows=rows, kinds=KIND_WORDS)


@bp.get("/new")
@policy(coordinator)
def new() -> ResponseReturnValue:
    return render_template("desk/questions/new.html", form=NewQuestionForm(formdata=None))


@bp.post("/new")
@policy(coordinator)
def create() -> ResponseReturnValue:
    form, now = NewQuestionForm(), utcnow()
    if not form.validate():
        return render_template("desk/questions/new.html", form=form), 422
    with unit_of_work(db.session):
        if earlier := once.begin("question.add", now):
            return redirect(earlier.result, code=303)
        operations.add_question(db.session, plan=form.plan, actor=actor(), now=now)
        target = once.finish(url_for(".index"))
    flash("The question is in the library. Events can ask it now.", "success")
    return redirect(target, code=303)


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    question = _question_or_404(key)
    return _page(question, EditQuestionForm.of(question))


@bp.post("/<key>")
@policy(coordinator)
def save(key: str) -> ResponseReturnValue:
    question, now = _question_or_404(key), utcnow()
    form = EditQuestionForm(kind=question.kind)
    if not form.validate():
        return _page(question, form), 422
    try:
        with unit_of_work(db.session):
            operations.edit_question(
                db.session,
                question_id=question.id,
                wording=form.wording,
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
    except StaleEdit:
        question = _question_or_404(key)
        form.version.data = str(question.version)
        return _page(question, form, CHANGED.format(there=question.words)), 409
    except OptionDecides as refusal:
        form.options.errors = [refusal.words]
        return _page(_question_or_404(key), form), 422
    flash("Saved.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/<key>/retire")
@policy(coordinator)
def retire(key: str) -> ResponseReturnValue:
    return _retire(key, True, "Retired. Events that ask it go on; no other can take it.")


@bp.post("/<key>/return")
@policy(coordinator)
def bring_back(key: str) -> ResponseReturnValue:
    return _retire(key, False, "It is back. Events can ask it again.")


def _retire(key: str, retired: bool, done: str) -> ResponseReturnValue:
    question, now = _question_or_404(key), utcnow()
    with unit_of_work(db.session):
        operations.retire_question(
            db.session, question_id=question.id, retired=retired, actor=actor(), now=now
        )
    flash(done, "success")
    return redirect(url_for(".show", key=key), code=303)


def _question_or_404(key: str) -> LibraryRow:
    found = queries.library_question(db.session(), key) if key.isalnum() else None
    return found or abort(404)


def _page(question: LibraryRow, form: EditQuestionForm, refusal: str = "") -> str:
    return render_template(
        "desk/questions/show.html",
        question=question,
        form=form,
        refusal=refusal,
        kind=KIND_WORDS[question.kind.value],
        asked_in=queries.asked_in(db.session(), question.id),
        former=queries.former_wordings(db.session(), question),
    )
