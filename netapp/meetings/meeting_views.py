"""The meetings of a group: called, seen, with agenda, notes and register."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from netapp.extensions import db
from netapp.groups.errors import GroupRefused
from netapp.groups.models import Group
from netapp.groups.policies import Standing
from netapp.groups.queries.people import people_rows
from netapp.groups.session import find, inside_or_404, led_or_404, moved
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound, StaleEdit
from netapp.kernel.pages import page_number
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words
from netapp.kernel.zones import to_local
from netapp.meetings.errors import EachChooses, MeetingRefused, PastMeeting, PlaceMissing
from netapp.meetings.forms import (
    AgendaForm,
    DecisionForm,
    MeetingForm,
    NotesForm,
    ReasonForm,
    StandingForm,
)
from netapp.meetings.models import Presence
from netapp.meetings.operations import calling, papers
from netapp.meetings.queries import meetings
from netapp.meetings.queries.meetings import MeetingPage
from netapp.meetings.queries.standing import SUGGESTED, standing_titles
from netapp.people.session import actor
from netapp.web import once
from netapp.web.edits import EditForm, carried, differences
from netapp.web.policy import policy, signed_in

bp = Blueprint("meetings", __name__, url_prefix="/groups/<slug>/meetings")

NO_REASON = "Say why the meeting is cancelled, in up to 300 characters."
SUGGESTED_AHEAD = timedelta(weeks=3)


@bp.get("")
@policy(signed_in)
def index(slug: str) -> ResponseReturnValue:
    if find(slug) is None:
        return moved(slug)
    group, standing = inside_or_404(slug)
    session, now = db.session(), utcnow()
    return render_template(
        "meetings/index.html",
        group=group,
        standing=standing,
        coming=meetings.coming_meetings(session, group.id, now=now),
        past=meetings.past_meetings(
            session, group.id, number=page_number(request.args.get("page")), now=now
        ),
    )


@bp.get("/new")
@policy(signed_in)
def new(slug: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    zone = site_of(db.session()).zone
    day = (to_local(utcnow(), zone) + SUGGESTED_AHEAD).date()
    title = f"{group.name}: meeting"
    form = MeetingForm(formdata=None, zone=zone, day=day, title=title, books_all=True)
    return _new_page(group, form)


@bp.post("/new")
@policy(signed_in)
def create(slug: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    form, now = MeetingForm(zone=site_of(db.session()).zone), utcnow()
    if not form.validate():
        return _new_page(group, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"meeting.call:{group.key}", now):
                return redirect(earlier.result, code=303)
            date = calling.call_meeting(
                db.session, group_id=group.id, plan=form.plan(), actor=actor(), now=now
            )
            target = once.finish(url_for(".show", slug=slug, key=date.key))
    except (MeetingRefused, GroupRefused) as refusal:
        fields: dict[type[DomainError], Field] = {
            PastMeeting: form.day,
            PlaceMissing: form.place,
            EachChooses: form.books_all,
        }
        fields.get(type(refusal), form.title).errors = [refusal.message]
        return _new_page(group, form), 422
    flash("The meeting is called, and everybody in the group told.", "success")
    return redirect(target, code=303)


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
    return redirect(url_for(".index", slug=slug), code=303)


@bp.get("/<key>")
@policy(signed_in)
def show(slug: str, key: str) -> ResponseReturnValue:
    if find(slug) is None:
        return moved(slug)
    group, standing = inside_or_404(slug)
    return meeting_page(group, standing, page_or_404(group, key))


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
    return redirect(url_for(".show", slug=slug, key=key), code=303)


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
    return redirect(url_for(".show", slug=slug, key=key), code=303)


@bp.post("/<key>/circulate")
@policy(signed_in)
def circulate(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    now, target = utcnow(), url_for(".show", slug=slug, key=key)
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


@bp.post("/<key>/cancel")
@policy(signed_in)
def cancel(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    form, now, target = ReasonForm(), utcnow(), url_for(".show", slug=slug, key=key)
    if not form.validate():
        flash(NO_REASON, "error")
        return redirect(target, code=303)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"meeting.cancel:{key}", now):
                return redirect(earlier.result, code=303)
            told = calling.cancel_meeting(
                db.session,
                group_id=group.id,
                session_key=key,
                reason=form.reason.data,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(refusal.message, "warning")
    else:
        flash(f"Cancelled. {count_words(told, 'person', 'people')} told.", "success")
    return redirect(target, code=303)


def page_or_404(group: Group, key: str) -> MeetingPage:
    return meetings.meeting_page(db.session(), group.id, key, now=utcnow()) or abort(404)


def meeting_page(
    group: Group, standing: Standing, page: MeetingPage, form: DecisionForm | None = None
) -> str:
    """``form``: a decision to put right."""
    people = people_rows(db.session(), group.id, at=utcnow()) if standing.leads else []
    return render_template(
        "meetings/show.html",
        group=group,
        standing=standing,
        page=page,
        form=form or DecisionForm(formdata=None, people=people),
    )


def _presences(page: MeetingPage) -> dict[int, Presence]:
    """What was chosen for each of the register; anything else is passed over."""
    known = {presence.value: presence for presence in Presence}
    chosen = {row.person_id: request.form.get(f"at-{row.person_key}", "") for row in page.register}
    return {number: known[word] for number, word in chosen.items() if word in known}


def _seen(mine: EditForm, theirs: EditForm, page: MeetingPage) -> int:
    """The version it was made from; the present one where only another part has changed since."""
    same = bool(mine.base.data) and mine.base.data == theirs.fingerprint()
    return page.version if same else mine.version.number


def _new_page(group: Group, form: MeetingForm) -> str:
    return render_template("meetings/new.html", group=group, form=form)


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
    here = url_for(".show", slug=group.slug, key=page.key)
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
