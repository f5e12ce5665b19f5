"""The desk's door to all about membership."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_membership", __name__, url_prefix="/desk/membership")


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    return redirect(url_for("desk_applications.index"), code=303)
