"""Book for several people at once: the places of an organisation."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from netapp.events.errors import (
    BookingRefused,
    EventFull,
    ModeNotChosen,
    NothingChosen,
    PlacesGone,
    SomeDatesFull,
    TooManyBookings,
)
from netapp.events.forms import mode_of
from netapp.events.operations import booking as operations
from netapp.events.operations.booking import Wish
from netapp.events.party_forms import FEWEST, GuestPartyForm, PartyForm
from netapp.events.queries import pages
from netapp.events.queries.pages import EventPage, Viewing
from netapp.events.views import (
    RETRY_AFTER_SECONDS,
    Ask,
    as_it_is_now,
    ask_of_clashes,
    count_guest,
    moved,
    purpose_of,
)
from netapp.extensions import db
from netapp.kernel import submissions
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.words import count_words
from netapp.people.models import Person
from netapp.people.session import current_person, require_person
from netapp.web import once
from netapp.web.policy import everyone, policy

bp = Blueprint("parties", __name__, url_prefix="/events")

CHOICE = "You can book both, choose another date, or take none of the places yourself."
TOO_FEW = "There are not so many places free. Book fewer places, or choose another date."


@bp.get("/<slug>/party")
@policy(everyone)
def show(slug: str) -> ResponseReturnValue:
    page = pages.find_page(db.session, slug, utcnow(), current_person())
    if page is None:
        return moved(slug, "parties.show", 301)
    seen = _viewing(page)
    members = page.members_only and not seen.is_member
    if page.party_most < FEWEST or seen.reference or members or not _is_open(seen):
        return redirect(url_for("events.show", slug=slug), code=303)  # It says why.
    return _render(page, _form(page, formdata=None))


@bp.post("/<slug>/party")
@policy(everyone)
def book(slug: str) -> ResponseReturnValue:
    page = pages.find_page(db.session, slug, utcnow(), current_person())
    if page is None:
        return moved(slug, "parties.book", 308)
    form = _form(page)
    if not form.validate():
        return _render(page, form), 422
    try:
        if isinstance(form, GuestPartyForm):
            return _book_as_guest(page, form)
        if clashes := _clashes(page, require_person(), form):
            return _render(page, form, ask=clashes), 409
        return _book_for(page, require_person(), form)
    except NothingChosen as refusal:
        form.session.errors = [refusal.message]
        return _render(page, form), 422
    except ModeNotChosen as refusal:
        form.mode.errors = [refusal.message]
        return _render(page, form), 422
    except PlacesGone as gone:
        waits = (*(form.waits.data or ()), *gone.numbers)
        ask = _ask_to_wait(page, form, gone)
        return _render(as_it_is_now(page), form, ask=ask, waits=waits), 409
    except TooManyBookings as refusal:
        return _render(page, form, str(refusal)), 429, {"Retry-After": RETRY_AFTER_SECONDS}
    except (EventFull, SomeDatesFull):
        return _render(as_it_is_now(page), form, TOO_FEW), 409
    except BookingRefused as refusal:
        return _render(as_it_is_now(page), form, str(refusal)), 409


def _book_for(page: EventPage, person: Person, form: PartyForm) -> Response:
    now = utcnow()
    with unit_of_work(db.session):
        if earlier := once.begin(purpose_of(page), now):
            return redirect(earlier.result, code=303)
        wish = _wish(page, form, person.name)
        booking = operations.book(db.session, event_id=page.id, person=person, wish=wish, now=now)
        address = url_for("bookings.show", reference=booking.reference, done="booked")
        return redirect(once.finish(address), code=303)


def _book_as_guest(page: EventPage, form: GuestPartyForm) -> Response:
    now, email = utcnow(), form.email.address
    sent = submissions.find(db.session(), key=once.sent_key(), owner=once.owner())
    if sent is None:
        count_guest(email)
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
            "places": form.party.places,
            "organisation": form.party.organisation,
            "confirmed": answer.confirmed,
            "waiting": answer.waiting,
        }
        address = url_for("events.thanks", slug=page.slug, key=once.sent_key())
        return redirect(once.finish(address, detail), code=303)


def _wish(page: EventPage, form: PartyForm, name: str) -> Wish:
    return Wish(
        session_keys=None if page.whole else form.session.data,
        name=name,
        mode=mode_of(form.mode.data) if page.hybrid else None,
        party=form.party,
        seen_version=form.seen.number,
        accepts_waiting=form.waits.data or (),
    )


def _clashes(page: EventPage, person: Person, form: PartyForm) -> Ask | None:
    """Only whoever comes along can have something else at that time."""
    return ask_of_clashes(page, person, form, CHOICE) if form.comes_along.data else None


def _ask_to_wait(page: EventPage, form: PartyForm, gone: PlacesGone) -> Ask:
    """Nobody is put on a waiting list without knowing: here, for all of the party together."""
    places = count_words(form.party.places, "place")
    lines = [line for line in page.dates if line.key in gone.numbers]
    return Ask(
        f"There are not {places} free",
        f"Nothing is booked yet. You can join the waiting list: when {places} are free at once, "
        "we offer them to you. Or book fewer places.",
        tuple(
            f"{line.day_words}: you would be number {gone.numbers[line.key]} on the waiting list"
            for line in lines
        ),
        f"Join the waiting list for {places}",
        agreed=tuple(sorted(set(form.agreed.data or ()))),
    )


def _form(page: EventPage, **options: Any) -> PartyForm:
    kind = PartyForm if current_person() else GuestPartyForm
    return kind(most=max(FEWEST, page.party_most), **options)


def _viewing(page: EventPage) -> Viewing:
    person = current_person()
    return pages.viewing(db.session, page, person, utcnow()) if person else Viewing(page.state)


def _is_open(seen: Viewing) -> bool:
    return seen.state in ("open", "waiting")


def _render(
    page: EventPage,
    form: PartyForm,
    refusal: str = "",
    *,
    ask: Ask | None = None,
    waits: Sequence[str] = (),
) -> str:
    """``waits``: keys of dates of which they are told now that they would wait."""
    sent = form.is_submitted()
    first = {page.next.key} if page.next else set()
    return render_template(
        "events/party.html",
        page=page,
        form=form,
        person=current_person(),
        viewing=_viewing(page),
        refusal=refusal,
        ask=ask,
        waits=waits,
        chosen=set(form.session.data or ()) if sent else first,
    )
