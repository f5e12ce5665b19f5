"""The account of one person, mails to them, what was written down about them, as lines in time."""

from sqlalchemy import select

from netapp.audit.queries import lines_about
from netapp.desk.queries.person_history.belonging import told_moments
from netapp.desk.queries.person_history.lines import HistoryLine, Kind, Whose, on_day
from netapp.kernel.db import DbSession
from netapp.kernel.words import day_words
from netapp.mail.kinds import PRIVATE, kind_words
from netapp.mail.models import MailState, OutboxMessage
from netapp.people.models import Person, SignIn
from netapp.privacy.models import Ask, AskKind
from netapp.safeguarding.models import Check, CheckKind

ABOUT_CHECKS = "check."
TOLD = ("application.", "membership.grant")
CLOSING = "account.close"
MAILS_OF_CHECKS = "safeguarding/"
ASKED = {
    AskKind.CORRECT: "Asked to have data corrected",
    AskKind.OBJECT: "Objected to a use of their data",
    AskKind.OTHER: "Asked something about their data",
}
STATES = {MailState.QUEUED: "Waits to be sent", MailState.DEAD: "Could not be delivered"}


def account(session: DbSession, whose: Whose) -> list[HistoryLine]:
    moments = session.execute(
        select(Person.created_at, Person.registered_at, Person.email_confirmed_at).where(
            Person.id == whose.id
        )
    ).one()
    words = (
        "Known to us from here on",
        "Opened an account",
        "Showed that the email address is theirs",
    )
    return [
        HistoryLine(at, Kind.ACCOUNT, what)
        for at, what in zip(moments, words, strict=True)
        if at is not None
    ]


def sign_ins(session: DbSession, whose: Whose) -> list[HistoryLine]:
    """That they signed in, as long as it holds: with which browser is their own."""
    rows = session.scalars(
        select(SignIn.created_at)
        .where(SignIn.person_id == whose.id)
        .order_by(SignIn.created_at.desc())
        .limit(whose.most)
    )
    return [HistoryLine(at, Kind.ACCOUNT, "Signed in") for at in rows]


def mails(session: DbSession, whose: Whose, *, with_checks: bool) -> list[HistoryLine]:
    """To the address they have, and had before they were merged. Of what members write to each
    other only that it was sent."""
    sent = OutboxMessage
    rows = session.execute(
        select(sent.key, sent.message, sent.subject, sent.state, sent.queued_at, sent.sent_at)
        .where(
            sent.to_email.in_(whose.emails),
            *([] if with_checks else [~sent.message.startswith(MAILS_OF_CHECKS)]),
        )
        .order_by(sent.id.desc())
        .limit(whose.most)
    )
    return [
        HistoryLine(
            sent_at or queued_at,
            Kind.MAILS,
            kind_words(message) if message in PRIVATE else f"{kind_words(message)}: “{subject}”",
            more=STATES.get(state, ""),
            href=f"/desk/mail/{key}",
        )
        for key, message, subject, state, queued_at, sent_at in rows
    ]


def asks(session: DbSession, whose: Whose) -> list[HistoryLine]:
    found = []
    for each in session.scalars(
        select(Ask).where(Ask.person_id == whose.id).order_by(Ask.id.desc()).limit(whose.most)
    ):
        found.append(HistoryLine(each.asked_at, Kind.CONSENTS, ASKED[each.kind]))
        if each.answered_at:
            found.append(HistoryLine(each.answered_at, Kind.CONSENTS, "Their question is answered"))
    return found


def log_lines(
    session: DbSession, whose: Whose, *, with_checks: bool, is_gone: bool
) -> list[HistoryLine]:
    """What terms and applications tell is told once. Of who has gone for good only that they
    went: the others have their name."""
    told = told_moments(session, whose)
    lines = [
        line
        for key in whose.keys
        for line in lines_about(session, f"person:{key}", most=whose.most)
    ]
    return [
        HistoryLine(
            line.at,
            Kind.DESK,
            line.summary,
            more=line.reason,
            by="" if line.summary.startswith(line.actor) else line.actor,
        )
        for line in lines
        if (with_checks or not line.action.startswith(ABOUT_CHECKS))
        and not (line.at in told and line.action.startswith(TOLD))
        and (line.action == CLOSING or not is_gone)
    ]


def checks(session: DbSession, whose: Whose) -> list[HistoryLine]:
    """For those who look after checks, and nobody else."""
    rows = session.execute(
        select(Check, CheckKind.name)
        .join(CheckKind, CheckKind.id == Check.kind_id)
        .where(Check.person_id == whose.id)
        .order_by(Check.id.desc())
        .limit(whose.most)
    )
    found = []
    for each, kind in rows:
        more = f"Due again on {day_words(each.due_on)}" if each.due_on else ""
        words = f"{kind} was seen"
        found.append(
            HistoryLine(on_day(each.seen_on), Kind.CHECKS, words, more, each.seen_by, day_only=True)
        )
        if each.ended_at:
            found.append(HistoryLine(each.ended_at, Kind.CHECKS, f"{kind}: counts no more"))
    return found
