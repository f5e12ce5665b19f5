"""Forms of patterns: every second Thursday, the first Monday of the month."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import DataRequired

from netapp.events.bank_holidays import NATION_WORDS, Nation
from netapp.events.manage_forms.dates import MOST_PLACES
from netapp.events.models import Event, EventPattern, EventSession, HolidayCalendar, Rhythm
from netapp.events.pattern_plans import PatternPlan
from netapp.events.queries.pattern_days import MOST_DATES, beginning_with_a_date
from netapp.events.queries.pattern_words import NTH, WEEKDAYS
from netapp.events.queries.patterns import ByHand
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
from netapp.web.times import LONGEST, WhichField

RHYTHMS: Final = (
    (Rhythm.WEEKLY.value, "By weeks"),
    (Rhythm.MONTHLY.value, "By months"),
)
RHYTHM_HINTS: Final = {
    Rhythm.WEEKLY.value: "Every Thursday; every second Monday.",
    Rhythm.MONTHLY.value: "The first Monday, the last Friday of a month.",
}
MOST_BETWEEN: Final = 26


class PatternForm(EditForm):
    """``calendars``: the school holidays that can be left out. ``by_hand``: the dates that may go
    along with a change although somebody changed them."""

    rhythm = RadioField("How it repeats", choices=choices_of(RHYTHMS), default=Rhythm.WEEKLY.value)
    every = NumberField(
        "Every how many weeks or months",
        at_least=1,
        at_most=MOST_BETWEEN,
        default=1,
        hint="1 is every one, 2 every second.",
        validators=[DataRequired("Enter a number, like 1.")],
    )
    weekdays = SelectMultipleField(
        "On", choices=choices_of((str(number), name) for number, name in enumerate(WEEKDAYS))
    )
    nth = SelectField(
        "Which one of the month",
        choices=choices_of((str(number), name.capitalize()) for number, name in NTH.items()),
        default="1",
    )
    starts = ClockField("Starts", validators=[DataRequired("Enter when it starts, like 2pm.")])
    ends = ClockField("Ends", validators=[DataRequired("Enter when it ends, like 5:30pm.")])
    next_day = BooleanField("It ends after midnight, on the next day")
    which = WhichField("Which time do you mean?")
    first_day = DayField("From", validators=[DataRequired("Enter a day, like 21/1/2027.")])
    until = DayField("Until")
    number = NumberField("Or this many dates", at_least=1, at_most=MOST_DATES)
    leave_out = SelectField("Leave out", default="")
    title = TextField("Name of these dates", max_length=200, hint="Only if they have one.")
    place = TextField("Place", max_length=300, hint="Room, building and address, in one line.")
    join_link = TextField(
        "Link to join",
        max_length=500,
        hint="Only people with a place online see it, when it is time.",
    )
    capacity = NumberField("Places", at_most=MOST_PLACES, hint="Leave it empty for no limit.")
    online_capacity = NumberField(
        "Places online", at_most=MOST_PLACES, hint="Leave it empty for no limit."
    )
    along = SelectMultipleField("Dates changed by hand that are to go along")

    def __init__(
        self,
        *args: Any,
        calendars: Sequence[HolidayCalendar],
        by_hand: Sequence[ByHand] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.calendars = {calendar.key: calendar for calendar in calendars}
        nations = [(nation.value, f"Bank holidays in {NATION_WORDS[nation]}") for nation in Nation]
        areas = [
            (calendar.key, f"School and bank holidays: {calendar.area}") for calendar in calendars
        ]
        self.leave_out.choices = choices_of([("", "Nothing"), *areas, *nations])
        self.along.choices = choices_of((date.key, date.words) for date in by_hand)

    @classmethod
    def of(
        cls,
        pattern: EventPattern,
        calendars: Sequence[HolidayCalendar],
        by_hand: Sequence[ByHand],
    ) -> "PatternForm":
        """Filled with what is there."""
        names = (
            *("every", "starts", "ends", "first_day", "until", "number"),
            *("title", "place", "join_link", "capacity", "online_capacity"),
        )
        calendar = next((each.key for each in calendars if each.id == pattern.calendar_id), None)
        form = cls(
            formdata=None,
            calendars=calendars,
            by_hand=by_hand,
            rhythm=pattern.rhythm.value,
            weekdays=[str(number) for number in pattern.weekdays],
            nth=str(pattern.nth or 1),
            next_day=pattern.ends <= pattern.starts,
            which={None: None, False: "first", True: "second"}[pattern.second],
            leave_out=calendar or (pattern.nation.value if pattern.nation else ""),
            **{name: getattr(pattern, name) for name in names},
        )
        form.stamp(pattern.version)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        return all([self._has_weekdays(), self._has_hours(), self._has_an_end(), self._has_link()])

    def plan(self, was: EventPattern | None = None) -> PatternPlan:
        """After ``validate``. A pattern begins with its first date, unless it was there and begins
        where it ``was``: then every second week stays the one it is."""
        monthly = self.rhythm.data == Rhythm.MONTHLY.value
        calendar = self.calendars.get(self.leave_out.data or "")
        nations = {nation.value: nation for nation in Nation}
        assert self.starts.time is not None
        assert self.ends.time is not None
        assert self.first_day.day is not None
        plan = PatternPlan(
            rhythm=Rhythm(self.rhythm.data),
            every=self.every.data or 1,
            weekdays=tuple(sorted(int(number) for number in self.weekdays.data)),
            nth=int(self.nth.data) if monthly else None,
            starts=self.starts.time,
            ends=self.ends.time,
            second=self.which.second,
            first_day=self.first_day.day,
            until=self.until.day,
            number=self.number.data,
            nation=nations.get(self.leave_out.data or ""),
            calendar_id=calendar.id if calendar else None,
            title=self.title.data or None,
            place=self.place.data or None,
            join_link=self.join_link.data or None,
            capacity=self.capacity.data,
            online_capacity=self.online_capacity.data,
        )
        if was is not None and was.first_day == plan.first_day:
            return plan
        return beginning_with_a_date(plan)

    def ask_which(self) -> None:
        """A time of the pattern happens twice in the night when the clocks go back."""
        self.which.errors = [
            "The clocks go back in one of these nights, and this time happens twice. Say which."
        ]

    def _has_weekdays(self) -> bool:
        chosen = len(self.weekdays.data)
        if not chosen:
            self.weekdays.errors = ["Choose at least one day of the week."]
        elif chosen > 1 and self.rhythm.data == Rhythm.MONTHLY.value:
            self.weekdays.errors = ["By months, choose one day of the week."]
        return not self.weekdays.errors

    def _has_hours(self) -> bool:
        starts, ends = self.starts.time, self.ends.time
        assert starts is not None
        assert ends is not None
        minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
        if bool(self.next_day.data) is (minutes > 0):
            self.ends.errors = [
                "It would last a whole day and more. Check the times."
                if self.next_day.data
                else "It ends before it starts. Change the time, or tick that it ends after "
                "midnight."
            ]
        elif timedelta(minutes=minutes % (24 * 60)) > LONGEST:
            self.ends.errors = ["A date of a pattern lasts 14 hours at most. Check the times."]
        return not self.ends.errors

    def _has_an_end(self) -> bool:
        until, first = self.until.day, self.first_day.day
        if (until is None) is (self.number.data is None):
            self.until.errors = ["Say until when, or how many dates: one of the two."]
        elif until is not None and first is not None and until < first:
            self.until.errors = ["Choose a day after the first one."]
        return not self.until.errors

    def _has_link(self) -> bool:
        link = self.join_link.data or ""
        if link and not link.lower().startswith(("https://", "http://")):
            self.join_link.errors = ["Enter the whole link, beginning with https://"]
        return not self.join_link.errors


class StopForm(BaseForm):
    day = DayField(
        "From this day on", validators=[DataRequired("Enter a day, like 21/1/2027.")]
    )  # fmt: skip


class SeenForm(BaseForm):
    """What was shown, and a word to those who are told of it."""

    seen = HiddenField()
    message = LongTextField(
        "A word to the people who are told",
        max_length=500,
        hint="It stands in each mail. Leave it empty if there is nothing to add.",
    )

    @property
    def words(self) -> str:
        return self.message.data or ""


class SeenReasonForm(BaseForm):
    """The same where dates are cancelled: then it must be said why."""

    seen = HiddenField()
    reason = LongTextField(
        "Why",
        max_length=500,
        hint="It stands in the mail to everybody who is told, and on the page of the event.",
        validators=[DataRequired("Say why, in a few words: the people concerned will read it.")],
    )

    @property
    def words(self) -> str:
        return self.reason.data or ""


def like_the_last(event: Event) -> dict[str, Any]:
    """What a pattern is likely to share with the last date. ``sessions`` and ``pools`` must be
    loaded."""
    if not event.sessions:
        return {}
    last: EventSession = event.sessions[-1]
    begin, end = to_local(last.starts_at, event.zone), to_local(last.ends_at, event.zone)
    return {
        "weekdays": [str(begin.weekday())],
        "starts": begin.time(),
        "ends": end.time(),
        "next_day": end.date() > begin.date(),
        "first_day": begin.date(),
        "title": last.title,
        "place": last.place,
        "join_link": last.join_link,
        "capacity": last.pools[0].capacity if last.pools else None,
        "online_capacity": last.pools[1].capacity if len(last.pools) > 1 else None,
    }
