"""The desk's page about mail: what waits, what was sent, what was given up."""

from datetime import datetime
from typing import Final, Protocol, cast

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from config import Settings
from netapp.audit.operations import Actor
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.crypto import SealBroken
from netapp.kernel.db import DbSession, unit_of_work
from netapp.kernel.pages import page_number
from netapp.kernel.site import Site, site_of
from netapp.kernel.text import clean
from netapp.mail import operations, queries
from netapp.mail.drafts import bytes_of
from netapp.mail.errors import MailRefused
from netapp.mail.kinds import PRIVATE, kind_words
from netapp.mail.models import MailState, OutboxMessage
from netapp.mail.reading import Reading, read_mail
from netapp.web import once
from netapp.web.headers import CONTENT_SECURITY_POLICY
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_mail", __name__, url_prefix="/desk/mail")

STATES: Final = {
    "waiting": MailState.QUEUED,
    "sent": MailState.SENT,
    "given-up": MailState.DEAD,
}
SEARCH_LENGTH: Final = 100
SANDBOX: Final = "allow-popups allow-popups-to-escape-sandbox"
LOOK_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; "
    f"frame-ancestors 'self'; sandbox {SANDBOX}"
)
"""The mail's own page stands in a frame: it has no script, no form and no origin."""


class Act(Protocol):
    """What a button does with one mail."""

    def __call__(self, session: DbSession, *, key: str, actor: Actor, now: datetime) -> object: ...


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    chosen = request.args.get("state", "")
    search = clean(request.args.get("q", "")[:SEARCH_LENGTH], max_length=SEARCH_LENGTH * 4)
    page = queries.mail_page(
        db.session,
        state=STATES.get(chosen),
        search=search,
        number=page_number(request.args.get("page")),
    )
    return render_template(
        "desk/mail.html",
        page=page,
        counts=queries.counts(db.session),
        state=chosen if chosen in STATES else "",
        search=search,
        kept_in_folder=_kept_in_folder(),
    )


@bp.get("/<key>")
@policy(coordinator)
def show(key: str) -> ResponseReturnValue:
    mail = queries.find(db.session, key)
    reading, broken = _open(mail)
    page = render_template(
        "desk/mail_show.html",
        mail=mail,
        kind=kind_words(mail.message),
        reading=reading,
        broken=broken,
        sandbox=SANDBOX,
        kept_in_folder=_kept_in_folder(),
        is_private=_is_private(mail),
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return answer


@bp.get("/<key>/look")
@policy(coordinator)
def look(key: str) -> ResponseReturnValue:
    """The HTML part as mail programs show it, for the frame on the mail's page."""
    reading, _ = _open(queries.find(db.session, key))
    if reading is None:
        abort(404)
    answer = make_response(reading.html)
    answer.headers["Content-Security-Policy"] = LOOK_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.post("/<key>/again")
@policy(coordinator)
def send_again(key: str) -> ResponseReturnValue:
    done = "The mail is in the queue again. It goes out within a minute."
    return _act(key, "mail.send_again", operations.send_again, done)


@bp.post("/<key>/give-up")
@policy(coordinator)
def give_up(key: str) -> ResponseReturnValue:
    done = "The mail is given up. It stays here, and you can send it again."
    return _act(key, "mail.give_up", operations.give_up, done)


def _act(key: str, purpose: str, act: Act, done: str) -> ResponseReturnValue:
    """One button: do it once, say how it went, go back to the mail."""
    here, now = url_for(".show", key=key), utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(purpose, now):
                return redirect(earlier.result, code=303)
            act(db.session, key=key, actor=_actor(), now=now)
            once.finish(here)
    except MailRefused as refusal:
        flash(refusal.message, "warning")
    else:
        flash(done, "success")
    return redirect(here, code=303)


def _open(mail: OutboxMessage) -> tuple[Reading | None, bool]:
    """What the mail says, and whether it cannot be opened. Outside the demo the reading of
    somebody else's mail is written down before anything is shown."""
    site: Site = site_of(db.session)
    if mail.sealed is None or _is_private(mail):
        return None, False
    try:
        data = bytes_of(site, mail.key, mail.sealed)
    except SealBroken:
        return None, True
    reading = read_mail(data, message=mail.message, site=site)
    if not site.demo:
        # In a session of its own: what the page has loaded stays loaded.
        with Session(db.engine, info=db.session().info) as aside, unit_of_work(aside):
            operations.note_reading(aside, key=mail.key, actor=_actor(), now=utcnow())
    return reading, False


def _is_private(mail: OutboxMessage) -> bool:
    """In the demo too: whoever it is for reads it on their own page."""
    return mail.message in PRIVATE


def _actor() -> Actor:
    return Actor(current_user.id, current_user.name)


def _kept_in_folder() -> bool:
    settings = cast(Settings, current_app.extensions["settings"])
    return not settings.smtp_host
