"""One booking: for whoever holds the link from the mail, or is signed in as its owner.

Nobody else learns whether it exists. The key of the link is no sign-in: it opens this one
booking, and goes from form to form as a hidden field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from netapp.events.errors import BookingRefused, NothingChosen
from netapp.events.forms import ChangeForm, LinksForm, NeedsForm
from netapp.events.operations import (
    booking_links,
    changing,
    naming,
    preferences,
    waiting,
)
from netapp.events.plans import NOTHING_TOLD
from netapp.events.queries.bookings import BookingPage, Opened, booking_page, open_booking
from netapp.events.queries.named import place_of_person
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.errors import TooManyMails
from netapp.people.models import Person
from netapp.people.operations.accounts import invite_to_account
from netapp.people.session import viewer_id
from netapp.web import once
from netapp.web.policy import everyone, link_holder, policy

bp = Blueprint("bookings", __name__, url_prefix="/bookings")

FORMS = {"change", "swap", "swap-wait", "move", "offer", "needs", "invitations", "account"}
SAME = "same"
LONGEST_REFERENCE = 20
LONGEST_KEY = 64
LONGEST_PERSON = 32
RETRY_AFTER_SECONDS = "3600"


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent and why it was not done; shown again so that nothing is lost."""

    message: str
    change: ChangeForm | None = None
    needs: NeedsForm | None = None


