"""One-time keys of forms, at the edge: who owns the form, and which key it carries."""

import re
import secrets
from datetime import datetime
from typing import Any

from flask import abort, request, session
from flask_login import current_user
from markupsafe import Markup

from netapp.extensions import db
from netapp.kernel import submissions
from netapp.kernel.site import site_of
from netapp.kernel.submissions import Earlier
from netapp.kernel.tokens import hash_token, sign

FIELD = "once"
_TOKENS = (FIELD, "csrf_token")
_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}\Z")


def owner() -> str:
    """``person:<id>``, or ``browser:<hash>`` for a stranger (a random cookie, no row)."""
    if current_user.is_authenticated:
        return f"person:{current_user.id}"
    return f"browser:{browser_hash()}"


def browser_hash() -> str:
    """Names this browser without telling its cookie; the cookie is made at the first need."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(16)
    return hash_token(str(session["browser"]))


def sent_key() -> str:
    """The key the form carried, bound to what else it says; 400 where it carries none.

    The browser's Back button may bring a page with a key that was used: filled in differently it
    is another form, and must not be answered with the result of the first.
    """
    key = request.form.get(FIELD, "")
    if not _KEY.match(key):
        abort(400)
    said = [each for each in request.form.items(multi=True) if each[0] not in _TOKENS]
    return sign(site_of(db.session()).secret, "form", key, *sorted(said))


def begin(purpose: str, now: datetime) -> Earlier | None:
    """First thing within the unit of work; see ``kernel.submissions.begin``."""
    return submissions.begin(db.session(), key=sent_key(), owner=owner(), purpose=purpose, now=now)


def finish(result: str, detail: dict[str, Any] | None = None) -> str:
    """Keep the address of the result under the key of this form; returns it."""
    submissions.finish(db.session(), key=sent_key(), result=result, detail=detail)
    return result


def key_field() -> Markup:
    """The hidden field. A form shown again after a mistake keeps its key: nothing was done yet."""
    sent = request.form.get(FIELD, "")
    key = sent if _KEY.match(sent) else secrets.token_urlsafe(24)
    browser_hash()
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, key)
