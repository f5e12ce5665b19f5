"""What happens by itself: time passes, and the worker does what is due."""

from datetime import timedelta

from sqlalchemy.orm import Session

from netapp.events.operations import due, interest, minimum, names_due, question_mails, telling
from netapp.events.operations.guard import lock_event
from netapp.events.operations.waiting import settle
from tests.events.holds.crowd import Crowd, Deed

JOBS = (
    due.settle_one_event,
    due.remind_one_session,
    names_due.ask_for_names,
    names_due.give_unnamed_to_others,
    minimum.ask_to_decide,
    telling.tell_interested,
    question_mails.ask_due,
    interest.delete_old_interest,
)


def wait(crowd: Crowd, session: Session) -> Deed:
    """Some hours pass: offers run out, dates begin."""
    crowd.now += timedelta(hours=crowd.chance.randint(1, 30))
    now = crowd.now
    return Deed("wait", lambda own: settle(own, lock_event(own, crowd.event_id), now))


def work(crowd: Crowd, session: Session) -> Deed:
    job, now = crowd.chance.choice(JOBS), crowd.now
    return Deed(f"work: {job.__name__}", lambda own: job(own, now))
