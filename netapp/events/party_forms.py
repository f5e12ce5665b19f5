"""Shape of the input of those who book for several people."""

from typing import Any, Final

from wtforms import BooleanField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from netapp.events.forms import NAME_LENGTH, DatesForm, GuestForm
from netapp.events.operations.booking import Party
from netapp.kernel.words import count_words
from netapp.web.forms import BaseForm, LongTextField, NumberField, TextField

ORGANISATION_LENGTH: Final = 160
ORDER_LENGTH: Final = 60
FEWEST: Final = 2


class PartyFields(BaseForm):
    """How many, for whom, and who they are as far as that is known."""

    places = NumberField(
        "How many places?",
        at_least=FEWEST,
        validators=[InputRequired("Say how many places you need.")],
    )
    organisation = TextField(
        "Organisation",
        max_length=ORGANISATION_LENGTH,
        validators=[DataRequired("Say for which school or organisation.")],
    )
    order_number = TextField(
        "Order number",
        max_length=ORDER_LENGTH,
        hint="If your organisation gave you one for this.",
    )
    comes_along = BooleanField("I take one of the places myself", default=True)
    names = LongTextField(
        "Names of the others",
        max_length=12_000,
        hint="Names alone, one line for each person. Leave it empty to name them later: you get a "
        "link for it that you can pass on.",
    )

    def __init__(self, *args: Any, most: int, **options: Any) -> None:
        """``most``: places that one booking of the event may have."""
        super().__init__(*args, **options)
        self.places.at_most = most

    @property
    def people(self) -> tuple[str, ...]:
        """The names, as far as they are known."""
        lines = (" ".join(line.split()) for line in (self.names.data or "").splitlines())
        return tuple(line for line in lines if line)

    @property
    def party(self) -> Party:
        """Of a form that is valid."""
        return Party(
            places=int(self.places.data or 0),
            comes_along=bool(self.comes_along.data),
            names=self.people,
            organisation=self.organisation.data or "",
            order_number=self.order_number.data or "",
        )

    def validate_names(self, field: Any) -> None:
        if any("@" in name for name in self.people):
            raise ValidationError(
                "Write names alone here. You give addresses after booking, where you name people."
            )
        if any(len(name) > NAME_LENGTH for name in self.people):
            raise ValidationError(f"Shorten each name to {NAME_LENGTH} characters.")
        places = self.places.data
        if places is None or self.places.errors:
            return
        left = places - bool(self.comes_along.data)
        if len(self.people) > left:
            names, room = count_words(len(self.people), "name"), count_words(left, "place")
            beside = " beside your own" if self.comes_along.data else ""
            raise ValidationError(f"These are {names} for {room}{beside}. Take some names away.")


class PartyForm(PartyFields, DatesForm):
    """Booking while signed in: name and address are known."""


class GuestPartyForm(PartyForm, GuestForm):
    """The classes above stand in the order of the page: what is wrong is listed in it."""
