"""Take somebody out of every room, as each room's declaration says."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import String, cast, delete, func, select, update

from netapp.kernel.db import Base, DbSession
from netapp.kernel.personal_data import About, Clear, Delete, Holding, Keep
from netapp.mail.models import OutboxMessage
from netapp.privacy.queries.held import about_any, all_about, closing_words, one_person

PLACEHOLDER: Final = "{id}"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the rows of one table."""

    title: str
    what: str
    number: int


def erase(session: DbSession, person_id: int) -> list[Done]:
    """Delete or empty all that is about this person, and whoever turned out to be them, but for
    mails, and say what was done.

    Whoever calls this has ended what is still to come: places, seats, groups. Rows that others
    point at go after those; the person's own is the last, since mail is found by its address.
    """
    order = {table.name: number for number, table in enumerate(Base.metadata.sorted_tables)}
    order["people"] = -1

    def later_first(pair: tuple[Holding, About]) -> int:
        return -order[pair[0].model.__tablename__]

    session.flush()
    done = []
    for held, about in sorted(all_about(), key=later_first):
        if held.model is OutboxMessage:
            continue
        number = _carry_out(session, held, about, person_id)
        if number and about.is_shown:
            done.append(Done(about.title, closing_words(about.closing), number))
    session.expire_all()
    return done


def forget_mail(session: DbSession, person_id: int) -> list[Done]:
    """Delete the mails to this person, the first thing of all: those that are queued while they
    leave, such as the last one, still go out."""
    session.flush()
    (mail,) = [pair for pair in all_about() if pair[0].model is OutboxMessage]
    number = _carry_out(session, *mail, person_id)
    return [Done(mail[1].title, closing_words(mail[1].closing), number)] if number else []


def _carry_out(session: DbSession, held: Holding, about: About, person_id: int) -> int:
    """How many rows it concerned."""
    theirs = about_any(about, one_person(session, person_id))
    quietly = {"synchronize_session": False}
    match about.closing:
        case Keep():
            kept = select(func.count()).select_from(held.model).where(theirs)
            return session.scalar(kept) or 0
        case Delete():
            result = session.execute(delete(held.model).where(theirs), execution_options=quietly)
        case Clear(values=values):
            new = {name: _filled(held, value) for name, value in values.items()}
            result = session.execute(
                update(held.model).where(theirs).values(new), execution_options=quietly
            )
    return int(getattr(result, "rowcount", 0))


def _filled(held: Holding, value: Any) -> Any:
    if not isinstance(value, str) or PLACEHOLDER not in value:
        return value
    before, after = value.split(PLACEHOLDER)
    number: Any = held.model.__table__.c.id
    return before + cast(number, String) + after
