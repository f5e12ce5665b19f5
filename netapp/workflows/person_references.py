"""Everything in the schema that points at a person, of all rooms together."""

from collections.abc import Sequence
from typing import Final

from netapp.directory.person_references import REFERENCES as DIRECTORY
from netapp.events.person_references import REFERENCES as EVENTS
from netapp.feeds.person_references import REFERENCES as FEEDS
from netapp.groups.person_references import REFERENCES as GROUPS
from netapp.imports.person_references import REFERENCES as IMPORTS
from netapp.kernel.one_person import Reference
from netapp.meetings.person_references import REFERENCES as MEETINGS
from netapp.membership.person_references import REFERENCES as MEMBERSHIP
from netapp.organisations.person_references import REFERENCES as ORGANISATIONS
from netapp.people.person_references import REFERENCES as PEOPLE
from netapp.privacy.person_references import REFERENCES as PRIVACY
from netapp.safeguarding.person_references import REFERENCES as SAFEGUARDING

ALL: Final[Sequence[Reference]] = (
    *(*PEOPLE, *ORGANISATIONS, *MEMBERSHIP, *GROUPS, *DIRECTORY, *SAFEGUARDING),
    *(*EVENTS, *MEETINGS, *FEEDS, *IMPORTS, *PRIVACY),
)
