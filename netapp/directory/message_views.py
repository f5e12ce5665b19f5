"""Write to somebody of the directory; read, answer, block and report what one was sent."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.directory.errors import MessageRefused, TooManyMessages, TooManyToOne
from netapp.directory.fields import Audience
from netapp.directory.forms import MessageForm, ReportForm
from netapp.directory.operations import messages as operations
from netapp.directory.queries.messages import (
    Letter,
    answer_refusal,
    blocked_by,
    has_reported,
    is_blocked,
    is_stopped,
    letter_of,
    letters_of,
)
from netapp.directory.queries.seen import Entry, entry_at
from netapp.directory.queries.standing import may_look
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.pages import page_number
from netapp.people.session import require_person
from netapp.web import once
from netapp.web.policy import policy, signed_in

bp = Blueprint("messages", __name__)


@bp.get("/directory/<slug>/message")
@policy(signed_in)
def write(slug: str) -> ResponseReturnValue:
    return _write_page(_entry_or_404(slug, utcnow()), MessageForm(formdata=None))


@bp.post("/directory/<slug>/message")
@policy(signed_in)
def send(slug: str) -> ResponseReturnValue:
    now, person, form = utcnow(), require_person(), MessageForm()
    entry = _entry_or_404(slug, now)
    if not form.validate():
        return _write_page(entry, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"directory.message:{entry.profile_id}", now):
                return redirect(earlier.result, code=303)
            operations.write_to(
                db.session(), sender_id=person.id, slug=slug, text=form.text.data or "", now=now
            )
            target = once.finish(entry.path)
    except MessageRefused as refusal:
        return _write_page(entry, form, refusal.message), _status(refusal)
    flash(f"Your message is on its way to {entry.name}.", "success")
    return redirect(target, code=303)


@bp.get("/account/messages")
@policy(signed_in)
def index() -> ResponseReturnValue:
    session, person = db.session(), require_person()
    number = page_number(request.args.get("page"))
    return render_template(
        "directory/messages.html",
        page=letters_of(session, person.id, number=number),
        blocked=blocked_by(session, person.id),
        is_stopped=is_stopped(session, person.id),
    )


@bp.get("/account/messages/<key>")
@policy(signed_in)
def show(key: str) -> ResponseReturnValue:
    return _letter_page(_letter_or_404(key), MessageForm(formdata=None))


@bp.post("/account/messages/<key>/answer")
@policy(signed_in)
def answer(key: str) -> ResponseReturnValue:
    now, form, letter = utcnow(), MessageForm(), _letter_or_404(key)
    if not form.validate():
        return _letter_page(letter, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"directory.answer:{key}", now):
                return redirect(earlier.result, code=303)
            operations.answer(
                db.session(),
                person_id=require_person().id,
                key=key,
                text=form.text.data or "",
                now=now,
            )
            target = once.finish(url_for(".index"))
    except MessageRefused as refusal:
        return _letter_page(letter, form, refusal.message), _status(refusal)
    flash(f"Your answer is on its way to {letter.other}.", "success")
    return redirect(target, code=303)


@bp.post("/account/messages/<key>/block")
@policy(signed_in)
def block(key: str) -> ResponseReturnValue:
    letter = _letter_or_404(key)
    with unit_of_work(db.session):
        operations.block(db.session(), person_id=require_person().id, key=key, now=utcnow())
    flash(f"Messages from {letter.other} do not reach you any more. They are not told.", "success")
    return redirect(url_for(".index"), code=303)


@bp.post("/account/messages/unblock/<person>")
@policy(signed_in)
def unblock(person: str) -> ResponseReturnValue:
    with unit_of_work(db.session):
        operations.unblock(db.session(), person_id=require_person().id, blocked=person)
    flash("They can write to you again.", "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/account/messages/<key>/report")
@policy(signed_in)
def report(key: str) -> ResponseReturnValue:
    return _report_page(_letter_or_404(key), ReportForm(formdata=None))


@bp.post("/account/messages/<key>/report")
@policy(signed_in)
def send_report(key: str) -> ResponseReturnValue:
    now, form, letter = utcnow(), ReportForm(), _letter_or_404(key)
    if not form.validate():
        return _report_page(letter, form), 422
    with unit_of_work(db.session):
        if earlier := once.begin(f"directory.report:{key}", now):
            return redirect(earlier.result, code=303)
        operations.report(
            db.session(),
            person_id=require_person().id,
            key=key,
            reason=form.reason.data or "",
            now=now,
        )
        target = once.finish(url_for(".show", key=key))
    flash("Thank you. The coordinators read the message and your words now.", "success")
    return redirect(target, code=303)


def _entry_or_404(slug: str, now: datetime) -> Entry:
    """Somebody else's entry, for whoever the directory is open to."""
    session, person = db.session(), require_person()
    entry = None
    if may_look(session, person, at=now):
        entry = entry_at(session, slug, audience=Audience.MEMBERS, at=now)
    if entry is None or entry.person_id == person.id:
        abort(404)
    return entry


def _letter_or_404(key: str) -> Letter:
    letter = letter_of(db.session(), require_person().id, key)
    if letter is None:
        abort(404)
    return letter


def _write_page(entry: Entry, form: MessageForm, refusal: str = "") -> str:
    session, me = db.session(), require_person().id
    is_closed = is_blocked(session, sender_id=me, by=entry.person_id) or has_reported(
        session, sender_id=me, by=entry.person_id, only_open=True
    )
    return render_template(
        "directory/write.html",
        entry=entry,
        form=form,
        refusal=refusal,
        takes=entry.takes_messages and not is_closed,
        is_stopped=is_stopped(session, me),
    )


def _letter_page(letter: Letter, form: MessageForm, refusal: str = "") -> str:
    session, me = db.session(), require_person().id
    blocked = blocked_by(session, me)
    closed = None if letter.is_mine else answer_refusal(session, sender_id=me, to=letter.other_id)
    return render_template(
        "directory/message.html",
        letter=letter,
        form=form,
        refusal=refusal,
        closed=closed,
        is_blocked=letter.other_key in {each.key for each in blocked},
    )


def _report_page(letter: Letter, form: ReportForm) -> str:
    if letter.is_mine or letter.words is None or letter.is_reported:
        abort(404)
    return render_template("directory/report.html", letter=letter, form=form)


def _status(refusal: DomainError) -> int:
    return 429 if isinstance(refusal, TooManyMessages | TooManyToOne) else 409
