"""The coordinators' pages to load a file of people, look at what it would do, import and undo."""

from pathlib import PurePath

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.imports.errors import ChecksAreNotYours, ColumnsWrong, FileRefused, NoFile
from netapp.imports.forms import LoadForm, MannerForm, StartForm, StepForm
from netapp.imports.models import Import, ImportState, Keep
from netapp.imports.operations import starting, undoing, writing
from netapp.imports.operations.putting_back import STAYS
from netapp.imports.queries.effects import undo_effects
from netapp.imports.queries.overview import BUSY, kept_after_undo, latest, overview
from netapp.imports.queries.rows import columns_of, faulty_table, field_choices
from netapp.imports.reading import MOST_BYTES
from netapp.imports.step_views import import_or_404, press, sees_checks
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.text import TooLong, clean
from netapp.people.session import actor
from netapp.web import once
from netapp.web.bodies import takes_file
from netapp.web.csv_export import csv_response
from netapp.web.policy import coordinator, policy

bp = Blueprint("imports", __name__, url_prefix="/desk/people/import")


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
    one = import_or_404(key)
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
    one = import_or_404(key)
    if one.state not in starting.CHANGEABLE:
        return redirect(url_for(".show", key=key), code=303)
    return _columns_page(one)


@bp.post("/<key>/columns")
@policy(coordinator)
def save_columns(key: str) -> ResponseReturnValue:
    one, form = import_or_404(key), StepForm()
    chosen = [request.form.get(f"column-{n}", "") for n in range(len(one.headings))]
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"import.columns:{key}", utcnow()):
                return redirect(earlier.result, code=303)
            starting.set_columns(
                db.session,
                key=key,
                columns=chosen,
                version=form.version.number,
                actor=actor(),
                now=utcnow(),
            )
            target = once.finish(url_for(".show", key=key))
    except (ColumnsWrong, ChecksAreNotYours) as refusal:
        one = import_or_404(key)
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
    return press(
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


@bp.get("/<key>/to-put-right.csv")
@policy(coordinator, again=True)
def faulty(key: str) -> Response:
    headings, lines = faulty_table(db.session(), import_or_404(key), sees_checks=sees_checks())
    return csv_response("rows-to-put-right.csv", headings, lines)


@bp.post("/<key>/start")
@policy(coordinator, again=True)
def start(key: str) -> ResponseReturnValue:
    form = StartForm()
    return press(
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
    one = import_or_404(key)
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
    return press(
        key,
        "undo",
        lambda: undoing.start_undo(db.session(), key=key, actor=actor(), now=utcnow()),
    )


@bp.post("/<key>/discard")
@policy(coordinator)
def discard(key: str) -> ResponseReturnValue:
    gone = "The file is thrown away. Nothing of it was imported."
    return press(
        key, "discard", lambda: starting.discard(db.session(), key=key), url_for(".index"), gone
    )


def _columns_page(one: Import, wrong: str = "") -> str:
    session = db.session()
    return render_template(
        "desk/imports/columns.html",
        one=one,
        version=one.version,
        lines=columns_of(session, one, sees_checks=sees_checks()),
        choices=field_choices(sees_checks=sees_checks()),
        sees_checks=sees_checks(),
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
