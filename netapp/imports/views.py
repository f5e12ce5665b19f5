"""The coordinators' pages to load a file of people, look at what it would do, import and undo."""

from collections.abc import Callable
from pathlib import PurePath

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.imports.errors import ColumnsWrong, FileRefused, NoFile
from netapp.imports.forms import LoadForm, MannerForm, StartForm, StepForm
from netapp.imports.models import Choice, Import, ImportState, Keep, RowState
from netapp.imports.operations import choosing, starting, undoing, writing
from netapp.imports.operations.putting_back import STAYS
from netapp.imports.queries.effects import undo_effects
from netapp.imports.queries.overview import BUSY, kept_after_undo, latest, overview
from netapp.imports.queries.rows import (
    FIELD_CHOICES,
    columns_of,
    faulty_table,
    pair_page,
    place_lines,
    row_page,
)
from netapp.imports.queries.words import ROW_WORDS
from netapp.imports.reading import MOST_BYTES
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.kernel.pages import page_number
from netapp.kernel.text import TooLong, clean
from netapp.people.session import actor
from netapp.web import once
from netapp.web.bodies import takes_file
from netapp.web.csv_export import csv_response
from netapp.web.policy import coordinator, policy

bp = Blueprint("imports", __name__, url_prefix="/desk/people/import")

SHOWN = (RowState.FAULT, RowState.NEW, RowState.CHANGE, RowState.SAME, RowState.LEFT_OUT)


@bp.get("")
@policy(coordinator, again=True)
def index() -> ResponseReturnValue:
    form = LoadForm(formdata=None)
    return render_template("desk/imports/index.html", form=form, imports=latest(db.session()))


@bp.post("")
@takes_file(MOST_BYTES)
@policy(coordinator, again=True)
def load() -> ResponseReturnValue:
    form, now = LoadForm(), utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("import.load", now):
                return redirect(earlier.result, code=303)
            content, filename = _sent_file()
            one = starting.load(
                db.session, content=content, filename=filename, actor=actor(), now=now
            )
            target = once.finish(url_for(".show", key=one.key))
    except FileRefused as refusal:
        form.file.errors = [str(refusal)]
        page = render_template("desk/imports/index.html", form=form, imports=latest(db.session()))
        return page, 422
    return redirect(target, code=303)


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    one = _import_or_404(key)
    if one.state is ImportState.COLUMNS:
        return _columns_page(one)
    session = db.session()
    seen = overview(session, one)
    return render_template(
        "desk/imports/show.html",
        one=seen,
        is_busy=one.state in BUSY,
        states=ImportState,
        manner=MannerForm(
            formdata=None, version=one.version, keep=one.keep.value,
            takes_leavers=one.takes_leavers,
        ),
        start=StartForm(formdata=None, version=one.version),
        can_undo=one.state is ImportState.DONE
        and seen.undo_until is not None
        and utcnow() <= seen.undo_until
        and seen.has_rows,
        kept=kept_after_undo(session, one, [STAYS]) if one.state is ImportState.UNDONE else [],
    )  # fmt: skip


@bp.get("/<key>/columns")
@policy(coordinator)
def columns(key: str) -> ResponseReturnValue:
    one = _import_or_404(key)
    if one.state not in starting.CHANGEABLE:
        return redirect(url_for(".show", key=key), code=303)
    return _columns_page(one)


@bp.post("/<key>/columns")
@policy(coordinator)
def save_columns(key: str) -> ResponseReturnValue:
    one, form = _import_or_404(key), StepForm()
    chosen = [request.form.get(f"column-{n}", "") for n in range(len(one.headings))]
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"import.columns:{key}", utcnow()):
                return redirect(earlier.result, code=303)
            starting.set_columns(
                db.session, key=key, columns=chosen, version=form.version.number, now=utcnow()
            )
            target = once.finish(url_for(".show", key=key))
    except ColumnsWrong as refusal:
        one = _import_or_404(key)
        one.columns = chosen
        page = _columns_page(one, wrong=str(refusal))
        db.session.rollback()
        return page, 422
    return redirect(target, code=303)


@bp.post("/<key>/manner")
@policy(coordinator)
def manner(key: str) -> ResponseReturnValue:
    form = MannerForm()
    keep = Keep.FILE if form.keep.data == Keep.FILE.value else Keep.OURS
    return _act(
        key,
        "manner",
        lambda: starting.set_manner(
            db.session(),
            key=key,
            keep=keep,
            takes_leavers=bool(form.takes_leavers.data),
            version=form.version.number,
        ),
    )


@bp.get("/<key>/rows/<state>")
@policy(coordinator)
def rows(key: str, state: str) -> ResponseReturnValue:
    one = _import_or_404(key)
    chosen = next((each for each in SHOWN if each.value == state), None)
    if chosen is None:
        raise NotFound
    page = row_page(db.session(), one, chosen, page_number(request.args.get("page")))
    seen = overview(db.session(), one)
    tabs = [
        (url_for(".rows", key=key, state=each.value), ROW_WORDS[each], seen.counts[each.value])
        for each in SHOWN
        if seen.counts.get(each.value)
    ]
    return render_template(
        "desk/imports/rows.html", one=seen, page=page, state=chosen.value, tabs=tabs,
        title=ROW_WORDS[chosen],
    )  # fmt: skip


