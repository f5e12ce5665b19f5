"""What is kept about people who let others find them."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import or_, select

from netapp.directory import sealing
from netapp.directory.message_models import Block, Message, SendingStop
from netapp.directory.models import FieldLock, FieldRule, Profile, ProfileTerm, Sightings
from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Shared
from netapp.kernel.site import site_of
from netapp.vocabulary.models import Term

TECHNICAL, ACTIVITY, WORDS = DataClass.TECHNICAL, DataClass.ACTIVITY, DataClass.WORDS
UNTIL_CLOSED: Final = "Until you close your account."


def _term(session: DbSession, row: ProfileTerm) -> Mapping[str, Any]:
    return {"Ticked": session.scalar(select(Term.label).where(Term.id == row.term_id))}


def _words(session: DbSession, row: Message) -> Mapping[str, Any]:
    if row.sealed is None:
        return {}
    return {"Message": sealing.words_of(site_of(session), row.key, row.sealed)}


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
                of=lambda person: or_(Message.sender_id == person, Message.recipient_id == person),
                title="Messages between you and other members",
                why="So that members can write to each other without giving an address.",
                until="Some weeks; the mail with the words is in the other's mail box.",
                closing=Delete(),
                words={"sent_at": "Sent", "reported_at": "Reported", "report": "Why"},
                reads=_words,
            ),
        ),
    ),
    Holding(
        Block,
        {TECHNICAL: "person_id blocked_id", ACTIVITY: "blocked_at"},
        (
            About(
                of=lambda person: or_(Block.person_id == person, Block.blocked_id == person),
                title="Members you get no messages from",
                why="So that you decide who can write to you.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={"blocked_at": "Since"},
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
            ),
        ),
    ),
    Shared(FieldRule),
)
