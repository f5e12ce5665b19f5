"""What follows of calendars when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.feeds.models import FeedToken
from netapp.kernel.one_person import Follows, Reference

REFERENCES: Final[tuple[Reference, ...]] = (
    Follows(FeedToken.person_id, "calendar address", "calendar addresses"),
)
