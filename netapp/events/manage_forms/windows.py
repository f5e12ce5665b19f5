"""Who may book an event before everyone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from wtforms import FieldList, Form, FormField, SelectField

from netapp.events.models import Event, WindowFor
from netapp.events.plans import WindowPlan
from netapp.kernel.zones import to_local
from netapp.vocabulary.models import Term
from netapp.web.edits import EditForm
from netapp.web.forms import ClockField, DayField, choices_of
from netapp.web.times import moment_of

MOST_WINDOWS: Final = 8
WHO: Final = (
    ("", "Nobody"),
    (WindowFor.MEMBERS.value, "Members"),
    (WindowFor.FIRST_TIMERS.value, "People new to our events"),
)


class WindowRow(Form):
    who = SelectField("Who", default="", validate_choice=False)
    day = DayField("From, day")
    time = ClockField("Time")


class WindowsForm(EditForm):
    """Rows of who and from when; a row for nobody is left out."""

    windows = FieldList(FormField(WindowRow), label="Who may book first", max_entries=MOST_WINDOWS)

    def __init__(self, *args: Any, zone: str, areas: Sequence[Term], **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        areas_of_work = ((term.slug, f"People who work in {term.label}") for term in areas)
        self.who = choices_of([*WHO, *areas_of_work])
        self.plans: list[WindowPlan] = []
        self._offer_choices()

    @classmethod
    def of(cls, event: Event, areas: Sequence[Term]) -> "WindowsForm":
        """Filled with what is there. ``windows`` must be loaded."""
        form = cls(
            formdata=None,
            zone=event.zone,
            areas=areas,
            windows=[
                {
                    "who": window.area or window.who.value,
                    "day": to_local(window.opens_at, event.zone).date(),
                    "time": to_local(window.opens_at, event.zone).time(),
                }
                for window in event.windows
            ],
        )
        form.stamp(event.version)
        form.add_blank_row()
        return form

    def add_blank_row(self) -> None:
        """One empty row at the end, to write in."""
        rows = self.windows.entries
        if len(rows) < MOST_WINDOWS and not (rows and not rows[-1].form.who.data):
            self.windows.append_entry()
        self._offer_choices()

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        read = [self._read(row.form) for row in self.windows if row.form.who.data]
        self.plans = [plan for plan in read if plan]
        return len(self.plans) == len(read)

    def _read(self, row: Any) -> WindowPlan | None:
        if row.who.data not in {choice.value for choice in self.who}:
            row.who.errors = ["Choose one from the list."]
        elif row.day.day is None:
            row.day.errors = ["Enter the day from which they may book."]
        elif row.time.time is None:
            row.time.errors = ["Enter the time, too, like 9am."]
        else:
            local = datetime.combine(row.day.day, row.time.time)
            opens_at = moment_of(local, self.zone, which=None, blame=row.time)
            kinds = {kind.value: kind for kind in WindowFor}
            kind = kinds.get(row.who.data, WindowFor.AREA)
            area = row.who.data if kind is WindowFor.AREA else ""
            return WindowPlan(kind, opens_at, area) if opens_at else None
        return None

    def _offer_choices(self) -> None:
        for row in self.windows:
            row.form.who.choices = self.who
