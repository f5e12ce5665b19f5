"""The starting data: what is true, and in demo mode what can be tried."""

from dataclasses import dataclass
from datetime import datetime

from netapp.demo.operations.archive import load_archive
from netapp.demo.operations.holidays import load_sample_holidays
from netapp.demo.operations.season import load_season
from netapp.demo.operations.sign_ins import add_sign_ins
from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.membership.operations.kinds import load_kinds
from netapp.organisations.operations.starting import load_organisations
from netapp.vocabulary.operations import load_terms

LOCK = "starting-data"


@dataclass(frozen=True, slots=True)
class Added:
    """How much of each was missing and has been added."""

    terms: int
    organisations: int
    past_events: int
    sample_events: int
    sign_ins: int


def start(session: DbSession, *, now: datetime) -> Added:
    """Load what is missing of the starting data; a second run adds nothing.

    Everywhere: the vocabulary, the register of organisations and the archive of past events. In
    demo mode also the sample season and the sign-ins that everybody knows, and a calendar of
    made-up school holidays.
    """
    raise_revision(session, LOCK, now)  # Written first: two starts at once go one by one.
    terms = load_terms(session, now=now)
    organisations = load_organisations(session, now=now)
    past = load_archive(session, now=now)
    load_kinds(session)
    people = samples = 0
    if site_of(session).demo:
        people = add_sign_ins(session, now=now)
        load_sample_holidays(session, now=now)
        samples = load_season(session, now=now)
    if past or samples:
        raise_revision(session, "events", now)
    return Added(
        terms=terms,
        organisations=organisations,
        past_events=past,
        sample_events=samples,
        sign_ins=people,
    )
