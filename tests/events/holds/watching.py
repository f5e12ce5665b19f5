"""See one act from within its transaction: what was before it, and which mails it wrote.

Before is the moment in which it got the lock of the event: whatever it read earlier may be the
past, as with many at once it often is.
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Update, event, select
from sqlalchemy.orm import ORMExecuteState, Session

from netapp.events.models import Attendee, Booking, EventSession, Place, Pool
from netapp.kernel.site import site_of
from netapp.mail.models import OutboxMessage
from netapp.mail.sealing import unseal
from tests.events.holds.state import State, read_state
from tests.kernel.ical.samples import unfolded
from tests.mail.samples import bytes_of, parsed

GUARDED: Final = (Booking, Attendee, Place, Pool, EventSession)
"""What is only ever written under the lock of the event."""


@dataclass(frozen=True, slots=True)
class Mail:
    """``calendar`` is (UID, METHOD, SEQUENCE) of what it carries for a calendar."""

    message_id: str
    message: str
    about: str
    to: str
    calendar: tuple[str, str, int] | None


@dataclass
class Seen:
    before: State | None = None
    keys: list[str] = field(default_factory=list)  # Of the mails.
    unguarded: list[str] = field(default_factory=list)  # Rows written before the lock was taken.


@contextmanager
def watching(session: Session, event_id: int) -> Iterator[Seen]:
    seen = Seen()

    def before_statement(orm: ORMExecuteState) -> Any:
        statement = getattr(orm.statement, "element", orm.statement)  # Of a from_statement().
        table = getattr(statement, "table", None)
        name = getattr(table, "name", "")
        if orm.is_insert and name == OutboxMessage.__tablename__:
            given = orm.parameters or []
            rows = [given] if isinstance(given, Mapping) else given
            seen.keys += [row["key"] for row in rows]
        if not (isinstance(statement, Update) and name == "events" and seen.before is None):
            return None
        locked = orm.invoke_statement().freeze()
        seen.before = read_state(orm.session, event_id)
        return locked()

    def after_flush(flushed: Session, context: object) -> None:
        seen.keys += [row.key for row in flushed.new if isinstance(row, OutboxMessage)]
        if seen.before is None:
            written = [*flushed.new, *flushed.dirty, *flushed.deleted]
            seen.unguarded += [str(row) for row in written if isinstance(row, GUARDED)]

    event.listen(session, "do_orm_execute", before_statement)
    event.listen(session, "after_flush", after_flush)
    try:
        yield seen
    finally:
        event.remove(session, "do_orm_execute", before_statement)
        event.remove(session, "after_flush", after_flush)


def mails_of(session: Session, keys: Sequence[str]) -> list[Mail]:
    """Those of them that are there, in order: one may have been written only to be taken away."""
    session.flush()
    rows = select(OutboxMessage.__table__).where(OutboxMessage.key.in_(keys))
    return [
        _mail(session, row)
        for row in session.connection().execute(rows.order_by(OutboxMessage.id)).all()
    ]


def all_mails(session: Session) -> list[Mail]:
    rows = select(OutboxMessage.__table__).order_by(OutboxMessage.id)
    return [_mail(session, row) for row in session.connection().execute(rows).all()]


def written_wrongly(session: Session) -> list[str]:
    """The first mail of each kind as it goes out: with the Message-ID it had from the beginning,
    and to whom its row says."""
    found, kinds = [], set()
    for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)):
        if row.message in kinds:
            continue
        kinds.add(row.message)
        mail = parsed(bytes_of(session, row))
        head = mail["Message-ID"], mail["To"].addresses[0].addr_spec
        if head != (f"<{row.message_id}>", row.to_email):
            found.append(f"{row.message} says {head}")
    return found


def _mail(session: Session, row: Any) -> Mail:
    draft = json.loads(unseal(site_of(session), row.key, row.sealed))
    return Mail(
        row.message_id, row.message, row.about, row.to_email, _calendar(draft["invitation"])
    )


def _calendar(invitation: list[str] | None) -> tuple[str, str, int] | None:
    if invitation is None:
        return None
    lines = dict(line.split(":", 1) for line in unfolded(b64decode(invitation[1])) if ":" in line)
    assert lines["METHOD"] == invitation[0]
    return lines["UID"], lines["METHOD"], int(lines["SEQUENCE"])
