"""The coordinators' pages about the rows of a file: what each would do, who may be known, which
organisations are new."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.imports.forms import StepForm
from netapp.imports.models import Choice, ImportState, RowState
from netapp.imports.operations import choosing
from netapp.imports.queries.overview import overview
from netapp.imports.queries.register import place_lines
from netapp.imports.queries.rows import pair_page, row_page
from netapp.imports.queries.words import ROW_WORDS
from netapp.imports.step_views import import_or_404, press, sees_checks
from netapp.kernel.errors import NotFound
from netapp.kernel.pages import page_number
from netapp.web.policy import coordinator, policy

bp = Blueprint("import_rows", __name__, url_prefix="/desk/people/import")

SHOWN = (RowState.FAULT, RowState.NEW, RowState.CHANGE, RowState.SAME, RowState.LEFT_OUT)


@bp.get("/<key>/rows/<state>")
@policy(coordinator)
def rows(key: str, state: str) -> ResponseReturnValue:
    one = import_or_404(key)
    chosen = next((each for each in SHOWN if each.value == state), None)
    if chosen is None:
        raise NotFound
    page = row_page(
        db.session(), one, chosen, page_number(request.args.get("page")), sees_checks=sees_checks()
    )
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


@bp.get("/<key>/pairs")
@policy(coordinator)
def pairs(key: str) -> ResponseReturnValue:
    one = import_or_404(key)
    if one.state is not ImportState.PREVIEW:
        return redirect(url_for("imports.show", key=key), code=303)
    page = pair_page(
        db.session(), one, page_number(request.args.get("page")), sees_checks=sees_checks()
    )
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
    one = import_or_404(key)
    pages = pair_page(db.session(), one, number)
    onward = number * pages.per_page < pages.total and not for_all
    target = (
        url_for(".pairs", key=key, page=number + 1) if onward else url_for("imports.show", key=key)
    )
    return press(
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
    one = import_or_404(key)
    if one.state is not ImportState.PREVIEW:
        return redirect(url_for("imports.show", key=key), code=303)
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
    return press(
        key,
        "organisations",
        lambda: choosing.place_organisations(
            db.session(), key=key, version=form.version.number, places=chosen
        ),
    )
