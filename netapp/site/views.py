"""Home, the pages about ourselves, display settings, and the small files that machines ask for."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from netapp.events.queries import listing
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.health import look
from netapp.kernel.text import clean
from netapp.people.session import current_person
from netapp.site import facts, forms, patterns
from netapp.site.search import search as find
from netapp.web.assets import STATIC
from netapp.web.components import current_display
from netapp.web.display import COOKIE, KEPT_SECONDS, choose_display
from netapp.web.icons import ICONS
from netapp.web.policy import everyone, policy
from netapp.web.redirects import safe_path

bp = Blueprint("site", __name__)

HOME_EVENTS = 3
LONGEST_SEARCH = 100
IMAGE_TYPES = {".ico": "image/vnd.microsoft.icon", ".svg": "image/svg+xml"}
SECURITY_TXT_DAYS = 180  # RFC 9116 section 2.5.5 asks for less than a year.
NOT_FOR_ROBOTS = ("/desk", "/account", "/bookings", "/sign-in", "/display")
"""Not the personal calendars: Google's calendar obeys this file, and would fetch none of them.
They say ``noindex`` themselves."""


@bp.get("/")
@policy(everyone)
def home() -> ResponseReturnValue:
    return render_template(
        "site/home.html",
        cards=listing.upcoming_events(db.session(), now=utcnow(), limit=HOME_EVENTS),
        challenges=facts.CHALLENGES,
        challenges_source=facts.CHALLENGES_SOURCE,
        figures=facts.FIGURES,
    )


@bp.get("/search")
@policy(everyone)
def search() -> ResponseReturnValue:
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    found = find(db.session(), words, viewer=current_person(), now=utcnow())
    return render_template("site/search.html", found=found)


@bp.get("/about")
@policy(everyone)
def about() -> ResponseReturnValue:
    return render_template("site/about.html", figures=facts.FIGURES)


@bp.get("/accessibility")
@policy(everyone)
def accessibility() -> ResponseReturnValue:
    return render_template("site/accessibility.html")


@bp.get("/privacy")
@policy(everyone)
def privacy() -> ResponseReturnValue:
    return render_template("site/privacy.html")


@bp.get("/patterns")
@policy(everyone)
def show_patterns() -> ResponseReturnValue:
    return render_template(
        "site/patterns.html",
        samples=patterns,
        good=forms.filled_sample(),
        wrong=forms.wrong_sample(),
        icons=sorted(ICONS),
    )


@bp.get("/display")
@policy(everyone)
def display_settings() -> ResponseReturnValue:
    form = forms.DisplayForm(formdata=None, obj=current_display())
    return render_template("site/display.html", form=form, back=_page_before())


@bp.post("/display")
@policy(everyone)
def keep_display() -> ResponseReturnValue:
    chosen = choose_display(request.form.get("text", ""), request.form.get("look", ""))
    flash("This is how pages look on this device from now on.", "success")
    answer = make_response(redirect(safe_path(request.form.get("back")), code=303))
    answer.set_cookie(
        COOKIE,
        chosen.as_cookie(),
        max_age=KEPT_SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _page_before() -> str:
    """The page of this site that led here, or the home page."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or before.path == request.path:
        return "/"
    return safe_path(before.path + (f"?{before.query}" if before.query else ""))


@bp.get("/healthz")
@policy(everyone)
def healthz() -> ResponseReturnValue:
    """The process answers. Whether the database does is said by /readyz."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@policy(everyone)
def readyz() -> ResponseReturnValue:
    """503 where a part is not in order, with one line for each part that was looked at."""
    folder = Path(current_app.root_path) / "migrations"
    findings = look(db.session(), migrations=folder, now=utcnow())
    lines = [f"{one.name}: {one.problem or 'ok'}" for one in findings]
    status = 503 if any(one.problem for one in findings) else 200
    return Response("\n".join(lines) + "\n", status=status, mimetype="text/plain")


@bp.get("/robots.txt")
@policy(everyone)
def robots() -> ResponseReturnValue:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/.well-known/security.txt")
@policy(everyone)
def security_txt() -> ResponseReturnValue:
    """RFC 9116."""
    site = current_app.extensions["site"]
    ends = (utcnow() + timedelta(days=SECURITY_TXT_DAYS)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = (
        f"Contact: mailto:{site.contact_email}",
        f"Expires: {ends:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {site.url('/.well-known/security.txt')}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/favicon.ico")
@policy(everyone)
def favicon_ico() -> ResponseReturnValue:
    return _image("favicon.ico")


@bp.get("/favicon.svg")
@policy(everyone)
def favicon_svg() -> ResponseReturnValue:
    return _image("favicon.svg")


def _image(name: str) -> Response:
    """Browsers ask for it by this fixed address, so it is kept for a day only."""
    path = STATIC / "img" / name
    answer = Response(path.read_bytes(), mimetype=IMAGE_TYPES[path.suffix])
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