@bp.get("/<key>/to-put-right.csv")
@policy(coordinator, again=True)
def faulty(key: str) -> Response:
    headings, lines = faulty_table(db.session(), _import_or_404(key))
    return csv_response("rows-to-put-right.csv", headings, lines)


@bp.get("/<key>/pairs")
@policy(coordinator)
def pairs(key: str) -> ResponseReturnValue:
    one = _import_or_404(key)
    if one.state is not ImportState.PREVIEW:
        return redirect(url_for(".show", key=key), code=303)
    page = pair_page(db.session(), one, page_number(request.args.get("page")))
    return render_template(
        "desk/imports/pairs.html", one=overview(db.session(), one), page=page, choices=Choice
    )


@bp.post("/<key>/pairs")
@policy(coordinator)
def choose(key: str) -> ResponseReturnValue:
    form = StepForm()
    known = {each.value: each for each in Choice}
    chosen = {
        int(name.removeprefix("row-")): known[value]
        for name, value in request.form.items()
        if name.startswith("row-") and name[4:].isdigit() and len(name) < 12 and value in known
    }
    for_all = known.get(form.for_all.data or "")
    number = page_number(request.args.get("page"))
    one = _import_or_404(key)
    pages = pair_page(db.session(), one, number)
    onward = number * pages.per_page < pages.total and not for_all
    target = url_for(".pairs", key=key, page=number + 1) if onward else url_for(".show", key=key)
    return _act(
        key,
        "pairs",
        lambda: choosing.choose(
            db.session(), key=key, version=form.version.number, choices=chosen, for_all=for_all
        ),
        target,
    )


@bp.get("/<key>/organisations")
@policy(coordinator)
def organisations(key: str) -> ResponseReturnValue:
    one = _import_or_404(key)
    if one.state is not ImportState.PREVIEW:
        return redirect(url_for(".show", key=key), code=303)
    return render_template(
        "desk/imports/organisations.html",
        one=overview(db.session(), one),
        lines=place_lines(db.session(), one),
    )


@bp.post("/<key>/organisations")
@policy(coordinator)
def place(key: str) -> ResponseReturnValue:
    form = StepForm()
    chosen = {
        int(name.removeprefix("place-")): value[:40]
        for name, value in request.form.items()
        if name.startswith("place-") and name[6:].isdigit() and len(name) < 16
    }
    if form.for_all.data in {"add", "words"}:
        chosen = dict.fromkeys(chosen, form.for_all.data)
    return _act(
        key,
        "organisations",
        lambda: choosing.place_organisations(
            db.session(), key=key, version=form.version.number, places=chosen
        ),
    )


@bp.post("/<key>/start")
@policy(coordinator, again=True)
def start(key: str) -> ResponseReturnValue:
    form = StartForm()
    return _act(
        key,
        "start",
        lambda: writing.start(
            db.session(),
            key=key,
            version=form.version.number,
            invites=bool(form.invites.data),
            actor=actor(),
            now=utcnow(),
        ),
    )


@bp.get("/<key>/undo")
@policy(coordinator, again=True)
def undo_page(key: str) -> ResponseReturnValue:
    one = _import_or_404(key)
    if one.state is not ImportState.DONE:
        return redirect(url_for(".show", key=key), code=303)
    return render_template(
        "desk/imports/undo.html",
        one=overview(db.session(), one),
        effects=undo_effects(db.session(), one),
    )


@bp.post("/<key>/undo")
@policy(coordinator, again=True)
def undo(key: str) -> ResponseReturnValue:
    return _act(
        key,
        "undo",
        lambda: undoing.start_undo(db.session(), key=key, actor=actor(), now=utcnow()),
    )


@bp.post("/<key>/discard")
@policy(coordinator)
def discard(key: str) -> ResponseReturnValue:
    gone = "The file is thrown away. Nothing of it was imported."
    return _act(
        key, "discard", lambda: starting.discard(db.session(), key=key), url_for(".index"), gone
    )


def _act(
    key: str, name: str, act: Callable[[], object], target: str = "", said: str = ""
) -> ResponseReturnValue:
    """One button: do it once, say why where it cannot be done, go back to the import."""
    here = url_for(".show", key=key)
    try:
        with unit_of_work(db.session):
            if once.begin(f"import.{name}:{key}", utcnow()) is None:
                act()
                once.finish(target or here)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
        return redirect(here, code=303)
    if said:
        flash(said, "success")
    return redirect(target or here, code=303)


def _columns_page(one: Import, wrong: str = "") -> str:
    session = db.session()
    return render_template(
        "desk/imports/columns.html",
        one=one,
        version=one.version,
        lines=columns_of(session, one),
        choices=FIELD_CHOICES,
        remembered=starting.is_remembered(session, one.headings),
        wrong=wrong,
    )


def _sent_file() -> tuple[bytes, str]:
    """Raises ``NoFile``."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile
    try:
        name = clean(PurePath(sent.filename.replace("\\", "/")).name, max_length=255)
    except TooLong:
        name = "A file"
    return sent.stream.read(MOST_BYTES + 1), name


def _import_or_404(key: str) -> Import:
    return starting.find(db.session(), key)
