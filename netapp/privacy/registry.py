"""Everything that is kept about people, of all rooms together."""

from collections.abc import Sequence
from typing import Final

from netapp.events.personal_data import HOLDINGS as EVENTS
from netapp.feeds.personal_data import HOLDINGS as FEEDS
from netapp.kernel.personal_data import Holding, Shared
from netapp.organisations.personal_data import HOLDINGS as ORGANISATIONS
from netapp.people.personal_data import HOLDINGS as PEOPLE
from netapp.privacy.services import HOLDINGS as SERVICES

ALL: Final[Sequence[Holding | Shared]] = (*PEOPLE, *ORGANISATIONS, *EVENTS, *FEEDS, *SERVICES)
