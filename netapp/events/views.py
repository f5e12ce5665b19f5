"""Lists of events, the page of one, and booking it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from netapp.events.errors import (
    BookingRefused,
    ModeNotChosen,
    NothingChosen,
    PlacesGone,
    TooManyBookings,
)
from netapp.events.forms import MOST_OF_A_SEARCH, BookForm, DatesForm, GuestBookForm, mode_of
from netapp.events.operations import booking as operations
from netapp.events.operations.booking import Wish
from netapp.events.operations.guest_limits import count_guest_booking
from netapp.events.queries import listing, pages
from netapp.events.queries.catalogue import GROUPS
from netapp.events.queries.dates import DateLine
from netapp.events.queries.my_clashes import clashes_by_date
from netapp.events.queries.pages import EventPage, Viewing
from netapp.events.queries.wording import Span
from netapp.extensions import db
from netapp.kernel import submissions
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.pages import page_number
from netapp.kernel.text import TooLong, clean
from netapp.people.models import Person
from netapp.people.session import current_person, require_person
from netapp.web import once
from netapp.web.kept_pages import page_for_strangers
from netapp.web.policy import everyone, policy

AnyForm = TypeVar("AnyForm", bound=BookForm)

bp = Blueprint("events", __name__, url_prefix="/events")

RETRY_AFTER_SECONDS = "3600"
CHANGED_BY_GONE = ("session", "waits", "csrf_token", once.FIELD)
CHOICE = "You can book both, or choose another date."


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to decide before it is booked; all that was typed stays in the form, and can be
    changed there: ``button`` says what is true of any choice."""

    title: str
    words: str
    lines: tuple[str, ...]
    button: str
    agreed: tuple[str, ...]
    at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # What else there is, by date.


@bp.get("")
@policy(everyone)
def index() -> ResponseReturnValue:
    asked = {str(group): request.args.getlist(group) for group in GROUPS}
    shown = listing.coming_events(
        db.session,
        asked=asked,
        number=page_number(request.args.get("page")),
        now=utcnow(),
    )
    return render_template("events/index.html", listing=shown, without=_address_without)


@bp.get("/past")
@policy(everyone)
def past() -> ResponseReturnValue:
    try:
        words = clean(request.args.get("q", ""), max_length=MOST_OF_A_SEARCH)
    except TooLong:
        words = clean(request.args["q"][:MOST_OF_A_SEARCH], max_length=MOST_OF_A_SEARCH)
    number = page_number(request.args.get("page"))
    found = listing.past_events(db.session, words=words, number=number, now=utcnow())
    return render_template("events/past.html", found=found, words=words)


@bp.get("/<slug>")
@policy(everyone)
def show(slug: str) -> ResponseReturnValue:
    page = pages.find_page(db.session, slug, utcnow(), current_person())
    if page is None:
        return moved(slug, "events.show", 301)
    return make_response(page_for_strangers(page.stamp, lambda: _page(page, _empty_form())))


@bp.post("/<slug>/bookings")
@policy(everyone)
def book(slug: str) -> ResponseReturnValue:
    page = pages.find_page(db.session, slug, utcnow(), current_person())
    if page is None:
        return moved(slug, "events.book", 308)
    form = (BookForm if current_person() else GuestBookForm)()
    if not form.validate():
        return _page(page, form), 422
    try:
        if isinstance(form, GuestBookForm):
            return _book_as_guest(page, form)
        if ask := ask_of_clashes(page, require_person(), form, CHOICE):
            return _render(page, form, ask=ask), 409
        return _book_for(page, require_person(), form)
    except NothingChosen as refusal:
        form.session.errors = [refusal.message]
        return _page(page, form), 422
    except ModeNotChosen as refusal:
        form.mode.errors = [refusal.message]
        return _page(page, form), 422
    except PlacesGone as gone:
        return _gone_page(as_it_is_now(page), form, gone), 409
    except TooManyBookings as refusal:
        return _page(page, form, refusal), 429, {"Retry-After": RETRY_AFTER_SECONDS}
    except BookingRefused as refusal:
        return _page(as_it_is_now(page), form, refusal), 409


