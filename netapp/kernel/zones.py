"""Local time and UTC. The zone data is the tzdata package's alone, so that every machine agrees."""

import zoneinfo
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

zoneinfo.reset_tzpath(to=())


class TimeSkipped(ValueError):
    """The clocks went forward over this local time: it never happens."""


class TimeAmbiguous(ValueError):
    """The clocks went back: this local time happens twice."""


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name, e.g. ``Europe/London``; raises ``ZoneInfoNotFoundError``."""
    return ZoneInfo(name)


def to_local(moment: datetime, zone_name: str) -> datetime:
    """The aware local time of a moment."""
    return moment.astimezone(zone(zone_name))


def to_utc(local: datetime, zone_name: str, *, second: bool | None = None) -> datetime:
    """The moment of a naive local time.

    Raises ``TimeSkipped`` in the gap of a spring night, and ``TimeAmbiguous`` in the doubled hour
    of an autumn night unless ``second`` says which of the two is meant.
    """
    here = zone(zone_name)
    first = local.replace(tzinfo=here, fold=0)
    later = local.replace(tzinfo=here, fold=1)
    if first.utcoffset() == later.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(here).replace(tzinfo=None) != local:
        raise TimeSkipped
    if second is None:
        raise TimeAmbiguous
    return (later if second else first).astimezone(UTC)
