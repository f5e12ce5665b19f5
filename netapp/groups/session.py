"""Whoever looks at groups in this request, and the group of an address."""

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from netapp.extensions import db
from netapp.groups.models import Group
from netapp.groups.policies import Looker, Standing
from netapp.groups.queries import standing
from netapp.kernel.clock import utcnow
from netapp.people.session import current_person


def looker() -> Looker:
    person = current_person()
    return Looker(person.id, person.is_coordinator) if person else Looker()


def find(slug: str) -> Group | None:
    """The group with this address, if it exists for whoever looks."""
    return standing.find_group(db.session(), slug, looker())


def group_or_404(slug: str) -> Group:
    return find(slug) or abort(404)


def my_standing(group: Group) -> Standing:
    return standing.standing_in(db.session(), group.id, looker(), at=utcnow())


def inside_or_404(slug: str) -> tuple[Group, Standing]:
    """For pages of the group's people: for others they do not exist."""
    group = group_or_404(slug)
    mine = my_standing(group)
    return (group, mine) if mine.sees_inside else abort(404)


def led_or_404(slug: str) -> tuple[Group, Standing]:
    """For pages of those who lead the group, and of coordinators."""
    group = group_or_404(slug)
    mine = my_standing(group)
    return (group, mine) if mine.leads else abort(404)


def moved(slug: str) -> Response:
    """A former address leads on, whatever page of the group it was; 404 where it is none. 308
    where a form was sent, so that it arrives."""
    present = standing.present_slug(db.session(), slug, looker()) or abort(404)
    assert request.endpoint is not None
    values = {**(request.view_args or {}), "slug": present}
    code = 301 if request.method in ("GET", "HEAD") else 308
    return redirect(url_for(request.endpoint, **values), code=code)
