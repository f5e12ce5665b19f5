"""The activity log, for coordinators."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from netapp.audit.queries import LogFilter, all_lines, log_page
from netapp.extensions import db
from netapp.kernel.pages import page_number
from netapp.kernel.text import clean
from netapp.kernel.zones import to_local
from netapp.web.csv_export import csv_response
from netapp.web.policy import coordinator, policy

bp = Blueprint("audit", __name__, url_prefix="/desk")

LONGEST_FILTER = 120
KINDS = (
    ("", "Everything"),
    ("person:", "People"),
    ("event:", "Events"),
    ("booking:", "Bookings"),
    ("mail:", "Mail"),
)
HEADER = ("When (UTC)", "Who", "What", "About", "In words", "Reason")


@bp.get("/log")
@policy(coordinator)
def log() -> ResponseReturnValue:
    chosen = _chosen()
    page = log_page(db.session(), chosen, number=page_number(request.args.get("page")))
    return render_template("desk/log.html", page=page, chosen=chosen, kinds=KINDS)


@bp.get("/log.csv")
@policy(coordinator, again=True)
def export() -> ResponseReturnValue:
    rows = (
        (
            to_local(line.at, "UTC").strftime("%Y-%m-%d %H:%M:%S"),
            line.actor,
            line.action,
            line.subject,
            line.summary,
            line.reason,
        )
        for line in all_lines(db.session(), _chosen())
    )
    return csv_response("activity-log.csv", HEADER, rows)


def _chosen() -> LogFilter:
    return LogFilter(subject=_word("subject"), actor=_word("actor"))


def _word(name: str) -> str:
    """What is too long to be a filter filters nothing away but what it finds: it is cut."""
    return clean(request.args.get(name, "")[:LONGEST_FILTER], max_length=LONGEST_FILTER)
