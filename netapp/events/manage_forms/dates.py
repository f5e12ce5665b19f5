"""Forms of the dates of an event: one date, another day like it, how many places."""

from datetime import datetime, timedelta
from typing import Any, Final

from wtforms import FieldList, Form, FormField, SelectField
from wtforms.validators import DataRequired

from netapp.events.manage_forms.times import TimesForm, WhichField, moment_of
from netapp.events.models import Event, EventSession, Pool
from netapp.events.plans import DatePlan, PlacesPlan, SegmentPlan
from netapp.kernel.words import count_words, date_words, span_words
from netapp.kernel.zones import to_local
from netapp.web.edits import EditForm
from netapp.web.forms import (
    BaseForm,
    ClockField,
    DayField,
    LongTextField,
    NumberField,
    TextField,
    choices_of,
)

MOST_SEGMENTS: Final = 12
MOST_PLACES: Final = 100_000


class SegmentForm(Form):
    title = TextField("What", max_length=120)
    starts = ClockField("From")
    ends = ClockField("Until")


class DateForm(TimesForm):
    title = TextField("Name of this date", max_length=200, hint="Only if it has one, like Day one.")
    place = TextField("Place", max_length=300, hint="Room, building and address, in one line.")
    join_link = TextField(
        "Link to join",
        max_length=500,
        hint="Only people with a place see it, from 24 hours before the start.",
    )
    note = TextField("Note", max_length=300, hint="Everybody sees it on the page and in calendars.")
    segments = FieldList(
        FormField(SegmentForm), label="Parts with their own time", max_entries=MOST_SEGMENTS
    )

    @classmethod
    def of(cls, event: Event, date: EventSession) -> "DateForm":
        """Filled with what is there. ``segments`` must be loaded."""
        begin, end = to_local(date.starts_at, event.zone), to_local(date.ends_at, event.zone)
        form = cls(
            formdata=None,
            zone=event.zone,
            day=begin.date(),
            starts=begin.time(),
            ends=end.time(),
            next_day=end.date() > begin.date(),
            long=date.ends_at - date.starts_at > timedelta(hours=14),
            title=date.title,
            place=date.place,
            join_link=date.join_link,
            note=date.note,
            segments=[
                {
                    "title": part.title,
                    "starts": to_local(part.starts_at, event.zone).time(),
                    "ends": to_local(part.ends_at, event.zone).time() if part.ends_at else None,
                }
                for part in date.segments
            ],
            which_start=_which(begin),
            which_end=_which(end),
        )
        form.add_blank_part()
        form.stamp(date.version)
        return form

    def add_blank_part(self) -> None:
        """One empty row at the end, to write in."""
        rows = self.segments.entries
        if len(rows) < MOST_SEGMENTS and not (rows and not rows[-1].form.title.data):
            self.segments.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        link = self.join_link.data or ""
        if link and not link.lower().startswith(("https://", "http://")):
            self.join_link.errors = ["Enter the whole link, beginning with https://"]
            return False
        self.parts = self._read_parts()
        return self.parts is not None

    def plan(self) -> DatePlan:
        """After ``validate``."""
        assert self.starts_at is not None
        assert self.ends_at is not None
        return DatePlan(
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            title=self.title.data or None,
            place=self.place.data or None,
            join_link=self.join_link.data or None,
            note=self.note.data or None,
            segments=tuple(self.parts or ()),
        )

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
            elif part := self._part(row):
                read.append(part)
                continue
            wrong = True
        return None if wrong else read

    def _part(self, row: Any) -> SegmentPlan | None:
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


class NewDateForm(DateForm):
    """One more date, with its places."""

    capacity = NumberField("Places", at_most=MOST_PLACES, hint="Leave it empty for no limit.")


