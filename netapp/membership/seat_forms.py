"""What is typed about seats, by contacts of organisations and by coordinators."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired

from netapp.membership.models import MembershipKind
from netapp.membership.policies import last_day_of_term
from netapp.people.addresses import canonical
from netapp.web.forms import (
    AddressField,
    BaseForm,
    DayField,
    NumberField,
    TextField,
    choices_of,
)

MOST_SEATS = 1000


class GiveSeatForm(BaseForm):
    name = TextField(
        "Name", max_length=120, validators=[DataRequired("Enter a name, like Sam Okoro.")]
    )
    email = AddressField("Email address", canonical=canonical)


class PassOnForm(BaseForm):
    """``people``: (public key, name) of those who could be the contact."""

    person = RadioField("Who is the contact?", validators=[InputRequired("Choose somebody.")])
    stay = BooleanField("I stay a contact too")

    def __init__(self, *args: Any, people: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.person.choices = choices_of(people)


class NumberForm(BaseForm):
    number = NumberField(
        "Number of seats",
        at_most=MOST_SEATS,
        hint="Leave it empty for as many as its kind of membership has.",
    )


class OrganisationMembershipForm(BaseForm):
    kind = SelectField("Kind of membership", validate_choice=True)
    starts_on = DayField(
        "First day", validators=[DataRequired("Enter the first day, like 21/1/2027.")]
    )
    ends_on = DayField("Last day", hint="Leave it empty for a membership without an end.")
    note = TextField("Note", max_length=200, hint="Coordinators see it, and the activity log.")

    def __init__(self, *args: Any, kinds: Iterable[MembershipKind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.choices = choices_of((kind.slug, kind.name) for kind in kinds)

    @classmethod
    def from_day(cls, kinds: Sequence[MembershipKind], today: date) -> "OrganisationMembershipForm":
        """To the end of a term of the first kind."""
        last = last_day_of_term(kinds[0], today) if kinds else None
        return cls(formdata=None, kinds=kinds, starts_on=today, ends_on=last)
