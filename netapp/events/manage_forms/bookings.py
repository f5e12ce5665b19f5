"""Forms of the bookings tab: add by hand, cancel with a reason."""

from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired

from netapp.events.forms import TAKING_PART, DatesField
from netapp.events.operations.booking import Party
from netapp.events.party_forms import ORDER_LENGTH, ORGANISATION_LENGTH
from netapp.people.addresses import canonical
from netapp.web.edits import VersionField
from netapp.web.forms import (
    AddressField,
    BaseForm,
    LongTextField,
    NumberField,
    TextField,
    choices_of,
)


class AddBookingForm(BaseForm):
    name = TextField(
        "Name", max_length=120, validators=[DataRequired("Enter a name, like Sam Okoro.")]
    )
    email = AddressField("Email address", canonical=canonical, hint="The confirmation goes there.")
    dates = DatesField()
    mode = RadioField(
        "How do they take part?", choices=choices_of(TAKING_PART), validate_choice=False
    )
    places = NumberField("How many places", at_least=1, at_most=100, default=1)
    organisation = TextField("Organisation", max_length=ORGANISATION_LENGTH)
    order_number = TextField("Order number", max_length=ORDER_LENGTH)
    comes_along = BooleanField("They take one of the places themselves", default=True)
    kept_first = BooleanField(
        "Use a place kept back", description="Even while other places are free."
    )
    reason = TextField(
        "Why you add them",
        max_length=300,
        hint="For the activity log, like: asked on the phone.",
        validators=[DataRequired("Say why, in a few words.")],
    )

    @property
    def party(self) -> Party | None:
        """Of a form that is valid: several places, whose people are named later."""
        places = self.places.data or 1
        if places < 2:
            return None
        return Party(
            places=places,
            comes_along=bool(self.comes_along.data),
            organisation=self.organisation.data or "",
            order_number=self.order_number.data or "",
        )


class ByHandForm(BaseForm):
    """Give a place or move one. The page names the dates; which may be chosen is for the operation
    to say."""

    date = TextField("Date", max_length=32)
    to = TextField("To", max_length=32)
    reason = TextField(
        "Why",
        id="by-hand-reason",
        max_length=300,
        validators=[DataRequired("Say why: your colleagues read it on the list and in the log.")],
    )


class ReasonForm(BaseForm):
    """Why something is cancelled; the people concerned read it."""

    version = VersionField()
    reason = LongTextField(
        "Why it is cancelled",
        max_length=500,
        hint="It stands in the mail to everybody who is told.",
        validators=[DataRequired("Say why, in a few words: the people concerned will read it.")],
    )


class CancelBookingForm(ReasonForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reason.hint = "It stands in the mail to them, and your colleagues see it."
