"""How an event is booked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from netapp.events.manage_words import (
    BOOKED_AS,
    HOURS,
)
from netapp.events.models import BookedAs, Event
from netapp.events.operations.names_due import MOST_DAYS_TO_NAME
from netapp.events.plans import BookingRules
from netapp.kernel.zones import to_local
from netapp.people.models import Person
from netapp.web.edits import EditForm
from netapp.web.forms import (
    ClockField,
    DayField,
    NumberField,
    choices_of,
)
from netapp.web.times import moment_of


class RulesForm(EditForm):
    """How an event is booked."""

    booked_as = RadioField("What does a booking take?", choices=choices_of(BOOKED_AS))
    opens_day = DayField("Day")
    opens_time = ClockField("Time")
    closes_day = DayField("Day")
    closes_time = ClockField("Time")
    change_until_hours = NumberField(
        "Hours before the start until which people can change or cancel by themselves",
        at_most=24 * 60,
        hint="0: until it starts.",
        validators=[InputRequired("Enter a number of hours, or 0.")],
    )
    has_waiting_list = BooleanField("Keep a waiting list when a date is full")
    offer_hours = NumberField(
        "Hours for which a place on offer is held",
        at_least=1,
        at_most=336,
        hint="9pm to 8am do not count. Most events take 24.",
        validators=[InputRequired("Enter a number of hours, like 24.")],
    )
    join_hours = NumberField(
        "Hours before the start from which people see the link to join",
        at_least=1,
        at_most=336,
        hint="On the page of their booking, never in a mail or calendar. Most events take 48.",
        validators=[InputRequired("Enter a number of hours, like 48.")],
    )
    party_most = NumberField(
        "Most places in one booking",
        at_least=1,
        at_most=100,
        hint="For schools and other organisations. 1: everybody books for themselves.",
        validators=[InputRequired("Enter a number of places, or 1.")],
    )
    name_until_days = NumberField(
        "Days before the first date until which people must be named",
        at_most=MOST_DAYS_TO_NAME,
        hint="We ask for missing names four days before that. Then places without a name go to "
        "others. 0: until it starts.",
        validators=[InputRequired("Enter a number of days, or 0.")],
    )
    pass_limit = NumberField(
        "How often smaller parties may go before a larger one",
        at_most=100,
        hint="While too few places are free for the first who waits. After that, free places are "
        "kept until there are enough.",
        validators=[InputRequired("Enter how often, or 0.")],
    )
    reminder_hour = SelectField("Reminder, on the day before, at", choices=choices_of(HOURS))
    organiser = SelectField("Who is told when people change or cancel")

    def __init__(self, *args: Any, zone: str, coordinators: Sequence[Person], **options: Any):
        super().__init__(*args, **options)
        self.zone = zone
        self.coordinators = coordinators
        people = ((person.key, person.name) for person in coordinators)
        self.organiser.choices = choices_of([("", "Nobody"), *people])
        self.opens_at: datetime | None = None
        self.closes_at: datetime | None = None

    @classmethod
    def of(cls, event: Event, coordinators: Sequence[Person]) -> "RulesForm":
        keys = {person.id: person.key for person in coordinators}
        form = cls(
            formdata=None,
            zone=event.zone,
            coordinators=coordinators,
            booked_as=event.booked_as.value,
            **_day_and_time("opens", event.booking_opens_at, event.zone),
            **_day_and_time("closes", event.booking_closes_at, event.zone),
            change_until_hours=event.change_until_hours,
            has_waiting_list=event.has_waiting_list,
            offer_hours=event.offer_hours,
            join_hours=event.join_hours,
            party_most=event.party_most,
            name_until_days=event.name_until_days,
            pass_limit=event.pass_limit,
            reminder_hour=str(event.reminder_hour),
            organiser=keys.get(event.organiser_id or 0, ""),
        )
        form.stamp(event.version)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        self.opens_at = self._moment(self.opens_day, self.opens_time)
        self.closes_at = self._moment(self.closes_day, self.closes_time)
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            self.closes_day.errors = ["Booking closes before it opens. Change one of the two."]
        return not self.errors

    def plan(self) -> BookingRules:
        """After ``validate``."""
        ids = {person.key: person.id for person in self.coordinators}
        return BookingRules(
            booked_as=BookedAs(self.booked_as.data),
            booking_opens_at=self.opens_at,
            booking_closes_at=self.closes_at,
            change_until_hours=self.change_until_hours.data or 0,
            has_waiting_list=self.has_waiting_list.data,
            offer_hours=self.offer_hours.data or 24,
            join_hours=self.join_hours.data or 48,
            party_most=self.party_most.data or 1,
            name_until_days=self.name_until_days.data or 0,
            pass_limit=self.pass_limit.data or 0,
            reminder_hour=int(self.reminder_hour.data),
            organiser_id=ids.get(self.organiser.data),
        )

    def _moment(self, day: DayField, clock: ClockField) -> datetime | None:
        """In the doubled hour of an autumn night the first is meant."""
        if day.day is None and clock.time is None:
            return None
        if day.day is None:
            day.errors = ["Enter the day, too."]
        elif clock.time is None:
            clock.errors = ["Enter the time, too, like 9am."]
        else:
            local = datetime.combine(day.day, clock.time)
            return moment_of(local, self.zone, which=None, blame=clock)
        return None


def _day_and_time(name: str, moment: datetime | None, zone: str) -> dict[str, Any]:
    local = to_local(moment, zone) if moment else None
    day: date | None = local.date() if local else None
    return {f"{name}_day": day, f"{name}_time": local.time() if local else None}
