"""Name the people of a booking, by a link that can be passed on; and the page of each of them.

The key of the link for names opens that one page; the key in the mail of a named person opens only
their own place. Neither is a sign-in.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as flask_session
from flask.typing import ResponseReturnValue

from netapp.events.booking_views import (
    LONGEST_KEY,
    LONGEST_PERSON,
    LONGEST_REFERENCE,
    RETRY_AFTER_SECONDS,
    closed_door,
    keep_private,
)
from netapp.events.errors import BookingChanged, BookingRefused, TooManyNamed
from netapp.events.naming_forms import NamesForm, names_form, sent_for
from netapp.events.operations import naming
from netapp.events.operations.naming import Naming
from netapp.events.operations.naming_limits import count_named
from netapp.events.queries.bookings import Opened
from netapp.events.queries.named import (
    NamesPage,
    OpenedPlace,
    attendee_page,
    names_page,
    open_names,
    open_place,
    place_of_person,
)
from netapp.events.queries.party import PersonLine
from netapp.extensions import db
from netapp.kernel import submissions
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.kernel.tokens import sign
from netapp.kernel.words import join_words
from netapp.people.session import viewer_id
from netapp.web import once
from netapp.web.policy import link_holder, policy

bp = Blueprint("named", __name__, url_prefix="/bookings")
bp.after_request(keep_private)

NAMED_HERE = "named-here"
MOST_REMEMBERED = 60
MARK_LENGTH = 16


@bp.get("/<reference>/names")
@policy(link_holder)
def names(reference: str) -> ResponseReturnValue:
    found = _opened_names(reference)
    if found is None:
        return closed_door()
    opened, by_names_link = found
    page = names_page(db.session, opened.id, utcnow())
    form = names_form(_nameable(page, by_names_link), sent=False)
    return _names_page(page, form, opened, by_names_link)


@bp.post("/<reference>/names")
@policy(link_holder)
def save_names(reference: str) -> ResponseReturnValue:
    found = _opened_names(reference)
    if found is None:
        return closed_door()
    opened, by_names_link = found
    page = names_page(db.session, opened.id, utcnow())
    form = names_form(_nameable(page, by_names_link), sent=True)
    if _closed(page, form):
        return _sent_names(opened) or _named_meanwhile(opened, by_names_link)
    if not form.validate() or not _is_whole(page, form):
        return _names_page(page, form, opened, by_names_link), 422
    try:
        return _save(opened, form.namings, by_names_link)
    except TooManyNamed as refusal:
        shown = _names_page(page, form, opened, by_names_link, str(refusal))
        return shown, 429, {"Retry-After": RETRY_AFTER_SECONDS}
    except BookingChanged:
        return _named_meanwhile(opened, by_names_link)
    except BookingRefused as refusal:
        now = names_page(db.session, opened.id, utcnow())
        return _names_page(now, form, opened, by_names_link, str(refusal)), 409


@bp.get("/<reference>/places/<person>")
@policy(link_holder)
def place(reference: str, person: str) -> ResponseReturnValue:
    opened = _opened_place(reference, person)
    if opened:
        return _place_page(opened)
    person_id = viewer_id()
    mine = place_of_person(db.session, reference, person_id) if person_id else None
    if mine and mine != person:  # A calendar keeps addresses of before.
        return redirect(url_for(".place", reference=reference, person=mine), code=303)
    return closed_door()


@bp.post("/<reference>/places/<person>/hand-back")
@policy(link_holder)
def hand_back(reference: str, person: str) -> ResponseReturnValue:
    opened = _opened_place(reference, person)
    if opened is None:
        return _sent_before(person) or closed_door()
    now = utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"hand back {opened.attendee_key}", now):
                return redirect(earlier.result, code=303)
            naming.hand_back(
                db.session, booking_id=opened.booking_id, attendee_key=opened.attendee_key, now=now
            )
            return redirect(once.finish(url_for(".thanks", reference=reference)), code=303)
    except BookingRefused as refusal:
        return _place_page(opened, str(refusal)), 409


@bp.get("/<reference>/places/<person>/hand-back")
@policy(link_holder)
def back_to_place(reference: str, person: str) -> ResponseReturnValue:
    """Whoever loads the address of a form that was sent wants the page it was on."""
    key = request.args.get("key")
    return redirect(url_for(".place", reference=reference, person=person, key=key), code=303)


@bp.get("/<reference>/handed-back")
@policy(link_holder)
def thanks(reference: str) -> ResponseReturnValue:
    """Says the same to everybody: whoever handed a place back holds nothing of the booking now."""
    return render_template("bookings/handed_back.html")


def _save(opened: Opened, namings: list[Naming], by_names_link: bool) -> ResponseReturnValue:
    emails = [each.email for each in namings if each.email]
    now, client = utcnow(), request.remote_addr or "unknown"
    with unit_of_work(db.session):
        within = count_named(
            db.session, booking_id=opened.id, emails=emails, client=client, now=now
        )
    if not within:
        raise TooManyNamed
    with unit_of_work(db.session):
        if earlier := once.begin(f"names {opened.reference}", now):
            return redirect(earlier.result, code=303)
        changed = naming.name_attendees(
            db.session, booking_id=opened.id, names=namings, by_link=by_names_link, now=now
        )
        done = ("mailed" if emails else "kept") if changed else "none"
        address = url_for(".names", reference=opened.reference, key=_key() or None, done=done)
        once.finish(address)
    if by_names_link:
        _remember_named(namings)
    return redirect(address, code=303)


def _nameable(page: NamesPage, by_names_link: bool) -> list[PersonLine]:
    """All to whoever booked. By the link that goes from hand to hand nobody sees or changes whom
    others named: only places without a name, and names written in this browser."""
    lines = page.party.to_name
    if not by_names_link:
        return list(lines)
    mine = set(flask_session.get(NAMED_HERE, ()))
    return [line for line in lines if not line.name or _mark(line.key, line.name) in mine]


def _remember_named(namings: list[Naming]) -> None:
    marks = [*flask_session.get(NAMED_HERE, ()), *(_mark(n.key, n.name) for n in namings)]
    flask_session[NAMED_HERE] = marks[-MOST_REMEMBERED:]


def _mark(key: str, name: str) -> str:
    """Tells this name at this place from any other, and nobody what it is."""
    return sign(site_of(db.session).secret, NAMED_HERE, key, name)[:MARK_LENGTH]


def _closed(page: NamesPage, form: NamesForm) -> list[tuple[str, str]]:
    """What was typed for places that are no more to be named by this link."""
    shut = [line.key for line in page.party.to_name if line.key not in form.keys]
    return [typed for typed in map(sent_for, shut) if any(typed)]


def _sent_names(opened: Opened) -> ResponseReturnValue | None:
    """The same form sent twice: the second time its places have names."""
    sent = submissions.find(db.session(), key=once.sent_key(), owner=once.owner())
    if sent is None or sent.purpose != f"names {opened.reference}":
        return None
    return redirect(sent.result, code=303)


def _named_meanwhile(opened: Opened, by_names_link: bool) -> ResponseReturnValue:
    """Somebody else named people since the page was opened: what was typed goes to places that are
    still open."""
    page = names_page(db.session, opened.id, utcnow())
    lines = _nameable(page, by_names_link)
    form = names_form(lines, sent=True)
    form.bring_up_to_date(lines)
    left = form.take_over(_closed(page, form))
    words = BookingChanged.message + (f" No place is left for {join_words(left)}." if left else "")
    return _names_page(page, form, opened, by_names_link, words), 409


def _is_whole(page: NamesPage, form: NamesForm) -> bool:
    """A place of one's own is handed to somebody with a name and an address; whose place it is
    must not be in doubt."""
    if page.party.is_party:
        return True
    part = form.part(form.keys[0]) if form.keys else None
    if part is None:
        return True
    if not part.name.data or part.name.data == part.seen.data:
        part.name.errors = ["Write the name of your colleague."]
    if not part.email.data:
        part.email.errors = ["Write their email address: the link to their place goes there."]
    return not (part.name.errors or part.email.errors)


def _sent_before(person: str) -> ResponseReturnValue | None:
    """The same form sent twice: the second time nobody has the place any more."""
    sent = submissions.find(db.session(), key=once.sent_key(), owner=once.owner())
    if sent is None or sent.purpose != f"hand back {person}":
        return None
    return redirect(sent.result, code=303)


def _opened_names(reference: str) -> tuple[Opened, bool] | None:
    if len(reference) > LONGEST_REFERENCE:
        return None
    return open_names(db.session, reference, person_id=viewer_id(), key=_key())


def _opened_place(reference: str, person: str) -> OpenedPlace | None:
    if len(reference) > LONGEST_REFERENCE or len(person) > LONGEST_PERSON:
        return None
    return open_place(db.session, reference, person, person_id=viewer_id(), key=_key())


def _key() -> str:
    """The key of the link, in the address or in the form that the page held."""
    key = request.form.get("key", "") or request.args.get("key", "")
    return key if len(key) <= LONGEST_KEY else ""


def _names_page(
    page: NamesPage, form: NamesForm, opened: Opened, by_names_link: bool, refusal: str = ""
) -> str:
    return render_template(
        "bookings/names.html",
        page=page,
        form=form,
        key=_key() if opened.by_link else "",
        by_names_link=by_names_link,
        refusal=refusal,
        done=request.args.get("done", "") if request.method == "GET" else "",
    )


def _place_page(opened: OpenedPlace, refusal: str = "") -> str:
    page = attendee_page(db.session, opened.booking_id, opened.attendee_key, utcnow())
    return render_template(
        "bookings/place.html",
        page=page,
        key=_key() if opened.by_link else "",
        by_link=opened.by_link,
        refusal=refusal,
    )
