"""Made-up things for the pattern page, so that every component is seen in every state."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from netapp.events.models import Mode
from netapp.events.queries.place_counts import ModePlaces, Places
from netapp.kernel.pages import Page

ZONE: Final = "Europe/London"


@dataclass(frozen=True, slots=True)
class SampleCard:
    """The shape of an event card of a list."""

    slug: str
    title: str
    theme: str | None
    when_words: str
    time_words: str
    place_words: str
    first_start: datetime
    zone: str = ZONE
    status: str = "published"
    summary: str = ""
    is_sample: bool = True
    members_only: bool = False
    places_words: str = ""


CARDS: Final = (
    SampleCard(
        "sample-1",
        "Working With Chaos",
        "inclusion",
        "Thursdays 21 January, 18 March and 13 May 2021",
        "2pm to 5:30pm UK time",
        "Online",
        datetime(2021, 1, 21, 14, tzinfo=UTC),
        places_words="4 places left",
    ),
    SampleCard(
        "sample-2",
        "A meeting of members, with a rather long name that runs over more than one line",
        "workforce",
        "Friday 22 January 2021",
        "2pm to 4pm UK time, then social time",
        "Place not recorded",
        datetime(2021, 1, 22, 14, tzinfo=UTC),
        members_only=True,
        places_words="Full. Join the waiting list.",
    ),
    SampleCard(
        "sample-3",
        "Data analysis and report writing",
        "evidence",
        "Tuesday 23 February 2021",
        "10am to midday UK time",
        "Online",
        datetime(2021, 2, 23, 10, tzinfo=UTC),
        status="cancelled",
    ),
    SampleCard(
        "sample-4",
        "An event that is being written",
        None,
        "Thursday 11 and Friday 12 March 2021",
        "9:30am to 5pm UK time",
        "",
        datetime(2021, 3, 11, 9, 30, tzinfo=UTC),
        status="draft",
    ),
)
START: Final = CARDS[0].first_start
PAGES: Final[tuple[Page[None], ...]] = (
    Page(items=(), number=1, total=60),
    Page(items=(), number=6, total=310),
)
PEOPLE: Final = (
    ("Amara Osei", "amara@example.org", "Thu 21 Jan, Thu 18 Mar", "Confirmed"),
    ("Jo Fielding", "jo@example.org", "Thu 21 Jan", "Waiting, third in line"),
)
PLACES: Final = (
    ModePlaces(Mode.ONLINE, "", Places(20, 2, 1, 1, 24, 0, 3)),
    ModePlaces(Mode.IN_PERSON, "In person", Places(79, 2, 0, 0, 81, 1, 4)),
    ModePlaces(Mode.ONLINE, "Online", Places(17, 0, 0, 23, 40, 0, 0)),
    ModePlaces(Mode.ONLINE, "", Places(7, 0, 0, None, None, 0, 0)),
)
