"""My data and privacy: see it, take it away, ask about it, close the account."""

from datetime import date

from flask import Blueprint, Response, flash, json, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.people.addresses import shown
from netapp.people.session import require_person
from netapp.privacy.errors import TooManyAsks
from netapp.privacy.forms import AskForm
from netapp.privacy.models import AskKind
from netapp.privacy.operations import asking
from netapp.privacy.queries.asks import asks_of
from netapp.privacy.queries.consents import consents_of
from netapp.privacy.queries.held import copy_of, parts_held
from netapp.web import once
from netapp.web.policy import policy, signed_in

bp = Blueprint("privacy", __name__, url_prefix="/account/privacy")


@bp.get("")
@policy(signed_in)
def show() -> ResponseReturnValue:
    return _page(AskForm(formdata=None))


@bp.get("/copy")
@policy(signed_in, again=True)
def read_copy() -> ResponseReturnValue:
    """Everything, on a page to read and print."""
    person = require_person()
    return render_template(
        "privacy/copy.html",
        copies=copy_of(db.session(), person.id),
        at=utcnow(),
    )


@bp.get("/copy.json")
@policy(signed_in, again=True)
def download() -> ResponseReturnValue:
    """The same as JSON, for a program: UK GDPR article 20."""
    session, now, person = db.session(), utcnow(), require_person()
    body = {
        "made_at": now.isoformat(),
        "about": shown(person.email),
        "consents": [
            {
                "to": each.to,
                "where": each.where,
                "text": each.text,
                "version": each.version,
                "at": each.at.isoformat(),
                "holds": each.holds,
                "ended_at": each.ended_at.isoformat() if each.ended_at else None,
            }
            for each in consents_of(session, person.id)
        ],
        "held": [
            {"title": each.title, "why": each.why, "until": each.until, "entries": each.records}
            for each in copy_of(session, person.id)
        ],
    }
    day = to_local(now, site_of(session).zone).date().isoformat()
    answer = Response(
        json.dumps(body, ensure_ascii=False, indent=2, default=_iso), mimetype="application/json"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="my-data-{day}.json"'
    return answer


@bp.post("/asks")
@policy(signed_in)
def ask() -> ResponseReturnValue:
    form, now = AskForm(), utcnow()
    if not form.validate():
        return _page(form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("privacy.ask", now):
                return redirect(earlier.result, code=303)
            asking.count_ask(db.session, person=require_person(), now=now)
            asking.ask(
                db.session,
                person=require_person(),
                kind=AskKind(form.kind.data),
                words=form.words.data,
                now=now,
            )
            target = once.finish(url_for(".show"))
    except TooManyAsks as refusal:
        form.words.errors = [refusal.message]
        return _page(form), 429
    flash("We have it. You get a mail that says until when we answer.", "success")
    return redirect(target, code=303)


def _iso(value: date) -> str:
    """Days and moments as ISO 8601, moments in UTC."""
    return value.isoformat()


def _page(form: AskForm) -> str:
    session, person = db.session(), require_person()
    consents = consents_of(session, person.id)
    return render_template(
        "privacy/show.html",
        form=form,
        parts=parts_held(session, person.id),
        consents=[each for each in consents if each.holds],
        earlier=[each for each in consents if not each.holds],
        asks=asks_of(session, person.id),
    )
