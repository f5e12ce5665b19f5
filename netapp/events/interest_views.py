"""Interest in one tap: in an event that cannot be booked yet, and in ideas without a date.

The key of the link in a mail opens one interest, and is no sign-in.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from netapp.events.errors import BookingIsOpen, InterestRefused, TooMuchInterest
from netapp.events.interest_forms import InterestForm
from netapp.events.links import interest_key, is_interest_key
from netapp.events.models import Interest
from netapp.events.operations import interest as operations
from netapp.events.queries import ideas as idea_queries
from netapp.events.queries import interest as queries
from netapp.events.queries.interest import MyInterest
from netapp.events.queries.topics import (
    Topic,
    find_topic_of_event,
    find_topic_of_idea,
    topic_of,
    topic_of_request,
)
from netapp.extensions import db
from netapp.kernel import submissions
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.site import site_of
from netapp.people.models import Person
from netapp.people.session import current_person, require_person, viewer_id
from netapp.web import once
from netapp.web.policy import everyone, link_holder, policy, signed_in

bp = Blueprint("interest", __name__)

RETRY_AFTER_SECONDS = "3600"
LONGEST_KEY = 64
LONGEST_NAME = 32
NOTED = "Noted. We write to you when you can book."


@bp.post("/events/<slug>/interest")
@policy(everyone)
def in_event(slug: str) -> ResponseReturnValue:
    return _say(find_topic_of_event(db.session, slug) or abort(404))


@bp.post("/ideas/<slug>/interest")
@policy(everyone)
def in_idea(slug: str) -> ResponseReturnValue:
    return _say(find_topic_of_idea(db.session, slug) or abort(404))


@bp.get("/events/<slug>/interest")
@policy(everyone)
def back_to_event(slug: str) -> ResponseReturnValue:
    """Whoever loads the address of a form that was sent wants the page it was on."""
    return redirect(url_for("events.show", slug=slug), code=303)


@bp.get("/ideas/<slug>/interest")
@policy(everyone)
def back_to_idea(slug: str) -> ResponseReturnValue:
    return redirect(url_for(".idea", slug=slug), code=303)


@bp.get("/ideas")
@policy(everyone)
def ideas() -> ResponseReturnValue:
    return redirect(url_for("events.index", _anchor="ideas"), code=303)


@bp.get("/ideas/<slug>")
@policy(everyone)
def idea(slug: str) -> ResponseReturnValue:
    """An idea leads on to the event that it became, once that is published."""
    topic = find_topic_of_idea(db.session, slug) or abort(404)
    if topic.idea_id is None:
        return redirect(topic.path, code=303)
    found = idea_queries.open_idea(db.session, slug) or abort(404)
    return render_template("events/idea.html", idea=found)


@bp.get("/interest/asked/<key>")
@policy(everyone)
def asked(key: str) -> ResponseReturnValue:
    """What a guest is told, alike for all; for the browser that sent it, for a day."""
    sent = submissions.find(db.session(), key=key[:LONGEST_KEY], owner=once.owner())
    if sent is None or "interest" not in sent.detail:
        abort(404)
    return render_template("events/interest_asked.html", **sent.detail)


@bp.get("/interest/confirm/<token>")
@policy(link_holder)
def confirm(token: str) -> ResponseReturnValue:
    """Only shows a button: programs that look at mail open links."""
    topic = topic_of_request(db.session, token[: 2 * LONGEST_KEY], utcnow())
    if topic is None:
        return _private(render_template("events/interest_ended.html"), 410)
    return _private(render_template("events/interest_confirm.html", topic=topic, token=token))


@bp.post("/interest/confirm/<token>")
@policy(link_holder)
def do_confirm(token: str) -> ResponseReturnValue:
    now = utcnow()
    topic = topic_of_request(db.session, token[: 2 * LONGEST_KEY], now)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("interest.confirm", now):
                return redirect(earlier.result, code=303)
            found = operations.confirm_interest(db.session, token=token, now=now)
            return redirect(once.finish(_confirmed(found)), code=303)
    except BookingIsOpen as refusal:
        flash(refusal.message, "info")
        return redirect(topic.path if topic else "/events", code=303)
    except InterestRefused:
        return _private(render_template("events/interest_ended.html"), 410)


@bp.get("/interest/<name>")
@policy(link_holder)
def show(name: str) -> ResponseReturnValue:
    found = _opened(name)
    if found is None:
        return _private(render_template("events/interest_ended.html"), 404)
    return _private(
        render_template(
            "events/interest_show.html",
            mine=queries.my_interest(db.session, found),
            sent=request.args.get("key", ""),
            confirmed=request.args.get("done") == "confirmed",
        )
    )


@bp.post("/interest/<name>/take-back")
@policy(link_holder)
def take_back(name: str) -> ResponseReturnValue:
    """Whoever takes back what is gone already is told the same."""
    found, now = _opened(name), utcnow()
    target = topic_of(found).path if found else url_for("events.index")
    if request.form.get("from") == "mine" and viewer_id():
        target = url_for(".mine")
    with unit_of_work(db.session):
        if earlier := once.begin(f"interest.take-back {name[:LONGEST_NAME]}", now):
            return redirect(earlier.result, code=303)
        if found is not None:
            operations.take_back(db.session, interest_id=found.id)
        once.finish(target)
    flash("Taken back. We do not write to you about it.", "success")
    return redirect(target, code=303)


@bp.get("/interest/<name>/take-back")
@policy(link_holder)
def back_to_interest(name: str) -> ResponseReturnValue:
    return redirect(url_for(".show", name=name, key=request.args.get("key")), code=303)


@bp.get("/account/interest")
@policy(signed_in)
def mine() -> ResponseReturnValue:
    """All that I am interested in."""
    found = queries.my_interests(db.session, require_person().id)
    return render_template("account/interest.html", mine=found)


@bp.app_template_global()
def my_interest_in(*, event_id: int | None = None, idea_id: int | None = None) -> MyInterest | None:
    """What whoever is signed in said about it; nothing for a stranger."""
    person_id = viewer_id()
    if person_id is None:
        return None
    topic = Topic("", "", event_id=event_id, idea_id=idea_id)
    return queries.interest_in(db.session, topic, person_id)


@bp.app_template_global()
def interest_form() -> InterestForm:
    return InterestForm(formdata=None)


@bp.app_template_global()
def my_ideas() -> frozenset[int]:
    """Those of them that whoever is signed in would come to."""
    person_id = viewer_id()
    return idea_queries.ideas_of(db.session, person_id) if person_id else frozenset()


def _say(topic: Topic) -> ResponseReturnValue:
    person = current_person()
    try:
        if person is not None:
            return _give(topic, person)
        form = InterestForm()
        if not form.validate():
            return _ask_page(topic, form), 422
        return _ask(topic, form)
    except BookingIsOpen as refusal:
        flash(refusal.message, "info")
        return redirect(topic.path, code=303)
    except TooMuchInterest as refusal:
        return _ask_page(topic, form, refusal), 429, {"Retry-After": RETRY_AFTER_SECONDS}
    except InterestRefused as refusal:
        flash(refusal.message, "error")
        return redirect(topic.path, code=303)


def _give(topic: Topic, person: Person) -> Response:
    now = utcnow()
    from_list = request.form.get("from") == "list"
    target = url_for("events.index", _anchor="ideas") if from_list else topic.path
    with unit_of_work(db.session):
        if earlier := once.begin(f"interest {topic.key}", now):
            return redirect(earlier.result, code=303)
        operations.give_interest(db.session, topic=topic, person=person, now=now)
        once.finish(target)
    flash(NOTED, "success")
    return redirect(target, code=303)


def _ask(topic: Topic, form: InterestForm) -> Response:
    now, email = utcnow(), form.email.address
    if submissions.find(db.session(), key=once.sent_key(), owner=once.owner()) is None:
        _count_guest(email)
    with unit_of_work(db.session):
        if earlier := once.begin(f"interest {topic.key}", now):
            return redirect(earlier.result, code=303)
        name = str(form.name.data)
        operations.ask_for_interest(db.session, topic=topic, email=email, name=name, now=now)
        detail = {
            "interest": topic.title,
            "path": topic.path,
            "email": form.email.data,
            "name": name,
        }
        target = url_for(".asked", key=once.sent_key())
        return redirect(once.finish(target, detail), code=303)


def _count_guest(email: str) -> None:
    """By itself, so that a refused message counts, too. Raises ``TooMuchInterest``."""
    refusal: TooMuchInterest | None = None
    with unit_of_work(db.session):
        try:
            client = request.remote_addr or "unknown"
            operations.count_guest_interest(db.session, email=email, client=client, now=utcnow())
        except TooMuchInterest as too_much:
            refusal = too_much
    if refusal:
        raise refusal


def _opened(name: str) -> Interest | None:
    """The interest of this name, for its signed-in owner or whoever holds the link's capability;
    the capability is tried either way."""
    site, sent = site_of(db.session), (request.values.get("key") or "")[:LONGEST_KEY]
    fits = is_interest_key(site, name[:LONGEST_NAME], sent)
    found = queries.find_interest(db.session, name[:LONGEST_NAME])
    if found is None:
        return None
    return found if fits or found.person_id == viewer_id() else None


def _confirmed(found: Interest) -> str:
    key = interest_key(site_of(db.session), found)
    return url_for(".show", name=found.key, key=key, done="confirmed")


def _ask_page(topic: Topic, form: InterestForm, refusal: DomainError | None = None) -> str:
    return render_template(
        "events/interest_ask.html",
        topic=topic,
        form=form,
        refusal=refusal.message if refusal else "",
    )


def _private(page: str, status: int = 200) -> ResponseReturnValue:
    """The address may hold a key: it is not to be found, and not to be kept."""
    return page, status, {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
