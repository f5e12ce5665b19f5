"""Everything that is kept about people, of all rooms together."""

from collections.abc import Sequence
from typing import Final

from netapp.directory.personal_data import HOLDINGS as DIRECTORY
from netapp.events.personal_data import HOLDINGS as EVENTS
from netapp.feeds.personal_data import HOLDINGS as FEEDS
from netapp.groups.personal_data import HOLDINGS as GROUPS
from netapp.imports.personal_data import HOLDINGS as IMPORTS
from netapp.kernel.personal_data import Holding, Shared
from netapp.meetings.personal_data import HOLDINGS as MEETINGS
from netapp.membership.personal_data import HOLDINGS as MEMBERSHIP
from netapp.organisations.personal_data import HOLDINGS as ORGANISATIONS
from netapp.people.personal_data import HOLDINGS as PEOPLE
from netapp.privacy.personal_data import HOLDINGS as OURS
from netapp.privacy.services import HOLDINGS as SERVICES
from netapp.safeguarding.personal_data import HOLDINGS as SAFEGUARDING

ALL: Final[Sequence[Holding | Shared]] = (
    *(
        *PEOPLE,
        *MEMBERSHIP,
        *ORGANISATIONS,
        *GROUPS,
        *DIRECTORY,
        *SAFEGUARDING,
        *EVENTS,
        *MEETINGS,
        *FEEDS,
        *IMPORTS,
    ),
    *(*OURS, *SERVICES),
)
