"""Who is interested in an event: a part of its bookings on the desk."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from netapp.events.manage_views.interested import take_away
from netapp.events.manage_views.shared import editor_page, event_or_404
from netapp.events.queries import interest as queries
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.pages import page_number
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_interest", __name__, url_prefix="/desk/events/<key>")


@bp.get("/interest")
@policy(event_helper)
def index(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    page = queries.interested_page(
        db.session(),
        event_id=event.id,
        number=page_number(request.args.get("page")),
        now=utcnow(),
    )
    return editor_page(
        "interest.html",
        event,
        "bookings",
        page=page,
        waiting=queries.count_interested(db.session(), event_id=event.id),
    )


@bp.post("/interest.csv")
@policy(event_helper, again=True)
def export(key: str) -> ResponseReturnValue:
    """A POST, because taking a list of people away is written down."""
    event, now = event_or_404(key), utcnow()
    return take_away(
        queries.all_interested(db.session(), event_id=event.id, now=now),
        title=event.title,
        subject=f"event:{event.key}",
        slug=event.slug,
        now=now,
    )


@bp.app_template_global()
def count_interested(event_id: int) -> int:
    """How many are interested in an event and have not booked."""
    return queries.count_interested(db.session(), event_id=event_id)
