"""Shape of a kind of membership as coordinators change it."""

import re
from dataclasses import replace
from typing import Any, Final

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from netapp.membership.models import (
    Approval,
    AskedField,
    Holder,
    MembershipKind,
    TermRule,
)
from netapp.membership.money_forms import PoundsField
from netapp.membership.operations.kind_editing import KindPlan
from netapp.membership.operations.kinds import REMIND_DAYS, SORRY, WORK
from netapp.membership.policies import RENEWED_FROM
from netapp.web.edits import VersionField
from netapp.web.forms import BaseForm, LongTextField, NumberField, TextField, choices_of

FIELD_WORDS: Final = {
    AskedField.ORGANISATION: "Organisation",
    AskedField.ROLE: "What they do",
    AskedField.AREA: "Where they work",
    AskedField.AGE_BAND: "Age band",
    AskedField.REASON: "Why they want to join",
}
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
NUMBERED: Final = ("months", "year_day", "grace_days")
TICKED: Final = (
    *("is_open", "needs_referee", "books_as_member", "sees_directory", "joins_groups", "votes"),
)

PEOPLE, YOUNG, ORGANISATIONS = "people", "young", "organisations"


class DaysField(StringField):
    """Several numbers of days, like 60, 14."""

    def __init__(self, label: str, *, at_most: int, hint: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.at_most, self.hint = at_most, hint
        self.days: tuple[int, ...] = ()

    def process_data(self, value: Any) -> None:
        self.days = tuple(value or ())
        self.data = ", ".join(str(day) for day in self.days)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip()[:100] if valuelist else ""
        parts = [part for part in re.split(r"[\s,;]+", self.data) if part]
        if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
            raise ValueError("Enter numbers of days, like 60, 14.")
        found = sorted({int(part) for part in parts}, reverse=True)
        if len(found) > 6 or any(not 1 <= day <= self.at_most for day in found):
            raise ValueError(f"Enter at most six numbers, each from 1 to {self.at_most}.")
        self.days = tuple(found)


class VersionForm(BaseForm):
    """Which state of a kind was seen."""

    version = VersionField()


class KindForm(VersionForm):
    name = TextField("Name", max_length=80, validators=[DataRequired("Enter a name.")])
    summary = TextField(
        "In a sentence", max_length=300, validators=[DataRequired("Say in a sentence who it is.")]
    )
    description = LongTextField("More about it", max_length=4000)
    is_open = BooleanField("People can ask for it")
    approval = SelectField(
        "Who decides",
        choices=choices_of(
            [
                (Approval.COORDINATOR.value, "A coordinator"),
                (Approval.AT_ONCE.value, "Nobody: the code that confirms the address is enough"),
            ]
        ),
    )
    needs_referee = BooleanField("Ask for somebody who knows their work")
    asks = SelectMultipleField(
        "What we ask, beside name and address",
        choices=choices_of([(field.value, words) for field, words in FIELD_WORDS.items()]),
    )
    must = SelectMultipleField(
        "What must be answered",
        choices=choices_of([(field.value, words) for field, words in FIELD_WORDS.items()]),
    )
    term = SelectField(
        "How long it runs",
        choices=choices_of(
            [
                (TermRule.YEARLY.value, "Until a day of the year"),
                (TermRule.ROLLING.value, "So many months from the day it began"),
                (TermRule.ENDLESS.value, "Without an end"),
            ]
        ),
    )
    months = NumberField(
        "Months", at_least=1, at_most=60, validators=[InputRequired("Enter a number, like 12.")]
    )
    year_day = NumberField(
        "A new year begins on day",
        at_least=1,
        at_most=31,
        validators=[InputRequired("Enter a day of the month, like 1.")],
    )
    year_month = SelectField(
        "of", choices=choices_of([(str(n), name) for n, name in enumerate(MONTHS, start=1)])
    )
    grace_days = NumberField(
        "Days of grace",
        at_least=0,
        at_most=366,
        validators=[InputRequired("Enter a number of days, like 28.")],
    )
    before = DaysField("Remind so many days before the last day", at_most=RENEWED_FROM.days)
    on_the_day = BooleanField("Remind on the last day")
    after = DaysField("Remind so many days after it", at_most=366)
    fee = PoundsField("Fee for one term, in pounds")
    seats = NumberField(
        "Seats", at_least=1, at_most=1000, validators=[InputRequired("Enter a number of seats.")]
    )
    books_as_member = BooleanField("Book as members")
    sees_directory = BooleanField("See the directory")
    joins_groups = BooleanField("Join groups")
    votes = BooleanField("Vote")
    welcome_words = LongTextField("Told to everybody who is approved", max_length=4000)
    decline_words = LongTextField("To begin with, where the answer is no", max_length=4000)

    def __init__(self, *args: Any, kind: MembershipKind | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if kind and kind.holder is Holder.PERSON:
            del self.seats

    @classmethod
    def of(cls, kind: MembershipKind) -> "KindForm":
        return cls(formdata=None, kind=kind, version=str(kind.version), **_filled(kind))

    def validate_after(self, field: Any) -> None:
        if field.days and max(field.days) > (self.grace_days.data or 0):
            raise ValidationError("Remind within the days of grace: later it is over.")

    def validate_must(self, field: Any) -> None:
        if set(field.data or ()) - set(self.asks.data or ()):
            raise ValidationError("What must be answered must be asked, too: tick it above.")

    def validate_decline_words(self, field: Any) -> None:
        if self.approval.data == Approval.COORDINATOR.value and not field.data:
            raise ValidationError("Write a few kind words to begin with.")

    def plan(self) -> KindPlan:
        must = set(self.must.data or ())
        values = {name: self[name].data for name in (*NUMBERED, *TICKED)}
        values |= {
            "name": self.name.data,
            "summary": self.summary.data,
            "description": self.description.data,
            "approval": Approval(self.approval.data),
            "term": TermRule(self.term.data),
            "year_month": int(self.year_month.data),
            "fee_pence": self.fee.pence or 0,
            "welcome_words": self.welcome_words.data,
            "decline_words": self.decline_words.data,
        }
        if self.seats:
            values["seats"] = self.seats.data
        days = [-day for day in self.before.days] + [0] * bool(self.on_the_day.data)
        is_endless = values["term"] is TermRule.ENDLESS
        return KindPlan(
            values=values,
            asks={AskedField(each): each in must for each in self.asks.data or ()},
            reminders=[] if is_endless else [*days, *self.after.days],
        )


class NewKindForm(KindForm):
    """A kind that is not there yet: who holds it is said once, and stays."""

    held_by = RadioField(
        "Who holds it",
        choices=choices_of(
            [
                (PEOPLE, "People"),
                (YOUNG, "Young people, 16 to 25"),
                (ORGANISATIONS, "Organisations"),
            ]
        ),
    )
    seats = NumberField("Seats", at_least=1, at_most=1000)

    @classmethod
    def like(cls, kind: MembershipKind | None) -> "NewKindForm":
        """With all that another kind has but its name; else with what most kinds have."""
        if kind is None:
            return cls(formdata=None, **_usual())
        values = _filled(kind) | {"name": "", "summary": "", "description": ""}
        organisation = kind.holder is Holder.ORGANISATION
        held_by = ORGANISATIONS if organisation else YOUNG if kind.is_young else PEOPLE
        return cls(formdata=None, held_by=held_by, **values)

    def validate_seats(self, field: Any) -> None:
        if self.held_by.data == ORGANISATIONS and field.data is None:
            raise ValidationError("Enter a number of seats, for an organisation.")

    @property
    def holder(self) -> Holder:
        """After ``validate``."""
        return Holder.ORGANISATION if self.held_by.data == ORGANISATIONS else Holder.PERSON

    def plan(self) -> KindPlan:
        plan = super().plan()
        if self.holder is Holder.ORGANISATION:
            return plan
        return replace(plan, values={**plan.values, "seats": None})


def _usual() -> dict[str, Any]:
    """What most kinds have."""
    return {
        "held_by": PEOPLE,
        **dict.fromkeys(("is_open", "books_as_member", "sees_directory", "joins_groups"), True),
        "asks": [field.value for field, _ in WORK],
        "must": [field.value for field, must in WORK if must],
        "months": 12,
        "year_day": 1,
        "year_month": "9",
        "grace_days": 28,
        "before": [-days for days in REMIND_DAYS if days < 0],
        "on_the_day": 0 in REMIND_DAYS,
        "after": [days for days in REMIND_DAYS if days > 0],
        "fee": 0,
        "decline_words": SORRY,
    }


def _filled(kind: MembershipKind) -> dict[str, Any]:
    """What the fields hold of a kind."""
    days = [one.days for one in kind.reminders]
    return {
        **{name: getattr(kind, name) for name in (*NUMBERED, *TICKED)},
        "name": kind.name,
        "summary": kind.summary,
        "description": kind.description,
        "approval": kind.approval.value,
        "asks": [one.field.value for one in kind.asks],
        "must": [one.field.value for one in kind.asks if one.is_required],
        "term": kind.term.value,
        "year_month": str(kind.year_month),
        "before": sorted((-day for day in days if day < 0), reverse=True),
        "on_the_day": 0 in days,
        "after": sorted((day for day in days if day > 0), reverse=True),
        "fee": kind.fee_pence,
        "seats": kind.seats,
        "welcome_words": kind.welcome_words,
        "decline_words": kind.decline_words,
    }
