"""Forms of the dates of an event: one date, another day like it, how many places."""

from datetime import datetime, timedelta
from typing import Any, Final

from wtforms import Form, FormField, SelectField
from wtforms.validators import DataRequired

from netapp.events.errors import MarginsNeedReason
from netapp.events.manage_forms.parts import PartsForm
from netapp.events.models import Event, EventSession, Pool
from netapp.events.plans import DatePlan, PlacesPlan, SegmentPlan, pool_key
from netapp.events.queries.dates import MODE_WORDS
from netapp.events.queries.twice import is_at
from netapp.kernel.words import count_words, date_words, span_words
from netapp.kernel.zones import to_local
from netapp.web.edits import EditForm, VersionField
from netapp.web.forms import (
    BaseForm,
    DayField,
    LongTextField,
    NumberField,
    TextField,
    choices_of,
)
from netapp.web.times import WhichField, moment_of

MOST_PLACES: Final = 100_000


class DateForm(PartsForm):
    title = TextField("Name of this date", max_length=200, hint="Only if it has one, like Day one.")
    place = TextField("Place", max_length=300, hint="Room, building and address, in one line.")
    join_link = TextField(
        "Link to join",
        max_length=500,
        hint="Only people with a place online see it, when it is time.",
    )
    note = TextField("Note", max_length=300, hint="Everybody sees it on the page and in calendars.")

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

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        link = self.join_link.data or ""
        if link and not link.lower().startswith(("https://", "http://")):
            self.join_link.errors = ["Enter the whole link, beginning with https://"]
            return False
        return True

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


class NewDateForm(DateForm):
    """One more date, with its places."""

    capacity = NumberField("Places", at_most=MOST_PLACES, hint="Leave it empty for no limit.")
    online_capacity = NumberField(
        "Places online", at_most=MOST_PLACES, hint="Leave it empty for no limit."
    )


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
        if is_at(event, starts_at, ends_at):
            day = date_words(starts_at, event.zone)
            self.day.errors = [
                f"{day} is there already at these hours. "
                "For a session beside it, with a name or a place of its own, press “Add a date”."
            ]
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
    over_booking = NumberField("Over-book by", at_most=MOST_PLACES)

    def plan(self) -> PlacesPlan:
        return PlacesPlan(
            capacity=self.capacity.data,
            kept_back=self.kept_back.data or 0,
            over_booking=self.over_booking.data or 0,
        )


class PlacesVersionField(VersionField):
    """The version of the event, and how many places all dates kept back: "7.2". Those become
    fewer as they are given, without another version."""

    @property
    def number(self) -> int:
        return _number(str(self.data or "").partition(".")[0])

    @property
    def kept(self) -> int:
        return _number(str(self.data or "").partition(".")[2])


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1


def places_form(event: Event, *, filled: bool) -> Any:
    """The form of the places of all dates, a row for each; ``filled`` with what is there, else
    with what was sent. ``sessions`` and ``pools`` must be loaded."""
    rows: dict[str, Any] = {
        f"d_{pool_key(date, pool)}": FormField(OneDatePlacesForm, _pool_words(event, date, pool))
        for date, pool in _pools_of(event)
    }
    rows["version"] = PlacesVersionField()
    rows["reason"] = TextField(
        "Why",
        max_length=300,
        hint="When you keep places back or over-book: your colleagues read it.",
    )
    form_class = type("PlacesForm", (EditForm,), rows)
    if not filled:
        return form_class()
    held = {f"d_{pool_key(date, pool)}": _places_of(pool) for date, pool in _pools_of(event)}
    form = form_class(formdata=None, **held)
    form.stamp(event.version)
    form.version.data = f"{event.version}.{sum(pool.kept_back for _, pool in _pools_of(event))}"
    return form


def read_places(form: Any, event: Event) -> dict[str, PlacesPlan] | None:
    """What was typed, by the key of each pool; None after saying what is wrong."""
    if not form.validate():
        return None
    plans, wrong = {}, False
    for date, pool in _pools_of(event):
        name = pool_key(date, pool)
        row = form[f"d_{name}"].form
        plan = row.plan()
        if plan.capacity is not None and pool.taken > plan.capacity + plan.over_booking:
            day = date_words(date.starts_at, event.zone)
            held = count_words(pool.taken, "place is", "places are")
            row.capacity.errors = [f"{held} confirmed or on offer on {day}: give at least as many."]
            wrong = True
        more = plan.kept_back > pool.kept_back or plan.over_booking > pool.over_booking
        if more and event.published_at and not form.reason.data:
            form.reason.errors = [MarginsNeedReason.message]
            wrong = True
        plans[name] = plan
    return None if wrong else plans


def _pools_of(event: Event) -> list[tuple[EventSession, Pool]]:
    return [(date, pool) for date in event.sessions for pool in date.pools]


def _pool_words(event: Event, date: EventSession, pool: Pool) -> str:
    day = date_words(date.starts_at, event.zone)
    return f"{day}, {MODE_WORDS[pool.mode].lower()}" if len(date.pools) > 1 else day


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