class SameHoursForm(BaseForm):
    """A date like another one, on another day."""

    like = SelectField("The same hours as")
    day = DayField("On this day", validators=[DataRequired("Enter a day, like 21/1/2027.")])
    which = WhichField("Which time do you mean?")

    def model(self, event: Event) -> EventSession:
        """The date it is to be like."""
        return next(date for date in event.sessions if date.key == self.like.data)

    def plan(self, event: Event) -> DatePlan | None:
        """After ``validate``; None after saying what is wrong."""
        date = self.model(event)
        assert self.day.day is not None
        by = self.day.day - to_local(date.starts_at, event.zone).date()

        def shifted(moment: datetime) -> datetime | None:
            local = to_local(moment, event.zone).replace(tzinfo=None, fold=0) + by
            return moment_of(local, event.zone, which=self.which, blame=self.day)

        starts_at, ends_at = shifted(date.starts_at), shifted(date.ends_at)
        if starts_at is None or ends_at is None:
            return None
        return DatePlan(
            starts_at=starts_at,
            ends_at=ends_at,
            place=date.place,
            join_link=date.join_link,
            segments=tuple(
                SegmentPlan(part.title, begins, shifted(part.ends_at) if part.ends_at else None)
                for part in date.segments
                if (begins := shifted(part.starts_at))
            ),
        )


def same_hours_form(event: Event, *, filled: bool) -> SameHoursForm:
    """Filled: like the last date, a week later. ``sessions`` must be loaded."""
    last = event.sessions[-1] if event.sessions else None
    if filled:
        day = to_local(last.starts_at, event.zone).date() + timedelta(days=7) if last else None
        form = SameHoursForm(formdata=None, like=last.key if last else None, day=day)
    else:
        form = SameHoursForm()
    form.like.choices = choices_of(
        (date.key, span_words(date.starts_at, date.ends_at, event.zone)) for date in event.sessions
    )
    return form


class MessageForm(BaseForm):
    """A word to those who are told."""

    message = LongTextField(
        "A word to the people who are told",
        max_length=500,
        hint="It stands in the mail. Leave it empty if there is nothing to add.",
    )


class OneDatePlacesForm(Form):
    """The places of one date; ``taken`` is set by whoever makes the form."""

    capacity = NumberField("Places", at_most=MOST_PLACES)
    kept_back = NumberField("Kept back", at_most=MOST_PLACES)
    over_booking = NumberField("Above that", at_most=MOST_PLACES)

    def plan(self) -> PlacesPlan:
        return PlacesPlan(
            capacity=self.capacity.data,
            kept_back=self.kept_back.data or 0,
            over_booking=self.over_booking.data or 0,
        )


def places_form(event: Event, *, filled: bool) -> Any:
    """The form of the places of all dates, a row for each; ``filled`` with what is there, else
    with what was sent. ``sessions`` and ``pools`` must be loaded."""
    rows = {f"d_{date.key}": FormField(OneDatePlacesForm) for date in event.sessions}
    form_class = type("PlacesForm", (EditForm,), rows)
    if not filled:
        return form_class()
    held = {f"d_{date.key}": _places_of(date.pools[0]) for date in event.sessions}
    form = form_class(formdata=None, **held)
    form.stamp(event.version)
    return form


def read_places(form: Any, event: Event) -> dict[str, PlacesPlan] | None:
    """What was typed, by the key of each date; None after saying what is wrong."""
    if not form.validate():
        return None
    plans, wrong = {}, False
    for date in event.sessions:
        row, pool = form[f"d_{date.key}"].form, date.pools[0]
        plan = row.plan()
        if plan.capacity is not None and pool.taken > plan.capacity + plan.over_booking:
            day = date_words(date.starts_at, event.zone)
            taken = count_words(pool.taken, "place is", "places are")
            row.capacity.errors = [f"{taken} taken on {day}: give at least as many."]
            wrong = True
        plans[date.key] = plan
    return None if wrong else plans


def _places_of(pool: Pool) -> dict[str, int | None]:
    return {
        "capacity": pool.capacity,
        "kept_back": pool.kept_back,
        "over_booking": pool.over_booking,
    }


def _which(local: datetime) -> str | None:
    """Which of the doubled hours a moment is; None for one that happens once."""
    naive = local.replace(fold=0)
    if naive.utcoffset() == local.replace(fold=1).utcoffset():
        return None
    return "second" if local.fold else "first"