@bp.get("/<slug>/bookings")
@policy(everyone)
def back_to_event(slug: str) -> ResponseReturnValue:
    """Whoever loads the address of a form that was sent wants the page it was on."""
    return redirect(url_for(".show", slug=slug), code=303)


@bp.get("/<slug>/thanks/<key>")
@policy(everyone)
def thanks(slug: str, key: str) -> ResponseReturnValue:
    """What a guest's booking led to, for the browser that sent it, for a day."""
    sent = submissions.find(db.session(), key=key[:64], owner=once.owner())
    page = pages.find_page(db.session, slug, utcnow(), current_person())
    if page is None:
        return moved(slug, "events.thanks", 301, key=key)
    if sent is None or "email" not in sent.detail or sent.purpose != purpose_of(page):
        abort(404)
    lines = {line.key: line for line in page.dates}
    return render_template(
        "events/thanks.html",
        page=page,
        email=sent.detail["email"],
        name=sent.detail["name"],
        places=sent.detail.get("places"),
        organisation=sent.detail.get("organisation"),
        confirmed=[lines[key] for key in sent.detail["confirmed"] if key in lines],
        waiting=[lines[key] for key in sent.detail["waiting"] if key in lines],
        late=sent.detail.get("late", False),
    )


def preview(event_id: int) -> str:
    """The page of an event that need not be published, for coordinators; nobody can book on it.

    Raises 404 where there is none.
    """
    page = pages.preview_page(db.session, event_id, utcnow()) or abort(404)
    return _render(page, _empty_form(), preview=True)


def ask_of_clashes(page: EventPage, person: Person, form: DatesForm, choice: str) -> Ask | None:
    """What else they have booked at the time of what they chose, before it is booked; asked once
    for each date. ``choice``: what they can do about it, in a sentence."""
    agreed, chosen = set(form.agreed.data or ()), set(form.session.data or ())
    spans = {line.key: Span(line.starts_at, line.ends_at) for line in page.bookable}
    at = clashes_by_date(db.session, person.id, spans, besides=page.id, now=utcnow())
    asked = {key for key in at if page.whole or key in chosen}
    if asked <= agreed:
        return None
    lines = dict.fromkeys(words for key in spans if key in asked for words in at[key])
    return Ask(
        "Nothing is booked yet: you have something else at that time",
        choice,
        tuple(lines),
        "Book all the same" if page.whole or len(spans) == 1 else "Book the dates ticked above",
        agreed=tuple(sorted(agreed | asked)),
        at=at,
    )


def _book_for(page: EventPage, person: Person, form: BookForm) -> Response:
    now = utcnow()

    def act(*, late: bool) -> Response:
        with unit_of_work(db.session):
            if earlier := once.begin(purpose_of(page), now):
                return redirect(earlier.result, code=303)
            booking = operations.book(
                db.session,
                event_id=page.id,
                person=person,
                wish=_wish(page, form, person.name),
                now=now,
            )
            done = "late" if late else "booked"
            address = url_for("bookings.show", reference=booking.reference, done=done)
            return redirect(once.finish(address), code=303)

    return _or_wait(page, form, act)


def _book_as_guest(page: EventPage, form: GuestBookForm) -> Response:
    now, email = utcnow(), form.email.address
    sent = submissions.find(db.session(), key=once.sent_key(), owner=once.owner())
    if sent is None:
        count_guest(email)

    def act(*, late: bool) -> Response:
        with unit_of_work(db.session):
            if earlier := once.begin(purpose_of(page), now):
                return redirect(earlier.result, code=303)
            name = str(form.name.data)
            answer = operations.book_as_guest(
                db.session, event_id=page.id, email=email, wish=_wish(page, form, name), now=now
            )
            detail = {
                "email": form.email.data,
                "name": name,
                "confirmed": answer.confirmed,
                "waiting": answer.waiting,
                "late": late,
            }
            address = url_for(".thanks", slug=page.slug, key=once.sent_key())
            return redirect(once.finish(address, detail), code=303)

    return _or_wait(page, form, act)


