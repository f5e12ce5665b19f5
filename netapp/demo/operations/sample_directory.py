"""People of the demo who are in the directory, so that there is somebody to find: made up, and
marked as samples by their names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from netapp.demo.people import HOST
from netapp.demo.queries import has_person
from netapp.directory.fields import ProfileField, Visibility, starting_choices
from netapp.directory.operations.profile import save
from netapp.directory.plans import ProfilePlan
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations.kinds import CORE
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    address: str
    role: str
    about: str
    organisation: str
    terms: tuple[str, ...]
    pronouns: str = ""
    is_public: bool = False
    takes_messages: bool = True


SAMPLES: Final = (
    Sample(
        "Siân Sample",
        "sian",
        "Harpist and song leader",
        "I bring small harps to hospital schools and hostels, and leave with songs people wrote.",
        "Freelance (sample)",
        (
            *("homelessness", "mental-health", "health-settings", "area-wales", "language-welsh"),
            *("genre-country-and-folk", "approach-songwriting", "skill-strings"),
        ),
        pronouns="she/her",
        is_public=True,
    ),
    Sample(
        "Kofi Sample-Jones",
        "kofi",
        "Percussion tutor",
        "Drum circles in pupil referral units, for seven years. Ask me about the first session.",
        "Sample Music Service",
        (
            *("send", "pupil-referral-units", "area-london", "language-english"),
            *("genre-african-and-caribbean-music", "approach-group-work"),
            *("skill-drums-and-percussion", "skill-mentoring-and-coaching"),
        ),
        pronouns="he/him",
    ),
    Sample(
        "Priya O’Sample",
        "priya",
        "Inclusion lead",
        "",
        "Sample Music Service",
        (
            *("send", "looked-after-children", "setting-special-schools", "area-west-midlands"),
            *("language-gujarati", "language-urdu-and-hindi", "genre-south-asian-music"),
            *("approach-sensory-and-intensive-interaction", "skill-accessible-music-technology"),
        ),
    ),
    Sample(
        "Tomasz van der Sample",
        "tomasz",
        "Producer and beatmaker",
        "Phones, headphones, patience: recording with young people who are in no school.",
        "",
        (
            *("neet", "youth-justice", "area-north-west", "language-polish"),
            *("genre-hip-hop-rap-and-grime", "genre-electronic-and-dance-music"),
            *("approach-digital-music-making", "skill-music-production-and-recording"),
        ),
        takes_messages=False,
    ),
    Sample(
        "Leïla Samplewska",
        "leila",
        "Choir leader with young refugees",
        "We sing in nine languages and understand each other in one more.",
        "Sample Youth Choir",
        (
            *("refugees-asylum-seekers-migrants", "area-yorkshire-humber", "language-arabic"),
            *("language-french", "genre-choral-and-singing", "skill-voice-and-vocal-leading"),
            *("approach-trauma-informed-practice",),
        ),
        pronouns="she/they",
    ),
)


def load_sample_profiles(session: DbSession, *, now: datetime) -> int:
    """Needs terms and kinds. Returns how many people were missing."""
    missing = [one for one in SAMPLES if not has_person(session, f"{one.address}@{HOST}")]
    core = session.scalars(select(MembershipKind.id).where(MembershipKind.slug == CORE)).one()
    for one in missing:
        _add(session, one, core, now)
    return len(missing)


def _add(session: DbSession, one: Sample, kind_id: int, now: datetime) -> None:
    person = Person(
        key=new_key(),
        email=f"{one.address}@{HOST}",
        name=one.name,
        organisation=one.organisation,
        created_at=now,
        email_confirmed_at=now,
        registered_at=now,
        is_demo=True,
    )
    session.add(person)
    session.flush()
    session.add(
        Membership(
            key=new_key(),
            kind_id=kind_id,
            person_id=person.id,
            starts_on=to_local(now, site_of(session).zone).date(),
            granted_at=now,
            note="Sample",
        )
    )
    session.flush()
    entry = Visibility.EVERYONE if one.is_public else Visibility.MEMBERS
    shown = {ProfileField.ENTRY: entry}
    shown |= dict.fromkeys((ProfileField.ORGANISATIONS, ProfileField.AREAS), Visibility.MEMBERS)
    choices = starting_choices(is_young=False) | shown
    if one.is_public:
        choices |= {ProfileField.ROLE: entry, ProfileField.ABOUT: entry}
    plan = ProfilePlan(
        role=one.role,
        pronouns=one.pronouns,
        about=one.about,
        website="",
        phone="",
        takes_messages=one.takes_messages,
        terms=frozenset(one.terms),
        choices=choices,
    )
    save(session, person_id=person.id, version=0, plan=plan, now=now)
