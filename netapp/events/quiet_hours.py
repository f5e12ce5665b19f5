"""How long an offer holds a place: hours of the day that count, hours that do not."""

from datetime import datetime, time, timedelta

from netapp.kernel.zones import to_local, to_utc

QUIET_FROM = time(21)
QUIET_UNTIL = time(8)


def offer_end(now: datetime, *, hours: int, zone: str, starts_at: datetime) -> datetime:
    """When an offer made now ends: after so many hours between 8am and 9pm local time, and in
    any case when the session starts."""
    left, moment = timedelta(hours=hours), now
    while moment < starts_at:
        day = to_local(moment, zone).date()
        opens = to_utc(datetime.combine(day, QUIET_UNTIL), zone)
        closes = to_utc(datetime.combine(day, QUIET_FROM), zone)
        moment = max(moment, opens)
        if moment + left <= closes:
            return min(moment + left, starts_at)
        left -= max(closes - moment, timedelta(0))
        moment = to_utc(datetime.combine(day + timedelta(days=1), QUIET_UNTIL), zone)
    return starts_at
