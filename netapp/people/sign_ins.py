"""The cookie of a signed-in browser, and who holds it. Flask-Login only hands the answer round."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    request,
    url_for,
)
from flask import session as flask_session
from flask_login import current_user
from sqlalchemy import Engine, update

from netapp.extensions import db, login_manager
from netapp.kernel.clock import utcnow
from netapp.kernel.notes import note
from netapp.people.devices import device_words
from netapp.people.models import Person, SignIn
from netapp.people.operations.second_step import Entry
from netapp.people.queries import LONGEST_SIGN_IN, SignedIn, signed_in
from netapp.people.relying_party import relying_party

NOTE_EVERY = timedelta(minutes=5)
SECOND_STEP = "second-step"  # In the session: the token of a second step that was begun.


def register(app: Flask) -> None:
    """Instead of ``login_manager.init_app``, which would look into the session of every answer
    for a remember-me cookie that we never set, and so make each of them vary by cookie. Templates
    have ``viewer`` instead of ``current_user``."""
    app.login_manager = login_manager  # type: ignore[attr-defined]
    login_manager.session_protection = None
    login_manager.request_loader(_load)
    app.after_request(_note_use)
    app.add_template_global(passkeys_at)


def passkeys_at() -> str:
    """Where passkeys work, if not here: the demo is opened at a number, which they do not know."""
    party = relying_party(current_app.extensions["site"])
    here = urlsplit(f"//{request.host}").hostname
    return "" if here == party.id else party.origin


def current_sign_in() -> SignedIn | None:
    """This browser's sign-in; None for a stranger."""
    found = g.get("sign_in") if current_user.is_authenticated else None
    return found if isinstance(found, SignedIn) else None


def here() -> SignedIn:
    """This browser's sign-in. Only for views whose policy asks for one."""
    found = current_sign_in()
    assert found is not None
    return found


def current_token() -> str | None:
    return request.cookies.get(_cookie_name(current_app)) or None


def this_device() -> str:
    return device_words(request.user_agent.string)


def client_address() -> str:
    """Who asks, for limits: only a configured proxy is believed about it."""
    return request.remote_addr or "unknown"


def remember(response: Response, token: str) -> Response:
    """Sign this browser in: the token of a sign-in that was just begun, and a new form token."""
    flask_session.pop("csrf_token", None)
    forget_second_step()
    response.set_cookie(
        _cookie_name(current_app),
        token,
        max_age=LONGEST_SIGN_IN,
        path="/",
        secure=_is_https(current_app),
        httponly=True,
        samesite="Lax",
    )
    return response


def enter(entry: Entry, target: str) -> Response:
    """The answer to a right password, code or link: signed in and on to ``target``; or first to
    the second step, with nothing but its token."""
    if entry.is_complete:
        return remember(make_response(redirect(target, code=303)), entry.token)
    flask_session[SECOND_STEP] = entry.token
    return make_response(redirect(url_for("second_step.show", next=target), code=303))


def second_step_token() -> str:
    return str(flask_session.get(SECOND_STEP, ""))


def forget_second_step() -> None:
    flask_session.pop(SECOND_STEP, None)


def forget(response: Response) -> Response:
    """Sign this browser out. Display settings stay: who needs large text needs it signed out too,
    so the browser is asked to clear what it keeps but cookies, and we end our own."""
    flask_session.clear()
    response.delete_cookie(
        _cookie_name(current_app),
        path="/",
        secure=_is_https(current_app),
        httponly=True,
        samesite="Lax",
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _load(asking: Request) -> Person | None:
    """For Flask-Login. Without a cookie no query is made."""
    token = asking.cookies.get(_cookie_name(current_app))
    if not token or len(token) > 100:
        return None
    found = signed_in(db.session(), token, now=utcnow())
    g.sign_in = found
    return found.person if found else None


def _note_use(response: Response) -> Response:
    """When the answer has been sent: note that this sign-in is in use, now and then."""
    found: Any = g.get("sign_in")
    if isinstance(found, SignedIn) and utcnow() - found.last_used_at >= NOTE_EVERY:
        response.call_on_close(_note(db.engine, found.sign_in_id, utcnow()))
    return response


def _note(engine: Engine, sign_in_id: int, now: datetime) -> Callable[[], None]:
    def write() -> None:
        earlier = SignIn.id == sign_in_id, SignIn.last_used_at < now
        note(engine, update(SignIn).where(*earlier).values(last_used_at=now))

    return write


def _cookie_name(app: Flask) -> str:
    """``__Host-`` makes browsers refuse it from or for any other host; it needs https."""
    return "__Host-sign-in" if _is_https(app) else "sign-in"


def _is_https(app: Flask) -> bool:
    return bool(app.config["SESSION_COOKIE_SECURE"])
