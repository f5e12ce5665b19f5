"""The starting data: what is true, and in demo mode what can be tried."""

from dataclasses import dataclass
from datetime import datetime

from netapp.demo.operations.archive import load_archive
from netapp.demo.operations.belonging import load_sample_belonging
from netapp.demo.operations.holidays import load_sample_holidays
from netapp.demo.operations.sample_directory import load_sample_profiles
from netapp.demo.operations.sample_group import load_sample_group
from netapp.demo.operations.season import load_season
from netapp.demo.operations.sign_ins import add_sign_ins
from netapp.groups.operations.starting import load_groups
from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.membership.operations.kinds import load_kinds
from netapp.organisations.operations.starting import load_organisations
from netapp.safeguarding.operations.kinds import load_kinds as load_check_kinds
from netapp.vocabulary.operations import load_terms

LOCK = "starting-data"


@dataclass(frozen=True, slots=True)
class Added:
    """How much of each was missing and has been added."""

    terms: int
    organisations: int
    groups: int
    past_events: int
    sample_events: int
    sign_ins: int


def start(session: DbSession, *, now: datetime) -> Added:
    """Load what is missing of the starting data; a second run adds nothing.

    Everywhere: the vocabulary, the register of organisations, the groups that the sources name,
    and the archive of past events. In demo mode also the sample season and the sign-ins that
    everybody knows, a calendar of made-up school holidays, a group that meets, and people in the
    directory.
    """
    raise_revision(session, LOCK, now)  # Written first: two starts at once go one by one.
    terms = load_terms(session, now=now)
    organisations = load_organisations(session, now=now)
    groups = load_groups(session, now=now)
    past = load_archive(session, now=now)
    load_kinds(session)
    load_check_kinds(session)
    people = samples = 0
    if site_of(session).demo:
        people = add_sign_ins(session, now=now)
        load_sample_belonging(session, now=now)
        load_sample_holidays(session, now=now)
        samples = load_season(session, now=now)
        load_sample_group(session, now=now)
        load_sample_profiles(session, now=now)
    if past or samples:
        raise_revision(session, "events", now)
    return Added(
        terms=terms,
        organisations=organisations,
        groups=groups,
        past_events=past,
        sample_events=samples,
        sign_ins=people,
    )