@bp.after_request
def keep_private(response: Response) -> Response:
    """The address may hold a key: it is not to be found, and not to be kept."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/links")
@policy(everyone)
def links() -> ResponseReturnValue:
    """For whoever stands before a booking without its key: have the links mailed again."""
    return _links_page(LinksForm(formdata=None), sent="sent" in request.args)


@bp.post("/links")
@policy(everyone)
def send_links() -> ResponseReturnValue:
    form, now = LinksForm(), utcnow()
    if not form.validate():
        return _links_page(form), 422
    email, client = form.email.address, request.remote_addr or "unknown"
    with unit_of_work(db.session):
        within = booking_links.count_request(db.session, email=email, client=client, now=now)
    if not within:
        form.email.errors = [TooManyMails.message]
        return _links_page(form), 429, {"Retry-After": RETRY_AFTER_SECONDS}
    with unit_of_work(db.session):
        if earlier := once.begin("booking links", now):
            return redirect(earlier.result, code=303)
        booking_links.send_links(db.session, email=email, now=now)
        return redirect(once.finish(url_for(".links", sent=1)), code=303)


@bp.get("/<reference>")
@policy(link_holder)
def show(reference: str) -> ResponseReturnValue:
    opened = _opened(reference)
    if opened:
        return _page(opened)
    person_id = viewer_id()
    mine = place_of_person(db.session, reference, person_id) if person_id else None
    if mine:  # Somebody else booked for them.
        return redirect(url_for("named.place", reference=reference, person=mine), code=303)
    return closed_door()


@bp.post("/<reference>/people/<person>/give-back")
@policy(link_holder)
def give_up_place(reference: str, person: str) -> ResponseReturnValue:
    """One place of a party."""
    form = ChangeForm()

    def act(opened: Opened, now: datetime) -> None:
        naming.give_up_place(
            db.session,
            booking_id=opened.id,
            attendee_key=person[:LONGEST_PERSON],
            seen_version=form.version.number,
            now=now,
        )

    return do_once(reference, f"give up {person[:LONGEST_PERSON]}", "gave-back", act)


@bp.get("/<reference>/people/<person>/give-back")
@policy(link_holder)
def back_from_place(reference: str, person: str) -> ResponseReturnValue:
    return back_to_booking(reference, "change")


@bp.get("/<reference>/<form>")
@policy(link_holder)
def back_to_booking(reference: str, form: str) -> ResponseReturnValue:
    """Whoever loads the address of a form that was sent wants the page it was on."""
    if form not in FORMS:
        abort(404)
    key = request.args.get("key")
    return redirect(url_for(".show", reference=reference, key=key), code=303)


@bp.get("/<reference>/cancel")
@policy(link_holder)
def ask_to_cancel(reference: str) -> ResponseReturnValue:
    """Says what cancelling does, and asks."""
    opened = _opened(reference)
    if opened is None:
        return closed_door()
    booking = booking_page(db.session, opened.id, utcnow())
    if not booking.to_give_back:
        return redirect(_address(opened), code=303)
    return render_template("bookings/cancel.html", booking=booking, key=_key_for(opened))


@bp.post("/<reference>/cancel")
@policy(link_holder)
def cancel(reference: str) -> ResponseReturnValue:
    form = ChangeForm()

    def act(opened: Opened, now: datetime) -> None:
        changing.cancel_booking(
            db.session, booking_id=opened.id, seen_version=form.version.number, now=now
        )

    return do_once(reference, "cancel", "cancelled", act)


@bp.post("/<reference>/change")
@policy(link_holder)
def change(reference: str) -> ResponseReturnValue:
    form = ChangeForm()

    def act(opened: Opened, now: datetime) -> str | None:
        booking = changing.change_dates(
            db.session,
            booking_id=opened.id,
            session_keys=form.session.data or (),
            seen_version=form.version.number,
            accepts_waiting=form.waits.data or (),
            now=now,
        )
        return SAME if booking.version == form.version.number else None

    return do_once(reference, "change", "changed", act, change_form=form)


@bp.post("/<reference>/offer")
@policy(link_holder)
def answer_offer(reference: str) -> ResponseReturnValue:
    answer = request.form.get("answer")
    if answer not in {"take", "refuse"}:
        abort(400)

    shown = request.form.getlist("session") or None  # Not an offer that came since.

    def act(opened: Opened, now: datetime) -> None:
        act_on = waiting.take_offer if answer == "take" else waiting.refuse_offer
        act_on(db.session, booking_id=opened.id, session_keys=shown, now=now)

    return do_once(reference, "offer", "taken" if answer == "take" else "refused", act)


@bp.post("/<reference>/needs")
@policy(link_holder)
def tell_needs(reference: str) -> ResponseReturnValue:
    form = NeedsForm()
    deleting, opened = bool(request.form.get("delete")), _opened(reference)
    if opened is None:
        return closed_door()
    if not deleting and not form.validate():
        return _page(opened, Refused("", needs=form)), 422
    telling = NOTHING_TOLD if deleting else form.telling

    def act(opened: Opened, now: datetime) -> str | None:
        told = booking_page(db.session, opened.id, now).told.any
        preferences.tell_needs(
            db.session,
            booking_id=opened.id,
            telling=telling,
            may_share=not opened.by_link,
            now=now,
        )
        return None if told or telling != NOTHING_TOLD else SAME

    done = "deleted" if telling == NOTHING_TOLD else "told"
    return do_once(reference, "needs", done, act, needs_form=form)


@bp.post("/<reference>/invitations")
@policy(link_holder)
def choose_invitations(reference: str) -> ResponseReturnValue:
    """Whoever has an account signs in for this: it is about all their bookings."""
    wanted = request.form.get("wanted") == "yes"

    def act(opened: Opened, now: datetime) -> None:
        if opened.by_link and not _guest(opened):
            abort(404)
        preferences.choose_invitations(db.session, booking_id=opened.id, wanted=wanted, now=now)

    return do_once(reference, "invitations", "invited" if wanted else "uninvited", act)


@bp.post("/<reference>/account")
@policy(link_holder)
def make_account(reference: str) -> ResponseReturnValue:
    """Mails a link to the address of the booking; only its owner reads it."""

    def act(opened: Opened, now: datetime) -> None:
        invite_to_account(db.session, db.session.get_one(Person, opened.person_id), now)

    return do_once(reference, "account", "account", act)


def do_once(
    reference: str,
    what: str,
    done: str,
    act: Callable[[Opened, datetime], str | None],
    *,
    change_form: ChangeForm | None = None,
    needs_form: NeedsForm | None = None,
) -> ResponseReturnValue:
    """Act once for each form; a refusal shows the booking as it is now, with what was sent.
    ``act`` may return what is to be said instead of ``done``."""
    opened = _opened(reference)
    if opened is None:
        return closed_door()
    now = utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"{what} {opened.reference}", now):
                return redirect(earlier.result, code=303)
            said = act(opened, now) or done
            return redirect(once.finish(_address(opened, done=said)), code=303)
    except NothingChosen as refusal:
        if change_form:
            change_form.session.errors = [refusal.message]
        return _page(opened, Refused("", change=change_form)), 422
    except BookingRefused as refusal:
        return _page(opened, Refused(refusal.message, change_form, needs_form)), 409
    except TooManyMails as refusal:
        return _page(opened, Refused(str(refusal))), 429


def _opened(reference: str) -> Opened | None:
    if len(reference) > LONGEST_REFERENCE:
        return None
    key = request.form.get("key", "") or request.args.get("key", "")
    return open_booking(
        db.session, reference, person_id=viewer_id(), key=key if len(key) <= LONGEST_KEY else ""
    )


def _guest(opened: Opened) -> bool:
    return db.session.get_one(Person, opened.person_id).registered_at is None


def _key_for(opened: Opened) -> str:
    """The key that the forms of the page carry; its owner needs none."""
    if not opened.by_link:
        return ""
    return request.form.get("key", "") or request.args.get("key", "")


def _address(opened: Opened, done: str = "") -> str:
    return url_for(
        "bookings.show", reference=opened.reference, key=_key_for(opened) or None, done=done or None
    )


def _page(opened: Opened, refused: Refused | None = None) -> str:
    booking = booking_page(db.session, opened.id, utcnow(), signed_in=not opened.by_link)
    change = refused.change if refused else None
    chosen = set(change.session.data or ()) if change else _ticked(booking)
    return render_template(
        "bookings/show.html",
        booking=booking,
        key=_key_for(opened),
        by_link=opened.by_link,
        done=request.args.get("done", "") if request.method == "GET" else "",
        refusal=refused.message if refused else "",
        change_form=change,
        needs_form=(refused.needs if refused else None) or NeedsForm.of(booking.told),
        chosen=chosen,
    )


def _ticked(booking: BookingPage) -> set[str]:
    return {line.key for line in booking.dates if line.is_live}


def _links_page(form: LinksForm, *, sent: bool = False) -> str:
    return render_template("bookings/links.html", form=form, sent=sent)


def closed_door() -> ResponseReturnValue:
    """The same for everybody who may not see a booking, and for what does not exist."""
    return render_template("bookings/closed_door.html", form=LinksForm(formdata=None)), 404
