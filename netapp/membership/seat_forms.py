"""What is typed about seats, by contacts of organisations and by coordinators."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired, InputRequired

from netapp.people.addresses import canonical
from netapp.web.forms import (
    AddressField,
    BaseForm,
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
