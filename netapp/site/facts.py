"""What the site says about the network and its field, each with the source it was taken from.

Nothing here is estimated. The names of the challenges are shortened; their order is kept.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Figure:
    """A number worth knowing, and who published it."""

    value: str
    words: str
    source: str


CHALLENGES: Final = (
    "Getting partners on board",
    "Finding people with the time and skills",
    "Setting up new work",
    "Attendance that comes and goes",
    "Capturing and using evaluation",
    "Making the case outside your service",
    "Sharing learning across your service",
)
CHALLENGES_SOURCE: Final = (
    "Named by sixteen music service leads and inclusion project managers in the National Music "
    "Services Working Group on Inclusion. Published by Changing Tracks, run by Hertfordshire "
    "Music Service and funded by Youth Music."
)
FIGURES: Final = (
    Figure("2012", "the year the network was set up", "Sound Connections"),
    Figure("Around 30", "core members in 2020 to 2021", "Sound Connections"),
)
