"""The mails about terms: given by hand, before the end, on the last day, in grace, after."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import day_words
from netapp.mail.operations import Address, Letter, enqueue_all
from netapp.membership.models import Membership
from netapp.membership.policies import allowed_words
from netapp.membership.queries.terms import Recipient


def renewed(
    session: DbSession,
    *,
    to: Sequence[Recipient],
    holder: str,
    held: Membership,
    has_invoice: bool,
    now: datetime,
) -> None:
    _send(session, "renewed", to, holder, held, now, has_invoice=has_invoice)


def given(
    session: DbSession, *, to: Sequence[Recipient], holder: str, held: Membership, now: datetime
) -> None:
    """A coordinator gave it, and nobody asked for it here."""
    allows = allowed_words(held.kind)
    first = day_words(held.starts_on)
    _send(session, "given", to, holder, held, now, first_day=first, allows=allows)


def ends(
    session: DbSession,
    *,
    to: Sequence[Recipient],
    holder: str,
    held: Membership,
    today: date,
    now: datetime,
) -> None:
    """Which mail it is depends on where ``today`` stands to the last day."""
    assert held.ends_on is not None  # What has no end reminds of none.
    if today < held.ends_on:
        message = "ends_soon"
    elif today == held.ends_on:
        message = "ends_today"
    else:
        message = "in_grace"
    _send(session, message, to, holder, held, now)


def ended(
    session: DbSession,
    *,
    to: Sequence[Recipient],
    holder: str,
    held: Membership,
    reason: str,
    now: datetime,
) -> None:
    """By a coordinator, who says why."""
    _send(session, "ended", to, holder, held, now, reason=reason)


def goes_on(
    session: DbSession, *, to: Sequence[Recipient], holder: str, held: Membership, now: datetime
) -> None:
    """It was ended by mistake."""
    _send(session, "goes_on", to, holder, held, now)


def lapsed(
    session: DbSession, *, to: Sequence[Recipient], holder: str, held: Membership, now: datetime
) -> None:
    _send(session, "lapsed", to, holder, held, now)


def still_true(session: DbSession, *, to: Recipient, url: str, now: datetime) -> None:
    letter = Letter(
        to=Address(to.name, to.email),
        message="membership/still_true",
        about="still-true",
        context={"name": to.name, "url": url},
    )
    enqueue_all(session, [letter], now=now)


def _send(
    session: DbSession,
    message: str,
    to: Sequence[Recipient],
    holder: str,
    held: Membership,
    now: datetime,
    **more: Any,
) -> None:
    context: dict[str, Any] = {
        "kind": held.kind.name,
        "organisation": holder if held.organisation_id is not None else None,
        "last_day": day_words(held.ends_on) if held.ends_on else None,
        "rights_until": day_words(held.rights_until) if held.rights_until else None,
        "url": site_of(session).url("/account/membership"),
        **more,
    }
    letters = [
        Letter(
            to=Address(one.name, one.email),
            message=f"membership/{message}",
            about=f"membership:{held.key}",
            context={**context, "name": one.name},
        )
        for one in to
    ]
    enqueue_all(session, letters, now=now)
