"""What is kept about people by the rooms below ``people``: mail, the activity log, the kernel."""

from typing import Final

from sqlalchemy import ColumnElement, or_, select

from netapp.audit.models import AuditLine
from netapp.jobs.models import JobState
from netapp.kernel.changes import Change, Move
from netapp.kernel.limits import Tally
from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Keep, Shared
from netapp.kernel.revisions import Revision
from netapp.kernel.submissions import Submission
from netapp.mail.kinds import kind_words
from netapp.mail.models import MailState, OutboxMessage
from netapp.people.models import Person
from netapp.vocabulary.models import Term

MAIL_STATES: Final = {
    MailState.QUEUED: "Waits to be sent",
    MailState.SENT: "Sent",
    MailState.DEAD: "Could not be delivered",
}


def _is_of(person: int) -> ColumnElement[bool]:
    theirs = select("person:" + Person.key).where(Person.id == person)
    return Change.subject.in_(theirs) | Change.other.in_(theirs)


def _names(person: int) -> ColumnElement[bool]:
    """Of a change to them; or a row about them that an organisation's merge took away."""
    of_theirs = Move.change_id.in_(select(Change.id).where(_is_of(person)))
    return or_(of_theirs, Move.old["person_id"].as_integer() == person)


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        OutboxMessage,
        {
            DataClass.TECHNICAL: (
                "id key message_id about next_attempt_at retry_until attempts leased_until"
                " last_error"
            ),
            DataClass.IDENTITY: "to_name",
            DataClass.CONTACT: "to_email",
            DataClass.WORDS: "subject sealed",
            DataClass.ACTIVITY: "message state queued_at sent_at",
        },
        (
            About(
                of=lambda person: OutboxMessage.to_email.in_(
                    select(Person.email).where(Person.id == person)
                ),
                title="Mail we sent you",
                why="So that nothing is lost between us and your mail box.",
                until="The text for 30 days, the subject until you close your account.",
                closing=Delete(but="The last mails, which tell you of it, go once they are sent."),
                words={
                    "message": "What it was",
                    "subject": "Subject",
                    "to_name": "To",
                    "to_email": "Address",
                    "state": "What became of it",
                    "queued_at": "Written",
                    "sent_at": "Sent",
                },
                says={"message": kind_words, "state": MAIL_STATES.__getitem__},
                reads=lambda session, row: {},  # The text was sent to its owner.
            ),
        ),
    ),
    Holding(
        AuditLine,
        {
            DataClass.TECHNICAL: "id actor_id action subject",
            DataClass.ACTIVITY: "at",
            DataClass.IDENTITY: "actor_name",
            DataClass.WORDS: "summary reason detail",
        },
        (
            About(
                of=lambda person: AuditLine.subject.in_(
                    select("person:" + Person.key).where(Person.id == person)
                ),
                title="What coordinators did about you",
                why="So that what was done with power over others can be looked into.",
                until="As long as the network keeps its records: nobody can change a line.",
                closing=Keep(
                    "What coordinators did must be possible to check afterwards, so these lines"
                    " keep your name."
                ),
                words={
                    "at": "When",
                    "actor_name": "Who",
                    "summary": "What",
                    "reason": "Why",
                    "detail": "More",
                },
            ),
        ),
    ),
    Holding(
        Change,
        {
            DataClass.TECHNICAL: "id key kind subject other",
            DataClass.ACTIVITY: "at undone_at",
            DataClass.IDENTITY: "by_name",
            DataClass.WORDS: "words",
        },
        (
            About(
                of=_is_of,
                title="What coordinators changed of your details, and can put back",
                why="So that a mistake can be undone.",
                until="30 days.",
                closing=Delete(),
                words={"words": "What", "at": "When", "by_name": "Who", "undone_at": "Put back"},
            ),
        ),
    ),
    Holding(
        Move,
        {DataClass.TECHNICAL: "id change_id place row", DataClass.WORDS: "old new"},
        (
            About(
                of=_names,
                title="How your details were before a coordinator changed them",
                why="So that a mistake can be undone.",
                until="30 days.",
                closing=Delete(),
                is_shown=False,
            ),
        ),
    ),
    Holding(
        Submission,
        {
            DataClass.TECHNICAL: "key owner purpose result detail",
            DataClass.ACTIVITY: "sent_at",
        },
    ),
    *(Shared(model) for model in (JobState, Revision, Tally, Term)),
)
