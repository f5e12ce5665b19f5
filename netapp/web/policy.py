"""Who may call what. Every (route, method) names its policy, or the application does not start.

A policy is evaluated on each request, from the database. It decides about roles; whether this
person may see this thing is decided by the query that fetches it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from netapp.kernel.clock import utcnow
from netapp.web.redirects import safe_path

P = ParamSpec("P")
R = TypeVar("R")


PROOF_HOLDS: Final = timedelta(minutes=10)
"""How long after showing that it is them somebody may do what asks for it again."""


class Viewer(Protocol):
    id: int
    is_authenticated: bool
    is_coordinator: bool
    is_safeguarding_lead: bool
    has_second_factor: bool
    proved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Policy:
    """``needs_sign_in``: a stranger is led to the sign-in page. Who may not sees a 404.

    ``needs_second_factor``: whoever may, but has no second factor, is led to where one is set up.
    (Who has one and did not show it is a stranger.)
    """

    name: str
    allows: Callable[[Viewer | None], bool]
    needs_sign_in: bool = True
    needs_second_factor: bool = False
    part: str = ""
    """Of an event: beside coordinators, who helps with the event of ``<key>`` and has this part."""


everyone = Policy("everyone", lambda _: True, needs_sign_in=False)
signed_in = Policy("signed in", lambda viewer: viewer is not None)
coordinator = Policy(
    "coordinator",
    lambda viewer: viewer is not None and viewer.is_coordinator,
    needs_second_factor=True,
)
safeguarding_lead = Policy(
    "safeguarding lead",
    lambda viewer: viewer is not None and viewer.is_safeguarding_lead,
    needs_second_factor=True,
)
event_helper = Policy("events helper", lambda viewer: viewer is not None, part="edit")
event_needs = Policy(
    "reader of needs", lambda viewer: viewer is not None, needs_second_factor=True, part="needs"
)
event_door = Policy("door", lambda viewer: viewer is not None, part="door")
link_holder = Policy("link holder", lambda _: True, needs_sign_in=False)
"""Whoever holds the secret in the address or is signed in as the owner: the view checks it."""


class PolicyMissing(Exception):
    """A view was registered that does not say who may call it."""


def policy(rule: Policy, *, again: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Stand directly above the function: below the route, above nothing else.

    ``again``: for what is grave. Who did not show within ten minutes that it is them is asked to,
    and led on to the page they came from.
    """

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        if rule is everyone or rule is link_holder:
            view.__policy__ = rule  # type: ignore[attr-defined]
            return view

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            viewer = current_user if current_user.is_authenticated else None
            if viewer is None:
                here = request.full_path.rstrip("?") if request.method == "GET" else None
                return cast(R, redirect(url_for("sign_in.show", next=here), code=303))
            if not rule.allows(cast(Viewer, viewer)):
                abort(404)
            parts = _parts(rule, cast(Viewer, viewer), kwargs)
            if rule.part and rule.part not in parts:
                abort(404)
            strong = rule.needs_second_factor or viewer.is_coordinator or "needs" in parts
            if rule is not signed_in and strong and not viewer.has_second_factor:
                return cast(R, redirect(url_for("security.show", next=_page_here()), code=303))
            if again and not has_proved(viewer):
                return cast(R, redirect(url_for("again.show", next=_page_here()), code=303))
            return view(*args, **kwargs)

        guarded.__policy__ = rule  # type: ignore[attr-defined]
        guarded.__again__ = again  # type: ignore[attr-defined]
        return guarded

    return guard


Team = Callable[[int, str], frozenset[str]]
EVERY_PART = frozenset({"edit", "needs", "door"})


def register_team(app: Flask, team: Team) -> None:
    """``team`` says what somebody (by id) may do in an event (by key)."""
    app.extensions["event_team"] = team


def may_in_event(part: str, key: str) -> bool:
    """Whether whoever is signed in has this part in this event. For templates."""
    viewer = current_user if current_user.is_authenticated else None
    return viewer is not None and part in _parts_in(cast(Viewer, viewer), key)


def _parts(rule: Policy, viewer: Viewer, arguments: Mapping[str, Any]) -> frozenset[str]:
    return _parts_in(viewer, str(arguments["key"])) if rule.part else frozenset()


def _parts_in(viewer: Viewer, key: str) -> frozenset[str]:
    """Asked once a request: a coordinator has every part, of every event."""
    if viewer.is_coordinator:
        return EVERY_PART
    asked: dict[str, frozenset[str]] = g.setdefault("event_parts", {})
    if key not in asked:
        team: Team = current_app.extensions["event_team"]
        asked[key] = team(viewer.id, key)
    return asked[key]


def has_proved(viewer: Viewer) -> bool:
    """Whether they showed within ten minutes that it is them."""
    return viewer.proved_at is not None and utcnow() - viewer.proved_at <= PROOF_HOLDS


def _page_here() -> str | None:
    """The page to come back to: this one, or, for a form, the one that held it."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return None
    return safe_path(f"{came_from.path}?{came_from.query}".rstrip("?"), fallback="") or None


def asks_again(app: Flask, endpoint: str) -> bool:
    return bool(getattr(app.view_functions[endpoint], "__again__", False))


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    view: Any = app.view_functions[endpoint]
    found = getattr(view, "__policy__", None)
    return found if isinstance(found, Policy) else None


def require_policies(app: Flask) -> None:
    """Raise ``PolicyMissing`` unless each address names its policy. Called when all are there."""
    static: Any = app.view_functions["static"]
    static.__policy__ = everyone
    missing = sorted(
        {f"{rule.rule} ({rule.endpoint})" for rule in app.url_map.iter_rules()}
        - {
            f"{rule.rule} ({rule.endpoint})"
            for rule in app.url_map.iter_rules()
            if policy_of(app, rule.endpoint)
        }
    )
    if missing:
        raise PolicyMissing("These addresses do not say who may call them: " + ", ".join(missing))
