"""The mails about accounts: which template, with which words.

``send=False`` does the same work and sends nothing: where the answer must not tell whether an
address is known, the time it takes must not either.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail.operations import Address, enqueue, rehearse
from netapp.people.models import Person


def code(
    session: DbSession,
    *,
    name: str,
    email: str,
    code: str,
    life: timedelta,
    device: str,
    now: datetime,
    message: str = "people/code",
    send: bool = True,
) -> None:
    """Six digits to type into the browser that asked."""
    (enqueue if send else rehearse)(
        session,
        to=Address(name, email),
        message=message,
        about="sign-in",
        context={"name": name, "code": code, "minutes": _minutes(life), "browser": device},
        now=now,
    )


def address_known(session: DbSession, *, person: Person, now: datetime, send: bool = True) -> None:
    """Somebody wants an account for an address that has one."""
    _send(session, person, "people/address_known", "/sign-in", now, send=send)


def welcome(session: DbSession, *, person: Person, now: datetime) -> None:
    _send(session, person, "people/welcome", "/account", now)


def password_changed(session: DbSession, *, person: Person, now: datetime) -> None:
    _send(session, person, "people/password_changed", "/reset-password", now)


def second_factor_changed(session: DbSession, *, person: Person, what: str, now: datetime) -> None:
    """``what`` is a sentence without its full stop."""
    more = {"what": what}
    _send(session, person, "people/second_factor_changed", "/account/security", now, more=more)


def second_factor_reset(session: DbSession, *, person: Person, now: datetime) -> None:
    _send(session, person, "people/second_factor_reset", "/sign-in", now)


def lead_named(session: DbSession, *, person: Person, needs_step: bool, now: datetime) -> None:
    """They see safeguarding checks from now on; ``needs_step``: once they have a second step."""
    path = "/account/security" if needs_step else "/desk/safeguarding"
    _send(session, person, "people/lead_named", path, now, more={"needs_step": needs_step})


def lead_ended(session: DbSession, *, person: Person, now: datetime) -> None:
    _send(session, person, "people/lead_ended", "/account", now)


def recovery_code_used(session: DbSession, *, person: Person, left: int, now: datetime) -> None:
    more = {"left": left}
    _send(session, person, "people/recovery_code_used", "/account/security", now, more=more)


def address_confirm(
    session: DbSession,
    *,
    name: str,
    email: str,
    token: str,
    life: timedelta,
    taken: bool,
    now: datetime,
) -> None:
    """To an address somebody wants to have from now on; ``taken``: somebody has it already."""
    enqueue(
        session,
        to=Address("" if taken else name, email),
        message="people/address_in_use" if taken else "people/address_confirm",
        about="address",
        context={
            "name": "" if taken else name,
            "url": site_of(session).url("/sign-in" if taken else f"/new-address/{token}"),
            "minutes": _minutes(life),
        },
        now=now,
    )


def address_changed(
    session: DbSession, *, person: Person, email: str, token: str, life: timedelta, now: datetime
) -> None:
    """To the address that somebody had until now, with the way back."""
    enqueue(
        session,
        to=Address(person.name, email),
        message="people/address_changed",
        about=f"person:{person.key}",
        context={
            "name": person.name,
            "url": site_of(session).url(f"/undo-address/{token}"),
            "days": life.days,
        },
        now=now,
    )


def reset_link(
    session: DbSession,
    *,
    name: str,
    email: str,
    token: str,
    life: timedelta,
    device: str,
    now: datetime,
    send: bool = True,
) -> None:
    """A link to set a new password."""
    (enqueue if send else rehearse)(
        session,
        to=Address(name, email),
        message="people/link_reset",
        about="sign-in",
        context={
            "name": name,
            "url": site_of(session).url(f"/reset-password/{token}"),
            "minutes": _minutes(life),
            "browser": device,
        },
        now=now,
    )


def invitation(
    session: DbSession, *, person: Person, token: str, life: timedelta, now: datetime
) -> None:
    """A coordinator asks somebody to open an account."""
    _send(session, person, "people/link_invitation", f"/welcome/{token}", now, life=life)


def account_link(
    session: DbSession, *, person: Person, token: str, life: timedelta, now: datetime
) -> None:
    """A guest asked to make an account of a booking."""
    _send(session, person, "people/account_link", f"/welcome/{token}", now, life=life)


def address_left(session: DbSession, *, name: str, email: str, about: str, now: datetime) -> None:
    """To the address that somebody had until now. It does not say which one they have instead."""
    enqueue(
        session,
        to=Address(name, email),
        message="people/address_left",
        about=about,
        context={"name": name, "url": site_of(session).url("/about")},
        now=now,
    )


def address_new(session: DbSession, *, person: Person, now: datetime) -> None:
    """To the address that somebody has from now on."""
    path = "/sign-in" if person.registered_at else "/events"
    _send(session, person, "people/address_new", path, now)


def account_locked(session: DbSession, *, person: Person, now: datetime) -> None:
    """Not why: coordinators say that when they are asked."""
    _send(session, person, "people/account_locked", "/about", now)


def account_unlocked(session: DbSession, *, person: Person, now: datetime) -> None:
    _send(session, person, "people/account_unlocked", "/sign-in", now)


def merged(
    session: DbSession, *, person: Person, former: str, undo_until: str, now: datetime
) -> None:
    """Somebody whom we knew twice is told at both addresses; ``former`` is the one that we write
    to no more. Neither mail names the other address: if we were wrong, it is somebody else's."""
    more = {"undo_until": undo_until}
    path = "/account" if person.registered_at else "/about"
    _send(session, person, "people/merged", path, now, more=more)
    enqueue(
        session,
        to=Address(person.name, former),
        message="people/merged_former",
        about=f"person:{person.key}",
        context={"name": person.name, "url": site_of(session).url("/about"), **more},
        now=now,
    )


def parted(session: DbSession, *, person: Person, now: datetime) -> None:
    """We were wrong: they are somebody by themselves again."""
    path = "/account" if person.registered_at else "/about"
    _send(session, person, "people/parted", path, now)


def _send(
    session: DbSession,
    person: Person,
    message: str,
    path: str,
    now: datetime,
    *,
    life: timedelta = timedelta(),
    send: bool = True,
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    (enqueue if send else rehearse)(
        session,
        to=Address(person.name, person.email),
        message=message,
        about=f"person:{person.key}",
        context={
            "name": person.name,
            "url": site_of(session).url(path),
            "hours": int(life.total_seconds() // 3600),
            **more,
        },
        now=now,
    )


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
