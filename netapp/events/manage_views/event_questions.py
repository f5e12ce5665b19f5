"""The tab Questions of an event: what it asks, when and whom; what was answered, who has not."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.answers import AskedQuestion
from netapp.events.errors import EditRefused
from netapp.events.manage_forms.questions import AskForm, NewQuestionForm, TakeForm
from netapp.events.manage_views.shared import editor_page, event_or_404
from netapp.events.manage_words import QUESTION_KINDS
from netapp.events.models import Event
from netapp.events.operations import event_questions as operations
from netapp.events.operations.question_library import add_question
from netapp.events.operations.question_mails import remind as remind_them
from netapp.events.queries import manage_answers as queries
from netapp.events.queries.question_library import library_question, questions_to_take
from netapp.events.queries.questions import questions_of
from netapp.events.question_plans import AskPlan
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.words import count_words
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_event_questions", __name__, url_prefix="/desk/events/<key>/questions")

CHANGED = "Somebody changed this meanwhile. There now: {there}. Save again to keep what you typed."
KIND_WORDS = dict(QUESTION_KINDS)


@bp.get("")
@policy(event_helper)
def index(key: str) -> ResponseReturnValue:
    return _tab(event_or_404(key))


@bp.post("")
@policy(event_helper)
def take(key: str) -> ResponseReturnValue:
    """Ask a question of the library, as it comes; when and whom is said on the next page."""
    event, now = event_or_404(key), utcnow()
    form = TakeForm(rows=questions_to_take(db.session(), event.id))
    chosen = str(form.question.data or "")
    question = library_question(db.session(), chosen) if chosen.isalnum() else None
    if question is None:
        form.question.errors = ["Choose a question from the list."]
        return _tab(event, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"question.take:{key}", now):
                return redirect(earlier.result, code=303)
            made = operations.ask_question(
                db.session,
                event_id=event.id,
                question_id=question.id,
                plan=AskPlan(),
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for(".change", key=key, question=made.key))
    except EditRefused as refusal:
        form.question.errors = [str(refusal)]
        return _tab(event_or_404(key), form), 409
    flash("It is among the questions now. Say when it is asked, and whom.", "success")
    return redirect(target, code=303)


@bp.get("/new")
@policy(event_helper)
def new(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    return _new_page(event, NewQuestionForm(formdata=None), _ask_form(event, sent=False))


@bp.post("/new")
@policy(event_helper)
def create(key: str) -> ResponseReturnValue:
    """A new question goes into the library, and into this event."""
    event, now = event_or_404(key), utcnow()
    form, asking = NewQuestionForm(), _ask_form(event, sent=True)
    if not (form.validate() & asking.validate()):
        return _new_page(event, form, asking), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"question.new:{key}", now):
                return redirect(earlier.result, code=303)
            question = add_question(db.session, plan=form.plan, actor=actor(), now=now)
            operations.ask_question(
                db.session,
                event_id=event.id,
                question_id=question.id,
                plan=asking.plan,
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for(".index", key=key))
    except EditRefused as refusal:
        return _new_page(event_or_404(key), form, asking, str(refusal)), 409
    flash("The event asks this now, and it is in the library for others.", "success")
    return redirect(target, code=303)


@bp.get("/<question>")
@policy(event_helper)
def show(key: str, question: str) -> ResponseReturnValue:
    """What was answered, counted or listed."""
    event, found = _question_or_404(key, question)
    count = queries.question_count(db.session(), event, found.key, utcnow()) or abort(404)
    return editor_page(
        "question.html", event, "questions", count=count, kind=KIND_WORDS[found.kind.value]
    )


@bp.get("/<question>/change")
@policy(event_helper)
def change(key: str, question: str) -> ResponseReturnValue:
    event, found = _question_or_404(key, question)
    return _change_page(event, found, AskForm.of(found, _before(event, found)))


@bp.post("/<question>/change")
@policy(event_helper)
def save(key: str, question: str) -> ResponseReturnValue:
    event, found = _question_or_404(key, question)
    before, now = _before(event, found), utcnow()
    form, there = AskForm(before=before), AskForm.of(found, before)
    if not form.validate():
        return _change_page(event, found, form), 422
    if form.base.data != there.fingerprint():
        form.base.data = there.fingerprint()
        words = CHANGED.format(there=queries.when_words(found))
        return _change_page(event, found, form, words), 409
    try:
        with unit_of_work(db.session):
            operations.change_question(
                db.session,
                event_id=event.id,
                key=found.key,
                plan=form.plan,
                actor=actor(),
                now=now,
            )
    except EditRefused as refusal:
        return _change_page(event_or_404(key), found, form, str(refusal)), 409
    flash("Saved.", "success")
    return redirect(url_for(".index", key=key), code=303)


@bp.post("/<question>/move")
@policy(event_helper)
def move(key: str, question: str) -> ResponseReturnValue:
    event, found = _question_or_404(key, question)
    up = request.form.get("way") != "down"
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"question.move:{found.key}", utcnow()):
                return redirect(earlier.result, code=303)
            operations.move_question(
                db.session, event_id=event.id, key=found.key, up=up, actor=actor(), now=utcnow()
            )
            once.finish(url_for(".index", key=key))
    except EditRefused as refusal:
        flash(str(refusal), "error")
    return redirect(url_for(".index", key=key), code=303)


@bp.post("/<question>/end")
@policy(event_helper)
def end(key: str, question: str) -> ResponseReturnValue:
    event, found = _question_or_404(key, question)
    try:
        with unit_of_work(db.session):
            gone = operations.stop_asking(
                db.session, event_id=event.id, key=found.key, actor=actor(), now=utcnow()
            )
    except EditRefused as refusal:
        flash(str(refusal), "error")
    else:
        kept = "It is taken away." if gone else "Nobody is asked any more. Its answers are kept."
        flash(kept, "success")
    return redirect(url_for(".index", key=key), code=303)


@bp.post("/<question>/again")
@policy(event_helper)
def again(key: str, question: str) -> ResponseReturnValue:
    event, found = _question_or_404(key, question)
    try:
        with unit_of_work(db.session):
            operations.ask_again(
                db.session, event_id=event.id, key=found.key, actor=actor(), now=utcnow()
            )
    except EditRefused as refusal:
        flash(str(refusal), "error")
    else:
        flash("It is asked again.", "success")
    return redirect(url_for(".index", key=key), code=303)


@bp.post("/<question>/remind")
@policy(event_helper)
def remind(key: str, question: str) -> ResponseReturnValue:
    event, found = _question_or_404(key, question)
    now, target = utcnow(), url_for(".show", key=key, question=question)
    with unit_of_work(db.session):
        if earlier := once.begin(f"question.remind:{found.key}", now):
            return redirect(earlier.result, code=303)
        told = remind_them(db.session, event_id=event.id, key=found.key, actor=actor(), now=now)
        once.finish(target)
    if told:
        flash(f"{count_words(told, 'mail')} on the way.", "success")
    else:
        flash("Everybody was asked within the last day, so nobody was reminded.", "info")
    return redirect(target, code=303)


def _question_or_404(key: str, question: str) -> tuple[Event, AskedQuestion]:
    event = event_or_404(key)
    asked = questions_of(db.session(), event.id, with_ended=True)
    return event, next((each for each in asked if each.key == question), None) or abort(404)


def _before(event: Event, question: AskedQuestion) -> list[AskedQuestion]:
    asked = questions_of(db.session(), event.id)
    return [each for each in asked if each.position < question.position]


def _ask_form(event: Event, *, sent: bool) -> AskForm:
    before = questions_of(db.session(), event.id)
    return AskForm(before=before) if sent else AskForm(formdata=None, before=before)


def _tab(event: Event, form: TakeForm | None = None) -> str:
    to_take = questions_to_take(db.session(), event.id)
    return editor_page(
        "questions.html",
        event,
        "questions",
        rows=queries.event_questions(db.session(), event, utcnow()),
        kinds=KIND_WORDS,
        to_take=to_take,
        form=form or TakeForm(formdata=None, rows=to_take),
    )


def _new_page(event: Event, form: NewQuestionForm, asking: AskForm, refusal: str = "") -> str:
    return editor_page(
        "question_new.html", event, "questions", form=form, asking=asking, refusal=refusal
    )


def _change_page(event: Event, question: AskedQuestion, form: AskForm, refusal: str = "") -> str:
    return editor_page(
        "question_change.html",
        event,
        "questions",
        question=question,
        kind=KIND_WORDS[question.kind.value],
        form=form,
        refusal=refusal,
    )
