"""What the network is and how people belong to it; its former names lead here."""

from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.membership.queries.kinds import open_kinds
from netapp.web.policy import everyone, policy

bp = Blueprint("network", __name__)

FORMER_NAME: Final = "Challenging Circumstances Music Network"
FORMER_ADDRESSES: Final = (
    "/ccmn",
    "/challenging-circumstances",
    "/challenging-circumstances-music-network",
)


@bp.get("/network")
@policy(everyone)
def show() -> ResponseReturnValue:
    return render_template(
        "membership/network.html", kinds=open_kinds(db.session), former=FORMER_NAME
    )


@policy(everyone)
def formerly() -> ResponseReturnValue:
    """Whoever types a name that the network had."""
    return redirect(url_for("network.show"), code=301)


for address in FORMER_ADDRESSES:
    bp.add_url_rule(address, view_func=formerly)
