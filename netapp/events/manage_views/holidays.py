"""School holidays on the desk: calendars, their holidays, a file of them."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import CalendarThere, CalendarUsed, HolidayTwice
from netapp.events.manage_forms.holidays import (
    LONGEST_FILE,
    CalendarForm,
    HolidayForm,
    ImportForm,
    read_lines,
)
from netapp.events.models import HolidayCalendar, SchoolHoliday
from netapp.events.operations import holidays as operations
from netapp.events.queries import school_holidays as queries
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words
from netapp.kernel.zones import to_local
from netapp.people.session import actor
from netapp.web import once
from netapp.web.csv_export import csv_response
from netapp.web.edits import EditForm, differences
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_holidays", __name__, url_prefix="/desk/holidays")

CHANGED = "Somebody changed this meanwhile. There now: {there}. Save again to keep what you typed."


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    rows = queries.calendar_rows(db.session(), _today())
    return render_template(
        "desk/holidays/index.html", rows=rows, form=CalendarForm(formdata=None), refusal=""
    )


@bp.post("")
@policy(coordinator)
def create() -> ResponseReturnValue:
    form, now = CalendarForm(), utcnow()
    refusal = ""
    if form.validate():
        try:
            with unit_of_work(db.session):
                if earlier := once.begin("holidays.create", now):
                    return redirect(earlier.result, code=303)
                made = operations.create_calendar(
                    db.session,
                    area=form.area.data,
                    nation=form.nation_chosen,
                    actor=actor(),
                    now=now,
                )
                target = once.finish(url_for(".show", key=made.key))
        except CalendarThere as there:
            refusal = there.message
        else:
            flash("The calendar is there. Add its holidays.", "success")
            return redirect(target, code=303)
    rows = queries.calendar_rows(db.session(), _today())
    page = render_template("desk/holidays/index.html", rows=rows, form=form, refusal=refusal)
    return page, 409 if refusal else 422


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    return _page(_calendar_or_404(key))


@bp.post("/<key>")
@policy(coordinator)
def save(key: str) -> ResponseReturnValue:
    calendar, form, now = _calendar_or_404(key), CalendarForm(), utcnow()
    if not form.validate():
        return _page(calendar, form=form), 422
    try:
        with unit_of_work(db.session):
            operations.save_calendar(
                db.session,
                key=key,
                area=form.area.data,
                nation=form.nation_chosen,
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
    except StaleEdit:
        calendar = _calendar_or_404(key)
        if refusal := _there_now(form, CalendarForm.of(calendar)):
            return _page(calendar, form=form, refusal=refusal), 409
    except CalendarThere as there:
        return _page(_calendar_or_404(key), form=form, refusal=there.message), 409
    flash("Saved.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/<key>/delete")
@policy(coordinator)
def delete(key: str) -> ResponseReturnValue:
    _calendar_or_404(key)
    try:
        with unit_of_work(db.session):
            operations.delete_calendar(db.session, key=key, actor=actor(), now=utcnow())
    except CalendarUsed as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".show", key=key), code=303)
    flash("The calendar is deleted.", "success")
    return redirect(url_for(".index"), code=303)


@bp.post("/<key>/add")
@policy(coordinator)
def add(key: str) -> ResponseReturnValue:
    calendar, form, now = _calendar_or_404(key), HolidayForm(), utcnow()
    if not form.validate():
        return _page(calendar, adding=form), 422
    target = url_for(".show", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"holidays.add:{key}", now):
                return redirect(earlier.result, code=303)
            operations.add_holiday(db.session, key=key, plan=form.plan(), actor=actor(), now=now)
            once.finish(target)
    except HolidayTwice as refusal:
        return _page(_calendar_or_404(key), adding=form, refusal=refusal.message), 409
    flash(f"Added {form.name.data}.", "success")
    return redirect(target, code=303)


@bp.post("/<key>/import")
@policy(coordinator)
def bring_in(key: str) -> ResponseReturnValue:
    """All lines of a file, or none where one of them is wrong."""
    calendar, form, now = _calendar_or_404(key), ImportForm(), utcnow()
    if not form.validate():
        return _page(calendar, importing=form), 422
    text, problem = _sent_text(form)
    plans, wrong = ([], [problem]) if problem else read_lines(text)
    if wrong:
        return _page(calendar, importing=form, wrong=wrong), 422
    with unit_of_work(db.session):
        added = operations.add_holidays(db.session, key=key, plans=plans, actor=actor(), now=now)
    there = len(plans) - added
    words = f"Added {count_words(added, 'holiday')}."
    if there:
        words += f" {count_words(there, 'line')} {'was' if there == 1 else 'were'} there already."
    flash(words, "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.get("/<key>/holidays.csv")
@policy(coordinator)
def export(key: str) -> ResponseReturnValue:
    """In the form in which it can be brought in again."""
    rows = [
        (h.name, h.first_day.isoformat(), h.last_day.isoformat(), h.source, h.checked_on)
        for h in _calendar_or_404(key).holidays
    ]
    header = ("name", "first_day", "last_day", "source", "checked_on")
    return csv_response("school-holidays.csv", header, rows)


@bp.get("/<key>/holidays/<holiday_key>")
@policy(coordinator)
def holiday(key: str, holiday_key: str) -> ResponseReturnValue:
    calendar = _calendar_or_404(key)
    one = _holiday_or_404(calendar, holiday_key)
    return _holiday_page(calendar, one, HolidayForm.of(one))


@bp.post("/<key>/holidays/<holiday_key>")
@policy(coordinator)
def change_holiday(key: str, holiday_key: str) -> ResponseReturnValue:
    calendar, form, now = _calendar_or_404(key), HolidayForm(), utcnow()
    one = _holiday_or_404(calendar, holiday_key)
    if not form.validate():
        return _holiday_page(calendar, one, form), 422
    try:
        with unit_of_work(db.session):
            operations.change_holiday(
                db.session,
                key=key,
                holiday_key=holiday_key,
                plan=form.plan(),
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
    except StaleEdit:
        calendar = _calendar_or_404(key)
        one = _holiday_or_404(calendar, holiday_key)
        if refusal := _there_now(form, HolidayForm.of(one)):
            return _holiday_page(calendar, one, form, refusal), 409
    except HolidayTwice as there:
        return _holiday_page(calendar, one, form, there.message), 409
    flash("Saved.", "success")
    return redirect(url_for(".show", key=key), code=303)


@bp.post("/<key>/holidays/<holiday_key>/delete")
@policy(coordinator)
def delete_holiday(key: str, holiday_key: str) -> ResponseReturnValue:
    _calendar_or_404(key)
    with unit_of_work(db.session):
        operations.delete_holiday(
            db.session, key=key, holiday_key=holiday_key, actor=actor(), now=utcnow()
        )
    flash("The holiday is deleted.", "success")
    return redirect(url_for(".show", key=key), code=303)


def _today() -> date:
    return to_local(utcnow(), site_of(db.session).zone).date()


def _calendar_or_404(key: str) -> HolidayCalendar:
    return queries.calendar_by_key(db.session(), key) or abort(404)


def _holiday_or_404(calendar: HolidayCalendar, key: str) -> SchoolHoliday:
    return next((each for each in calendar.holidays if each.key == key), None) or abort(404)


def _there_now(mine: EditForm, theirs: EditForm) -> str:
    """What somebody else wrote where mine differs, in words; mine can then be saved over it. Empty
    where both say the same: the form was sent twice."""
    found = [f"{one.label}, {one.theirs}" for one in differences(mine, theirs)]
    mine.version.data, mine.base.data = theirs.version.data, theirs.base.data
    return CHANGED.format(there="; ".join(found)) if found else ""


def _sent_text(form: ImportForm) -> tuple[str, str]:
    """What was sent, a file before what was typed; or what is wrong with it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return form.lines.data or "", ""
    sent = file.stream.read(LONGEST_FILE * 4 + 1)
    if len(sent) > LONGEST_FILE:
        return "", "The file is too long. Import at most 500 lines at once."
    try:
        return sent.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "The file is not in UTF-8. Save it as “CSV UTF-8”, then choose it again."


def _page(
    calendar: HolidayCalendar,
    *,
    form: CalendarForm | None = None,
    adding: HolidayForm | None = None,
    importing: ImportForm | None = None,
    wrong: list[str] | None = None,
    refusal: str = "",
) -> str:
    today = _today()
    return render_template(
        "desk/holidays/show.html",
        calendar=calendar,
        spans={each.key: queries.span_words(each) for each in calendar.holidays},
        today=today,
        bank=queries.coming_bank_holidays(calendar, today),
        patterns=queries.patterns_of(db.session(), calendar),
        form=form or CalendarForm.of(calendar),
        adding=adding or HolidayForm(formdata=None, checked_on=today),
        importing=importing or ImportForm(formdata=None),
        wrong=wrong or [],
        refusal=refusal,
    )


def _holiday_page(
    calendar: HolidayCalendar, one: SchoolHoliday, form: HolidayForm, refusal: str = ""
) -> str:
    return render_template(
        "desk/holidays/holiday.html", calendar=calendar, one=one, form=form, refusal=refusal
    )
