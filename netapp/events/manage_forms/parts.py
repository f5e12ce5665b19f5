"""The parts of a date with their own time, like social time from 4pm."""

from datetime import datetime, timedelta
from typing import Any, Final

from wtforms import BooleanField, FieldList, Form, FormField

from netapp.events.models import EventSession, Segment
from netapp.events.plans import SegmentPlan
from netapp.events.queries.parts import gone_along
from netapp.kernel.zones import TimeSkipped, to_local
from netapp.web.forms import ClockField, TextField
from netapp.web.times import TimesForm, moment_of

MOST_SEGMENTS: Final = 12


class SegmentForm(Form):
    title = TextField("What", max_length=120)
    starts = ClockField("From")
    ends = ClockField("Until")


class PartsForm(TimesForm):
    """A date with its parts. ``was`` is the date it is filled in for, with its ``segments``: a
    part left as it was goes along with the start, unless ``parts_stay`` is ticked."""

    segments = FieldList(
        FormField(SegmentForm), label="Parts with their own time", max_entries=MOST_SEGMENTS
    )
    parts_stay = BooleanField("Leave the parts at these times when the start moves")

    def __init__(self, *args: Any, was: EventSession | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.was = was
        self.parts: list[SegmentPlan] | None = []

    def add_blank_part(self) -> None:
        """One empty row at the end, to write in."""
        rows = self.segments.entries
        if len(rows) < MOST_SEGMENTS and not (rows and not rows[-1].form.title.data):
            self.segments.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.parts = self._read_parts()
        return self.parts is not None

    def _read_parts(self) -> list[SegmentPlan] | None:
        read: list[SegmentPlan] = []
        wrong = False
        for entry in self.segments:
            row = entry.form
            if not (row.title.data or row.starts.data or row.ends.data):
                continue
            if not row.title.data:
                row.title.errors = ["Say what begins then, like Social time."]
            elif row.starts.time is None:
                row.starts.errors = ["Enter when it begins, like 4pm."]
            elif part := self._gone_along(row) or self._typed(row):
                read.append(part)
                continue
            wrong = True
        return None if wrong else read

    def _gone_along(self, row: Any) -> SegmentPlan | None:
        """A part that nobody touched, where it is to be with the new start."""
        if self.was is None or self.parts_stay.data:
            return None
        typed = row.title.data, row.starts.time, row.ends.time
        kept = next((p for p in self.was.segments if _typed_as(p, self.zone) == typed), None)
        if kept is None:
            return None
        assert self.starts_at is not None
        assert self.ends_at is not None
        try:
            return gone_along(kept, self.was, self.starts_at, self.ends_at, self.zone)
        except TimeSkipped:
            return None  # As it was typed, if that time exists.

    def _typed(self, row: Any) -> SegmentPlan | None:
        """A time before the start of a night that runs past midnight is on the second day."""
        starts_at = self._moment(row.starts)
        ends_at = self._moment(row.ends) if row.ends.time else None
        if starts_at is None or (row.ends.time and ends_at is None):
            return None
        if ends_at is not None and ends_at <= starts_at:
            row.ends.errors = ["It ends before it begins. Leave the end empty if it is open."]
            return None
        return SegmentPlan(row.title.data, starts_at, ends_at)

    def _moment(self, clock: ClockField) -> datetime | None:
        day, starts = self.day.day, self.starts.time
        assert day is not None
        assert starts is not None
        assert clock.time is not None
        if self.next_day.data and clock.time < starts:
            day += timedelta(days=1)
        return moment_of(datetime.combine(day, clock.time), self.zone, which=None, blame=clock)


def _typed_as(part: Segment, zone: str) -> tuple[str, Any, Any]:
    """A part as its row holds it while nobody touches it."""
    ends = to_local(part.ends_at, zone).time() if part.ends_at else None
    return part.title, to_local(part.starts_at, zone).time(), ends
