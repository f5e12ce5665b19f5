"""Somebody in the directory of whom there is as much as there may be, and what they wrote."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from netapp.directory.fields import ProfileField
from netapp.directory.message_models import Message
from netapp.directory.sealing import sealed_words
from netapp.kernel.site import site_of
from netapp.people.models import Person
from tests.directory.scenes import EVERYONE, make_listed, path_of
from tests.factories import NOW

LONG_WORD = "Musikschulunterrichtsstundenplanänderungsbenachrichtigung"
LONG_NAME = f"Wolfeschlegelsteinhausenbergerdorff {LONG_WORD}"[:120]
LONG_WORDS = f"{LONG_WORD} and other words that no line can hold: {LONG_WORD}"
TERMS = ("send", "mental-health", "genre-jazz", "area-london", "language-tamil")


@dataclass(frozen=True, slots=True)
class Listed:
    """``message`` was sent to the person who asked for all this; ``reported`` was, too, and they
    reported it."""

    person: Person
    slug: str
    message: str
    reported: str


def make_long_entry(session: Session, reader: Person) -> Listed:
    """A public page in very long words, and two messages to ``reader``."""
    loud = make_listed(
        session,
        LONG_NAME,
        role=LONG_WORDS[:160],
        pronouns="they/them and anything that is kind",
        about=f"{LONG_WORD}\n\n{LONG_WORDS}",
        website=f"https://www.example.org/{LONG_WORD}",
        phone="020 7946 0123",
        terms=TERMS,
        see=dict.fromkeys(ProfileField, EVERYONE),
    )
    for key in ("written", "reported"):
        message = Message(
            key=key,
            sender_id=loud.id,
            recipient_id=reader.id,
            sealed=sealed_words(site_of(session), key, f"{LONG_WORD}\n\n{LONG_WORDS}"),
            sent_at=NOW,
        )
        if key == "reported":
            message.reported_at, message.report = NOW, LONG_WORDS
        session.add(message)
    session.commit()
    slug = path_of(session, loud).rpartition("/")[2]
    return Listed(loud, slug, "written", "reported")
