"""The papers of a meeting: agenda, notes and register, sent round; and what is always asked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.groups.models import Group
from netapp.groups.session import led_or_404
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import count_words
from netapp.meetings.errors import MeetingRefused
from netapp.meetings.forms import AgendaForm, NotesForm, StandingForm
from netapp.meetings.meeting_views import page_or_404
from netapp.meetings.models import Presence
from netapp.meetings.operations import papers
from netapp.meetings.queries.meetings import MeetingPage
from netapp.meetings.queries.standing import SUGGESTED, standing_titles
from netapp.people.session import actor
from netapp.web import once
from netapp.web.edits import EditForm, carried, differences
from netapp.web.policy import policy, signed_in

bp = Blueprint("meeting_papers", __name__, url_prefix="/groups/<slug>/meetings")


@bp.get("/agenda")
@policy(signed_in)
def standing(slug: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    titles = standing_titles(db.session(), group.id) or SUGGESTED
    return _standing_page(group, StandingForm(formdata=None, items="\n".join(titles)))


@bp.post("/agenda")
@policy(signed_in)
def save_standing(slug: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    form = StandingForm()
    if not form.validate():
        return _standing_page(group, form), 422
    with unit_of_work(db.session):
        papers.save_standing(
            db.session, group_id=group.id, titles=form.items.items, actor=actor(), now=utcnow()
        )
    flash("Saved. Each meeting called from now on begins with these.", "success")
    return redirect(url_for("meetings.index", slug=slug), code=303)


@bp.get("/<key>/agenda")
@policy(signed_in)
def agenda(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    page = page_or_404(group, key)
    return _agenda_page(group, page, AgendaForm.of(page.agenda, page.version))


@bp.post("/<key>/agenda")
@policy(signed_in)
def save_agenda(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    page, form = page_or_404(group, key), AgendaForm()
    if "again" in request.form or not form.validate():
        return _agenda_page(group, page, form), 422 if form.errors else 200
    theirs = AgendaForm.of(page.agenda, page.version)
    try:
        with unit_of_work(db.session):
            papers.save_agenda(
                db.session,
                group_id=group.id,
                session_key=key,
                titles=form.items.items,
                seen_version=_seen(form, theirs, page),
                actor=actor(),
                now=utcnow(),
            )
    except StaleEdit:
        return _conflict(group, page, form, theirs, url_for(".save_agenda", slug=slug, key=key))
    flash("The agenda is saved.", "success")
    return redirect(url_for("meetings.show", slug=slug, key=key), code=303)


@bp.get("/<key>/notes")
@policy(signed_in)
def notes(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    page = page_or_404(group, key)
    return _notes_page(group, page, NotesForm.of(page.notes, page.version))


@bp.post("/<key>/notes")
@policy(signed_in)
def save_notes(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    page, form = page_or_404(group, key), NotesForm()
    if "again" in request.form or not form.validate():
        return _notes_page(group, page, form), 422 if form.errors else 200
    theirs = NotesForm.of(page.notes, page.version)
    try:
        with unit_of_work(db.session):
            papers.save_notes(
                db.session,
                group_id=group.id,
                session_key=key,
                notes=form.notes.data,
                presences=_presences(page),
                seen_version=_seen(form, theirs, page),
                actor=actor(),
                now=utcnow(),
            )
    except StaleEdit:
        return _conflict(group, page, form, theirs, url_for(".save_notes", slug=slug, key=key))
    flash("Saved. The group reads it on this page; send it round when it is ready.", "success")
    return redirect(url_for("meetings.show", slug=slug, key=key), code=303)


@bp.post("/<key>/circulate")
@policy(signed_in)
def circulate(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    now, target = utcnow(), url_for("meetings.show", slug=slug, key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"meeting.circulate:{key}", now):
                return redirect(earlier.result, code=303)
            number = papers.circulate(
                db.session, group_id=group.id, session_key=key, actor=actor(), now=now
            )
            once.finish(target)
    except MeetingRefused as refusal:
        flash(refusal.message, "warning")
    else:
        flash(f"On its way to {count_words(number, 'person', 'people')}.", "success")
    return redirect(target, code=303)


def _presences(page: MeetingPage) -> dict[int, Presence]:
    """What was chosen for each of the register; anything else is passed over."""
    known = {presence.value: presence for presence in Presence}
    chosen = {row.person_id: request.form.get(f"at-{row.person_key}", "") for row in page.register}
    return {number: known[word] for number, word in chosen.items() if word in known}


def _seen(mine: EditForm, theirs: EditForm, page: MeetingPage) -> int:
    """The version it was made from; the present one where only another part has changed since."""
    same = bool(mine.base.data) and mine.base.data == theirs.fingerprint()
    return page.version if same else mine.version.number


def _standing_page(group: Group, form: StandingForm) -> str:
    return render_template("meetings/standing.html", group=group, form=form)


def _agenda_page(group: Group, page: MeetingPage, form: AgendaForm) -> str:
    return render_template("meetings/agenda.html", group=group, page=page, form=form)


def _notes_page(group: Group, page: MeetingPage, form: NotesForm) -> str:
    """The register as it was chosen, where the form was sent."""
    sent = request.form if request.method == "POST" else None
    return render_template("meetings/notes.html", group=group, page=page, form=form, sent=sent)


def _conflict(
    group: Group, page: MeetingPage, mine: EditForm, theirs: EditForm, action: str
) -> ResponseReturnValue:
    """Both texts side by side, and a way to keep either. Where they are the same the form was
    sent twice."""
    here = url_for("meetings.show", slug=group.slug, key=page.key)
    found = differences(mine, theirs)
    if not found:
        flash("Saved.", "success")
        return redirect(here, code=303)
    shown = render_template(
        "meetings/conflict.html",
        group=group,
        page=page,
        differences=found,
        theirs=theirs,
        action=action,
        back=here,
        carried=carried(request.form, leave_out=("version", "base", "again")),
    )
    return shown, 409
