"""The meetings of a group: called, seen, cancelled."""

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
from netapp.kernel.errors import DomainError, NotFound
from netapp.kernel.pages import page_number
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words
from netapp.kernel.zones import to_local
from netapp.meetings.errors import EachChooses, MeetingRefused, PastMeeting, PlaceMissing
from netapp.meetings.forms import DecisionForm, MeetingForm, ReasonForm
from netapp.meetings.operations import calling
from netapp.meetings.queries import meetings
from netapp.meetings.queries.meetings import MeetingPage
from netapp.people.session import actor
from netapp.web import once
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


@bp.get("/<key>")
@policy(signed_in)
def show(slug: str, key: str) -> ResponseReturnValue:
    if find(slug) is None:
        return moved(slug)
    group, standing = inside_or_404(slug)
    return meeting_page(group, standing, page_or_404(group, key))


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


def _new_page(group: Group, form: MeetingForm) -> str:
    return render_template("meetings/new.html", group=group, form=form)
