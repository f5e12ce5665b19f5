"""What is kept about people who let others find them."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import and_, select

from netapp.directory import sealing
from netapp.directory.fields import FIELD_WORDS
from netapp.directory.message_models import Block, Message, SendingStop
from netapp.directory.models import FieldLock, FieldRule, Profile, ProfileTerm, Sightings
from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Keep, Shared
from netapp.kernel.site import site_of
from netapp.people.models import Person
from netapp.vocabulary.models import Term

TECHNICAL, ACTIVITY, WORDS = DataClass.TECHNICAL, DataClass.ACTIVITY, DataClass.WORDS
UNTIL_CLOSED: Final = "Until you close your account."
TO_WRITE: Final = "So that members can write to each other without giving an address."
WITH_COORDINATORS: Final = and_(Message.reported_at.is_not(None), Message.handled_at.is_(None))
MESSAGES_KEPT: Final = "The words for 90 days, that it was sent for a year."


def _term(session: DbSession, row: ProfileTerm) -> Mapping[str, Any]:
    return {"Ticked": session.scalar(select(Term.label).where(Term.id == row.term_id))}


def _words(session: DbSession, row: Message) -> Mapping[str, Any]:
    if row.sealed is None:
        return {}
    return {"Message": sealing.words_of(site_of(session), row.key, row.sealed)}


def _blocked(session: DbSession, row: Block) -> Mapping[str, Any]:
    return {"Name": session.scalar(select(Person.name).where(Person.id == row.blocked_id))}


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        Profile,
        {
            TECHNICAL: "id key person_id version",
            DataClass.BELONGING: "role",
            DataClass.IDENTITY: "pronouns",
            DataClass.CONTACT: "website phone",
            WORDS: "about",
            ACTIVITY: (
                "takes_messages answered_at changed_at see_entry see_role see_pronouns see_about"
                " see_organisations see_needs see_settings see_genres see_approaches see_skills"
                " see_languages see_areas see_website see_phone"
            ),
        },
        (
            About(
                of=lambda person: Profile.person_id == person,
                title="Your profile, and who may see each part",
                why="So that members find each other, as far as each lets them.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={
                    "role": "What you do",
                    "pronouns": "Pronouns",
                    "about": "About you",
                    "website": "Website",
                    "phone": "Phone",
                    "takes_messages": "Takes messages",
                    "answered_at": "You first chose",
                    "changed_at": "Changed",
                    **{
                        f"see_{part.value}": f"Who sees {FIELD_WORDS[part]}" for part in FIELD_WORDS
                    },
                },
            ),
        ),
    ),
    Holding(
        ProfileTerm,
        {TECHNICAL: "profile_id term_id"},
        (
            About(
                of=lambda person: ProfileTerm.profile_id.in_(
                    select(Profile.id).where(Profile.person_id == person)
                ),
                title="What you ticked in your profile",
                why="So that members find each other, as far as each lets them.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                reads=_term,
            ),
        ),
    ),
    Holding(
        FieldLock,
        {
            TECHNICAL: "person_id locked_by_id",
            ACTIVITY: "field locked_at",
            WORDS: "reason",
        },
        (
            About(
                of=lambda person: FieldLock.person_id == person,
                title="Parts of your profile that a coordinator locked",
                why="So that nobody comes to harm by what others can see.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={"field": "Part", "reason": "Why", "locked_at": "Since"},
                says={"field": FIELD_WORDS.__getitem__},
            ),
        ),
    ),
    Holding(
        Message,
        {
            TECHNICAL: "id key sender_id recipient_id answers_id handled_by_id",
            WORDS: "sealed report outcome",
            ACTIVITY: "sent_at reported_at handled_at",
        },
        (
            About(
                of=lambda person: Message.recipient_id == person,
                title="Messages that members sent you",
                why=TO_WRITE,
                until=MESSAGES_KEPT,
                closing=Delete(),
                words={"sent_at": "Sent", "reported_at": "Reported", "report": "Why"},
                reads=_words,
                hides="handled_at outcome",
            ),
            About(
                of=lambda person: and_(Message.sender_id == person, ~WITH_COORDINATORS),
                title="Messages that you sent to members",
                why=TO_WRITE,
                until=MESSAGES_KEPT,
                closing=Delete(),
                words={"sent_at": "Sent"},
                reads=_words,
                hides="report reported_at handled_at outcome",
            ),
            About(
                of=lambda person: and_(Message.sender_id == person, WITH_COORDINATORS),
                title="Messages that you sent to members, and that are looked at",
                why=TO_WRITE,
                until="Until the coordinators have looked at them, then like the others.",
                closing=Keep(why="Coordinators look at what was reported, to protect others."),
                words={"sent_at": "Sent"},
                reads=_words,
                hides="report reported_at handled_at outcome",
            ),
        ),
    ),
    Holding(
        Block,
        {TECHNICAL: "person_id blocked_id", ACTIVITY: "blocked_at"},
        (
            About(
                of=lambda person: Block.person_id == person,
                title="Members you get no messages from",
                why="So that you decide who can write to you.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={"blocked_at": "Since"},
                reads=_blocked,
            ),
            About(
                of=lambda person: Block.blocked_id == person,
                title="Members who take no messages from you",
                why="So that each decides who can write to them.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                is_shown=False,
            ),
        ),
    ),
    Holding(
        SendingStop,
        {TECHNICAL: "person_id stopped_by_id", WORDS: "reason", ACTIVITY: "stopped_at"},
        (
            About(
                of=lambda person: SendingStop.person_id == person,
                title="A coordinator has stopped your messages",
                why="So that members are left in peace.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={"reason": "Why", "stopped_at": "Since"},
            ),
        ),
    ),
    Holding(
        Sightings,
        {TECHNICAL: "person_id", ACTIVITY: "seen ends_at"},
        (
            About(
                of=lambda person: Sightings.person_id == person,
                title="How many entries of the directory you opened lately",
                why="So that nobody copies the whole directory.",
                until="Ten minutes.",
                closing=Delete(),
                words={"seen": "Entries opened", "ends_at": "Counted until"},
                says={"seen": lambda seen: str(len(seen))},  # Whose they are says nothing of you.
            ),
        ),
    ),
    Shared(FieldRule),
)
