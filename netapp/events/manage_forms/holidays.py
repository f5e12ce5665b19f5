"""Forms of school holidays, and the reading of a file of them."""

import csv
from datetime import date, datetime
from typing import Any, Final

from wtforms import SelectField
from wtforms.validators import DataRequired

from netapp.events.bank_holidays import NATION_WORDS, Nation
from netapp.events.holiday_plans import HolidayPlan
from netapp.events.models import HolidayCalendar, SchoolHoliday
from netapp.kernel.text import TooLong, clean
from netapp.web.edits import EditForm
from netapp.web.forms import BaseForm, DayField, LongTextField, TextField, choices_of

MOST_LINES: Final = 500
LONGEST_FILE: Final = 100_000  # Characters.
LONGEST_HOLIDAY: Final = 100  # Days: a longer one is a slip of the hand.
COLUMNS: Final = ("name", "first_day", "last_day", "source", "checked_on")
DAY_FORMS: Final = ("%Y-%m-%d", "%d/%m/%Y")


class CalendarForm(EditForm):
    area = TextField(
        "Whose holidays",
        max_length=100,
        hint="A council, a trust or a school, as people call it.",
        validators=[DataRequired("Enter whose holidays these are, like Leeds City Council.")],
    )
    nation = SelectField(
        "Bank holidays of",
        choices=choices_of((nation.value, words) for nation, words in NATION_WORDS.items()),
    )

    @classmethod
    def of(cls, calendar: HolidayCalendar) -> "CalendarForm":
        form = cls(formdata=None, area=calendar.area, nation=calendar.nation.value)
        form.stamp(calendar.version)
        return form

    @property
    def nation_chosen(self) -> Nation:
        return Nation(self.nation.data)


class HolidayForm(EditForm):
    name = TextField(
        "What it is",
        max_length=100,
        validators=[DataRequired("Enter what it is, like Half term.")],
    )
    first_day = DayField(
        "First day without school", validators=[DataRequired("Enter a day, like 15/2/2027.")]
    )
    last_day = DayField(
        "Last day without school", validators=[DataRequired("Enter a day, like 19/2/2027.")]
    )
    source = TextField(
        "Who says so",
        max_length=300,
        hint="The address of the page, or the name of the school.",
        validators=[DataRequired("Say where this is from: the address of the page is best.")],
    )
    checked_on = DayField(
        "Checked on", validators=[DataRequired("Enter the day on which you looked it up.")]
    )

    @classmethod
    def of(cls, holiday: SchoolHoliday) -> "HolidayForm":
        names = HolidayPlan.__dataclass_fields__
        form = cls(formdata=None, **{name: getattr(holiday, name) for name in names})
        form.stamp(holiday.version)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if problem := wrong_span(self.first_day.day, self.last_day.day):
            self.last_day.errors = [problem]
            return False
        return True

    def plan(self) -> HolidayPlan:
        """After ``validate``."""
        assert self.first_day.day is not None
        assert self.last_day.day is not None
        assert self.checked_on.day is not None
        return HolidayPlan(
            self.name.data,
            self.first_day.day,
            self.last_day.day,
            self.source.data,
            self.checked_on.day,
        )


class ImportForm(BaseForm):
    """Lines typed or pasted; a file goes first."""

    lines = LongTextField(
        "Lines",
        max_length=LONGEST_FILE,
        hint="First line: name,first_day,last_day,source,checked_on. Days as 2027-02-15 or "
        "15/02/2027.",
    )


def wrong_span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    if last < first:
        return "The last day is before the first. Change one of them."
    if (last - first).days >= LONGEST_HOLIDAY:
        return f"That is longer than {LONGEST_HOLIDAY} days. Check the years."
    return ""


def read_lines(text: str) -> tuple[list[HolidayPlan], list[str]]:
    """The holidays of a CSV file, and what is wrong with it, line by line. Nothing of a file with
    a mistake is to be kept."""
    rows = csv.reader(text.removeprefix("\ufeff").splitlines(), strict=True)
    plans: list[HolidayPlan] = []
    wrong: list[str] = []
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            return [], [f"Line 1 must name the columns; missing: {', '.join(missing)}."]
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(plans) + len(wrong) >= MOST_LINES:
                return [], [f"Import at most {MOST_LINES} lines at once."]
            row = dict(zip(header, cells, strict=False))
            try:
                plans.append(_read_row(row))
            except ValueError as problem:
                wrong.append(f"Line {rows.line_num}: {problem}")
    except csv.Error:
        wrong.append(f"Line {rows.line_num}: a quotation mark is missing or too many.")
    if not plans and not wrong:
        wrong.append("There is no line below the names of the columns.")
    return plans, wrong


def _read_row(row: dict[str, str]) -> HolidayPlan:
    """Raises ``ValueError`` with words."""
    first, last = _day(row, "first_day"), _day(row, "last_day")
    if problem := wrong_span(first, last):
        raise ValueError(problem)
    return HolidayPlan(
        _text(row, "name", 100), first, last, _text(row, "source", 300), _day(row, "checked_on")
    )


def _text(row: dict[str, str], name: str, most: int) -> str:
    try:
        found = clean(row.get(name, ""), max_length=most)
    except TooLong as long:
        raise ValueError(f"{name} is longer than {most} characters.") from long
    if not found:
        raise ValueError(f"{name} is empty.")
    return found


def _day(row: dict[str, str], name: str) -> date:
    text = row.get(name, "").strip()
    for form in DAY_FORMS:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if 2000 <= found.year <= 2100:
            return found
    shown = text[:20] or "empty"
    raise ValueError(f"{name} is {shown}. Write a day like 2027-02-15 or 15/02/2027.")
