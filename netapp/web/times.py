"""Days and times as coordinators type them, in the zone of the event."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from wtforms import BooleanField, Field, RadioField
from wtforms.validators import DataRequired

from netapp.kernel.words import time_words
from netapp.kernel.zones import TimeAmbiguous, TimeSkipped, to_utc
from netapp.web.edits import EditForm
from netapp.web.forms import ClockField, DayField, choices_of

LONGEST: Final = timedelta(hours=14)
"""A date that lasts longer is asked about: it is most often a slip of the hand."""

WHICH: Final = [("first", "The first, in summer time"), ("second", "The second, an hour later")]


class WhichField(RadioField):
    """Which of two moments is meant when a local time happens twice. Asked only then."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, choices=choices_of(WHICH), validate_choice=False, **options)

    @property
    def second(self) -> bool | None:
        return {"first": False, "second": True}.get(str(self.data))

    @property
    def is_asked(self) -> bool:
        return bool(self.errors) or self.second is not None


def moment_of(
    local: datetime, zone: str, *, which: WhichField | None, blame: Field
) -> datetime | None:
    """The moment of a local time; None after saying at ``which`` or ``blame`` what is wrong."""
    try:
        return to_utc(local, zone, second=which.second if which is not None else False)
    except TimeSkipped:
        clock = _clock_words(local.time())
        words = f"The clocks go forward that night, so {clock} does not exist. Choose another time."
        blame.errors = [words]
    except TimeAmbiguous:
        assert which is not None
        clock = _clock_words(local.time())
        which.errors = [f"The clocks go back that night: {clock} happens twice. Say which."]
    return None


def _clock_words(clock: time) -> str:
    return time_words(datetime.combine(date(2000, 1, 1), clock, UTC), "UTC")


class TimesForm(EditForm):
    """One date: a day, from when to when. ``starts_at`` and ``ends_at`` (UTC) are there once
    ``validate`` has said yes."""

    day = DayField("Day", validators=[DataRequired("Enter a day, like 21/1/2027.")])
    starts = ClockField("Starts", validators=[DataRequired("Enter when it starts, like 2pm.")])
    ends = ClockField("Ends", validators=[DataRequired("Enter when it ends, like 5:30pm.")])
    next_day = BooleanField("It ends after midnight, on the next day")
    which_start = WhichField("Which start do you mean?")
    which_end = WhichField("Which end do you mean?")
    long = BooleanField("Yes, it lasts that long")

    def __init__(self, *args: Any, zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.starts_at: datetime | None = None
        self.ends_at: datetime | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        return self._read_times()

    @property
    def asks_long(self) -> bool:
        return bool(self.long.errors) or bool(self.long.data)

    def _read_times(self) -> bool:
        day, starts, ends = self.day.day, self.starts.time, self.ends.time
        assert day is not None
        assert starts is not None
        assert ends is not None
        last = day + timedelta(days=1) if self.next_day.data else day
        begin, end = datetime.combine(day, starts), datetime.combine(last, ends)
        self.starts_at = moment_of(begin, self.zone, which=self.which_start, blame=self.starts)
        self.ends_at = moment_of(end, self.zone, which=self.which_end, blame=self.ends)
        if self.starts_at is None or self.ends_at is None:
            return False
        if self.ends_at <= self.starts_at:
            self.ends.errors = [
                "It ends before it starts. Change the time, or tick that it ends after midnight."
            ]
            return False
        if self.ends_at - self.starts_at > LONGEST and not self.long.data:
            hours = (self.ends_at - self.starts_at) / timedelta(hours=1)
            self.long.errors = [f"It would last {hours:g} hours. Check the times, or tick this."]
            return False
        return True
