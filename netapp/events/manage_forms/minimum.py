"""From how many people an event runs, and when that is decided."""

from datetime import date
from typing import Any

from netapp.events.models import Event, SessionStatus
from netapp.kernel.zones import to_local
from netapp.web.edits import EditForm
from netapp.web.forms import DayField, NumberField


class MinimumForm(EditForm):
    runs_from = NumberField(
        "Runs from how many people?",
        at_least=1,
        hint="Each date needs so many with a place. Leave it empty if it runs however few come.",
    )
    decide_on = DayField(
        "Decision day",
        hint="On this day, at the hour of reminders, the organiser is asked. Everybody reads it.",
    )

    def __init__(self, *args: Any, event: Event, today: date, **options: Any) -> None:
        """``today`` in the event's zone; ``sessions`` must be loaded."""
        super().__init__(*args, **options)
        self.today = today
        self.was = event.decide_on
        days = [
            to_local(date.starts_at, event.zone).date()
            for date in event.sessions
            if date.status is SessionStatus.SCHEDULED
        ]
        self.last_day = max(days, default=None)

    @classmethod
    def of(cls, event: Event, today: date) -> "MinimumForm":
        form = cls(
            formdata=None,
            event=event,
            today=today,
            runs_from=event.runs_from,
            decide_on=event.decide_on,
        )
        form.stamp(event.version)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        day = self.decide_on.day
        if day is None:
            return True
        if self.runs_from.data is None:
            self.runs_from.errors = ["Enter the number of people that is decided about, like 8."]
        elif day != self.was and day < self.today:
            self.decide_on.errors = ["Choose today or a day that is still to come."]
        elif day != self.was and self.last_day is not None and day > self.last_day:
            self.decide_on.errors = ["Choose a day before the last date is over."]
        return not self.errors
