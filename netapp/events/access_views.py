"""My access needs: kept once, shared with an event only by a tick, deleted by one button."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.events.access_forms import AccessProfileForm
from netapp.events.consent import WHO_READS
from netapp.events.operations import sharing
from netapp.events.operations.sharing import Receipt
from netapp.events.queries.my_shares import my_shares
from netapp.events.queries.needs import ProfileLine, profile_lines
from netapp.events.queries.readers import reader_names
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, join_words
from netapp.people.access import profile_of
from netapp.people.session import require_person, viewer_id
from netapp.web import once
from netapp.web.policy import policy, signed_in

bp = Blueprint("my_access", __name__, url_prefix="/account/access")

STALE = (
    "You changed this in another window meanwhile. What you typed here is below, and not kept yet: "
    "look at it, and save it once more."
)


@bp.get("")
@policy(signed_in)
def show() -> ResponseReturnValue:
    return _page(AccessProfileForm.of(profile_of(db.session(), require_person().id)))


@bp.post("")
@policy(signed_in)
def save() -> ResponseReturnValue:
    form, person, now = AccessProfileForm(), require_person(), utcnow()
    if not form.validate():
        return _page(form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("access profile", now):
                return redirect(earlier.result, code=303)
            events = sharing.save_profile(
                db.session,
                person_id=person.id,
                told=form.told,
                seen_versions=form.seen_versions,
                now=now,
            )
            once.finish(url_for(".show"))
    except StaleEdit:
        form.stamp(profile_of(db.session(), person.id))
        return _page(form, STALE), 409
    told = f" We told those who arrange {count_words(events, 'event')} that there is something new."
    flash(f"Saved.{told if events else ''}", "success")
    return redirect(url_for(".show"), code=303)


@bp.get("/withdraw")
@policy(signed_in)
def back_to_page() -> ResponseReturnValue:
    """Whoever loads the address of a form that was sent wants the page it was on."""
    return redirect(url_for(".show"), code=303)


@bp.post("/withdraw")
@policy(signed_in)
def withdraw() -> ResponseReturnValue:
    """All of it, at once, wherever it was told."""
    now = utcnow()
    with unit_of_work(db.session):
        if earlier := once.begin("withdraw access profile", now):
            return redirect(earlier.result, code=303)
        receipt = sharing.withdraw_all(db.session, person_id=require_person().id, now=now)
        once.finish(url_for(".show"))
    flash(f"Deleted: {_receipt_words(receipt)}.", "success")
    return redirect(url_for(".show"), code=303)


@bp.app_template_global()
def my_profile() -> dict[str, ProfileLine]:
    """What whoever is signed in keeps, by "access" and "food"; nothing for a stranger."""
    person_id = viewer_id()
    if person_id is None:
        return {}
    return {kind.value: line for kind, line in profile_lines(db.session(), person_id).items()}


@bp.app_template_global()
def who_reads_needs() -> str:
    """Who reads what people need, until when, and when it is deleted: the words of the consents."""
    return WHO_READS.format(days=site_of(db.session()).needs_keep_days)


@bp.app_template_global()
def needs_readers(event_id: int) -> tuple[str, ...]:
    """The names of those who may read what people need for this event."""
    return reader_names(db.session(), event_id)


def _receipt_words(receipt: Receipt) -> str:
    parts = ["what you kept here"] if receipt.profile else []
    if receipt.needs or receipt.requests:
        number = count_words(receipt.needs + receipt.requests, "entry", "entries")
        parts.append(f"{number} at {count_words(receipt.events, 'event')}")
    return join_words(parts) or "there was nothing"


def _page(form: AccessProfileForm, refusal: str = "") -> str:
    person = require_person()
    kept = profile_of(db.session(), person.id)
    return render_template(
        "account/access.html",
        form=form,
        kept=bool(kept),
        changed_at=max((each.changed_at for each in kept.values()), default=None),
        shares=my_shares(db.session(), person.id, utcnow()),
        readers=reader_names(db.session()),
        refusal=refusal,
    )