def _or_wait(page: EventPage, form: BookForm, act: Callable[..., Response]) -> Response:
    """Where the last place of all that they chose has just gone, they keep their turn: they are put
    on the waiting list and told so. Raises ``PlacesGone`` where there is something to choose."""
    try:
        return act(late=False)
    except PlacesGone as gone:
        asked = {line.key for line in page.bookable} if page.whole else set(form.session.data or ())
        if asked != set(gone.numbers):
            raise
        form.waits.data = [*(form.waits.data or ()), *gone.numbers]
        return act(late=True)


def count_guest(email: str) -> None:
    """By itself, so that a refused booking counts, too. Raises ``TooManyBookings``."""
    refusal: TooManyBookings | None = None
    with unit_of_work(db.session):
        try:
            client = request.remote_addr or "unknown"
            count_guest_booking(db.session, email=email, client=client, now=utcnow())
        except TooManyBookings as too_many:
            refusal = too_many
    if refusal:
        raise refusal


def _address_without(group: str, value: str) -> str:
    """The list with one filter less, from its first page."""
    kept: dict[str, Any] = {
        name: [each for each in request.args.getlist(name) if (name, each) != (group, value)]
        for name in GROUPS
    }
    return url_for(".index", **kept)


def _wish(page: EventPage, form: BookForm, name: str) -> Wish:
    return Wish(
        session_keys=None if page.whole else form.session.data,
        name=name,
        mode=mode_of(form.mode.data) if page.hybrid else None,
        telling=form.telling,
        seen_version=form.seen.number,
        accepts_waiting=form.waits.data or (),
    )


def purpose_of(page: EventPage) -> str:
    return f"book {page.key}"


def _empty_form() -> BookForm:
    return (BookForm if current_person() else GuestBookForm)(formdata=None)


def moved(slug: str, endpoint: str, code: int, **values: Any) -> Response:
    """Former addresses lead on; 308 so that a form sent to one arrives."""
    present = pages.present_slug(db.session, slug, current_person()) or abort(404)
    return redirect(url_for(endpoint, slug=present, **values), code=code)


def as_it_is_now(page: EventPage) -> EventPage:
    return pages.find_page(db.session, page.slug, utcnow(), current_person()) or abort(404)


def _page(page: EventPage, form: BookForm, refusal: DomainError | None = None) -> str:
    return _render(page, form, refusal=refusal)


def _gone_page(page: EventPage, form: BookForm, gone: PlacesGone) -> str:
    """Nothing is booked: what they sent is kept, and sent again by one button."""
    asked = {line.key for line in page.bookable} if page.whole else set(form.session.data or ())
    lines = [line for line in page.bookable if line.key in asked]
    if not any(line.key in gone.numbers for line in lines):  # It changed once more.
        return _page(page, form, gone)
    kept = [line for line in lines if line.key not in gone.numbers]
    return render_template(
        "events/gone.html",
        page=page,
        form=form,
        person=current_person(),
        mode=mode_of(form.mode.data) if page.hybrid else None,
        sent=[each for each in request.form.items(multi=True) if each[0] not in CHANGED_BY_GONE],
        gone=[(line, gone.numbers[line.key]) for line in lines if line.key in gone.numbers],
        waited=[line for line in kept if _waits(form, line)],
        held=[line for line in kept if not _waits(form, line)],
    )


def _waits(form: BookForm, line: DateLine) -> bool:
    """They said already that they would wait for this date."""
    told = form.waits.data or ()
    return line.key in told or f"{line.key}:{form.mode.data}" in told


def _render(
    page: EventPage,
    form: BookForm,
    *,
    refusal: DomainError | None = None,
    preview: bool = False,
    ask: Ask | None = None,
) -> str:
    person = current_person()
    seen = pages.viewing(db.session, page, person, utcnow()) if person else Viewing(page.state)
    return render_template(
        "events/show.html",
        page=page,
        form=form,
        person=person,
        viewing=seen,
        refusal=refusal.message if refusal else "",
        preview=preview,
        ask=ask,
        chosen=_chosen(page, form),
    )


def _chosen(page: EventPage, form: BookForm) -> set[str]:
    """The dates that are ticked: what was sent, or the next date with a place."""
    if form.session.raw_data or form.is_submitted():
        return set(form.session.data or ())
    return {page.next.key} if page.next else set()
